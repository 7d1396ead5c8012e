"""What deploy/ says fits the program it sets up."""

import re
from pathlib import Path

import yaml

from pages.ui.nav import PAGES
from pages.web import account, papers, resident, setup
from pages.web import finding as searching


def test_every_variable_that_is_set_there_is_read_by_the_program(root: Path) -> None:
    set_up = "\n".join(path.read_text(encoding="utf-8") for path in (root / "deploy").rglob("*") if path.is_file())
    code = "\n".join(path.read_text(encoding="utf-8") for name in ("core", "db", "pages") for path in (root / name).rglob("*.py"))  # noqa: E501
    named = set(re.findall(r"\bQINGYUAN_[A-Z_]+\b", set_up)) - {"QINGYUAN_DB_PASSWORD"}  # compose's own
    assert len(named) > 5
    assert sorted(name for name in named if f'"{name}"' not in code) == []


def test_residents_pages_are_those_that_go_to_any_server_and_no_page_of_the_office_is(root: Path) -> None:
    site = (root / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    [pattern] = re.findall(r"location ~ (\S+) \{\s*proxy_pass http://qingyuan_plain", site)
    anywhere = re.compile(pattern)
    for route in resident.routes():
        assert anywhere.match(route.path.replace("{code}", "x")), route.path
    office = [route.path for module in (account, papers, searching, setup) for route in module.routes()]
    for path in ("/", "/_stcore/stream", "/media/x", *office, *(f"/{page.address}" for page in PAGES)):
        assert not anywhere.match(path), path


def test_the_servers_of_compose_are_those_nginx_is_told_of_and_all_are_set_up_alike(root: Path) -> None:
    services = yaml.safe_load((root / "deploy" / "compose.yaml").read_text(encoding="utf-8"))["services"]
    servers = {name for name in services if name.startswith("app-")}
    listed = (root / "deploy" / "compose-servers.conf").read_text(encoding="utf-8")
    assert servers == set(re.findall(r"server (\S+):8501", listed))
    for name in (*servers, "worker"):
        told = services[name]["environment"]
        assert told["QINGYUAN_REPLICAS"] == str(len(servers))
        assert services[name]["read_only"]
        assert services[name]["volumes"] == ["data:/data"]

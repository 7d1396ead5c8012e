"""Two servers behind nginx, as deploy/ sets them up, are one site; one of them killed loses nothing and nobody."""

import contextlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect as websocket

from core import dates
from core.access import FOUNDER, RESIDENT
from core.text import _
from core.voices import followup
from db.engine import connect
from db.questions.log import Log
from db.tables.message_tables import leases, marks_
from db.work import reading
from tests import makers
from tests.conftest import POSTGRESQL
from tests.journeys.conftest import DESKTOP, ROOT, Server, free_port, settle
from tests.makers import PASSWORD, Place, brought
from tests.pages.conftest import session_of
from tests.servers import Server as Postgresql

NGINX = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else "")
pytestmark = [
    pytest.mark.replicas,
    pytest.mark.skipif(not NGINX, reason="needs nginx"),
    pytest.mark.skipif(not POSTGRESQL, reason="needs PostgreSQL"),
]
CODE = re.compile(r"(?:\d{4}[\s ]+){8}\d{4}")
PATIENT = 60_000
"""Milliseconds: the other server shows this page for the first time, on whichever machine tests run."""
TYPED = "已在六个楼栋张贴，三号楼待补"


@dataclass
class Trial:
    """The site: its place, its two servers, and the address at which nginx answers."""

    place: Place
    servers: list[Server]
    port: int
    plain: int
    folder: Path
    told: dict[str, str] = field(default_factory=dict)
    """What residents said that was acknowledged: the words, and the code."""

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}"

    def client(self, server: Server | None = None) -> httpx2.Client:
        """A browser at nginx, or one that stands where nginx stands before a server."""
        if server is None:
            return httpx2.Client(base_url=self.address, verify=False, timeout=60)
        told = {"X-Forwarded-Proto": "https", "Host": f"localhost:{self.port}"}
        return httpx2.Client(base_url=f"http://127.0.0.1:{server.port}", headers=told, timeout=60)


@pytest.fixture(scope="module")
def trial(
    postgresql: Postgresql, made_there: Place, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trial]:
    folder = tmp_path_factory.mktemp("replicas")
    (folder / "files").mkdir()
    postgresql.prepared("replicas", lambda _engine: None, above="place")
    engine = connect(postgresql.url("replicas"))
    place = brought(made_there, engine)
    place.now = dates.now()
    shared = {
        "QINGYUAN_DATA": str(folder), "DATABASE_URL": postgresql.url("replicas"), "QINGYUAN_REPLICAS": "2",
        "QINGYUAN_FILES": str(folder / "files"), "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
    }  # fmt: skip
    servers = [Server(tmp_path_factory.mktemp(f"server-{n}"), **shared) for n in range(2)]
    found = Trial(place, servers, free_port(), free_port(), folder)
    try:
        for server in servers:
            server.address = f"http://127.0.0.1:{server.port}"
            server.wait()
        with _nginx(found), pytest.MonkeyPatch.context() as here:
            here.setenv("QINGYUAN_FILES", shared["QINGYUAN_FILES"])
            yield found
    finally:
        for server in servers:
            if server.process.poll() is None:
                server.stop()
        engine.dispose()


@contextlib.contextmanager
def _nginx(trial: Trial) -> Iterator[None]:
    """nginx with the configuration that is shipped, but for ports and paths, and a word of who answered."""
    folder = trial.folder
    key, certificate = folder / "tls.key", folder / "tls.crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
         "-subj", "/CN=localhost", "-keyout", key, "-out", certificate], check=True, capture_output=True,
    )  # fmt: skip
    listed = (ROOT / "deploy" / "nginx-servers.conf").read_text(encoding="utf-8")
    for shipped, server in zip(("127.0.0.1:8501", "127.0.0.1:8502"), trial.servers, strict=True):
        listed = listed.replace(shipped, f"127.0.0.1:{server.port}")
    (folder / "servers.conf").write_text(listed, encoding="utf-8")
    site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for shipped, here in (
        ("    listen [::]:80;\n", ""), ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{trial.plain};"), ("listen 443 ssl", f"listen 127.0.0.1:{trial.port} ssl"),
        ("/etc/nginx/qingyuan-servers.conf", str(folder / "servers.conf")),
        ("/etc/nginx/qingyuan.crt", str(certificate)), ("/etc/nginx/qingyuan.key", str(key)),
        ("/var/log/nginx", str(folder)),
        ("    add_header Strict", "    add_header X-Served-By $upstream_addr always;\n    add_header Strict"),
    ):  # fmt: skip
        assert shipped in site, shipped
        site = site.replace(shipped, here)
    temporary = "".join(
        f"{kind}_temp_path {folder / kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; user root; pid {folder / 'nginx.pid'}; error_log {folder / 'start.log'} emerg; events {{}}\n"
        f"http {{ {temporary}\n{site}}}", encoding="utf-8",
    )  # fmt: skip
    process = subprocess.Popen([NGINX, "-c", str(config)], stdout=subprocess.DEVNULL)
    try:
        with trial.client() as client:
            _until(lambda: client.get("/_stcore/health").status_code == 200)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _until(true: Any, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(httpx2.TransportError):
            if true():
                return
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)


def _sent(client: httpx2.Client, address: str, **fields: str) -> httpx2.Response:
    """Open the page with a form, and send it as a browser does."""
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get(address).text)
    cookie = "; ".join(f"{one.name}={one.value}" for one in client.cookies.jar)
    return client.post(
        address, data={"csrf": csrf[1] if csrf else "", **fields},
        headers={"Sec-Fetch-Site": "same-origin", "Cookie": cookie},
    )  # fmt: skip


def test_two_servers_behind_nginx_are_one_site_also_when_one_is_killed(trial: Trial, browser: Browser) -> None:
    _one_sign_in_for_both(trial)
    _wrong_tries_count_on_both(trial)
    _residents_are_told_nothing_apart_and_leave_nothing(trial)
    _any_name_of_the_site_is_taken_and_no_other_origin(trial)
    _killed(trial, browser)
    _everything_holds(trial)


def _one_sign_in_for_both(trial: Trial) -> None:
    session_of(trial.place, "clerk")
    with trial.client() as client:
        answer = _sent(client, "/account/login", account="clerk", password=PASSWORD)
        assert answer.status_code == 303, answer.text
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-sid=")
        assert all(rule in cookie.lower() for rule in ("secure", "httponly", "samesite=lax"))
        by = {client.get("/account/password").headers["x-served-by"] for _time in range(8)}
        assert len(by) == 1, "who is signed in stays with one server"
    token = cookie.split(";")[0]
    for server in trial.servers:
        with trial.client(server) as before:
            assert before.get("/account/password", headers={"Cookie": token}).status_code == 200
            assert before.get("/account/password").status_code == 303
    with ThreadPoolExecutor(6) as at_once:  # both write the chain of one community at once
        names = ["clerk", "secretary", "watchdog"] * 2
        done = list(at_once.map(lambda n: _signed_in(trial, trial.servers[n % 2], names[n]), range(6)))
    assert done == [303] * 6


def _signed_in(trial: Trial, server: Server, account: str, password: str = PASSWORD) -> int:
    with trial.client(server) as client:
        return _sent(client, "/account/login", account=account, password=password).status_code


def _wrong_tries_count_on_both(trial: Trial) -> None:
    for account in ("other_clerk", "nobody-at-all"):
        answers = [_signed_in(trial, trial.servers[n % 2], account, "not-it-at-all") for n in range(5)]
        assert answers == [401] * 5
        assert {_signed_in(trial, server, account) for server in trial.servers} == {429}, account


def _residents_are_told_nothing_apart_and_leave_nothing(trial: Trial) -> None:
    with trial.client() as client:
        pages = [client.get(f"/r/{trial.place.units['banyan'].code}") for _time in range(8)]
        assert {page.status_code for page in pages} == {200}
        assert len({page.headers["x-served-by"] for page in pages}) == 2, "nobody has a server of their own"
        assert not any("set-cookie" in page.headers for page in pages)
        assert client.get("/_stcore/metrics").status_code == 404
    moved = httpx2.get(f"http://127.0.0.1:{trial.plain}/receipt", headers={"Host": "qingyuan.example"})
    assert (moved.status_code, moved.headers["location"]) == (301, "https://qingyuan.example/receipt")


def _any_name_of_the_site_is_taken_and_no_other_origin(trial: Trial) -> None:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    answers = []
    for origin in ("qingyuan.example", "evil.example"):
        address = f"wss://qingyuan.example:{trial.port}/_stcore/stream"
        protocols: Any = ["streamlit", "PLACEHOLDER_AUTH_TOKEN"]
        try:
            with socket.create_connection(("127.0.0.1", trial.port)) as line, websocket(
                address, sock=line, ssl=trusting, subprotocols=protocols,
                origin=f"https://{origin}:{trial.port}",  # type: ignore[arg-type]
            ):  # fmt: skip
                answers.append("open")
        except InvalidStatus as refused:
            answers.append(str(refused.response.status_code))
    assert answers == ["open", "403"]


def _killed(trial: Trial, browser: Browser) -> None:
    """One server dies while a clerk writes and residents speak: the clerk goes on at the other one, and whatever was
    acknowledged is there."""
    risk_id, measure_id = makers.controlled(trial.place)
    with browser.new_context(ignore_https_errors=True, viewport=DESKTOP, locale="zh-CN") as context:
        page = context.new_page()
        _writing(trial, page, risk_id)
        stop, residents = threading.Event(), ThreadPoolExecutor(3)
        spoken = [residents.submit(_speaking, trial, key, stop) for key in ("banyan", "river", "far")]
        _until(lambda: len(trial.told) >= 6)
        dead = next(server for server in trial.servers if f":{server.port}" in _server_of(page))
        before = len(trial.told)
        with page.expect_websocket(timeout=PATIENT):  # it comes back by itself
            dead.process.send_signal(signal.SIGKILL)
        _goes_on(trial, page, measure_id)
        _until(lambda: len(trial.told) >= before + 6)
        stop.set()
        for one in spoken:
            one.result(timeout=60)
        assert f":{dead.port}" not in _server_of(page)


def _writing(trial: Trial, page: Page, risk_id: str) -> None:
    page.goto(f"{trial.address}/account/login?next=%2Fentry%3Fid%3D{risk_id}")
    page.locator("[name=account]").fill("clerk")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name=_("Sign in")).click()
    settle(page)
    _report(page)
    page.get_by_test_id("stMain").locator("textarea").last.press("Tab")
    settle(page)


def _report(page: Page, typed: str = TYPED) -> None:
    page.get_by_role("button", name=_("Report progress"), exact=True).first.click()
    settle(page)
    _choose_file(page)
    page.get_by_test_id("stMain").locator("textarea").last.fill(typed)


def _choose_file(page: Page) -> None:
    file = {"name": "公示.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    settle(page)
    expect(page.get_by_test_id("stFileUploader")).to_contain_text("公示.pdf")


def _server_of(page: Page) -> str:
    return str(page.evaluate("() => fetch('/_stcore/health').then(answer => answer.headers.get('x-served-by'))"))


def _goes_on(trial: Trial, page: Page, measure_id: str) -> None:
    """At the other server what was typed is there, and the file is asked for again."""
    settle(page)
    main = page.get_by_test_id("stMain")
    page.get_by_role("button", name=_("Report progress"), exact=True).first.click()
    settle(page)
    expect(main.locator("textarea").last).to_have_value(TYPED)
    lost = _("The files chosen earlier did not survive. Please remove them and choose them again.")
    expect(main).to_contain_text(lost, timeout=PATIENT)
    _choose_file(page)
    expect(main).not_to_contain_text(lost, timeout=PATIENT)
    page.get_by_role("button", name=_("Report this"), exact=True).first.click()
    settle(page)
    expect(main).to_contain_text(_("Done: {what}.", what=_("Report progress")), timeout=PATIENT)
    [evidence] = trial.place.ask(FOUNDER, lambda work: work.store.evidence_of(measure_id))
    assert trial.place.ask(FOUNDER, lambda work: work.store.file(evidence.sha256)) == b"%PDF-1.7 x"


def _speaking(trial: Trial, key: str, stop: threading.Event) -> None:
    """Residents of a community speak one after the other; what is acknowledged is noted."""
    n = 0
    with trial.client() as client:
        while not stop.is_set() and n < 25:
            n += 1
            words = f"{trial.place.units[key].name}第{n}件事：楼道公共收益一直没有公开"
            with contextlib.suppress(httpx2.TransportError):
                answer = client.post(f"/r/{trial.place.units[key].code}", data={"text": words})
                code = CODE.search(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))
                if answer.status_code == 200 and code:
                    trial.told[words] = code[0]
            time.sleep(0.3)


def _everything_holds(trial: Trial) -> None:
    for words, code in trial.told.items():
        assert trial.place.ask(RESIDENT, followup.follow, code).text == words
    with reading(trial.place.engine, FOUNDER) as asked:
        assert [chain for chain, found in Log.verdicts(asked.store) if found.first] == []  # type: ignore[arg-type]
    with trial.place.engine.connect() as rows:
        assert len(rows.execute(select(leases)).all()) == 1, "one lease, whichever server sweeps"
        assert rows.execute(select(marks_.c.job).where(marks_.c.job == "retention")).first()
    assert (trial.folder / "qingyuan.log").read_text() == (trial.folder / "start.log").read_text() == ""
    assert "127.0.0.1" not in "".join(server.log.read_text() for server in trial.servers).replace("http://127", "")

"""Every page as every role: shown to who may open it, refused to everybody else."""

import csv
from pathlib import Path

import pytest

from core.access import GRANTS, Permission
from core.words import Role
from pages.ui.nav import PAGES
from tests.pages.conftest import OpenApp, shown

WHO = {
    "cadre": "clerk", "watchdog": "watchdog", "supervisor": "supervisor", "discipline": "discipline",
    "system_admin": "system", "security_admin": "security", "auditor": "auditor",
}  # fmt: skip


def test_the_grants_are_those_written_down_by_hand(root: Path) -> None:
    with (root / "tests" / "access.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["permission"] for row in rows} == {p.value for p in Permission}
    for role in Role:
        written = {row["permission"] for row in rows if row[role.value] == "yes"}
        assert written == {p.value for p in GRANTS[role]}, role


@pytest.mark.costly
@pytest.mark.parametrize("role", ["nobody", *WHO])
def test_a_page_opens_for_who_may_and_turns_everybody_else_away(open_app: OpenApp, role: str) -> None:
    granted = GRANTS[Role.RESIDENT if role == "nobody" else Role(role)]
    app = open_app(WHO.get(role), "home")
    refused = {}
    for page in PAGES:
        app.switch_page(page.file).run()
        assert not app.exception, page.address
        assert app.title, page.address
        refused[page.address] = "不属于您的工作" in shown(app) or "请先登录" in shown(app)
    assert refused == {page.address: page.permission not in granted for page in PAGES}

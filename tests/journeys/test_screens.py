"""Every page as a picture, on a phone and a desktop; none may show English in Chinese, or scroll sideways."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine, select

from core.access import RESIDENT, Permission
from core.organisation import signin
from core.words import Role
from db.demo.seed import make_demo
from db.engine import connect
from db.migrate import upgrade
from db.tables import assignments, people_, risks_, units_
from db.work import work
from pages.ui.nav import PAGES
from tests.journeys.conftest import DESKTOP, PHONE, Server, Visit, photograph, settle

MEANT = {
    "English", "PDF", "Word", "Excel", "JPG", "PNG", "WebP", "http", "https", "localhost", "receipt", "txt", "CSV",
    "xlsx",
}  # fmt: skip
WHO = {
    Permission.ACCOUNT_USE: Role.CADRE, Permission.FLAG_INSPECT: Role.CADRE, Permission.POINT_ANSWER: Role.CADRE,
    Permission.FLAG_RECORD: Role.CADRE, Permission.INBOX_READ: Role.WATCHDOG, Permission.SEALED_OPEN: Role.DISCIPLINE,
    Permission.MATCHING_CALIBRATE: Role.SYSTEM_ADMIN,
    Permission.UNIT_EDIT: Role.SYSTEM_ADMIN, Permission.PERSON_EDIT: Role.SYSTEM_ADMIN,
    Permission.ROLE_GRANT: Role.SECURITY_ADMIN, Permission.AUDIT_READ: Role.AUDITOR,
    Permission.FLAG_SPEAK: None, Permission.RECEIPT_OPEN: None,
}  # fmt: skip
PLAIN = ("/", "/setup", "/account/login", "/r/{code}", "/b/{code}", "/b/{code}/ask", "/receipt")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Engine]]:
    """A running server that shows the demo."""
    folder: Path = tmp_path_factory.mktemp("demo")
    engine = connect(f"sqlite:///{folder / 'demo.db'}")
    upgrade(engine)
    make_demo(engine)
    server = Server(folder)
    yield server, engine
    server.stop()
    engine.dispose()


def _as(visit: Visit, server: Server, engine: Engine, role: Role | None) -> Page:
    page = visit(f"{server.address}/account/login")
    if role:
        with work(engine, RESIDENT) as doing:
            query = select(people_.c.id).join(assignments, assignments.c.person_id == people_.c.id)
            person_id = doing.store.session.scalar(query.where(assignments.c.role == role).order_by(people_.c.account))
            token = signin.begin(doing, doing.store.person(person_id))
        page.context.add_cookies([{"name": "sid", "value": token, "url": server.address}])
    return page


WORD = re.compile(r"[A-Za-z]{3,}")


def _english(page: Page, known: set[str]) -> list[str]:
    """English words a reader sees; icons, accounts and codes of units are none."""
    icons = " ".join(page.get_by_test_id("stIconMaterial").all_inner_texts())
    return sorted(set(WORD.findall(page.locator("body").inner_text())) - MEANT - known - set(WORD.findall(icons)))


def _look(page: Page, address: str, name: str, known: set[str]) -> None:
    for size, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(viewport)
        page.goto(address)
        settle(page)
        photograph(page, f"{name}-{size}")
        assert _english(page, known) == [], f"{name}-{size}"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), f"{name}-{size}"
        assert page.get_by_test_id("stException").count() == 0


ROLES = (None, Role.SUPERVISOR, *dict.fromkeys(role for role in WHO.values() if role))


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_every_page_is_chinese_and_fits(visit: Visit, demo: tuple[Server, Engine], role: Role | None) -> None:
    server, engine = demo
    page = _as(visit, server, engine, role)
    with engine.connect() as connection:
        code = connection.scalar(select(units_.c.code).where(units_.c.name == "榕树社区"))
        risk_id = connection.scalar(
            select(risks_.c.id).join(units_, units_.c.id == risks_.c.unit_id)
            .where(units_.c.name == "榕树社区", risks_.c.number == 2)
        )  # fmt: skip
        given = [*connection.scalars(select(units_.c.code)), *connection.scalars(select(people_.c.account))]
    known = set(WORD.findall(" ".join(given)))
    if role is None:
        for n, path in enumerate(PLAIN):
            _look(page, server.address + path.format(code=code), f"plain-{n}", known)
    for place in PAGES:
        if WHO.get(place.permission, Role.SUPERVISOR) is role:
            query = f"?id={risk_id}" if place.address == "entry" else ""
            _look(page, f"{server.address}/{place.address}{query}", f"{place.address}-{role or 'visitor'}", known)


CONTRAST = """([back, ink]) => { const light = (told) => { const [r, g, b] = told.match(/[\\d.]+/g).map(Number)
  .map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const [low, high] = [light(back), light(ink)].sort((a, b) => a - b); return (high + 0.05) / (low + 0.05); }"""
SEEN = """(button) => [getComputedStyle(button).backgroundColor,
  getComputedStyle(button.querySelector('p, span') || button).color]"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_button_is_readable_in_light_and_dark(
    visit: Visit, demo: tuple[Server, Engine], scheme: Literal["light", "dark"]
) -> None:
    server, _engine = demo
    page = visit(server.address, phone=True)
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{server.address}/inspect")
    settle(page)
    button = page.locator("[data-testid^=stBase][data-testid*=Button-primary]").first
    assert page.evaluate(CONTRAST, button.evaluate(SEEN)) >= 4.5

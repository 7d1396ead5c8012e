"""The field in the head in a real browser: found while typing, with the keyboard alone, on a phone and a desktop."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core.access import RESIDENT
from core.organisation import signin
from core.words import Role
from db.demo.seed import make_demo
from db.engine import connect
from db.migrate import upgrade
from db.tables import assignments, people_
from db.work import work
from tests.journeys.conftest import DESKTOP, PHONE, Server, Visit, settle


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A running server that shows the demo, and the sign-in of a supervisor."""
    folder: Path = tmp_path_factory.mktemp("search")
    engine = connect(f"sqlite:///{folder / 'demo.db'}")
    upgrade(engine)
    make_demo(engine)
    with work(engine, RESIDENT) as doing:
        query = select(people_.c.id).join(assignments, assignments.c.person_id == people_.c.id)
        person_id = doing.store.session.scalar(query.where(assignments.c.role == Role.SUPERVISOR))  # type: ignore[attr-defined]
        token = signin.begin(doing, doing.store.person(person_id))
    server = Server(folder)
    yield server, token
    server.stop()
    engine.dispose()


def _open(visit: Visit, demo: tuple[Server, str], size: dict[str, int]) -> Page:
    server, token = demo
    page = visit(f"{server.address}/account/login")
    page.context.add_cookies([{"name": "sid", "value": token, "url": server.address}])
    page.set_viewport_size(size)
    page.goto(f"{server.address}/register")
    settle(page)
    return page


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_what_is_found_while_typing_is_chosen_with_the_keyboard(
    visit: Visit, demo: tuple[Server, str], size: dict[str, int]
) -> None:
    page = _open(visit, demo, size)
    field = page.get_by_role("combobox", name="搜索").or_(page.locator(".st-key-qy_find input"))
    field.first.click()
    page.keyboard.type("门面", delay=40)
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    field = page.locator(".st-key-qy_find input")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    page.keyboard.type("出租", delay=40)
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/entry?id=*")
    assert "门面" not in page.url


def test_enter_leads_to_all_that_was_found_and_no_address_holds_the_words(
    visit: Visit, demo: tuple[Server, str]
) -> None:
    page = _open(visit, demo, DESKTOP)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    field = page.locator(".st-key-qy_find input")
    field.click()
    page.keyboard.type("门面", delay=40)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="搜索", exact=True)).to_be_visible()
    expect(page.locator(".qy-found a").first).to_be_visible()
    assert page.url.endswith("/search")
    assert not [url for url in asked if "%E9%97%A8" in url or "门面" in url]

"""Search on the screen: from the head of every page, by kind, and some of it while one types."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.access import FOUNDER, RESIDENT
from core.entries.searching import search
from core.organisation import signin
from pages.ui import finding
from pages.ui.nav import PAGES
from pages.web import faults
from pages.web import finding as plainly
from tests import makers
from tests.db.test_register import fill
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown

SAME_SITE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def web(site: Place) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=plainly.routes()), headers=SAME_SITE) as client:
        yield client


def look(web: TestClient, site: Place, who: str | None, words: str) -> list[str]:
    """Titles of what is shown while somebody types."""
    web.cookies.clear()
    if who:
        person_id = site.people[who].person_id
        web.cookies.set("sid", site.do(RESIDENT, lambda work: signin.begin(work, work.store.person(person_id))))
        site.do(RESIDENT, _own_password, person_id)
    answer = web.post("/search/look", data={"words": words})
    assert answer.headers["cache-control"] == "no-store"
    return [line["title"] for line in answer.json()["found"]]


def _own_password(work: object, person_id: str) -> None:
    work.store.person(person_id).must_change = False  # type: ignore[attr-defined]
    work.record("password_changed", person_id, chain="test")  # type: ignore[attr-defined]


@pytest.mark.costly
def test_the_field_in_the_head_leads_to_all_that_was_found_and_the_words_stand_in_no_address(
    site: Place, open_app: OpenApp
) -> None:
    makers.open_risk(site)
    app = open_app("watchdog", "register")
    app.text_input(key="find:words").input("名单")
    app.button(key="find:send").click().run()
    assert app.title[0].value == "搜索"
    assert app.text_input(key="search:field").value == "名单"
    assert "救助对象名单公开不及时" in shown(app)
    assert "低保名单从来没见贴出来过" in shown(app)
    assert dict(app.query_params) == {}
    app = open_app("watchdog", "search")
    app.text_input(key="search:field").input("不存在的词").run()
    assert "没有找到" in shown(app)
    assert "没见贴出来" not in shown(open_app("clerk", "search"))


def test_all_of_a_kind_stand_on_pages_of_their_own_and_other_words_search_everything_again(
    site: Place, open_app: OpenApp
) -> None:
    site.do(FOUNDER, fill, site.units["banyan"].id, 27)
    app = open_app("watchdog", "search")
    app.text_input(key="search:field").input("件事情").run()
    assert shown(app).count("<li>") == 5
    app.button(key="search:all:entry").click().run()
    assert shown(app).count("<li>") == 20
    app.text_input(key="search:field").input("榕树").run()
    assert "单位（1）" in shown(app)


@pytest.mark.costly
def test_everybody_in_an_office_has_the_field_and_nobody_else(open_app: OpenApp) -> None:
    for who in ("clerk", "watchdog", "supervisor", "discipline", "system", "security", "auditor"):
        assert [field.key for field in open_app(who, "home").text_input if field.key == "find:words"], who
    assert "find:words" not in [field.key for field in open_app(None, "speak").text_input]


def test_while_typing_the_same_is_shown_to_the_same_people(web: TestClient, site: Place) -> None:
    makers.open_risk(site)
    assert look(web, site, "watchdog", "没见贴") == ["第 1 项 低保名单从来没见贴出来过"]
    assert look(web, site, "watchdog", "台账") == ["风险点台账", "小台账"]
    for who in (None, "clerk", "other_watchdog", "auditor"):
        assert look(web, site, who, "没见贴") == [], who
    web.headers["sec-fetch-site"] = "cross-site"
    assert web.post("/search/look", data={"words": "名单"}).status_code == 403
    web.headers["sec-fetch-site"] = "same-origin"
    web.cookies.clear()
    assert web.post("/search/look", data={"words": "名单"}).status_code == 403
    assert web.get("/search/look?words=x").status_code == 405


def test_nothing_typed_stands_in_the_log_or_the_database(
    web: TestClient, site: Place, open_app: OpenApp, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    words = "周小满zqx"
    look(web, site, "watchdog", words)
    app = open_app("watchdog", "search")
    app.text_input(key="search:field").input(words).run()

    def broken(*_given: object, **_named: object) -> None:
        raise ValueError(words)

    monkeypatch.setattr(plainly, "search", broken)
    look(web, site, "watchdog", words)
    assert "fault" in caplog.text
    assert words not in caplog.text
    assert faults.bare(ValueError(words)).count(words) == 0
    with site.engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert "zqx" not in dump


def test_what_is_found_leads_to_a_page_that_is_there(site: Place) -> None:
    known = {place.address for place in PAGES}
    makers.controlled(site)
    for who in ("clerk", "supervisor", "system"):
        for words in ("名单", "低保", "榕树", "岗", "公开"):
            for group in site.ask(who, search, words):
                for hit in group.hits:
                    page = finding.target(hit, site.people[who]).split("?")[0].strip("/")
                    assert page in known or page.startswith("b/"), page

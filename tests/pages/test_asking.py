"""Asking for something to be made public on the plain pages, and what the board shows month by month."""

from datetime import date

import pytest
from starlette.testclient import TestClient

from core.ledgers import steps
from core.ledgers.steps import BoardForm
from core.openness import disclosure, requests, subjects
from core.openness.requests import AnswerForm
from core.words import DecisionStep as Step
from core.words import DisclosureWhen
from pages.ui import throttle
from pages.web.doors import TRAP
from tests.core.ledgers.test_decisions import added, taken
from tests.core.openness.test_disclosure import PHOTO, form, publishing
from tests.makers import Place
from tests.pages.test_resident import digits, once, web  # noqa: F401 - a fixture

WANTED = "想看看停车棚改造花了多少钱"


def address(site: Place) -> str:
    return f"/b/{site.units['banyan'].code}/ask"


def test_a_request_is_sent_without_an_account_and_answered_by_receipt(web: TestClient, site: Place) -> None:  # noqa: F811
    page = web.get(address(site)).text
    assert "15 个工作日" in page
    assert "不用留姓名" in page
    answer = web.post(address(site), data={"once": once(page), "text": WANTED})
    assert "您的申请已收到" in answer.text
    code = digits(answer.text)
    assert web.post(address(site), data={"once": once(page), "text": WANTED}).text.count(code) > 0
    [row] = site.ask("clerk", requests.requests)
    told = web.post("/receipt", data={"code": code}).text
    assert WANTED in told
    assert "工作日" in told
    released = AnswerForm(answer="收支明细已张贴", released=True, wording="停车棚改造费用")
    site.do("clerk", requests.answer, row.id, released)
    told = web.post("/receipt", data={"code": code}).text
    assert "收支明细已张贴" in told
    board = web.get(f"/b/{site.units['banyan'].code}").text
    assert "停车棚改造费用" in board
    assert WANTED not in board
    assert "删除您的申请吗" in web.post("/receipt", data={"code": code, "do": "take_back"}).text
    web.post("/receipt", data={"code": code, "do": "take_back_now"})
    assert site.ask("clerk", requests.requests) == []


def test_it_is_saved_as_a_file_and_drawn_in_another_language(web: TestClient, site: Place) -> None:  # noqa: F811
    code = digits(web.post(address(site), data={"once": "b" * 32, "text": WANTED}).text)
    assert WANTED in web.post("/receipt", data={"code": code, "do": "export"}).text
    assert "You asked for" in web.post("/receipt", data={"code": code, "do": "look", "lang": "en"}).text


def test_what_names_somebody_is_taken_as_words_for_the_watchdog(web: TestClient, site: Place) -> None:  # noqa: F811
    answer = web.post(address(site), data={"once": "c" * 32, "text": "周小满为什么不公开低保名单"}).text
    assert "社区工作人员看不到" in answer
    assert site.ask("secretary", requests.requests) == []
    assert "居务监督委员会" in web.post("/receipt", data={"code": digits(answer)}).text


@pytest.mark.costly
@pytest.mark.parametrize("typed", ["停", "停" * 2500, ""])
def test_what_cannot_be_taken_comes_back_with_everything_typed(web: TestClient, site: Place, typed: str) -> None:  # noqa: F811
    answer = web.post(address(site), data={"once": "a" * 32, "text": typed})
    assert answer.status_code == 422
    assert f">\n{typed}</textarea>" in answer.text


def test_the_trap_and_a_crowd_stop_a_request_and_lose_nothing(
    web: TestClient,  # noqa: F811
    site: Place,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = web.post(address(site), data={"text": WANTED, TRAP: "x"})
    assert (answer.status_code, WANTED in answer.text) == (409, True)
    monkeypatch.setattr(throttle, "AT_ONCE", 0)
    answer = web.post(address(site), data={"text": WANTED})
    assert (answer.status_code, WANTED in answer.text) == (429, True)
    assert site.ask("clerk", requests.requests) == []


def test_an_unknown_code_leads_to_the_list_of_communities(web: TestClient, site: Place) -> None:  # noqa: F811
    assert web.get("/b/nonsense/ask").status_code == 404
    assert web.post("/b/nonsense/ask", data={"text": WANTED}).status_code == 404


def test_the_board_shows_the_month_that_was_asked_for(web: TestClient, site: Place) -> None:  # noqa: F811
    site.do("clerk", subjects.add, site.units["banyan"].id, form(DisclosureWhen.MONTHLY))
    [due] = site.ask("clerk", disclosure.owed)
    board = f"/b/{site.units['banyan'].code}"
    assert "居务开支" in web.get(f"{board}?month={due.due_on:%Y-%m}").text
    earlier = date(due.due_on.year - 1, due.due_on.month, 1)
    assert "这个月没有应公开的事项" in web.get(f"{board}?month={earlier:%Y-%m}").text
    for odd in ("9999-12", "2026-13", "x", "0001-01"):
        assert web.get(f"{board}?month={odd}").status_code == 200
    site.do("clerk", disclosure.publish, due.id, publishing(site, text="本月收支已张贴"), PHOTO)
    assert "本月收支已张贴" in web.get(f"{board}?month={due.due_on:%Y-%m}").text


def test_the_board_shows_a_decision_in_the_offices_words(web: TestClient, site: Place) -> None:  # noqa: F811
    decision_id = added(site)
    taken(site, decision_id, Step.RESOLUTION_PUBLISHED, 2)
    words = BoardForm(title="停车棚改造", resolution="同意改造", result="")
    site.do("clerk", steps.show, decision_id, words)
    page = web.get(f"/b/{site.units['banyan'].code}").text
    assert "决议公开" in page
    assert "同意改造" in page

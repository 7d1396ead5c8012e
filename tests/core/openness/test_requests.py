"""Requests for disclosure: asked without a name, answered in the office's words, kept from whom they may be about."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from core.access import FOUNDER, RESIDENT
from core.errors import Denied, Invalid, Missing, Stale
from core.openness import requests, showing, subjects
from core.openness.requests import AnswerForm, RequestForm, RequestRow, Taken
from core.organisation import posts
from core.organisation.calendar import Calendar
from core.privacy.crowd import is_crowded
from core.privacy.keeping import Kept, terms
from core.voices import followup, retention
from core.words import Channel, Role
from db.sweeping import PROGRAM
from db.tables import audit_entries, flags_
from db.tables.openly import requests_
from tests import makers
from tests.makers import Place

pytestmark = pytest.mark.privacy
WANTED = "想看看停车棚改造花了多少钱"


def asked(place: Place, text: str = WANTED, subject_id: str | None = None, once: str = "") -> Taken:
    form = RequestForm(text=text, subject_id=subject_id)
    taken: Taken = place.do(RESIDENT, requests.ask, place.units["building"].code, form, Channel.QR, once)
    return taken


def rows(place: Place, who: str = "clerk") -> list[RequestRow]:
    return list(place.ask(who, requests.requests))


def answered(place: Place, who: str = "clerk", **rest: Any) -> None:
    form = AnswerForm.model_validate({"answer": "已在公开栏张贴收支明细"} | rest)
    place.do(who, requests.answer, rows(place, who)[0].id, form)


def test_a_request_has_a_receipt_and_a_clock_of_fifteen_working_days(place: Place) -> None:
    taken = asked(place)
    assert not taken.as_flag
    [row] = rows(place)
    assert (row.text, row.due_on) == (WANTED, Calendar().after(place.today, 15))
    told = place.ask(RESIDENT, requests.follow, taken.code)
    assert (told.headline, told.due_on, told.answer) == ("您的申请已收到。", row.due_on, "")
    assert makers.inbox(place) == []


def test_the_same_form_sent_twice_is_one_request_with_one_receipt(place: Place) -> None:
    token = "a" * 32
    assert asked(place, once=token) == asked(place, once=token)
    assert len(rows(place)) == 1


@pytest.mark.parametrize(
    "text", ["周小满为什么不公开低保名单", "书记贪污了多少钱请公开", "有人拿回扣的事要公开", "楼道着火了快来人"]
)
def test_what_names_somebody_or_sounds_like_a_lead_is_heard_as_a_flag_instead(place: Place, text: str) -> None:
    taken = asked(place, text)
    assert taken.as_flag
    assert rows(place) == []
    assert place.ask(RESIDENT, followup.follow, taken.code)
    with place.engine.connect() as kept:
        assert kept.execute(select(requests_)).all() == []
        assert len(kept.execute(select(flags_)).all()) == 1


def test_whoever_it_may_be_about_by_their_post_neither_reads_nor_answers_it(place: Place) -> None:
    post = place.do(FOUNDER, posts.add_post, place.units["banyan"].id, "网格员")
    place.do(FOUNDER, posts.take_post, post, place.people["clerk"].person_id)
    assert not asked(place, "想看看网格员的招聘名单").as_flag
    [row] = rows(place, "secretary")
    assert rows(place, "clerk") == []
    with pytest.raises(Missing):
        place.do("clerk", requests.answer, row.id, AnswerForm(answer="已公开招聘名单"))
    answered(place, "secretary")


def test_whoever_answers_for_the_power_item_reads_what_it_is_about_and_not_the_words(place: Place) -> None:
    here = place.units["banyan"].id
    place.do("clerk", subjects.fill, here)
    [relief] = [row for row in place.ask("clerk", subjects.catalogue, here) if row.item == "低保和特困人员初核"]
    asked(place, "想看今年的低保名单", relief.id)
    [own] = rows(place, "clerk")
    assert (own.text, own.subject, own.may_answer) == ("", "低保和特困人员初核", False)
    with pytest.raises(Denied):
        place.do("clerk", requests.answer, own.id, AnswerForm(answer="已公开名单"))
    [other] = rows(place, "secretary")
    assert (other.text, other.may_answer) == ("想看今年的低保名单", True)
    answered(place, "watchdog")


def test_an_answer_names_nobody_and_is_given_once(place: Place) -> None:
    taken = asked(place)
    with pytest.raises(Invalid):
        answered(place, answer="请找周小满问")
    [row] = rows(place)
    answered(place)
    with pytest.raises(Stale):
        place.do("clerk", requests.answer, row.id, AnswerForm(answer="再答一次吧"))
    told = place.ask(RESIDENT, requests.follow, taken.code)
    assert (told.answer, told.due_on) == ("已在公开栏张贴收支明细", None)


def test_only_a_released_answer_stands_on_the_board_and_never_what_was_asked(place: Place) -> None:
    def board() -> Any:
        return place.ask(RESIDENT, showing.openness, place.units["banyan"].code, date(2026, 11, 1)).answers

    asked(place)
    answered(place)
    assert list(board()) == []
    asked(place, "想看看公益岗位工资怎么算的")
    answered(place, withheld=True, released=True, wording="公益岗位工资标准")
    [shown] = board()
    assert (shown.wording, shown.withheld) == ("公益岗位工资标准", True)
    assert "怎么算" not in str(vars(shown))
    place.do("watchdog", requests.take_down, shown.id)
    assert list(board()) == []


def test_a_board_answer_needs_words_of_the_office(place: Place) -> None:
    with pytest.raises(ValueError, match="自己的话"):
        AnswerForm(answer="已公开明细", released=True)


def test_taking_back_deletes_the_request_and_its_receipt(place: Place) -> None:
    taken = asked(place)
    place.do(RESIDENT, requests.take_back, taken.code)
    assert rows(place) == []
    with pytest.raises(Missing):
        place.ask(RESIDENT, requests.follow, taken.code)


def test_a_receipt_of_one_kind_opens_nothing_of_another(place: Place) -> None:
    code = makers.speak(place)
    with pytest.raises(Missing):
        place.ask(RESIDENT, requests.follow, code)
    with pytest.raises(Missing):
        place.ask(RESIDENT, followup.follow, asked(place).code)


def test_numbers_are_covered_and_nothing_but_the_day_is_kept(place: Place) -> None:
    asked(place, "请公开物业收费，我电话13800138000")
    assert "13800138000" not in rows(place)[0].text
    with place.engine.connect() as kept:
        [line] = kept.execute(select(audit_entries).where(audit_entries.c.event == "request_made"))
    assert line.at == place.today.isoformat()
    assert WANTED not in line.facts


def test_requests_count_towards_a_crowded_day(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.privacy.crowd.DAILY", 1)
    here = place.units["banyan"].id
    assert not place.ask(RESIDENT, is_crowded, here)
    asked(place)
    assert place.ask(RESIDENT, is_crowded, here)


def test_those_who_may_not_answer_read_or_do_not_and_nobody_beside_the_community(place: Place) -> None:
    asked(place)
    [row] = rows(place, "supervisor")
    assert not row.may_answer
    for who in ("supervisor", "discipline", "auditor"):
        with pytest.raises(Denied):
            place.do(who, requests.answer, row.id, AnswerForm(answer="已公开明细"))
    assert rows(place, "other_clerk") == []
    assert Role.SUPERVISOR in place.people["supervisor"].roles
    with pytest.raises(Denied):
        place.ask("discipline", requests.requests)
    with pytest.raises(Invalid):
        asked(place, subject_id="none-such")


def test_the_words_of_a_request_go_three_years_after_its_answer_and_an_open_one_keeps_them(place: Place) -> None:
    taken = asked(place)
    answered(place)
    asked(place, "想看看公益岗位工资标准")
    place.later(3 * 365 - 1)
    assert place.ask(PROGRAM, retention.due, terms())[Kept.REQUESTS] == 0
    place.later(1)
    assert place.ask(PROGRAM, retention.due, terms())[Kept.REQUESTS] == 1
    assert place.do(PROGRAM, retention.sweep, terms(), 200)[Kept.REQUESTS] == 1
    assert place.do(PROGRAM, retention.sweep, terms(), 200)[Kept.REQUESTS] == 0
    assert sorted(row.text for row in rows(place)) == ["", "想看看公益岗位工资标准"]
    assert place.ask(RESIDENT, requests.follow, taken.code).answer == "已在公开栏张贴收支明细"

"""Notices: whoever is concerned is told, nobody of what they may not see, and the words are made when read."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from core import dates
from core.access import FOUNDER, RESIDENT
from core.alerts import notices
from core.alerts.addressees import REMINDED, TOLD
from core.alerts.notices import READ_BY, Kind, NoticeRow
from core.entries import escalation, risks
from core.errors import Denied
from core.events import Event
from core.openness import requests
from core.prevention import measures
from core.privacy.keeping import Kept, terms
from core.review import merging, recurrence
from core.turning import START
from core.voices import followup, openings, points, retention, sealing
from core.words import OpeningKind, Role
from db import jobs
from db.sweeping import PROGRAM
from db.tables.message_tables import notices_
from tests import makers
from tests.core.voices.test_openings import matter
from tests.makers import Place
from tests.sheets import begun, worked_off


@pytest.fixture
def place(place: Place) -> Place:
    """The small place, with nobody told anything yet."""
    with place.engine.begin() as rows:
        rows.execute(delete(notices_))
    return place


def mine(place: Place, who: str) -> list[NoticeRow]:
    return list(place.ask(who, notices.mine))


def told(place: Place, who: str) -> set[Kind]:
    return {row.kind for row in mine(place, who)}


def raw(place: Place) -> list[tuple[str, Kind]]:
    """Every notice there is: for whom, and what."""
    names = {actor.person_id: key for key, actor in place.people.items()}
    with place.engine.connect() as rows:
        found = rows.execute(select(notices_.c.person_id, notices_.c.kind)).all()
    return sorted((names[row.person_id], row.kind) for row in found)


def cleared(place: Place) -> None:
    for who in place.people:
        place.do(who, notices.mark_read)


def fresh(place: Place, who: str) -> set[Kind]:
    return {row.kind for row in mine(place, who) if not row.is_read}


def test_every_kind_is_told_by_an_event_and_read_by_a_right() -> None:
    assert set(READ_BY) == set(Kind)
    assert {tells.kind for rows in TOLD.values() for tells in rows} == set(Kind) - set(REMINDED)
    assert set(TOLD) <= set(Event)


def test_the_page_about_notices_names_every_event_and_what_it_tells(root: Path) -> None:
    page = (root / "docs" / "notices.md").read_text(encoding="utf-8")
    for event, rows in TOLD.items():
        kinds = dict.fromkeys(tells.kind.word + (" (red)" if tells.red else "") for tells in rows)
        assert f"| {Event(event).word} | {'; '.join(kinds)} |" in page
    assert page.count("\n| ") == len(TOLD) + 11  # and nothing that is no more


def test_a_measure_tells_its_owner_its_verifier_and_its_owner_again(place: Place) -> None:
    _risk, measure = makers.controlled(place)
    assert Kind.MEASURE in told(place, "clerk")
    assert Kind.MEASURE not in told(place, "secretary")
    place.do("clerk", measures.report, measure, 60, "已整理名单")
    cleared(place)
    place.do("clerk", measures.ask_verification, measure, "已张贴")
    assert fresh(place, "watchdog") == {Kind.VERIFY}
    assert fresh(place, "watchdog2") == set()
    place.do("watchdog", measures.send_back, measure, "照片不清楚")
    assert fresh(place, "clerk") == {Kind.RETURNED}
    [row] = [row for row in mine(place, "clerk") if row.kind is Kind.RETURNED]
    assert (row.number, row.unit, row.title) == (1, "榕树社区", "救助对象名单公开不及时")
    cleared(place)
    place.do("clerk", measures.report, measure, 90, "正在重拍")
    place.do("clerk", measures.ask_verification, measure, "重拍了")
    place.do("watchdog", measures.verify, measure, "属实")
    assert fresh(place, "clerk") == {Kind.VERIFIED}


@pytest.mark.costly
def test_an_entry_tells_those_who_have_a_part_and_closing_goes_back_and_forth(place: Place) -> None:
    risk, measure = makers.controlled(place)
    assert {Kind.ASSIGNED, Kind.FILED} & told(place, "secretary")
    makers.done(place, measure)
    cleared(place)
    place.do("clerk", risks.ask_closing, risk, "名单已按季张贴")
    assert Kind.CLOSING in fresh(place, "watchdog")
    place.do("watchdog", risks.refuse_closing, risk, "再看一季")
    assert fresh(place, "clerk") == {Kind.CLOSING_BACK}
    place.do("clerk", risks.ask_closing, risk, "又一季")
    place.do("watchdog", risks.close, risk)
    place.do("supervisor", risks.reopen, risk, "又没贴")
    assert {Kind.CLOSED, Kind.REOPENED} <= fresh(place, "clerk")
    assert [row.is_red for row in mine(place, "clerk") if row.kind is Kind.REOPENED] == [True]
    assert Kind.REOPENED not in fresh(place, "supervisor")  # who did it is not told


def test_a_flag_tells_the_nearest_desk_and_a_second_one_makes_it_unread_again(place: Place) -> None:
    makers.speak(place)
    assert raw(place) == [("watchdog", Kind.REVIEW), ("watchdog2", Kind.REVIEW)]
    place.do("watchdog", notices.mark_read)
    assert place.ask("watchdog", notices.unread) == 0
    makers.speak(place, "门面租给谁没有公布")
    assert place.ask("watchdog", notices.unread) == 1
    assert len(raw(place)) == 2
    for row in makers.inbox(place):
        place.do("watchdog", merging.open_entry, row.id, makers.entry_form(place))
    assert place.ask("watchdog2", notices.unread) == 0  # nothing waits any more


def test_a_point_tells_the_community_and_its_answer_whoever_raised_it(place: Place) -> None:
    makers.raise_point(place)
    assert told(place, "clerk") == told(place, "other_clerk") == {Kind.POINT}
    [row] = [one for one in place.ask("clerk", points.received) if not one.is_answered]
    place.do("clerk", points.not_applicable, row.flag_id, "本社区不用印")
    assert told(place, "supervisor") == {Kind.POINT_ANSWERED}


def test_a_round_tells_every_cadre_below_and_nobody_beside(place: Place) -> None:
    makers.opened_round(place)
    assert [who for who in place.people if Kind.ROUND in told(place, who)] == ["secretary", "clerk", "other_clerk"]


def test_a_request_for_disclosure_tells_who_may_answer_it(place: Place) -> None:
    place.do(RESIDENT, requests.ask, place.units["banyan"].code, requests.RequestForm(text="停车费的账什么时候公开"))
    told_ = [who for who in place.people if Kind.REQUEST in told(place, who)]
    assert told_
    assert set(told_) <= {"secretary", "clerk", "watchdog", "watchdog2"}


def test_long_work_tells_whoever_began_it(place: Place) -> None:
    begun(place, "1,2026-09-03,纸质表,,,,低保名单从来没见贴出来过", "2,2026-09-03,纸质表,,,,门面租给谁没有公布")
    worked_off(place)
    assert told(place, "clerk") == {Kind.RUN_DONE}


def test_long_work_that_is_called_by_its_unit_names_it_once(place: Place) -> None:
    place.do("supervisor", recurrence.begin, place.units["street"].id)
    worked_off(place)
    [row] = [row for row in place.ask("supervisor", notices.mine) if row.kind is Kind.RUN_DONE]
    assert row.about == "望江街道"


def test_an_entry_that_is_passed_on_tells_the_level_that_holds_it_now(place: Place) -> None:
    risk, _measure = makers.controlled(place)
    cleared(place)
    place.do("watchdog", escalation.raise_up, risk, "社区解决不了")
    assert Kind.HOLDING in fresh(place, "supervisor")
    assert Kind.HOLDING not in fresh(place, "far_supervisor")


def test_a_warning_tells_whom_it_is_addressed_to_and_is_gone_with_its_cause(place: Place) -> None:
    _risk, measure = makers.controlled(place)
    place.later(14)
    jobs.sweep(place.engine, now=lambda: place.now)
    addressed = [who for who in place.people if {Kind.WARNING, Kind.WARNING_RED} & told(place, who)]
    assert "clerk" in addressed
    makers.done(place, measure)
    place.later(1)
    jobs.sweep(place.engine, now=lambda: place.now)
    assert Kind.WARNING not in told(place, "clerk")


def test_a_second_look_that_falls_due_is_told_once_also_after_days_without_a_sweep(place: Place) -> None:
    risk, measure = makers.controlled(place)
    makers.done(place, measure)
    place.do("clerk", risks.ask_closing, risk, "名单已按季张贴")
    place.do("watchdog", risks.close, risk)
    jobs.sweep(place.engine, now=lambda: place.now)
    place.later(dates.SECOND_LOOK[0] - 1)
    jobs.sweep(place.engine, now=lambda: place.now)
    assert [who for who in place.people if Kind.LOOK_DUE in told(place, who)] == []
    place.later(3)
    jobs.sweep(place.engine, now=lambda: place.now)
    assert [who for who in place.people if Kind.LOOK_DUE in told(place, who)] == ["watchdog2"]
    assert [row.entry_id for row in mine(place, "watchdog2") if row.kind is Kind.LOOK_DUE] == [risk]
    place.later(1)
    jobs.sweep(place.engine, now=lambda: place.now)
    assert len([row for row in mine(place, "watchdog2") if row.kind is Kind.LOOK_DUE]) == 1


@pytest.mark.privacy
def test_nobody_is_told_of_a_flag_that_names_them(place: Place) -> None:
    makers.speak(place, "郑守正自己也不贴名单")
    assert raw(place) == [("watchdog2", Kind.REVIEW)]
    assert place.ask("watchdog", notices.unread) == 0


@pytest.mark.privacy
def test_of_a_sealed_matter_only_the_discipline_desk_is_told(place: Place) -> None:
    makers.speak(place, "周小满收了红包才给办低保")
    assert raw(place) == [("discipline", Kind.SEALED)]
    [row] = mine(place, "discipline")
    assert (row.title, row.number, row.about) == ("", None, "榕树社区")
    [flag] = [one.id for one in place.ask("discipline", lambda work: work.store.sealed_page(
        work.actor.scope("sealed:open"), START))]  # fmt: skip
    place.do("discipline", sealing.confirm_seal, flag, "属于线索")
    assert mine(place, "discipline") == []  # nothing waits for the desk any more


@pytest.mark.privacy
def test_what_is_sealed_later_is_gone_from_notices_and_their_count(place: Place) -> None:
    code = makers.speak(place)
    [flag] = makers.inbox(place)
    place.do(RESIDENT, followup.write, place.ask(RESIDENT, followup.unlock, code), "补充一句")
    assert told(place, "watchdog2") == {Kind.REVIEW, Kind.SENDER}
    place.do("watchdog", sealing.seal, flag.id, "像举报")
    assert (mine(place, "watchdog2"), place.ask("watchdog2", notices.unread)) == ([], 0)


@pytest.mark.privacy
def test_whoever_a_voice_of_an_entry_names_is_told_nothing_of_it_any_more(place: Place) -> None:
    risk, measure = makers.controlled(place)
    assert Kind.MEASURE in told(place, "clerk")
    makers.speak(place, "周小满从来不按时贴名单")
    [flag] = makers.inbox(place)
    place.do("watchdog2", merging.merge, flag.id, risk)
    assert not {Kind.MEASURE, Kind.ASSIGNED, Kind.FILED} & told(place, "clerk")
    before = raw(place)
    makers.done(place, measure)
    assert [row for row in raw(place) if row[0] == "clerk"] == [row for row in before if row[0] == "clerk"]


@pytest.mark.privacy
def test_nobody_reads_or_marks_notices_of_somebody_else(place: Place) -> None:
    makers.speak(place)
    [row] = mine(place, "watchdog")
    place.do("clerk", notices.mark_read, [row.id])
    assert [one.is_read for one in mine(place, "watchdog")] == [False]
    assert mine(place, "clerk") == []
    with pytest.raises(Denied):
        place.ask(RESIDENT, notices.mine)
    with pytest.raises(Denied):
        place.ask(FOUNDER, notices.mine)


@pytest.mark.privacy
def test_the_second_person_and_whoever_asked_are_told_and_nobody_else(place: Place) -> None:
    makers.make_person(place, "desk2", "许明镜", "street", Role.DISCIPLINE)
    makers.make_person(place, "far_desk", "石介然", "far_street", Role.DISCIPLINE)
    flag_id, _code = matter(place)
    cleared(place)
    asked = place.do("discipline", openings.ask, flag_id, OpeningKind.CONTACT, "核实时间地点")
    assert [who for who in place.people if Kind.OPENING in told(place, who)] == ["desk2"]
    place.do("desk2", openings.agree, asked, "同意，限本次")
    assert [who for who in place.people if Kind.OPENING_DECIDED in told(place, who)] == ["discipline"]


@pytest.mark.privacy
def test_what_a_resident_does_is_never_red_and_keeps_no_hour(root: Path, place: Place) -> None:
    by_residents = {
        argument.attr
        for path in (root / "core").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr == "record_resident"
        for argument in node.args[:1] if isinstance(argument, ast.Attribute)
    } | {"FLAG_RAISED"}  # fmt: skip
    assert "SENDER_WROTE" in by_residents
    for name in by_residents:
        assert not any(tells.red for tells in TOLD.get(Event[name], ())), name
    assert {str(column.type) for column in notices_.columns} <= {"VARCHAR(40)", "DATE", "BOOLEAN"}  # no hour, no text


def test_notices_go_after_their_time_and_leave_one_line(place: Place) -> None:
    makers.speak(place)
    place.later(terms()[Kept.NOTICE] - 1)
    assert place.do(PROGRAM, retention.sweep, terms(), 10)[Kept.NOTICE] == 0
    place.later(1)
    assert place.ask(PROGRAM, retention.due, terms())[Kept.NOTICE] == 2
    assert place.do(PROGRAM, retention.sweep, terms(), 10)[Kept.NOTICE] == 2
    assert raw(place) == []


def test_what_happens_to_an_account_is_told_to_its_holder(place: Place) -> None:
    from core.organisation import people

    place.do("security", people.grant_role, place.people["clerk"].person_id, Role.CADRE, place.units["river"].id)
    assert Kind.ACCOUNT in told(place, "clerk")
    assert Kind.ACCOUNT not in told(place, "secretary")


def test_there_are_fifty_a_page(place: Place) -> None:
    for n in range(60):
        makers.raise_point(place, ("banyan",), f"第{n}个社区用印登记不全")
    first = place.ask("clerk", notices.mine)
    assert first.turned.onward
    second = place.ask("clerk", notices.mine, first.turned.onward)
    assert (len(first), len(second), second.turned.onward) == (50, 10, None)
    assert {row.id for row in first}.isdisjoint(row.id for row in second)


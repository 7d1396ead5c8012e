"""Early warnings: each rule sees its cause and nothing else, and a warning is over when its cause is."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import FOUNDER
from core.alerts import warnings
from core.alerts.rules import RULES, causes, page
from core.alerts.watching import DueFact, EntryFact, FlagFact, LeftFact, LookFact, MeasureFact, PostFact, Watched
from core.entries import escalation, risks
from core.errors import Denied, Invalid, Stale
from core.organisation import posts, units
from core.voices import sealing
from core.voices.followup import rate_answer
from core.words import Level, RiskStatus, WarningLevel
from db import jobs
from db.sweeping import PROGRAM
from tests import makers
from tests.makers import Place

DAY = date(2026, 11, 20)


def seen(*, measures: Iterable[MeasureFact] = (), entries: Iterable[EntryFact] = (), flags: Iterable[FlagFact] = (),
         posts: Iterable[PostFact] = (), looks: Iterable[LookFact] = (),
         dues: Iterable[DueFact] = (), left: Iterable[LeftFact] = ()) -> set[str]:  # fmt: skip
    facts = (measures, entries, flags, posts, looks, dues, left)
    watched = Watched("here", "above", *map(tuple, facts))  # type: ignore[arg-type]
    return {rule for rule, _subject in causes(watched, DAY)}


def measure(due: int) -> MeasureFact:
    return MeasureFact("m", "r", "owner", "leader", DAY + timedelta(days=due))


def entry(**changed: object) -> EntryFact:
    facts: dict[str, object] = {
        "id": "r", "status": RiskStatus.CONTROLLED, "level": Level.MEDIUM, "rated_on": DAY - timedelta(days=30),
        "owner_id": "owner", "leader_id": None, "measures": 1, "not_done": 0, "orange": 0, "holder_id": "here",
        "due_on": DAY + timedelta(days=40),
    }  # fmt: skip
    return EntryFact(**(facts | changed))  # type: ignore[arg-type]


def flag(due: int, raised_by: str | None = None) -> FlagFact:
    return FlagFact("f", DAY + timedelta(days=due), raised_by)


def owed(days: int, is_request: bool = False) -> DueFact:
    return DueFact("d", DAY + timedelta(days=days), is_request)


def due(days: int) -> EntryFact:
    return entry(due_on=DAY + timedelta(days=days))


FIRES = {
    "measure_due_soon": [{"measures": [measure(7)]}, {"measures": [measure(0)]}],
    "measure_late": [{"measures": [measure(-1)]}, {"measures": [measure(-15)]}],
    "measure_very_late": [{"measures": [measure(-16)]}],
    "high_unattended": [{"entries": [entry(level=Level.HIGH, owner_id=None, rated_on=DAY - timedelta(days=7))]},
                        {"entries": [entry(level=Level.HIGH, measures=0, rated_on=DAY - timedelta(days=8))]}],
    "not_done": [{"entries": [entry(not_done=3)]}],
    "orange_twice": [{"entries": [entry(orange=2)]}],
    "reopened": [{"entries": [entry(status=RiskStatus.REOPENED)]}],
    "clock_due_soon": [{"entries": [due(7)]}, {"entries": [due(0)]}],
    "clock_late": [{"entries": [due(-1)]}, {"entries": [due(-15)]}],
    "clock_very_late": [{"entries": [due(-16)]}],
    "review_late": [{"flags": [flag(-1)]}, {"flags": [flag(-15)]}],
    "review_very_late": [{"flags": [flag(-16)]}],
    "point_late": [{"flags": [flag(-1, "above")]}],
    "point_very_late": [{"flags": [flag(-16, "above")]}],
    "look_late": [{"looks": [LookFact("l", "r", DAY - timedelta(days=1))]}],
    "look_very_late": [{"looks": [LookFact("l", "r", DAY - timedelta(days=16))]}],
    "disclosure_just_late": [{"dues": [owed(-1)]}, {"dues": [owed(-7)]}],
    "disclosure_late": [{"dues": [owed(-8)]}, {"dues": [owed(-15)]}],
    "disclosure_very_late": [{"dues": [owed(-16)]}],
    "request_late": [{"dues": [owed(-1, True)]}, {"dues": [owed(-15, True)]}],
    "request_very_late": [{"dues": [owed(-16, True)]}],
    "left_behind": [{"left": [LeftFact("m", "r")]}, {"left": [LeftFact("site", None)]}],
    "post_vacant": [{"posts": [PostFact("p", DAY - timedelta(days=7))]}],
}  # fmt: skip
REST = [
    {"measures": [measure(8)]}, {"entries": [due(8)]}, {"flags": [flag(0)]}, {"flags": [flag(0, "above")]},
    {"entries": [entry(level=Level.HIGH)]}, {"entries": [entry(not_done=2, orange=1)]},
    {"entries": [entry(level=Level.HIGH, owner_id=None, rated_on=DAY - timedelta(days=6))]},
    {"entries": [entry(level=Level.MEDIUM, owner_id=None, measures=0)]},
    {"posts": [PostFact("p", DAY - timedelta(days=6))]}, {"looks": [LookFact("l", "r", DAY)]},
    {"dues": [owed(0), owed(0, True)]}, {},
]  # fmt: skip


@pytest.mark.parametrize("rule", [rule.code for rule in RULES])
def test_each_rule_sees_its_cause_alone(rule: str) -> None:
    for facts in FIRES[rule]:
        assert seen(**facts) == {rule}  # type: ignore[arg-type]


def test_what_is_in_order_is_no_cause_for_any_rule() -> None:
    for facts in REST:
        assert seen(**facts) == set()  # type: ignore[arg-type]


@given(st.integers(-400, 400))
def test_a_limit_is_seen_by_one_colour_on_every_day(days: int) -> None:
    colours = {rule.code: rule.colour for rule in RULES}
    for facts in ({"measures": [measure(days)]}, {"entries": [due(days)]}, {"flags": [flag(days)]}):
        found = {colours[code] for code in seen(**facts)}  # type: ignore[arg-type]
        wanted = WarningLevel.YELLOW if days >= 0 else WarningLevel.ORANGE if days >= -15 else WarningLevel.RED
        assert found <= {wanted}
        assert found or days > 7 or (days >= 0 and "flags" in facts)


def test_every_rule_has_its_page_in_the_documents(root: Path) -> None:
    folder = root / "docs" / "warnings"
    written = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    assert written == {rule.code: page(rule) for rule in RULES}


def renewed(place: Place, unit: str = "banyan") -> tuple[int, int]:
    counts: tuple[int, int] = place.do(PROGRAM, warnings.renew, place.units[unit].id)
    return counts


def running(place: Place, who: str, *, everyone: bool = False) -> list[str]:
    return [row.rule for row in place.ask(who, warnings.warnings, everyone)]


def test_a_measure_turns_yellow_orange_and_red_and_each_addresses_somebody_higher(place: Place) -> None:
    makers.controlled(place)
    assert renewed(place) == (0, 0)
    place.later(15)
    assert renewed(place) == (1, 0)
    assert renewed(place) == (0, 0)
    assert running(place, "clerk") == ["measure_due_soon"]
    assert running(place, "secretary") == running(place, "supervisor") == []
    assert running(place, "supervisor", everyone=True) == ["measure_due_soon"]
    assert running(place, "other_clerk", everyone=True) == []
    with pytest.raises(Denied):
        place.ask("auditor", warnings.warnings)
    place.later(6)
    assert renewed(place) == (1, 1)
    assert running(place, "secretary") == ["measure_late"]
    place.later(15)
    assert renewed(place) == (1, 1)
    assert running(place, "supervisor") == ["measure_very_late"]


@pytest.mark.costly
def test_a_warning_is_over_when_its_cause_is(place: Place) -> None:
    _risk_id, measure_id = makers.controlled(place)
    place.later(22)
    renewed(place)
    assert running(place, "secretary") == ["measure_late"]
    place.do("clerk", makers.measures.report, measure_id, 90, "快好了")
    place.do("clerk", makers.measures.ask_verification, measure_id, "已张贴")
    assert renewed(place) == (0, 1)
    assert running(place, "secretary") == []
    place.do("watchdog", makers.measures.send_back, measure_id, "公开栏上没有")
    assert renewed(place) == (1, 0)


def test_what_is_done_about_a_warning_is_said_and_it_is_not_told_again(place: Place) -> None:
    makers.controlled(place)
    place.later(36)
    renewed(place)
    [row] = place.ask("supervisor", warnings.warnings)
    with pytest.raises(Invalid):
        place.do("supervisor", warnings.note, row.id, "")
    with pytest.raises(Stale):
        place.do("far_supervisor", warnings.note, row.id, "已约谈")
    place.do("supervisor", warnings.note, row.id, "已与社区商定一周内办结")
    [noted] = place.ask("supervisor", warnings.warnings)
    assert (noted.note, noted.noted_by, noted.noted_on) == ("已与社区商定一周内办结", "孙立人", place.today)
    place.later(8)
    renewed(place)
    with makers.work_of(place, FOUNDER) as doing:
        [kept] = doing.store.running_warnings(place.units["banyan"].id)
        assert kept.told_on == row.raised_on


def test_a_red_warning_without_an_answer_is_told_again_every_seven_days(place: Place) -> None:
    makers.controlled(place)
    place.later(36)
    renewed(place)
    raised = place.today
    for days, told in ((6, raised), (1, raised + timedelta(days=7)), (7, raised + timedelta(days=14))):
        place.later(days)
        renewed(place)
        with makers.work_of(place, FOUNDER) as doing:
            found = doing.store.running_warnings(place.units["banyan"].id)
            [kept] = [warning for warning in found if warning.rule == "measure_very_late"]
            assert kept.told_on == told


def test_orange_twice_within_a_year_goes_to_the_street_from_the_day_after(place: Place) -> None:
    _risk_id, measure_id = makers.controlled(place)
    place.later(22)
    renewed(place)
    place.do("clerk", makers.measures.report, measure_id, 90, "快好了")
    place.do("clerk", makers.measures.ask_verification, measure_id, "已张贴")
    renewed(place)
    place.do("watchdog", makers.measures.send_back, measure_id, "公开栏上没有")
    renewed(place)
    assert running(place, "supervisor") == []
    place.later(1)
    renewed(place)
    assert running(place, "supervisor") == ["orange_twice"]


def test_three_residents_who_say_not_done_warn_whoever_leads(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    for n in range(3):
        code = makers.speak(place, f"第{n}次说：低保名单从来没贴出来过")
        row = next(row for row in makers.inbox(place) if f"第{n}次" in row.text)
        place.do("watchdog", makers.merging.merge, row.id, risk_id)
        place.do(makers.RESIDENT, rate_answer, code, None, 1, None)
    renewed(place)
    assert running(place, "secretary") == ["not_done"]


def test_a_warning_about_a_flag_is_hidden_from_whoever_may_not_know_of_the_flag(place: Place) -> None:
    makers.speak(place, "林向前管公章从来不登记", None)
    makers.speak(place, "低保名单贴得太晚", "relief")
    place.later(9)
    renewed(place)
    assert running(place, "watchdog") == ["review_late", "review_late"]
    assert running(place, "secretary") == ["review_late"]  # not the one that names them
    assert running(place, "clerk") == ["review_late"]  # not the one about their own power item
    flags = [row.id for row in makers.inbox(place)]
    for flag_id in flags:
        place.do("watchdog", sealing.seal, flag_id, "点名举报")
    assert running(place, "watchdog") == []
    assert renewed(place) == (0, 2)


def test_a_vacant_post_and_a_late_clock_warn_the_level_above(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    rows = place.ask(FOUNDER, posts.posts)
    place.do(FOUNDER, posts.leave_post, next(row for row in rows if row.id == place.posts["seal"]).holders[0][0])
    place.later(7)
    renewed(place)
    assert running(place, "supervisor") == ["post_vacant"]
    clock = place.ask("supervisor", escalation.clocks_of, risk_id)[-1]
    place.later((clock.due_on - place.today).days + 16)
    renewed(place)
    assert "clock_very_late" in running(place, "supervisor")
    assert "clock_very_late" not in running(place, "secretary")


def test_in_a_closed_community_an_open_entry_warns_on_and_a_vacant_post_no_more(place: Place) -> None:
    _risk_id, measure_id = makers.controlled(place)
    rows = place.ask(FOUNDER, posts.posts)
    place.do(FOUNDER, posts.leave_post, next(row for row in rows if row.id == place.posts["seal"]).holders[0][0])
    place.later(22)
    jobs.sweep(place.engine, now=lambda: place.now)
    assert running(place, "supervisor") == ["post_vacant"]
    assert running(place, "secretary") == ["measure_late"]
    for key in ("building", "grid", "banyan"):
        place.do("system", units.close_unit, place.units[key].id)
    place.later(1)
    jobs.sweep(place.engine, now=lambda: place.now)
    assert running(place, "supervisor") == []
    assert running(place, "secretary") == ["measure_late"]
    makers.done(place, measure_id)
    place.later(1)
    jobs.sweep(place.engine, now=lambda: place.now)
    assert running(place, "secretary") == []


def test_a_reopened_entry_is_red_until_it_is_under_control_again(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "名单已按季公开")
    place.do("watchdog", risks.close, risk_id)
    place.do("watchdog", risks.reopen, risk_id, "名单又停了")
    renewed(place)
    assert running(place, "supervisor") == ["reopened"]
    makers.planned(place, risk_id)
    place.do("clerk", risks.control, risk_id)
    assert renewed(place) == (0, 1)


def test_only_the_program_renews(place: Place) -> None:
    for who in ("supervisor", "clerk", "watchdog", "auditor"):
        with pytest.raises(Denied):
            place.do(who, warnings.renew, place.units["banyan"].id)

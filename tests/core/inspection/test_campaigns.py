"""A round from its calendar to its closing: what is frozen, by whom, and that it never changes."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text, update

from core import home
from core.access import FOUNDER, RESIDENT
from core.entries import versions
from core.entries.register import Filter
from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.home import Chore
from core.insight import yearly
from core.inspection import campaigns, quarters, rounds, snapshots
from core.inspection.quarters import Calendar, Phase, checked, proposed
from core.organisation import units
from core.review.merging import Link
from core.words import Answer, Change, Level
from tests import makers
from tests.makers import Place

DAY = date(2026, 1, 1)
DATES = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(DATES, st.integers(0, quarters.LONGEST))
def test_the_proposed_calendar_always_holds_and_every_day_of_it_lies_in_one_part(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    calendar = checked(proposed(first, last))
    found = [quarters.phase(calendar, first + timedelta(days=n)) for n in range(length + 1)]
    order = [list(Phase).index(phase) for phase in found if phase]
    assert len(order) == length + 1
    assert order == sorted(order)
    assert quarters.phase(calendar, first - timedelta(days=1)) is None
    assert quarters.phase(calendar, last + timedelta(days=1)) is None
    assert first <= quarters.inspected_by(calendar) <= last


def test_a_year_is_proposed_in_quarters() -> None:
    calendar = proposed(DAY, date(2026, 12, 31))
    assert [calendar.filing_from, calendar.control_from, calendar.evaluation_from] == [
        date(2026, 4, 2), date(2026, 7, 2), date(2026, 10, 1),
    ]  # fmt: skip


@given(st.lists(DATES, min_size=5, max_size=5))
def test_a_calendar_is_taken_exactly_when_its_days_follow_one_another_within_a_year(days: list[date]) -> None:
    right = days == sorted(days) and (days[-1] - days[0]).days <= quarters.LONGEST
    try:
        checked(Calendar(*days))
    except Invalid:
        assert not right
    else:
        assert right


def row(place: Place, round_id: str, who: str = "supervisor") -> Any:
    return place.ask(who, lambda w: w.store.round_row(w.actor.scope("register:read"), round_id))


def close(place: Place, round_id: str, who: str = "supervisor") -> None:
    place.do(who, campaigns.close_round, round_id, "全年工作已完成")


def moved(place: Place, round_id: str, **days: date) -> campaigns.CalendarForm:
    now = row(place, round_id)
    return campaigns.CalendarForm(**{name: getattr(now, name) for name in campaigns.CalendarForm.model_fields} | days)


def test_the_calendar_is_typed_or_proposed_and_moved_by_who_may_open_the_round_there(place: Place) -> None:
    round_id = makers.opened_round(place)
    assert row(place, round_id).filing_from == place.today + timedelta(days=15)
    form = moved(place, round_id, filing_from=place.today + timedelta(days=20))
    place.do("supervisor", campaigns.change_calendar, round_id, form)
    assert row(place, round_id).filing_from == place.today + timedelta(days=20)
    with pytest.raises(Refused):
        place.do("supervisor", campaigns.change_calendar, round_id, form)
    with pytest.raises(Invalid):
        place.do("supervisor", campaigns.change_calendar, round_id, moved(place, round_id, filing_from=DAY))
    for who, refusal in (("clerk", Missing), ("far_supervisor", Missing), ("watchdog", Denied), ("auditor", Denied)):
        with pytest.raises(refusal):
            place.do(who, campaigns.change_calendar, round_id, form)
        with pytest.raises(refusal):
            close(place, round_id, who)


def test_a_calendar_is_not_moved_into_another_round(place: Place) -> None:
    round_id = makers.opened_round(place)
    later = rounds.RoundForm(
        unit_id=place.units["street"].id, title="下一轮", starts_on=place.today + timedelta(days=61),
        ends_on=place.today + timedelta(days=90),
    )  # fmt: skip
    place.do("supervisor", rounds.open_round, later)
    form = moved(place, round_id, ends_on=place.today + timedelta(days=62))
    with pytest.raises(Invalid):
        place.do("supervisor", campaigns.change_calendar, round_id, form)


def test_a_community_closes_its_own_round_and_a_superior_closes_one_below(place: Place) -> None:
    def own(first: int) -> str:
        form = rounds.RoundForm(
            unit_id=place.units["banyan"].id, title="社区自查", starts_on=place.today + timedelta(days=first),
            ends_on=place.today + timedelta(days=first + 30),
        )  # fmt: skip
        return str(place.do("clerk", rounds.open_round, form))

    first = own(0)
    with pytest.raises(Invalid):
        place.do("clerk", campaigns.close_round, first, " ")
    close(place, first, "clerk")
    with pytest.raises(Stale):
        close(place, first, "clerk")
    with pytest.raises(Stale):
        place.do("clerk", campaigns.change_calendar, first, moved(place, first))
    with pytest.raises(Refused):
        place.do("clerk", rounds.inspect, place.items["relief"], Answer.NOTHING, "查过登记")
    second = own(0)  # a closed round no longer stands in the way
    close(place, second)
    ahead = own(3)
    with pytest.raises(Refused):
        close(place, ahead)


def test_a_round_that_is_over_waits_on_the_desk_of_who_may_close_it(place: Place) -> None:
    round_id = makers.opened_round(place)
    place.later(61)
    waits = {task.chore: task.count for task in place.ask("supervisor", home.waiting)}
    assert waits[Chore.CLOSE_ROUND] == 1
    assert Chore.CLOSE_ROUND not in {task.chore for task in place.ask("clerk", home.waiting)}
    close(place, round_id)
    assert Chore.CLOSE_ROUND not in {task.chore for task in place.ask("supervisor", home.waiting)}


def frozen(place: Place, key: str = "banyan", who: str = "supervisor") -> list[snapshots.SnapshotRow]:
    found: list[snapshots.SnapshotRow] = place.ask(who, snapshots.of_unit, place.units[key].id)
    return found


def test_closing_freezes_every_register_below_as_it_stands_and_later_deeds_leave_it_alone(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    round_id = makers.opened_round(place)
    place.later(5)
    close(place, round_id)
    [kept] = frozen(place)
    assert (kept.title, kept.taken_on, kept.entries) == ("2026年度自查", place.today, 1)
    assert [r.entries for r in frozen(place, "river")] == [0]
    assert frozen(place, "far", "far_supervisor") == []
    about, before = place.ask("clerk", snapshots.read, kept.id)
    assert about == kept
    assert before.rows == place.ask("clerk", versions.as_of, place.units["banyan"].id, place.today).rows
    makers.rated(place, risk_id, Level.HIGH, "居民反映集中")
    place.later(9)
    assert place.ask("clerk", snapshots.read, kept.id) == (about, before)
    assert place.ask("clerk", snapshots.read, kept.id, Filter(levels=("high",)))[1].rows == ()
    for who, refusal in (("other_clerk", Missing), ("far_supervisor", Missing), ("auditor", Denied)):
        with pytest.raises(refusal):
            place.ask(who, snapshots.read, kept.id)
    with pytest.raises(Denied):
        place.ask(RESIDENT, snapshots.of_unit, place.units["banyan"].id)


@pytest.mark.privacy
def test_a_snapshot_holds_no_word_of_a_resident_and_no_voice_that_names_anybody(place: Place) -> None:
    makers.open_risk(place, "低保名单贴出来太晚没人看得到")
    makers.open_risk(place, "周小满经手的名单没有贴出来", "另一个风险点")
    close(place, makers.opened_round(place))
    [kept] = frozen(place)
    content = place.ask(FOUNDER, lambda w: snapshots.unpacked(w.store.find(snapshots.Snapshot, kept.id).content))
    assert "贴出来" not in content
    assert content.count('"voices":{"resident":1}') == 1
    links = place.ask(FOUNDER, lambda w: w.store.some(Link, w.actor.scope("flag:merge")))
    assert len(links) == 2
    assert not any(link.flag_id in content for link in links)


def test_nobody_changes_a_snapshot_or_takes_one_out(place: Place) -> None:
    close(place, makers.opened_round(place))
    for deed in ("UPDATE snapshots SET entries = 9", "DELETE FROM snapshots"):
        with pytest.raises(Exception, match="a snapshot never changes"), place.engine.begin() as rows:
            rows.execute(text(deed))


def test_from_year_to_year_entries_are_new_changed_carried_over_or_gone(place: Place) -> None:
    changed, measure_id = makers.controlled(place)
    same = makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")
    gone = makers.open_risk(place, "门面租金没有公开", "门面出租没有公开招租")
    before = makers.opened_round(place)
    first = place.ask("clerk", yearly.year_on_year, before, place.units["banyan"].id)
    assert (first.former, {r.risk_id: r.change for r in first.rows}) == (
        None, {changed: Change.SAME, same: Change.NEW, gone: Change.NEW},
    )  # fmt: skip
    place.later(70)
    close(place, before)
    place.later(1)
    now = makers.opened_round(place)
    makers.done(place, measure_id)
    [link] = place.ask("watchdog", lambda w: w.store.links_of(gone))
    place.do("watchdog", makers.merging.unmerge, link.id, "不成立")
    new = makers.open_risk(place, "车位划分没有商量", "车位分配没有公开")
    found = place.ask("watchdog", yearly.year_on_year, now, place.units["banyan"].id)
    assert {r.risk_id: r.change for r in found.rows} == {
        changed: Change.CHANGED, same: Change.SAME, gone: Change.GONE, new: Change.NEW,
    }  # fmt: skip
    assert found.former.title == "2026年度自查"
    [said] = [r.said for r in found.rows if r.risk_id == changed]
    assert any("核查通过" in words for words in said)
    banyan = place.units["banyan"].id
    for change, risk_id in ((Change.NEW, new), (Change.GONE, gone), (Change.SAME, same)):
        page = place.ask("watchdog", yearly.register, Filter(unit_id=banyan, change=change))
        assert [r.id for r in page.rows] == [risk_id]
    assert place.ask("watchdog", yearly.register, Filter(change=Change.NEW)).total == 0
    with pytest.raises(Missing):
        place.ask("other_clerk", yearly.year_on_year, now, banyan)
    close(place, now)
    makers.rated(place, same)
    assert place.ask("watchdog", yearly.year_on_year, now, banyan).rows == found.rows


def test_many_registers_are_frozen_as_long_work_that_is_never_stopped(place: Place) -> None:
    more_communities(place, campaigns.LOT)
    round_id = makers.opened_round(place)
    close(place, round_id)
    assert row(place, round_id).run_id
    assert frozen(place) == []


def more_communities(place: Place, count: int) -> None:
    for n in range(count):
        new = units.NewUnit(parent_id=place.units["street"].id, kind="community", name=f"新社区{n}")
        place.do("system", units.add_unit, new)


def test_a_snapshot_that_was_tampered_with_is_found(place: Place) -> None:
    from db import snapshots as kept
    from db.tables.round_tables import snapshots_

    close(place, makers.opened_round(place))
    with makers.work_of(place, FOUNDER) as doing:
        assert [why for _id, why in kept.check(doing.store.session)] == ["", ""]
    first = frozen(place)[0].id
    on = "_update" if place.engine.dialect.name == "sqlite" else "fixed ON snapshots"
    with place.engine.begin() as rows:
        rows.execute(text("DROP TRIGGER snapshots_" + ("no" if on == "_update" else "") + on))
        rows.execute(update(snapshots_).where(snapshots_.c.id == first).values(content=b"x"))
    with makers.work_of(place, FOUNDER) as doing:
        assert sorted(why for _id, why in kept.check(doing.store.session)) == ["", kept.CHANGED]

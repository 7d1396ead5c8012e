"""Bulk work: what a preview says is what happens, each row by the rules of the single deed."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from core.access import FOUNDER
from core.entries import bulk, risks
from core.entries.bulk import MOST, Deed, Naming, Plain, Planned, Publishing
from core.entries.register import Filter
from core.entries.risks import Risk
from core.errors import Denied, Invalid, Refused, Stale
from core.orders import Reason
from core.prevention import rearranging
from core.prevention.measures import Measure
from core.prevention.rearranging import Rearranging
from core.review import merging
from core.turning import Turn
from core.words import RiskStatus
from tests import makers
from tests.db.test_register import fill
from tests.makers import Place

TITLES = ("救助对象名单公开不及时", "公章使用登记不全", "门面出租没有公开招租")


def entries(place: Place) -> list[str]:
    return [makers.open_risk(place, f"这件事没有人管理{title}", title) for title in TITLES]


def planned(place: Place, who: str, deed: Deed, ids: list[str], form: BaseModel) -> list[Planned]:
    return list(place.ask(who, bulk.preview, deed, ids, form))


def done(place: Place, who: str, deed: Deed, rows: list[Planned], form: BaseModel) -> list[str]:
    """What was done, row by row: nothing, or why not."""
    together, told = bulk.begun(), []
    for row in rows:
        try:
            place.do(who, bulk.carry_out, deed, row, form, together)
            told.append("")
        except Refused as refusal:
            told.append(bulk.sentence(refusal))
    return told


def status(place: Place, risk_id: str) -> Any:
    return place.ask(FOUNDER, lambda work: work.store.find(Risk, risk_id)).status


def naming(place: Place, owner: str = "clerk", watchdog: str = "watchdog") -> Naming:
    return Naming(owner_id=place.people[owner].person_id, watchdog_id=place.people[watchdog].person_id)


def test_people_are_named_for_many_each_with_a_line_of_its_own_and_one_id_in_common(place: Place) -> None:
    ids = entries(place)
    rows = planned(place, "watchdog", Deed.ASSIGN, ids, naming(place))
    assert [(row.before, row.after, row.refused) for row in rows] == [("— / — / —", "周小满 / — / 郑守正", "")] * 3
    assert done(place, "watchdog", Deed.ASSIGN, rows, naming(place)) == ["", "", ""]
    lines = place.ask(FOUNDER, lambda work: [
        row for key in ids for row in work.store.risk_history(work.actor.scope("register:read"), key)
    ])  # fmt: skip
    shared = [row.facts["together"] for row in lines if row.event == "risk_assigned"]
    assert len(shared) == 3
    assert len(set(shared)) == 1
    again = planned(place, "watchdog", Deed.ASSIGN, ids, naming(place))
    assert {row.refused for row in again} == {"没有任何变化。"}


def test_what_is_refused_is_told_in_the_words_of_the_single_deed_and_holds_up_no_other(place: Place) -> None:
    first, second, third = entries(place)
    for risk_id in (first, second):
        makers.rated(place, risk_id)
    rows = planned(place, "watchdog", Deed.ANNOUNCE, [first, second, third], Publishing())
    assert [bool(row.refused) for row in rows] == [False, False, True]
    with pytest.raises(Stale) as single:
        place.do("watchdog", risks.announce, third, risks.Notice(wording="门面出租"))
    assert rows[2].refused == str(single.value)
    assert done(place, "watchdog", Deed.ANNOUNCE, rows, Publishing())[:2] == ["", ""]
    assert [status(place, key) for key in (first, second, third)] == [
        RiskStatus.ANNOUNCED, RiskStatus.ANNOUNCED, RiskStatus.UNRATED,
    ]  # fmt: skip
    early = planned(place, "supervisor", Deed.FILE, [first, third], Plain())
    assert all(row.refused for row in early)
    place.later(7)
    rows = planned(place, "supervisor", Deed.FILE, [first, second, third], Plain())
    assert [bool(row.refused) for row in rows] == [False, False, True]
    assert done(place, "supervisor", Deed.FILE, rows[:2], Plain()) == ["", ""]
    lacking = planned(place, "supervisor", Deed.CONTROL, [first], Plain())
    with pytest.raises(Refused) as nobody:
        place.do("supervisor", risks.control, first)
    assert lacking[0].refused == str(nobody.value)


def test_nobody_decides_about_their_own_nor_elsewhere(place: Place) -> None:
    [own, *_rest] = entries(place)
    makers.rated(place, own)
    assert [row.refused for row in planned(place, "clerk", Deed.CONTROL, [own], Plain())] != [""]
    assert [row.refused for row in planned(place, "clerk", Deed.ANNOUNCE, [own], Publishing())] == ["您没有这项权限。"]
    assert planned(place, "other_watchdog", Deed.ANNOUNCE, [own], Publishing()) == []
    [row] = planned(place, "watchdog", Deed.ANNOUNCE, [own], Publishing())
    with pytest.raises(Denied):
        place.do("clerk", bulk.carry_out, Deed.ANNOUNCE, row, Publishing(), "x")
    with pytest.raises(Denied):
        place.ask("auditor", bulk.preview, Deed.ASSIGN, [own], naming(place))


def test_a_row_that_changed_since_the_preview_is_told_and_not_done(place: Place) -> None:
    ids = entries(place)
    rows = planned(place, "watchdog", Deed.ASSIGN, ids, naming(place))
    makers.rated(place, ids[1])
    told = done(place, "watchdog", Deed.ASSIGN, rows, naming(place))
    assert [bool(one) for one in told] == [False, True, False]
    assert told[1] == str(Stale())
    second = done(place, "supervisor", Deed.ASSIGN, rows, naming(place))
    assert all(second), "two people at once: whoever comes second is told of every row"


def test_a_measure_gets_another_day_or_owner_with_a_reason_and_never_from_its_own_owner(place: Place) -> None:
    _risk, measure_id = makers.controlled(place)
    later = Rearranging(due_on=place.today + timedelta(days=60), reason="材料未到")
    [row] = planned(place, "supervisor", Deed.REARRANGE, [measure_id], later)
    assert row.refused == ""
    assert row.before != row.after
    [own] = planned(place, "clerk", Deed.REARRANGE, [measure_id], later)
    with pytest.raises(Denied) as single:
        place.do("clerk", rearranging.rearrange, measure_id, later)
    assert own.refused == str(single.value)
    for form in (
        Rearranging(due_on=place.today - timedelta(days=1), reason="提前"), Rearranging(reason="没有变化"),
        Rearranging(owner_id=place.people["watchdog"].person_id, reason="换人"),
        Rearranging(owner_id=place.people["other_clerk"].person_id, reason="换人"),
        Rearranging(watchdog_id=place.people["secretary"].person_id, reason="换人"),
        Rearranging(watchdog_id=place.people["clerk"].person_id, reason="换人"),
        Rearranging(watchdog_id=place.people["watchdog"].person_id, reason="没有变化"),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            place.do("supervisor", rearranging.rearrange, measure_id, form)
    assert done(place, "supervisor", Deed.REARRANGE, [row], later) == [""]
    other = Rearranging(owner_id=place.people["secretary"].person_id, reason="岗位调整")
    place.do("supervisor", rearranging.rearrange, measure_id, other)
    verifier = Rearranging(watchdog_id=place.people["watchdog2"].person_id, reason="原核查人接了岗位")
    place.do("supervisor", rearranging.rearrange, measure_id, verifier)
    kept = place.ask(FOUNDER, lambda work: work.store.find(Measure, measure_id))
    assert kept.watchdog_id == verifier.watchdog_id
    assert (kept.due_on, kept.owner_id) == (later.due_on, place.people["secretary"].person_id)
    with pytest.raises(Denied):
        place.do("secretary", rearranging.rearrange, measure_id, later)


def test_a_verified_measure_is_moved_no_more(place: Place) -> None:
    _risk, measure_id = makers.controlled(place)
    makers.done(place, measure_id)
    form = Rearranging(due_on=place.today + timedelta(days=60), reason="材料未到")
    [row] = planned(place, "supervisor", Deed.REARRANGE, [measure_id], form)
    assert row.refused


def test_the_whole_filter_is_taken_whatever_the_page_up_to_a_number(place: Place) -> None:
    place.do(FOUNDER, fill, place.units["banyan"].id, MOST)
    assert len(set(place.ask("watchdog", bulk.of_filter, Filter(turn=Turn(after="nobody", page=2))))) == MOST
    assert len(place.ask("watchdog", bulk.of_filter, Filter(levels=("high",)))) == MOST // 4
    makers.open_risk(place)
    with pytest.raises(Refused, match=str(MOST)):
        place.ask("watchdog", bulk.of_filter, Filter())
    with pytest.raises(Refused):
        place.ask("watchdog", bulk.preview, Deed.ASSIGN, [str(n) for n in range(MOST + 1)], naming(place))
    assert place.ask("watchdog", bulk.measures_of_filter, None, False) == []


def test_of_what_names_them_nobody_learns_more_by_a_preview(place: Place) -> None:
    ids = entries(place)
    makers.speak(place, "郑守正管的事，名单没见贴出来", None)
    flag = next(row for row in makers.inbox(place, "watchdog2") if "郑守正" in row.text)
    place.do("watchdog2", merging.merge, flag.id, ids[0])
    for deed in (Deed.ASSIGN, Deed.ANNOUNCE):
        form = naming(place, watchdog="watchdog2") if deed is Deed.ASSIGN else Publishing()
        rows = planned(place, "watchdog", deed, ids, form)
        assert "郑守正管的事" not in str(rows)


@pytest.mark.costly
@settings(max_examples=15, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    deed=st.sampled_from(Deed), who=st.sampled_from(("clerk", "watchdog", "supervisor", "other_clerk", "discipline")),
    steps=st.lists(st.sampled_from(("rate", "file", "assign", "plan")), max_size=4, unique=True),
)  # fmt: skip
def test_what_the_preview_promises_is_what_happens(made: Place, deed: Deed, who: str, steps: list[str]) -> None:
    from db.engine import connect
    from tests.makers import copy_of

    place = copy_of(made, connect("sqlite://"))
    risk_id = makers.open_risk(place)
    makes = {"rate": makers.rated, "file": makers.filed, "assign": makers.assigned, "plan": makers.planned}
    for step in steps:
        try:
            makes[step](place, risk_id)
        except Refused:
            continue
    ids = [risk_id]
    if bulk.WAYS[deed].kind is Measure:
        found = place.ask(FOUNDER, lambda work: [m.id for m in work.store.measures_of(risk_id)])
        ids = found[:1]
    form: BaseModel = {
        Deed.ASSIGN: naming(place), Deed.ANNOUNCE: Publishing(), Deed.RAISE_UP: Reason(reason="解决不了"),
        Deed.REARRANGE: Rearranging(due_on=place.today + timedelta(days=90), reason="材料未到"),
    }.get(deed, Plain())  # fmt: skip
    rows = planned(place, who, deed, ids, form)
    assert [bool(row.refused) for row in rows] == [bool(told) for told in done(place, who, deed, rows, form)]
    place.engine.dispose()

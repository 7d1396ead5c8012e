"""Common risks: found over all open entries of a superior, shown to each reader as far as they may see."""

import pytest

from core.access import Actor, Grant
from core.errors import Denied, Invalid, Missing
from core.review import merging, recurrence, runs
from core.review.groups import Certainty
from core.review.recurrence import Found
from core.turning import ALL_HERE, Turn
from core.voices import points
from core.voices.points import PointForm
from core.words import Role, RunKind, RunStatus
from tests import makers
from tests.bunching import plainly  # noqa: F401
from tests.makers import Place
from tests.sheets import worked_off

pytestmark = pytest.mark.usefixtures("plainly")


def entry(place: Place, unit: str, title: str, text: str) -> str:
    """An entry of any community, opened on a resident's words."""
    makers.speak(place, text, None, unit)
    who = {"banyan": "watchdog", "river": "other_watchdog", "far": "far_supervisor"}[unit]
    flag = next(row for row in makers.inbox(place, who) if row.text == text)
    return str(place.do(who, merging.open_entry, flag.id, makers.entry_form(place, title, None)))


def searched(place: Place, who: str = "supervisor", unit: str = "street") -> str:
    run_id = place.do(who, recurrence.begin, place.units[unit].id)
    worked_off(place)
    return str(run_id)


def found(place: Place, run_id: str, who: str = "supervisor") -> Found:
    result: Found = place.ask(who, recurrence.common, run_id)
    return result


@pytest.fixture
def entries(place: Place) -> dict[str, str]:
    return {
        "banyan": entry(place, "banyan", "低保名单公开不及时", "名单只贴两天"),
        "river": entry(place, "river", "低保审核不公开", "谁在领没人知道"),
        "far": entry(place, "far", "低保名册不公示", "名册看不到"),
        "alone": entry(place, "banyan", "公章管理不严", "公章谁都能盖"),
        "again": entry(place, "banyan", "公章登记不全", "公章没有登记"),
    }


def test_a_risk_of_two_communities_is_common_and_one_within_a_community_is_not(
    place: Place, entries: dict[str, str]
) -> None:
    run_id = searched(place)
    result = found(place, run_id)
    [common] = result.common
    assert (result.total, common.certainty, common.weak) == (1, Certainty.SURE, False)
    assert {one.entry.id for one in common.alike} == {entries["banyan"], entries["river"]}
    assert {one.because for one in common.alike} == {("低保",)}
    assert sorted(result.base.values()) == [("榕树社区", 3), ("江畔社区", 1)]
    assert set(common.unit_ids) == {place.units["banyan"].id, place.units["river"].id}
    state = place.ask("supervisor", runs.state, RunKind.RECURRENCE, run_id)
    assert (state.status, state.title) == (RunStatus.DONE, "望江街道")


def test_a_new_search_is_a_new_run_and_the_old_one_stays(place: Place, entries: dict[str, str]) -> None:
    first = searched(place)
    place.do("watchdog", merging.unmerge, _link(place, entries["banyan"]), "不是廉政风险")
    second = searched(place)
    assert first != second
    assert found(place, second).total == 0
    assert found(place, first).total == 1
    assert [run.id for run in place.ask("supervisor", runs.runs, RunKind.RECURRENCE)] == [second, first]


def _link(place: Place, risk_id: str) -> str:
    [link] = place.ask("watchdog", lambda work: work.store.links_of(risk_id))
    return str(link.id)


def _promoted(place: Place, unit: str) -> None:
    """A supervisor of the district beside those of the streets."""
    makers.make_person(place, "district_supervisor", "高望远", unit, Role.SUPERVISOR)


def test_a_reader_below_sees_only_entries_of_theirs_and_no_run_from_above(
    place: Place, entries: dict[str, str]
) -> None:
    _promoted(place, "district")
    run_id = searched(place, "district_supervisor", "district")
    [common] = found(place, run_id, "district_supervisor").common
    assert {one.entry.id for one in common.alike} == {entries[key] for key in ("banyan", "river", "far")}
    for who, refusal in (("supervisor", Missing), ("watchdog", Denied), ("clerk", Denied), ("discipline", Denied)):
        with pytest.raises(refusal):
            place.ask(who, recurrence.common, run_id)
    street = searched(place)
    assert found(place, street, "district_supervisor").total == 1
    assert {one.entry.id for one in found(place, street, "district_supervisor").common[0].alike} == {
        entries["banyan"], entries["river"],
    }  # fmt: skip


def test_residents_words_count_only_where_they_may_be_read_and_never_show_to_who_may_not(place: Place) -> None:
    first = entry(place, "banyan", "车位管理不规范", "孙立人说停车位归他管")
    second = entry(place, "river", "停车收费不公开", "车位谁先得谁有")
    run_id = searched(place)
    assert found(place, run_id).total == 0
    makers.make_person(place, "deputy", "陆副手", "street", Role.SUPERVISOR)
    theirs = searched(place, "deputy")
    [common] = found(place, theirs, "deputy").common
    assert {one.entry.id: one.because for one in common.alike} == {first: ("停车",), second: ("停车",)}
    [common] = found(place, theirs, "supervisor").common
    assert {one.entry.id: one.because for one in common.alike} == {first: (), second: ("停车",)}


def test_a_common_risk_becomes_a_point_with_the_communities_concerned(place: Place, entries: dict[str, str]) -> None:
    run_id = searched(place)
    [common] = found(place, run_id).common
    start = place.ask("supervisor", recurrence.point_start, common.group_id)
    assert start["text"] in ("低保名单公开不及时", "低保审核不公开")
    place.do("supervisor", points.raise_point, PointForm(unit_ids=list(common.unit_ids), **start))
    assert len(place.ask("supervisor", points.raised)) == 2
    for who, refusal in (("watchdog", Denied), ("far_supervisor", Missing)):
        with pytest.raises(refusal):
            place.ask(who, recurrence.point_start, common.group_id)


def test_a_search_begins_where_there_are_two_communities_and_one_holds_the_right(place: Place) -> None:
    assert place.ask("supervisor", recurrence.may_search)
    assert not place.ask("far_supervisor", recurrence.may_search)
    for who, unit, refusal in (
        ("supervisor", "banyan", Invalid), ("supervisor", "district", Invalid), ("far_supervisor", "street", Invalid),
        ("watchdog", "street", Denied), ("clerk", "street", Denied),
    ):  # fmt: skip
        with pytest.raises(refusal):
            place.do(who, recurrence.begin, place.units[unit].id)


def test_many_common_risks_come_a_page_at_a_time(place: Place, entries: dict[str, str]) -> None:
    run_id = searched(place)
    lone: Found = place.ask("supervisor", recurrence.common, run_id, Turn(after="gone", page=2))
    assert (len(lone.common), lone.total, lone.turned) == (1, 1, ALL_HERE)


def test_the_worker_has_the_rights_of_whoever_began_and_no_more(place: Place) -> None:
    run_id = place.do("supervisor", recurrence.begin, place.units["street"].id)
    clerk = Actor(place.people["clerk"].person_id, "x", (Grant(Role.CADRE, place.units["banyan"].path),))
    with pytest.raises(Denied):
        place.ask(clerk, recurrence.told, run_id)

"""Groups and common risks as the engine itself finds them: one matter in other words, and others apart from it."""

from core.review import groups, merging, recurrence
from core.review.groups import Choosing
from tests import makers
from tests.makers import Place
from tests.sheets import begun, worked_off

RELIEF = (
    "低保名单从来没有贴出来过，不知道是哪些人在领低保",
    "哪些人在吃低保，公示栏里一直看不到低保名单",
    "低保名单没有公示，到底谁在领低保大家都不清楚",
)
OTHERS = ("楼道的灯坏了一个多月，报修了也没有人来修", "菜市场的摊位费今年涨了两次，没有人解释过为什么")


def test_what_was_said_in_other_words_is_proposed_together_and_what_stands_alone_is_not(place: Place) -> None:
    run_id = begun(place, *(f"{n},,,,,,{text}" for n, text in enumerate((*RELIEF, *OTHERS), start=1)))
    worked_off(place)
    [group] = place.ask("watchdog", groups.groups, run_id)
    members = place.ask("watchdog", groups.members, group.id)
    assert {member.text for member in members} == set(RELIEF)
    assert group.about
    assert all(word in member.text for member in members for word in member.because)
    assert place.ask("watchdog", groups.near, group.id) == []


def test_a_group_is_held_against_the_open_entries_and_the_inbox_knows_of_it(place: Place) -> None:
    risk_id = makers.open_risk(place, RELIEF[0], "低保名单公开不及时")
    makers.open_risk(place, OTHERS[1], "摊位费调整不公开")
    run_id = begun(place, *(f"{n},,,,,,{text}" for n, text in enumerate((*RELIEF[1:], OTHERS[0]), start=1)))
    worked_off(place)
    [group] = place.ask("watchdog", groups.groups, run_id)
    [near] = place.ask("watchdog", groups.near, group.id)
    assert near.entry.risk_id == risk_id
    likely = {row.text: row.likely_number for row in makers.inbox(place)}
    assert (likely[RELIEF[1]], likely[RELIEF[2]], likely[OTHERS[0]]) == (1, 1, None)
    flag_ids = tuple(row.flag_id for row in place.ask("watchdog", groups.members, group.id))
    place.do("watchdog", groups.join_entry, group.id, Choosing(flag_ids), risk_id)
    judged = [one.flag_id for one in place.ask("watchdog", lambda work: work.store.judged(100))]
    assert [flag_id in judged for flag_id in flag_ids] == [True, False]


def test_the_same_risk_in_other_words_is_found_across_communities(place: Place) -> None:
    first = _entry(place, "banyan", "watchdog", "低保名单公示不及时", RELIEF[0])
    second = _entry(place, "river", "other_watchdog", "低保名单没有按时公示", RELIEF[2])
    _entry(place, "river", "other_watchdog", "摊位费调整不公开", OTHERS[1])
    run_id = place.do("supervisor", recurrence.begin, place.units["street"].id)
    worked_off(place)
    [common] = place.ask("supervisor", recurrence.common, run_id).common
    assert {one.entry.id for one in common.alike} == {first, second}
    assert all(one.because for one in common.alike)


def _entry(place: Place, unit: str, who: str, title: str, text: str) -> str:
    makers.speak(place, text, None, unit)
    [flag] = [row for row in makers.inbox(place, who) if row.text == text]
    return str(place.do(who, merging.open_entry, flag.id, makers.entry_form(place, title, None)))

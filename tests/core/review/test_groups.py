"""Groups: decided together by whoever may decide about each member, and nothing told to anybody else."""

import pytest

from core import home
from core.access import Permission
from core.alike.weighing import shipped
from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.review import groups, inbox, merging
from core.review.groups import Certainty, Choosing, GroupRow, certainty
from core.review.merging import Link
from core.review.runs import Group
from core.voices.flags import Flag
from core.words import FlagStatus, GroupStatus
from tests import makers
from tests.bunching import plainly  # noqa: F401
from tests.makers import Place
from tests.sheets import begun, worked_off

pytestmark = pytest.mark.usefixtures("plainly")

LINES = (
    "1,,,,,,低保名单从来没见贴出来过", "2,,,,,,低保名单贴两天就撕了", "3,,,低保和特困人员初核,,,低保谁在领没人知道",
    "4,,,,,,门面租给谁没有公布", "5,,,,,,门面租金多少没人说", "6,,,,,,停车位谁先得谁有",
    "7,,,,,,停车位总是不够用", "8,,,,,,楼道灯坏了很久没人修",
)  # fmt: skip


def taken(place: Place, *lines: str) -> str:
    run_id = begun(place, *(lines or LINES))
    worked_off(place)
    return run_id


def shown(place: Place, run_id: str, who: str = "watchdog") -> list[GroupRow]:
    return list(place.ask(who, groups.groups, run_id))


def ids(place: Place, group: GroupRow, who: str = "watchdog") -> tuple[str, ...]:
    return tuple(row.flag_id for row in place.ask(who, groups.members, group.id))


def links(place: Place, risk_id: str) -> set[str]:
    return {link.flag_id for link in place.ask("watchdog", lambda work: work.store.links_of(risk_id))}


def test_new_flags_are_proposed_together_and_with_the_entry_they_are_like(place: Place) -> None:
    risk_id = makers.open_risk(place)
    run_id = taken(place)
    relief, shops, cars = shown(place, run_id)
    assert [(g.mine, g.withheld, g.weak, g.certainty) for g in (relief, shops, cars)] == [
        (3, 0, False, Certainty.SURE), (2, 0, False, Certainty.SURE), (2, 0, True, Certainty.POSSIBLE),
    ]  # fmt: skip
    assert [near.entry.risk_id for near in place.ask("watchdog", groups.near, relief.id)] == [risk_id]
    assert place.ask("watchdog", groups.near, shops.id) == []
    rows = place.ask("watchdog", groups.members, relief.id)
    assert {row.because for row in rows} == {("低保",)}
    assert place.ask("watchdog", groups.reviews)[0].left == 3
    assert len(makers.inbox(place)) == len(LINES)


def test_a_group_joins_an_entry_in_one_deed_and_each_member_can_be_taken_back(place: Place) -> None:
    risk_id = makers.open_risk(place)
    run_id = taken(place)
    group = shown(place, run_id)[0]
    first, second, third = ids(place, group)
    with pytest.raises(Invalid):
        place.do("watchdog", groups.join_entry, group.id, Choosing(()), risk_id)
    with pytest.raises(Invalid):
        place.do("watchdog", groups.join_entry, group.id, Choosing(tuple(str(n) for n in range(101))), risk_id)
    place.do("watchdog", groups.join_entry, group.id, Choosing((first, second), (third,)), risk_id, "同一件事")
    assert {first, second} < links(place, risk_id)
    assert third in {row.id for row in makers.inbox(place)}
    assert shown(place, run_id)[0].status is GroupStatus.DECIDED
    with pytest.raises(Stale):
        place.do("watchdog", groups.join_entry, group.id, Choosing((third,)), risk_id)
    place.do("watchdog", inbox.take_back, first, "不是一件事")
    assert first not in links(place, risk_id)
    assert first in {row.id for row in makers.inbox(place)}
    assert place.ask("watchdog", groups.reviews)[0].left == 2


def test_a_group_becomes_an_entry_of_its_own(place: Place) -> None:
    run_id = taken(place)
    group = shown(place, run_id)[1]
    form = makers.entry_form(place, "门面出租不公开", None)
    risk_id = place.do("watchdog", groups.found_entry, group.id, Choosing(ids(place, group)), form)
    assert len(links(place, risk_id)) == 2
    founding = place.ask("watchdog", lambda work: [link.founding for link in work.store.links_of(risk_id)])
    assert sorted(founding) == [False, True]
    assert {row.status for row in shown(place, run_id)} == {GroupStatus.OPEN, GroupStatus.DECIDED}


def test_what_was_not_seen_stays_a_proposal(place: Place) -> None:
    run_id = taken(place)
    group = shown(place, run_id)[0]
    first, second, third = ids(place, group)
    form = makers.entry_form(place, "救助名单公开不及时")
    risk_id = place.do("watchdog", groups.found_entry, group.id, Choosing((first,)), form)
    assert shown(place, run_id)[0].mine == 2
    assert place.ask("watchdog", lambda work: work.store.find(Group, group.id)).risk_id == risk_id
    place.do("watchdog", groups.join_entry, group.id, Choosing((second,), (third,)), risk_id)
    assert shown(place, run_id)[0].status is GroupStatus.DECIDED


def test_one_that_cannot_be_merged_keeps_the_whole_group_as_it_was(place: Place) -> None:
    risk_id = makers.open_risk(place)
    run_id = taken(place)
    group = shown(place, run_id)[0]
    flag_ids = ids(place, group)
    other = makers.open_risk(place, "公章谁都能盖", "用印登记不全")
    makers.rated(place, other)

    def fails(work: object) -> None:
        groups.join_entry(work, group.id, Choosing(flag_ids), risk_id)  # type: ignore[arg-type]
        raise Refused("no")

    with pytest.raises(Refused):
        place.do("watchdog", fails)
    with pytest.raises(Missing):
        place.do("watchdog", groups.join_entry, group.id, Choosing(flag_ids), "nothing")
    assert {place.ask("watchdog", lambda work, f=f: work.store.find(Flag, f)).status for f in flag_ids} == {
        FlagStatus.NEW
    }  # fmt: skip
    assert shown(place, run_id)[0].status is GroupStatus.OPEN
    place.do("watchdog", merging.merge, flag_ids[0], risk_id)
    with pytest.raises(Stale):
        place.do("watchdog2", groups.join_entry, group.id, Choosing(flag_ids), risk_id)
    assert shown(place, run_id)[0].mine == 2


def test_a_group_is_set_aside_with_a_reason_and_brought_back(place: Place) -> None:
    run_id = taken(place)
    group = shown(place, run_id)[2]
    with pytest.raises(Invalid):
        place.do("watchdog", groups.set_aside, group.id, " ")
    place.do("watchdog", groups.set_aside, group.id, "其实是几件事")
    assert shown(place, run_id)[2].status is GroupStatus.SET_ASIDE
    assert len(makers.inbox(place)) == len(LINES)
    place.do("watchdog", groups.bring_back, group.id)
    assert (shown(place, run_id)[2].status, shown(place, run_id)[2].mine) == (GroupStatus.OPEN, 2)
    with pytest.raises(Stale):
        place.do("watchdog", groups.bring_back, group.id)


def test_whoever_is_named_and_what_is_sealed_are_left_out_of_groups_and_numbers(place: Place) -> None:
    run_id = taken(
        place, "1,,,,,,钱思远的停车位谁先得谁有", "2,,,,,,停车位总是不够用", "3,,,,,,停车费周小满收了红包",
        "4,,,,,,停车位有人占着不让",
    )  # fmt: skip
    [mine] = shown(place, run_id, "watchdog")
    [theirs] = shown(place, run_id, "watchdog2")
    assert (mine.mine, mine.withheld, theirs.mine, theirs.withheld) == (3, 0, 2, 0)
    words = [row.text for row in place.ask("watchdog2", groups.members, theirs.id)]
    assert not any("钱思远" in text or "红包" in text for text in words)
    hidden = set(ids(place, mine)) - set(ids(place, theirs, "watchdog2"))
    with pytest.raises(Stale):
        place.do("watchdog2", groups.found_entry, theirs.id, Choosing(tuple(hidden)), makers.entry_form(place))
    place.do("watchdog2", groups.note_readings, theirs.id, [*hidden, *ids(place, theirs, "watchdog2")])
    assert all(place.ask("watchdog", lambda work, f=f: work.store.readings(f)) == [] for f in hidden)
    for flag_id in ids(place, theirs, "watchdog2"):
        assert len(place.ask("watchdog", lambda work, f=flag_id: work.store.readings(f))) == 1


def test_who_answers_for_the_power_item_sees_only_how_many_wait_for_somebody_else(place: Place) -> None:
    run_id = taken(place)
    place.do("system", makers.posts.take_post, place.posts["relief"], place.people["watchdog2"].person_id)
    group = shown(place, run_id, "watchdog2")[0]
    assert (group.mine, group.withheld) == (2, 1)
    assert "谁在领" not in str(place.ask("watchdog2", groups.members, group.id))
    assert shown(place, run_id, "watchdog")[0].mine == 3


def test_only_who_may_merge_there_meets_a_group(place: Place) -> None:
    run_id = taken(place)
    group = shown(place, run_id)[0]
    for who, refusal in (
        ("clerk", Denied),
        ("discipline", Denied),
        ("other_watchdog", Missing),
        ("far_supervisor", Missing),
    ):
        for deed in (
            lambda work: groups.members(work, group.id), lambda work: groups.near(work, group.id),
            lambda work: groups.entries(work, group.id), lambda work: groups.set_aside(work, group.id, "不审"),
        ):  # fmt: skip
            with pytest.raises(refusal):
                place.do(who, deed)
    assert place.ask("other_watchdog", groups.reviews) == []
    assert place.ask("other_watchdog", groups.groups, run_id) == []
    assert len(shown(place, run_id, "supervisor")) == 3
    assert place.people["supervisor"].may(Permission.FLAG_MERGE)


def test_taking_a_group_decision_leaves_links_like_any_other(place: Place) -> None:
    run_id = taken(place)
    group = shown(place, run_id)[1]
    form = makers.entry_form(place, "门面出租不公开", None)
    risk_id = place.do("watchdog", groups.found_entry, group.id, Choosing(ids(place, group)), form)
    found = place.ask("watchdog", lambda work: work.store.links_of(risk_id))
    assert {(type(link), link.before, link.linked_by) for link in found} == {
        (Link, FlagStatus.NEW, place.people["watchdog"].person_id)
    }  # fmt: skip


def test_groups_that_wait_are_told_at_home(place: Place) -> None:
    taken(place)
    for who, count in (("watchdog", 3), ("supervisor", 3), ("other_watchdog", 0), ("clerk", 0)):
        told = {task.chore: task.count for task in place.ask(who, home.waiting)}
        assert told.get(home.Chore.GROUPS, 0) == count, who


def test_a_group_is_told_by_the_words_most_of_it_shares_cut_short() -> None:
    assert groups.about([("吃低保", "贴出来"), ("低保",), ("低保名单", "贴出来")]) == ("低保", "贴出来")
    assert groups.about([("老服务项目承接机构与社区兼职人员",)]) == ("老服务项目承接机构与社…",)
    assert groups.about([]) == ()


def test_a_strength_is_told_in_three_words() -> None:
    sure, likely = (shipped().thresholds[name] for name in ("preselected", "likely"))
    assert [certainty(n) for n in (1.0, sure, likely, likely - 0.01, 0.1)] == [
        Certainty.SURE, Certainty.SURE, Certainty.LIKELY, Certainty.POSSIBLE, Certainty.POSSIBLE,
    ]  # fmt: skip

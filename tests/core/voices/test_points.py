"""Superiors' points: raised within one's area, answered once, in one of three ways."""

from typing import Any

import pytest

from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.inspection import rounds
from core.review import merging
from core.voices import points
from core.voices.flags import CadreFlag
from core.words import Answer, Channel, FlagStatus
from tests import makers
from tests.makers import Place


def asked(place: Place, who: str = "clerk") -> Any:
    [row] = [row for row in place.ask(who, points.received) if row.decided_on is None]
    return row


def raise_with(
    place: Place, unit: str = "banyan", text: str = "个别社区用印登记不全", who: str = "supervisor", **more: Any
) -> str:
    return str(place.do(who, points.raise_point, points.PointForm(unit_ids=[place.units[unit].id], text=text, **more)))


def test_a_point_reaches_every_chosen_community_once_and_nobody_elses(place: Place) -> None:
    makers.raise_point(place, ("banyan", "river", "banyan"))
    assert [row.unit for row in place.ask("supervisor", points.raised)] == ["榕树社区", "江畔社区"]
    assert [row.unit for row in place.ask("other_clerk", points.received)] == ["江畔社区"]
    assert place.ask("far_supervisor", points.raised) == []
    with pytest.raises(Missing):
        raise_with(place, who="far_supervisor")
    with pytest.raises(Invalid):
        raise_with(place, "grid")
    with pytest.raises(Denied):
        raise_with(place, who="clerk")
    for question, given in ((points.raised, ()), (points.reach, (["x"],)), (points.item_names, ())):
        with pytest.raises(Denied):
            place.ask("clerk", question, *given)
    with pytest.raises(Denied):
        place.ask("watchdog", points.received)


def test_a_point_finds_the_power_item_of_each_community_by_its_name(place: Place) -> None:
    assert place.ask("supervisor", points.item_names)[:2] == sorted(["低保和特困人员初核", "公章使用"])
    makers_form = points.PointForm(
        unit_ids=[place.units[key].id for key in ("banyan", "river")], text="用印没有登记", item_name="公章使用"
    )
    place.do("supervisor", points.raise_point, makers_form)
    assert [row.item_id for row in place.ask("supervisor", points.raised)] == [place.items["seal"], None]


def test_a_point_with_a_whole_area_reaches_every_open_community_in_it_and_nobody_elses(place: Place) -> None:
    street = place.units["street"].id
    n, rows = place.ask("supervisor", points.reach, [street, place.units["river"].id])
    assert (n, [row.name for row in rows]) == (2, ["江畔社区", "榕树社区"])
    both = points.PointForm(unit_ids=[street, place.units["river"].id], text="个别社区用印登记不全")
    place.do("supervisor", points.raise_point, both)
    assert {row.unit for row in place.ask("supervisor", points.raised)} == {"江畔社区", "榕树社区"}
    for elsewhere in ("far_street", "grid", "district"):
        assert place.ask("supervisor", points.reach, [place.units[elsewhere].id]) == (0, [])
        with pytest.raises((Missing, Invalid)):
            raise_with(place, elsewhere)


def test_a_point_says_where_it_was_seen_and_accuses_nobody(place: Place) -> None:
    with pytest.raises(ValueError, match="channel"):
        points.PointForm(unit_ids=["x"], text="用印没有登记", channel=Channel.BOX)
    with pytest.raises(Invalid) as refusal:
        raise_with(place, text="周小满收了低保户的红包")
    assert "text" in refusal.value.fields
    assert place.ask("supervisor", points.raised) == []


def test_the_community_accepts_joins_or_declines_with_a_reason(place: Place) -> None:
    risk_id = makers.open_risk(place)
    raise_with(place)
    entry_id = place.do("clerk", points.accept, asked(place).flag_id, makers.entry_form(place, "用印登记不全", "seal"))
    assert entry_id != risk_id
    raise_with(place, text="救助名单公开不及时")
    place.do("clerk", points.already_entry, asked(place).flag_id, risk_id, "")
    raise_with(place, text="集体资金存入个人账户")
    with pytest.raises(Invalid):
        place.do("clerk", points.not_applicable, asked(place).flag_id, "无")
    place.do("secretary", points.not_applicable, asked(place).flag_id, "本社区没有集体资金")
    answers = {row.text: (row.status, row.number, row.reason) for row in place.ask("supervisor", points.raised)}
    assert answers == {
        "个别社区用印登记不全": (FlagStatus.OPENED, 2, ""),
        "救助名单公开不及时": (FlagStatus.MERGED, 1, ""),
        "集体资金存入个人账户": (FlagStatus.DECLINED, None, "本社区没有集体资金"),
    }


def test_a_second_answer_is_told_that_somebody_was_quicker(place: Place) -> None:
    raise_with(place)
    flag_id = asked(place).flag_id
    place.do("clerk", points.not_applicable, flag_id, "本社区不用公章")
    for late in (
        lambda: place.do("secretary", points.accept, flag_id, makers.entry_form(place)),
        lambda: place.do("secretary", points.not_applicable, flag_id, "不适用本社区"),
        lambda: place.ask("secretary", points.answering, flag_id),
    ):
        with pytest.raises(Stale, match="不采纳"):
            late()


def test_only_cadres_of_the_community_answer_and_only_superiors_points(place: Place) -> None:
    raise_with(place)
    flag_id = asked(place).flag_id
    for who, refusal in (("watchdog", Denied), ("supervisor", Denied), ("other_clerk", Missing)):
        with pytest.raises(refusal):
            place.do(who, points.not_applicable, flag_id, "不适用本社区")
        with pytest.raises(refusal):
            place.ask(who, points.answering, flag_id)
        with pytest.raises(refusal):
            place.ask(who, points.likely, flag_id)
    makers.opened_round(place)
    place.do("clerk", rounds.inspect, place.items["relief"], Answer.FOUND, "", CadreFlag(text="名单没有人核对"))
    [own] = [row for row in makers.inbox(place) if row.source == "self"]
    with pytest.raises(Refused):
        place.do("clerk", points.not_applicable, own.id, "不适用本社区")


def test_the_holder_of_the_post_may_answer_a_point_about_it(place: Place) -> None:
    raise_with(place, item_name="低保和特困人员初核")
    row = asked(place)
    assert row.item_id == place.items["relief"]
    ready = place.ask("clerk", points.answering, row.flag_id)
    assert (ready.item, ready.draft.title) == ("低保和特困人员初核", "个别社区用印登记不全")
    assert place.do("clerk", points.accept, row.flag_id, makers.entry_form(place))


def test_likely_entries_come_first_and_residents_words_do_not_count(place: Place) -> None:
    alike = makers.open_risk(place, "名单从来没见贴出来过", "公章使用登记不全")
    secret = makers.open_risk(place, "个别社区用印登记不全，没人管", "救助对象名单公开不及时")
    raise_with(place, text="公章使用登记不全、代签")
    flag_id = asked(place).flag_id
    ready = place.ask("clerk", points.answering, flag_id)
    assert [entry.id for entry in ready.likely] == [alike]
    assert [entry.id for entry in ready.others] == [secret]
    assert [match.risk_id for match in place.ask("clerk", points.likely, flag_id)] == [alike]


def test_an_entry_of_another_community_cannot_be_the_answer(place: Place) -> None:
    raise_with(place, "river")
    risk_id = makers.open_risk(place)
    with pytest.raises(Missing):
        place.do("other_clerk", points.already_entry, asked(place, "other_clerk").flag_id, risk_id, "")


def test_an_answer_taken_back_waits_again(place: Place) -> None:
    raise_with(place)
    flag_id = asked(place).flag_id
    risk_id = place.do("clerk", points.accept, flag_id, makers.entry_form(place))
    [voice] = place.ask("supervisor", merging.voices, risk_id)
    place.do("supervisor", merging.unmerge, voice.link_id, "立项有误")
    assert asked(place).flag_id == flag_id

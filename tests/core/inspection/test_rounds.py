"""Rounds: who may open one and when, and what a post-holder may say of their own power items."""

from datetime import timedelta
from typing import Any

import pytest

from core.errors import Denied, Invalid, Missing, Refused
from core.inspection import rounds
from core.voices.flags import CadreFlag
from core.words import Answer
from tests import makers
from tests.makers import Place

FOUND = CadreFlag(text="名单贴出来之前没有人核对")


def form(place: Place, unit: str = "banyan", first: int = 0, last: int = 30) -> rounds.RoundForm:
    return rounds.RoundForm(
        unit_id=place.units[unit].id, title="社区自查", starts_on=place.today + timedelta(days=first),
        ends_on=place.today + timedelta(days=last),
    )  # fmt: skip


def sheet(place: Place, who: str = "clerk") -> Any:
    [found] = place.ask(who, rounds.own_round).sheets
    return found


def test_a_cadre_opens_a_round_at_home_and_nobody_opens_one_elsewhere(place: Place) -> None:
    place.do("clerk", rounds.open_round, form(place))
    assert sheet(place).title == "社区自查"
    with pytest.raises(Missing):
        place.do("clerk", rounds.open_round, form(place, "river"))
    with pytest.raises(Denied):
        place.do("watchdog", rounds.open_round, form(place))


@pytest.mark.parametrize(("first", "last"), [(0, -1), (-9, -2), (0, 400)])
def test_a_round_ends_after_its_start_not_in_the_past_and_within_a_year(place: Place, first: int, last: int) -> None:
    with pytest.raises(Invalid) as refusal:
        place.do("clerk", rounds.open_round, form(place, first=first, last=last))
    assert "ends_on" in refusal.value.fields


def test_rounds_of_one_line_of_units_do_not_overlap(place: Place) -> None:
    makers.opened_round(place)
    with pytest.raises(Refused, match="2026年度自查"):
        place.do("clerk", rounds.open_round, form(place))
    with pytest.raises(Refused):
        place.do("clerk", rounds.open_round, form(place, first=60, last=90))
    place.do("clerk", rounds.open_round, form(place, first=61, last=90))
    with pytest.raises(Invalid):
        place.do("clerk", rounds.open_round, form(place, "grid", first=200, last=210))


def test_a_community_ends_its_own_round_before_it_enters_the_streets(place: Place) -> None:
    place.do("clerk", rounds.open_round, form(place, last=5))
    makers.opened_round(place)
    assert sheet(place).title == "社区自查"
    place.later(6)
    assert sheet(place).title == "2026年度自查"


def test_the_posts_that_own_items_are_named_where_one_may_open_a_round(place: Place) -> None:
    assert set(place.ask("clerk", rounds.posts)) == {"民政救助岗", "印章管理岗"}
    assert place.ask("far_supervisor", rounds.posts) == []
    with pytest.raises(Denied):
        place.ask("watchdog", rounds.posts)


def test_a_sheet_counts_what_is_left_and_shows_what_was_said(place: Place) -> None:
    assert (sheet(place).title, sheet(place).left) == ("", 1)
    makers.opened_round(place)
    place.do("clerk", rounds.inspect, place.items["relief"], Answer.CHANGED, "经办人换了")
    found = sheet(place)
    [row] = found.rows
    assert (found.done, found.left, row.answer, row.note, row.said_by) == (1, 0, Answer.CHANGED, "经办人换了", "周小满")
    assert place.ask("other_clerk", rounds.own_round).sheets == ()
    [said] = place.ask("supervisor", rounds.said_of, place.items["relief"])
    assert (said.title, said.answer, said.note) == ("2026年度自查", Answer.CHANGED, "经办人换了")
    assert place.ask("far_supervisor", rounds.said_of, place.items["relief"]) == []
    with pytest.raises(Denied):
        place.ask("auditor", rounds.said_of, place.items["relief"])
    with pytest.raises(Denied):
        place.ask("watchdog", rounds.own_round)


def test_several_risks_found_on_one_item_all_stay_and_no_risk_cannot_be_said_after(place: Place) -> None:
    makers.opened_round(place)
    relief = place.items["relief"]
    place.do("clerk", rounds.inspect, relief, Answer.NOTHING, "翻看了今年的登记")
    for text in ("名单贴出来之前没有人核对", "入户核查只去一个人"):
        place.do("clerk", rounds.inspect, relief, Answer.FOUND, "", CadreFlag(text=text))
    [row] = sheet(place).rows
    assert (row.answer, set(row.found)) == (Answer.FOUND, {"名单贴出来之前没有人核对", "入户核查只去一个人"})
    assert len(makers.inbox(place)) == 2
    with pytest.raises(Refused):
        place.do("clerk", rounds.inspect, relief, Answer.NOTHING)
    place.do("clerk", rounds.inspect, relief, Answer.CHANGED, "流程改为两人入户")
    [row] = sheet(place).rows
    assert (row.answer, row.note, len(row.found)) == (Answer.FOUND, "流程改为两人入户", 2)


def test_only_the_holder_of_the_post_inspects_and_only_in_a_round(place: Place) -> None:
    relief = place.items["relief"]
    with pytest.raises(Refused):
        place.do("clerk", rounds.inspect, relief, Answer.NOTHING)
    makers.opened_round(place)
    for who in ("secretary", "watchdog"):
        with pytest.raises(Denied):
            place.do(who, rounds.inspect, relief, Answer.NOTHING)
    with pytest.raises(Missing):
        place.do("other_clerk", rounds.inspect, relief, Answer.NOTHING)
    with pytest.raises(Invalid):
        place.do("clerk", rounds.inspect, relief, Answer.CHANGED, " ")
    with pytest.raises(Invalid):
        place.do("clerk", rounds.inspect, relief, Answer.FOUND)


def test_a_find_that_names_somebody_with_misconduct_is_sealed_and_not_shown_again(place: Place) -> None:
    makers.opened_round(place)
    accused = CadreFlag(text="林向前收了门面租户的红包")
    assert place.do("clerk", rounds.inspect, place.items["relief"], Answer.FOUND, "", accused)
    [row] = sheet(place).rows
    assert (row.answer, row.found) == (Answer.FOUND, ())
    assert not place.do("clerk", rounds.inspect, place.items["relief"], Answer.FOUND, "", FOUND)

"""The public board: selected fields, no people, no raw words."""

from dataclasses import asdict

import pytest

from core import items
from core.access import RESIDENT
from core.entries import risks
from core.errors import Missing
from core.openness import board
from core.words import Dimension, DisclosureClass, RiskStatus
from tests import makers
from tests.makers import NAMES, Place


def test_the_board_shows_the_reviewed_wording_and_no_word_or_name_of_anybody(place: Place) -> None:
    makers.controlled(place)
    name, [entry] = place.ask(RESIDENT, board.board, place.units["building"].code)
    assert (name, entry.wording, entry.status) == ("榕树社区", "救助名单的公开有时不够及时", RiskStatus.CONTROLLED)
    assert [measure["text"] for measure in entry.measures] == ["每季度首月五日前在公开栏张贴名单"]
    public = str(asdict(entry)) + str(place.ask(RESIDENT, board.public_items, place.units["banyan"].code))
    assert "从来没见贴" not in public
    assert not [known for known in NAMES.values() if known in public]


def test_a_rated_entry_that_is_not_announced_is_not_there(place: Place) -> None:
    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    assert place.ask(RESIDENT, board.board, place.units["banyan"].code) == ("榕树社区", [])


def test_power_items_are_told_with_posts_and_those_not_disclosed_are_left_out(place: Place) -> None:
    form = items.ItemForm(
        name="保密事项", dimension=Dimension.CLEAN_AFFAIRS, post_id=place.posts["seal"],
        disclosure_class=DisclosureClass.NONE, disclosure_when=None,
    )  # fmt: skip
    place.do("secretary", items.add_item, place.units["banyan"].id, form)
    shown = {item.name: item.post for item in place.ask(RESIDENT, board.public_items, place.units["banyan"].code)}
    assert shown == {"低保和特困人员初核": "民政救助岗", "公章使用": "印章管理岗"}


def test_an_unknown_code_has_no_board(place: Place) -> None:
    with pytest.raises(Missing):
        place.ask(RESIDENT, board.board, "nonsense")


def test_the_board_follows_an_entry_through_every_state(place: Place) -> None:
    def told() -> RiskStatus:
        [entry] = place.ask(RESIDENT, board.board, place.units["banyan"].code)[1]
        return entry.status

    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    makers.filed(place, risk_id)
    assert told() is RiskStatus.FILED
    makers.assigned(place, risk_id)
    measure_id = makers.planned(place, risk_id)
    place.do("clerk", risks.control, risk_id)
    makers.done(place, measure_id)
    for who, deed, words, after in (
        ("clerk", risks.ask_closing, ("已落实",), RiskStatus.VERIFYING),
        ("watchdog", risks.refuse_closing, ("还缺照片",), RiskStatus.CONTROLLED),
        ("clerk", risks.ask_closing, ("照片已补",), RiskStatus.VERIFYING),
        ("watchdog", risks.close, (), RiskStatus.CLOSED),
        ("watchdog", risks.reopen, ("又有人反映",), RiskStatus.REOPENED),
    ):
        place.do(who, deed, risk_id, *words)
        assert told() is after

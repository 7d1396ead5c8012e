"""Participation: which places are heard, small numbers protected, and nothing of what is kept from the reader."""

import pytest

from core.access import RESIDENT
from core.errors import Denied
from core.insight import figures, participation
from core.insight.participation import Participation
from core.privacy.small import Told
from core.review import recording
from core.review.recording import RecordedFlag
from core.voices import flags, supports
from core.voices.flags import ResidentFlag
from core.words import Channel
from tests import makers
from tests.makers import Place


def asked(place: Place, who: str = "watchdog", unit: str | None = None) -> Participation:
    found: Participation = place.ask(who, participation.participation, place.units[unit].id if unit else None)
    return found


def heard(found: Participation) -> dict[str, bool]:
    return {row.name: not row.silent for row in found.places}


def below(found: Participation) -> dict[str, tuple[int, int]]:
    return {row.name: (row.places, row.silent) for row in found.below}


def used(found: Participation) -> dict[Channel, int]:
    return {way: n for way, n in found.ways if n}


def say(place: Place, n: int, unit: str = "building", text: str = "公告栏的账没有贴") -> None:
    for k in range(n):
        draft = ResidentFlag(text=f"第{k}回：{text}")
        place.do(RESIDENT, flags.speak, place.units[unit].code, draft, Channel.QR)


def test_a_silent_place_is_named_once_and_a_heard_one_counts_for_those_above(place: Place) -> None:
    assert asked(place).silent == ("榕树社区",)
    say(place, 5, "banyan")
    found = asked(place)
    assert heard(found) == {"榕树社区": True, "第一网格": False, "3栋": False}
    assert found.silent == ("榕树社区 · 第一网格",)
    say(place, 1, "building")
    found = asked(place)
    assert heard(found) == {"榕树社区": True, "第一网格": True, "3栋": True}
    assert (found.silent, [row.depth for row in found.places]) == ((), [0, 1, 2])


def test_ways_are_told_with_what_offices_wrote_down_and_who_joined(place: Place) -> None:
    makers.controlled(place)
    say(place, 5)
    draft = RecordedFlag(text="门口的账没有贴", channel=Channel.PAPER, consent=True)
    place.do("watchdog", recording.record_for, place.units["banyan"].id, draft)
    place.do(RESIDENT, supports.join, place.units["building"].code, 1, None, Channel.WEB)
    assert used(asked(place)) == {Channel.QR: 1, Channel.WEB: 1, Channel.PAPER: 1}
    assert asked(place).communities == 1
    say(place, 1, "river")
    assert used(asked(place, "supervisor")) == {Channel.QR: 2, Channel.WEB: 1, Channel.PAPER: 1}
    assert asked(place, "supervisor").communities == 2


@pytest.mark.privacy
def test_how_many_are_heard_from_a_place_or_by_a_way_is_told_to_nobody(place: Place) -> None:
    """Numbers of places and numbers of ways narrow each other: “15 to 19” of a house whose four ways say “fewer than 5”
    each tells that each has three or four."""
    say(place, 1, "banyan")
    say(place, 1)
    once = asked(place, "supervisor")
    say(place, 40)
    assert asked(place, "supervisor") == once


@pytest.mark.privacy
def test_the_number_of_a_community_starts_above_the_places_and_ways_that_are_heard(place: Place) -> None:
    """Else “fewer than 5” beside four places and ways would tell that each has one voice."""
    for unit in ("banyan", "grid", "building"):
        say(place, 1, unit)
    assert place.ask("clerk", figures.overview).heard.resident == Told(3, 7)
    for channel in (Channel.GRID, Channel.PAPER, Channel.BOX):
        draft = RecordedFlag(text="门口的账没有贴", channel=channel, consent=True)
        place.do("watchdog", recording.record_for, place.units["banyan"].id, draft)
    assert place.ask("clerk", figures.overview).heard.resident == Told(4, 8)


def test_after_a_year_a_place_is_silent_again(place: Place) -> None:
    say(place, 5)
    place.later(366)
    assert not heard(asked(place))["3栋"]


@pytest.mark.costly
def test_everybody_sees_their_own_places_alone_and_administrators_none(place: Place) -> None:
    say(place, 5)
    assert set(heard(asked(place, "other_clerk"))) == {"江畔社区"}
    assert below(asked(place, "supervisor")) == {"榕树社区": (3, 0), "江畔社区": (1, 1)}
    assert heard(asked(place, "supervisor")) == {}
    assert set(heard(asked(place, "supervisor", "river"))) == {"江畔社区"}
    assert below(asked(place, "other_clerk")) == {}
    assert heard(asked(place, "other_clerk", "banyan")) == {}
    assert used(asked(place, "other_clerk", "banyan")) == {}
    for who in ("system", "security", "auditor", RESIDENT):
        with pytest.raises(Denied):
            place.ask(who, participation.participation)


@pytest.mark.privacy
def test_what_is_sealed_or_names_the_reader_is_not_counted(place: Place) -> None:
    say(place, 5, text="周小满办事要收红包")
    assert not heard(asked(place))["3栋"]
    say(place, 5, text="周小满从来不公开名单")
    assert (heard(asked(place, "clerk"))["3栋"], heard(asked(place))["3栋"]) == (False, True)

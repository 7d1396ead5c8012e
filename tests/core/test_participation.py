"""Participation: which places are heard, small numbers protected, and nothing of what is kept from the reader."""

import pytest

from core import flags, participation, recording, supports
from core.access import RESIDENT
from core.errors import Denied
from core.flags import ResidentFlag
from core.participation import Participation
from core.recording import RecordedFlag
from core.small import told
from core.words import Channel
from tests import makers
from tests.makers import Place


def asked(place: Place, who: str = "watchdog", unit: str | None = None) -> Participation:
    found: Participation = place.ask(who, participation.participation, place.units[unit].id if unit else None)
    return found


def rows(found: Participation) -> dict[str, str]:
    return {row.place: row.said for row in found.places}


def say(place: Place, n: int, unit: str = "building", text: str = "公告栏的账没有贴") -> None:
    for k in range(n):
        draft = ResidentFlag(text=f"第{k}回：{text}")
        place.do(RESIDENT, flags.speak, place.units[unit].code, draft, Channel.QR)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0"), (1, "少于5"), (4, "少于5"), (5, "5–9"), (9, "5–9"), (10, "10–14"), (23, "20–24")]
)
def test_a_count_is_told_in_steps_that_no_difference_undoes(count: int, words: str) -> None:
    assert str(told(count)) == words


def test_a_silent_place_is_named_once_and_a_heard_one_counts_for_those_above(place: Place) -> None:
    assert asked(place).silent == ("榕树社区",)
    say(place, 5, "banyan")
    found = asked(place)
    assert rows(found) == {"榕树社区": "5–9", "第一网格": "0", "3栋": "0"}
    assert found.silent == ("榕树社区 · 第一网格",)
    say(place, 1, "building")
    found = asked(place)
    assert rows(found) == {"榕树社区": "6–13", "第一网格": "少于5", "3栋": "少于5"}
    assert (found.silent, [row.depth for row in found.places]) == ((), [0, 1, 2])


def test_ways_are_told_the_most_used_first_with_what_offices_wrote_down_and_who_joined(place: Place) -> None:
    makers.controlled(place)
    say(place, 5)
    draft = RecordedFlag(text="门口的账没有贴", channel=Channel.PAPER, consent=True)
    place.do("watchdog", recording.record_for, place.units["banyan"].id, draft)
    place.do(RESIDENT, supports.join, place.units["building"].code, 1, None, Channel.WEB)
    assert asked(place).ways == ((Channel.QR, "5–9"), (Channel.WEB, "少于5"), (Channel.PAPER, "少于5"))


@pytest.mark.privacy
def test_ways_of_a_street_are_the_sums_of_what_is_told_of_its_communities(place: Place) -> None:
    """Else “5 to 9” of a street would tell that two communities with fewer than 5 each have 4 and 4, or nearly."""
    say(place, 4, "banyan")
    say(place, 4, "river")
    few = ((Channel.QR, "少于5"),)
    assert asked(place, "supervisor", "banyan").ways == asked(place, "supervisor", "river").ways == few
    assert asked(place, "supervisor").ways == ((Channel.QR, "2–8"),)


def test_after_a_year_a_place_is_silent_again(place: Place) -> None:
    say(place, 5)
    place.later(366)
    assert rows(asked(place))["3栋"] == "0"


def test_everybody_sees_their_own_places_alone_and_administrators_none(place: Place) -> None:
    say(place, 5)
    assert set(rows(asked(place, "other_clerk"))) == {"江畔社区"}
    assert set(rows(asked(place, "supervisor"))) == {"榕树社区", "第一网格", "3栋", "江畔社区"}
    assert set(rows(asked(place, "supervisor", "river"))) == {"江畔社区"}
    assert rows(asked(place, "other_clerk", "banyan")) == {}
    assert asked(place, "other_clerk", "banyan").ways == ()
    for who in ("system", "security", "auditor", RESIDENT):
        with pytest.raises(Denied):
            place.ask(who, participation.participation)


@pytest.mark.privacy
def test_what_is_sealed_or_names_the_reader_is_not_counted(place: Place) -> None:
    say(place, 5, text="周小满办事要收红包")
    assert rows(asked(place))["3栋"] == "0"
    say(place, 5, text="周小满从来不公开名单")
    assert (rows(asked(place, "clerk"))["3栋"], rows(asked(place))["3栋"]) == ("0", "5–9")

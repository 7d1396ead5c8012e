"""Crowds: what one community hears on a day slows that community alone, and the next day begins anew."""

import pytest

from core import crowd, flags, recording, supports
from core.access import RESIDENT
from core.errors import Denied
from core.flags import ResidentFlag
from core.words import Channel
from tests import makers
from tests.makers import Place


def crowded(place: Place, unit: str = "banyan") -> bool:
    return bool(place.ask(RESIDENT, crowd.is_crowded, place.units[unit].id))


def test_words_and_joinings_of_a_day_count_for_their_community_alone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.controlled(place)
    monkeypatch.setattr(crowd, "DAILY", 2)
    assert not crowded(place)
    place.do(RESIDENT, flags.speak, place.units["building"].code, ResidentFlag(text="门口的账没有贴"), Channel.QR)
    assert not crowded(place)
    place.do(RESIDENT, supports.join, place.units["building"].code, 1)
    assert (crowded(place), crowded(place, "river")) == (True, False)
    place.later(1)
    assert not crowded(place)


def test_what_offices_write_down_slows_nobody(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "DAILY", 1)
    draft = recording.RecordedFlag(text="门口的账没有贴", channel=Channel.PAPER, consent=True)
    place.do("watchdog", recording.record_for, place.units["banyan"].id, draft)
    assert not crowded(place)
    with pytest.raises(Denied):
        place.ask("clerk", crowd.is_crowded, place.units["banyan"].id)

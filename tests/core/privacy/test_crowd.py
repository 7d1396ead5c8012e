"""Crowds: what one community hears on a day slows that community alone, and the next day begins anew."""

import pytest

from core.access import RESIDENT
from core.errors import Denied
from core.privacy import crowd
from core.review import recording
from core.voices import flags, supports
from core.voices.flags import ResidentFlag
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


def test_on_a_crowded_day_of_the_site_only_those_who_crowd_it_are_slowed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd, "SITE_DAILY", 4)
    monkeypatch.setattr(crowd, "SHARE", 2)
    for n in range(3):
        makers.speak(place, f"门口第{n}块公告栏的账没有贴", None)
    assert (crowded(place), crowded(place, "river")) == (False, False)
    makers.speak(place, "停车收费的账没有贴", None, "river")
    assert (crowded(place), crowded(place, "river"), crowded(place, "far")) == (True, False, False)
    makers.speak(place, "停车收费的账还是没有贴", None, "river")
    assert crowded(place, "river")
    place.later(1)
    assert not crowded(place)

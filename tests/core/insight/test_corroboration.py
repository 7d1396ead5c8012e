"""How well an entry is borne out: the formula by hand, and nothing of it from what its reader may not know."""

import pytest

from core.access import RESIDENT
from core.errors import Denied, Missing
from core.insight import corroboration
from core.insight.corroboration import Borne, Ground, Strength, borne
from core.review import merging
from core.voices import points, supports
from core.words import Channel, Level, Source
from tests import makers
from tests.makers import Place

SELF, SUPERIOR, ALL = frozenset({Source.SELF}), Source.SUPERIOR, frozenset(Source)
LOW, MEDIUM, HIGH = (Source.SELF, Level.LOW), (Source.RESIDENT, Level.MEDIUM), (Source.RESIDENT, Level.HIGH)


@pytest.mark.parametrize(
    ("sources", "own", "joined", "seen", "total", "strength"),
    [
        (SELF, (), 0, False, 0, Strength.ALONE),
        (SELF, (LOW,), 4, False, 0, Strength.ALONE),
        (SELF, (), 5, False, 1, Strength.PARTLY),
        (frozenset({SUPERIOR}), (), 0, True, 1, Strength.PARTLY),
        (ALL - {SUPERIOR}, (), 0, False, 2, Strength.PARTLY),
        (ALL - {SUPERIOR}, (LOW, MEDIUM), 0, False, 2, Strength.PARTLY),
        (ALL - {SUPERIOR}, (LOW, HIGH, MEDIUM), 0, False, 1, Strength.PARTLY),
        (ALL - {SUPERIOR}, ((Source.SELF, Level.HIGH), HIGH), 0, False, 3, Strength.WELL),
        (ALL, (), 0, False, 4, Strength.WELL),
        (ALL, (), 9, True, 6, Strength.WELL),
    ],
)
def test_the_sum_is_what_the_table_says(
    sources: frozenset[Source], own: tuple[tuple[Source, Level], ...], joined: int, seen: bool, total: int,
    strength: Strength,
) -> None:  # fmt: skip
    found = borne(sources, own, joined, on_the_spot=seen)
    assert (found.total, found.strength) == (total, strength)


def test_a_superior_who_saw_it_there_and_residents_who_join_bear_an_entry_out(place: Place) -> None:
    risk_id, _measure_id = makers.controlled(place)
    assert place.ask("clerk", corroboration.corroboration, risk_id) == Borne(())
    makers.raise_point(place, ("banyan",), "名单公开一直不及时")
    [point] = place.ask("clerk", points.received)
    place.do("clerk", points.already_entry, point.flag_id, risk_id, "")
    assert place.ask("clerk", corroboration.corroboration, risk_id).grounds == (Ground.VOICE, Ground.ON_THE_SPOT)
    for n in range(5):
        assert Ground.JOINED not in place.ask("clerk", corroboration.corroboration, risk_id).grounds, n
        place.do(RESIDENT, supports.join, place.units["building"].code, 1, None, Channel.WEB, f"{n}" * 32)
    assert Ground.JOINED in place.ask("clerk", corroboration.corroboration, risk_id).grounds
    for who, refusal in (("other_clerk", Missing), ("far_supervisor", Missing), ("system", Denied)):
        with pytest.raises(refusal):
            place.ask(who, corroboration.corroboration, risk_id)


@pytest.mark.privacy
def test_a_voice_that_names_its_reader_bears_nothing_out_for_them(place: Place) -> None:
    makers.speak(place, "钱思远管的事，低保名单没见贴出来", None)
    [flag] = [row for row in makers.inbox(place) if "钱思远" in row.text]
    risk_id = place.do("watchdog", merging.open_entry, flag.id, makers.entry_form(place))
    assert place.ask("watchdog", corroboration.corroboration, risk_id) == Borne(())
    assert place.ask("watchdog2", corroboration.corroboration, risk_id) is None

"""Where a superior is to look: the same numbers as their tasks and the register, on a map that stays readable."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core import home
from core.alerts import warnings
from core.entries import escalation, register, risks
from core.entries.register import Filter
from core.errors import Denied
from core.home import Chore
from core.insight import attention, blindspots
from core.insight.attention import MOST, Concern, finest
from core.words import Source, WarningLevel
from db.sweeping import PROGRAM
from tests import makers
from tests.core.insight.test_blindspots import say, write
from tests.makers import Place

paths = some.lists(some.sampled_from("abcdefgh"), min_size=3, max_size=3).map(tuple)


@given(some.lists(some.tuples(paths, some.sampled_from(Concern), some.integers(1, 9)), max_size=120))
def test_the_map_is_as_fine_as_it_fits_and_loses_nothing(rows: list[tuple[tuple[str, ...], Concern, int]]) -> None:
    found = finest(rows)
    told: Counter[Concern] = sum(found.values(), Counter())
    assert told == sum((Counter({concern: n}) for _path, concern, n in rows), Counter())
    assert len(found) <= MOST
    depth = len(next(iter(found), ()))
    assert depth == 3 or not rows or len({path[: depth + 1] for path, _concern, _n in rows}) > MOST


def test_what_stands_on_the_map_is_what_waits_and_what_the_register_shows(place: Place) -> None:
    late, _measure = makers.controlled(place)
    place.later(60)
    place.do(PROGRAM, warnings.renew, place.units["banyan"].id)
    place.do("clerk", escalation.raise_up, late, "社区解决不了")
    ending, measure_id = makers.controlled(place, "公章谁都能盖", "用印登记不全")
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, ending, "都已落实")
    found = place.ask("supervisor", attention.attention)
    waits = {task.chore: task.count for task in place.ask("supervisor", home.waiting)}
    red = place.ask("supervisor", register.register, Filter(warnings=(WarningLevel.RED,))).total
    assert {concern: found.count(concern) for concern in Concern} == {
        Concern.RED: red, Concern.CAME: waits[Chore.HANDED], Concern.CLOSE: waits[Chore.CLOSE],
        Concern.SIGN: waits.get(Chore.SIGN, 0),
    }  # fmt: skip
    assert (red, found.count(Concern.CAME), found.count(Concern.CLOSE)) == (1, 1, 1)
    assert ([spot.unit for spot in found.spots], found.communities) == (["榕树社区"], 2)
    assert place.ask("far_supervisor", attention.attention).spots == ()
    for other in ("clerk", "watchdog", "discipline", "auditor"):
        with pytest.raises(Denied):
            place.ask(other, attention.attention)


def test_the_week_tells_of_entries_that_residents_alone_brought_up(place: Place) -> None:
    write(place, [*say(place, "r", 3, "relief"), *say(place, "r", 1), *say(place, "sr", 2), *say(place, "p", 1)])
    found = place.ask("supervisor", blindspots.week)
    assert (found.total, found.alone, found.items) == (7, 4, ("低保和特困人员初核",))
    assert found.first == place.today - timedelta(days=6)
    wanted = Filter(since=found.first, whole=True, voices=frozenset({Source.RESIDENT}))
    assert place.ask("supervisor", register.register, wanted).total == found.alone
    assert place.ask("far_supervisor", blindspots.week).total == 0
    place.later(7)
    assert place.ask("supervisor", blindspots.week).total == 0

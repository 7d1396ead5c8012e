"""Small numbers: whoever asks everything they may, by every filter, cannot tell one small number from another.

Two registers that differ in nothing but how many residents said something are put before the same reader. As long as a
community's numbers stay within one step, every answer is the same to the letter; so no answer, no difference between
answers and no percentage tells them apart, and a number below five is never pinned down.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some
from sqlalchemy import text

from core.entries import register
from core.entries.register import Filter
from core.insight import blindspots, corroboration, disputes, figures, outcomes, participation, silence
from core.insight.blindspots import Asked
from core.privacy.small import NOBODY, SMALLEST, Cell, Told, together, told
from core.store import Work
from core.words import Dimension
from tests.core.insight.test_blindspots import Written, registers, write
from tests.makers import Place
from tests.raw import Spoken, write_flag

pytestmark = [pytest.mark.privacy, pytest.mark.figures]
SAID = Spoken("resident", None, False, None, False)


@given(some.integers(0, 200), some.integers(0, 60))
def test_a_number_lies_in_its_step_and_the_step_holds_five(count: int, shown: int) -> None:
    assume(shown <= count)
    found = told(count, shown)
    assert found.low <= count <= found.high
    assert found.low >= shown
    same = [n for n in range(shown, 300) if told(n, shown) == found]
    assert count in same
    assert same == list(range(found.low, found.high + 1))
    assert len(same) >= SMALLEST - 1 or count == 0


@given(some.lists(some.integers(0, 40), max_size=6))
def test_a_sum_is_worked_out_from_what_was_told_of_its_parts(counts: list[int]) -> None:
    found = together(map(told, counts))
    assert found.low <= sum(counts) <= found.high
    others = [told(n).high for n in counts]
    assert together(map(told, others)) == found


@given(some.integers(1, 60), some.lists(some.integers(0, 60), min_size=3, max_size=6))
def test_what_else_is_told_of_a_community_fits_every_number_of_its_step(flags: int, known: list[int]) -> None:
    """Entries, places, ways and marks each need no more voices than the least that may be there."""
    entries, places, ways, *rated = (min(n, flags) for n in known)
    cell = Cell("banyan", flags, entries, places, ways, tuple(rated))
    assert cell.told.low <= flags <= cell.told.high
    assert cell.told.low >= max(entries, places, ways, *(told(n).low for n in rated), 1)
    assert cell.told.high - cell.told.low >= SMALLEST - 2
    for n in range(cell.told.low, cell.told.high + 1):
        assert replace(cell, flags=n).told == cell.told


def test_numbers_are_told_in_words() -> None:
    steps = [Told(0, 0), Told(0, 4), Told(1, 4), Told(5, 9), Told(2, 6), Told(0, 8)]
    assert [str(step) for step in steps] == ["0", "少于5", "少于5", "5–9", "2–6", "少于9"]
    assert [str(told(n)) for n in (0, 1, 4, 5, 9, 10, 23)] == ["0", "少于5", "少于5", "5–9", "5–9", "10–14", "20–24"]


@dataclass(frozen=True)
class More:
    """So many residents' flags more: in the entry with this place in the register, or waiting outside of any."""

    entry: int
    waiting: int


@pytest.mark.costly
@given(written=registers, more=some.builds(More, some.integers(0, 4), some.integers(0, 4)), at=some.integers(0, 8),
       viewer=some.sampled_from(("clerk", "supervisor", "discipline")))  # fmt: skip
@settings(max_examples=settings().max_examples // 16, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_filter_tells_apart_registers_that_differ_in_a_small_number(
    place: Place, written: list[Written], more: More, at: int, viewer: str
) -> None:
    plain = [_all_heard(entry) for entry in written]
    heard_in = [n for n, entry in enumerate(plain) if any(flag.voice == "resident" for flag in entry.flags)]
    community = place.units["banyan"].id
    write(place, plain)
    before = everything(place, viewer)
    _add(place, community, waiting=more.waiting, entry=more.entry, risk=heard_in[at % len(heard_in)] if heard_in else 0,
         spoken=bool(heard_in), plain=plain)  # fmt: skip
    after = everything(place, viewer)
    low, high = before["flags by community"]["banyan"], after["flags by community"]["banyan"]
    for question, answer in before.items():
        whether = low == NOBODY and question.startswith("participation")
        if question != "flags by community" and not whether:
            assert after[question] == answer, question
    assert low in (high, NOBODY) or high.low > low.high


def _all_heard(entry: Written) -> Written:
    """The same entry with nothing kept from anybody, and without residents' own ratings."""
    return replace(entry, flags=tuple(
        replace(flag, sealed=False, recused=None, undone=False, level=None if flag.voice == "resident" else flag.level)
        for flag in entry.flags
    ))  # fmt: skip


def _add(
    place: Place, community: str, *, waiting: int, entry: int, risk: int, spoken: bool, plain: list[Written]
) -> None:
    """Residents' flags beside those that are there: in an entry in which one spoke already, and in none."""
    home = place.units[plain[risk].community].id if plain else community
    with place.engine.begin() as rows:
        for n in range(waiting):
            write_flag(place, rows, None, f"waiting{n}", community, SAID)
        for n in range(entry if spoken else 0):
            write_flag(place, rows, f"risk{risk}", f"more{n}", home, SAID)


def everything(place: Place, viewer: str) -> dict[str, Any]:
    """What a reader learns who asks each question by every filter there is, and opens each entry."""
    return dict(place.ask(viewer, _all_of_it, place))


def _all_of_it(work: Work, place: Place) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for asked in filters(place):
        for question in (blindspots.who_saw, blindspots.agreement, silence.grid, disputes.ratings):
            found[f"{question.__name__} {asked}"] = question(work, asked)
    for unit in (None, place.units["banyan"].id, place.units["river"].id):
        found[f"participation {unit}"] = participation.participation(work, unit)
        found[f"outcomes {unit}"] = outcomes.outcomes(work, unit)
    found["register"] = register.register(work, Filter(whole=True))
    for row in found["register"].rows:
        found[f"borne out {row.id}"] = corroboration.corroboration(work, row.id)
    cells = {key: figures.overview(work, place.units[key].id).heard.resident for key in ("banyan", "river")}
    found["flags by community"] = cells
    assert figures.overview(work).heard.resident == together(cells.values()), "a sum tells more than its parts"
    return found


def filters(place: Place) -> Iterator[Asked]:
    about = ((None, None), (Dimension.CLEAN_AFFAIRS, None), (None, place.items["relief"]))
    for unit, round_id, (dimension, item) in product((None, place.units["banyan"].id), (None, "round"), about):
        yield Asked(unit, round_id, dimension, item)


def test_four_entries_with_one_voice_each_are_not_told_by_their_sum(place: Place) -> None:
    """Where the register shows four entries in which residents speak, “fewer than 5” would say: one in each."""
    entry = Written("banyan", "relief", 0, "controlled", (SAID,), 0)
    write(place, [entry] * 4)
    heard = place.ask("clerk", figures.overview).heard
    assert heard.resident == Told(4, 8)
    with place.engine.begin() as rows:
        rows.execute(text("DELETE FROM links"))
    assert place.ask("clerk", figures.overview).heard.resident == Told(1, 5)


def test_levels_that_several_senders_gave_one_entry_are_not_told_by_their_sum(place: Place) -> None:
    """Beside an entry residents rated high, medium and low, “1 to 5” would say: three or more in it."""
    said = tuple(replace(SAID, level=level) for level in ("high", "medium", "low"))
    write(place, [Written("banyan", "relief", 0, "controlled", said, 0)])
    assert place.ask("clerk", figures.overview).heard.resident == Told(3, 7)

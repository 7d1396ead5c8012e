"""What the benches of issue 7 tell of themselves: ledgers, verdicts, slopes; and some of the faults, made to happen."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.faults import clocks, stale
from bench.faults.grounds import Grounds
from bench.faults.kinds import Fault, Outcome, Row, verdict
from bench.ledger import Ledger, lost, read
from bench.speaking import words
from bench.steady import slope
from core.voices.receipts import plain
from tests import makers
from tests.makers import Place


def test_a_ledger_tells_every_whole_line_and_none_that_was_cut_off(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    ledger.write("12", "三件事")
    ledger.write("34", "四件事")
    ledger.close()
    assert ledger.lines == 2
    whole = (tmp_path / "ledger").read_bytes()
    for cut in range(len(whole) + 1):
        (tmp_path / "cut").write_bytes(whole[:cut])
        assert read(tmp_path / "cut") == [("12", "三件事"), ("34", "四件事")][: whole[:cut].count(b"\n")]


def test_what_was_acknowledged_and_is_gone_changed_or_twice_is_found(place: Place) -> None:
    told = [(plain(makers.speak(place, words(n))), words(n)) for n in range(4)]
    assert not lost(place.engine, told)
    assert lost(place.engine, [*told, ("1" * 36, words(9))]).gone == 1
    assert lost(place.engine, [(told[0][0], words(1)), *told[1:]]).gone == 1
    makers.speak(place, words(2))
    found = lost(place.engine, told)
    assert (found.gone, found.twice, found.unrecorded, found.broken) == (0, 1, 0, 0)
    assert str(found) == "1 twice"


def test_a_fault_that_was_not_tried_is_never_told_as_survived() -> None:
    fault = Fault("one", "nothing is lost", lambda _grounds: Outcome())
    fine, bad = Row(fault, Outcome("tried"), "", 1.0), Row(fault, Outcome("tried", ["a flag"]), "", 1.0)
    untried = Row(fault, None, "no rights", 0.0)
    assert "nothing lost" in fine.told()
    assert "a flag" in bad.told()
    assert "nothing lost" not in untried.told()
    assert "not tried: no rights" in untried.told()
    assert verdict([fine, untried]) == ("1 of 2 faults survived, 0 lost something, 1 not tried", 0)
    assert verdict([fine, bad])[1] == 1


def test_a_figure_that_rises_is_told_from_one_that_only_trembles() -> None:
    trembling = [100.0 + (n % 3) for n in range(30)]
    assert slope(trembling).is_flat  # type: ignore[union-attr]
    rising = slope([value + 2 * n for n, value in enumerate(trembling)])
    assert rising
    assert not rising.is_flat
    assert rising.each == pytest.approx(2.0, abs=0.1)
    assert slope([1.0, 2.0]) is None


@given(st.integers(0, 10**5), st.integers(0, 10**5))
def test_no_two_things_that_are_said_are_the_same(one: int, other: int) -> None:
    assert (words(one) == words(other)) == (one == other)


@pytest.fixture
def grounds(tmp_path: Path) -> Grounds:
    return Grounds(tmp_path, quick=True)


@pytest.mark.costly
def test_a_clock_that_jumps_deletes_nothing_and_locks_nobody_out(grounds: Grounds) -> None:
    assert clocks.jumps(grounds).wrong == []


def test_a_database_of_yesterday_is_noticed(grounds: Grounds) -> None:
    assert stale.restored(grounds).wrong == []



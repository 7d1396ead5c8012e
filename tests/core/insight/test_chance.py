"""Intervals and tests of few, held against scipy's own and against counting every case."""

from fractions import Fraction
from itertools import combinations
from math import comb

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some
from scipy import stats

from core.insight.chance import COMMON, Crossing, Share, holm, lopsided, unseen

pytestmark = pytest.mark.figures
few = some.integers(0, 12)
tables = some.builds(Crossing, few, few, few, few)


@given(some.integers(0, 60).flatmap(lambda whole: some.tuples(some.integers(0, whole), some.just(whole))))
def test_a_share_of_few_has_the_exact_interval(share: tuple[int, int]) -> None:
    part, whole = share
    assume(whole)
    exact = stats.binomtest(part, whole).proportion_ci(0.95, "exact")
    found = Share(part, whole)
    assert (found.low, found.high) == (pytest.approx(exact.low), pytest.approx(exact.high))
    assert 0 <= found.least <= part <= found.most <= whole


def test_seven_of_twelve_may_be_three_to_eleven() -> None:
    assert (Share(7, 12).least, Share(7, 12).most) == (3, 11)
    assert (Share(0, 12).low, Share(12, 12).high, Share(0, 0).low, Share(0, 0).high) == (0.0, 1.0, 0.0, 1.0)


@given(tables)
def test_a_table_is_tested_as_fisher_does(table: Crossing) -> None:
    assume(table.whole)
    expected = stats.fisher_exact([[table.both, table.first], [table.second, table.neither]]).pvalue
    assert table.chance == pytest.approx(expected)
    one, other = table.both + table.first, table.both + table.second
    low, high = table.usual
    by_chance = stats.hypergeom(table.whole, one, other)
    assert by_chance.cdf(low - 1) <= 0.025 + 1e-9
    assert by_chance.sf(high) <= 0.025 + 1e-9
    assert max(0, one + other - table.whole) <= low <= high <= min(one, other)


def test_what_two_share_by_chance_is_what_counting_every_case_gives() -> None:
    """Of six power items one voice spoke about three and the other about four: 300 ways, each as likely."""
    shared = [len({*a} & {*b}) for a in combinations(range(6), 3) for b in combinations(range(6), 4)]
    assert len(shared) == 300
    for both in (1, 2, 3):
        table = Crossing(both, 3 - both, 4 - both, both - 1)
        here = Fraction(shared.count(both), 300)
        as_rare = sum(Fraction(shared.count(n), 300) for n in set(shared) if Fraction(shared.count(n), 300) <= here)
        assert table.chance == pytest.approx(float(as_rare))
        assert table.usual == (1, 3)


@given(few, few)
def test_a_coin_falls_as_the_binomial_says(more: int, less: int) -> None:
    expected = stats.binomtest(more, more + less).pvalue if more + less else 1.0
    assert lopsided(more, less) == pytest.approx(expected)


def test_that_many_were_compared_is_held_against_each() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []
    assert holm([0.6, 0.9]) == [1.0, 1.0]


def test_what_neither_saw_is_told_by_what_both_did() -> None:
    found = unseen(6, 4, 9)
    assert found is not None
    assert (found.low, found.likely, found.high) == (1, 5, 20)
    assert unseen(COMMON - 1, 4, 9) is None
    assert unseen(8, 0, 3) is None


@given(some.integers(COMMON, 40), some.integers(1, 40), some.integers(1, 40))
def test_the_estimate_lies_within_its_interval_and_grows_as_less_is_shared(both: int, first: int, second: int) -> None:
    found, less = unseen(both, first, second), unseen(both + 1, first, second)
    assert found is not None
    assert less is not None
    assert 0 <= found.low <= found.likely <= found.high
    assert less.likely <= found.likely


def test_the_interval_of_the_estimate_holds_about_as_often_as_it_says() -> None:
    """Two voices that see each of forty risks by themselves, one half and the other a third of the time."""
    held = tried = 0.0
    for one in range(8, 33):
        for other in range(4, 24):
            for both in range(max(COMMON, one + other - 40), min(one, other)):
                weight = comb(40, both) * comb(40 - both, one - both) * comb(40 - one, other - both)
                weight *= 0.5**40 * (1 / 3) ** other * (2 / 3) ** (40 - other)
                found = unseen(both, one - both, other - both)
                assert found is not None
                held += weight * (found.low <= 40 - one - other + both <= found.high)
                tried += weight
    assert tried > 0.9
    assert held / tried > 0.93

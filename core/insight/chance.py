"""Chance: how sure a share of few is, and whether a small table could have come about by itself.

Exact measures alone, for registers are small: docs/blind-spots.md says which, what each supposes, and what it leaves
open. Nothing here knows what is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, exp, floor, log, sqrt

import numpy as np

from core.late import special

TAIL = 0.025
"""What is left out on each side of an interval: 95% lie within."""
RARE = 0.05
"""How often, at most, something comes about by itself that is no longer put down to chance."""
COMMON = 3
"""Entries both voices must have raised before what neither saw is estimated at all."""
_CLOSE = 1e-9


@dataclass(frozen=True)
class Share:
    """So many of so many, with the exact 95% interval of Clopper and Pearson for the share behind it."""

    part: int
    whole: int

    @property
    def low(self) -> float:
        """The smallest share (0–1) under which so many or more are not rare."""
        return float(special.betaincinv(self.part, self.whole - self.part + 1, TAIL)) if self.part else 0.0

    @property
    def high(self) -> float:
        if self.part == self.whole:
            return 1.0
        return float(special.betaincinv(self.part + 1, self.whole - self.part, 1 - TAIL))

    @property
    def least(self) -> int:
        """The lower end in as many as there are, rounded outwards."""
        return floor(self.low * self.whole + _CLOSE)

    @property
    def most(self) -> int:
        return ceil(self.high * self.whole - _CLOSE)


@dataclass(frozen=True)
class Crossing:
    """Things by whether each of two voices spoke about them; `neither` is known, not guessed."""

    both: int
    first: int
    second: int
    neither: int

    @property
    def whole(self) -> int:
        return self.both + self.first + self.second + self.neither

    @cached_property
    def _by_chance(self) -> tuple[int, "np.ndarray[tuple[int], np.dtype[np.float64]]"]:
        """The least that both can share when each speaks as often as it does, and how probable that and more are."""
        one, other, whole = self.both + self.first, self.both + self.second, self.whole
        least = max(0, one + other - whole)
        shared = np.arange(least, min(one, other) + 1)
        logs = _choose(one, shared) + _choose(whole - one, other - shared) - _choose(whole, np.array([other]))
        return least, np.exp(logs)

    @property
    def usual(self) -> tuple[int, int]:
        """What both would share in 95 of 100 cases, had each spoken as often but without regard to the other."""
        least, probable = self._by_chance
        below = np.cumsum(probable)
        low = int(np.searchsorted(below, TAIL, side="right"))
        high = int(np.searchsorted(below, 1 - TAIL, side="left"))
        return least + min(low, len(below) - 1), least + min(high, len(below) - 1)

    @property
    def chance(self) -> float:
        """Fisher's exact test, two-sided: how often (0–1) chance alone gives a table as uncommon as this."""
        least, probable = self._by_chance
        seen = probable[self.both - least]
        return min(1.0, float(probable[probable <= seen * (1 + 1e-7)].sum()))


def _choose(
    whole: int, part: "np.ndarray[tuple[int], np.dtype[np.int64]]"
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """The logarithm of how many ways there are to choose so many of a whole."""
    found: np.ndarray[tuple[int], np.dtype[np.float64]] = (
        special.gammaln(whole + 1) - special.gammaln(part + 1) - special.gammaln(whole - part + 1)
    )
    return found


def lopsided(more: int, less: int) -> float:
    """The sign test, two-sided: how often (0–1) an even coin falls as unevenly as `more` against `less`."""
    return min(1.0, 2 * float(special.bdtr(min(more, less), more + less, 0.5))) if more + less else 1.0


def holm(chances: Sequence[float]) -> list[float]:
    """Each chance held up against that so many were tried (Holm): the least one counts as often as there are."""
    order = sorted(range(len(chances)), key=lambda n: chances[n])
    found, worst = [1.0] * len(chances), 0.0
    for rank, n in enumerate(order):
        worst = max(worst, min(1.0, chances[n] * (len(chances) - rank)))
        found[n] = worst
    return found


@dataclass(frozen=True)
class Unseen:
    """How many neither of two voices may have seen: the likely number and its 95% interval."""

    low: int
    likely: int
    high: int


def unseen(both: int, first: int, second: int) -> Unseen | None:
    """What neither saw, by the overlap of what each saw (Chapman's estimate for capture and recapture, the interval
    log-normal after Chao); None where too few were seen by both, or one saw all that the other did."""
    if both < COMMON or not first or not second:
        return None
    one, other = both + first, both + second
    whole = (one + 1) * (other + 1) / (both + 1) - 1
    spread = (one + 1) * (other + 1) * first * second / ((both + 1) ** 2 * (both + 2))
    missed = whole - (both + first + second)
    factor = exp(1.96 * sqrt(log(1 + spread / missed**2)))
    return Unseen(floor(missed / factor), round(missed), ceil(missed * factor))

"""Small numbers: the one rule by which a number of residents' flags may be told (domain rule 5.5, n ≥ 5).

*By the community.* Such a number is told of a community as a whole, and of nothing narrower: never by place, way, power
item, dimension, round or day. Of places and ways is told alone whether anybody was heard there
(core.insight.participation), for silence is data. *In steps of five* above what is told anyway (`Cell`): each entry in
which residents speak, each place and each way has one voice at least, so with `known` such things a community of `n` is
told as `known + 5k` to `known + 5k + 4`; none is told as none. *Sums are sums of what was told*, never of what was
counted.

Why it holds: whoever asks for every community, every unit above and every filter learns no more than the steps of the
communities, for everything else is worked out from these. A step leaves four or five values open, and whatever else is
told fits the lowest of them, so that nothing follows for a single entry, place, way or waiting flag: each of the voices
more may be anywhere in the community, or there is none. Who joined one entry on the board, and how its senders rate the
answer, are cells of their own (core.voices.supports, core.prevention.looking): no filter cuts them, and they are told
from five on. What the rule does not do: somebody who looks every day and knows that one flag came in sees when a step
is passed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.text import _

SMALLEST = 5
"""Counts of residents' flags below this are told as “fewer than 5”, larger ones in steps of it."""


@dataclass(frozen=True)
class Told:
    """A number as it may be told: at least `low`, at most `high`."""

    low: int
    high: int

    def __str__(self) -> str:
        if not self.high:
            return "0"
        if not self.low or self.high < SMALLEST:
            return _("fewer than {n}", n=self.high + 1)
        return _("{low} to {high}", low=self.low, high=self.high)


NOBODY = Told(0, 0)


@dataclass(frozen=True)
class Cell:
    """Residents' flags of a community, and what else is told of them there: the entries in which residents speak, each
    as often as there are levels they gave it; the places and the ways that were heard from within a year; and how many
    gave each kind of mark."""

    unit_id: str
    flags: int
    entries: int
    places: int
    ways: int
    rated: tuple[int, ...] = ()

    @property
    def told(self) -> Told:
        """The flags in their step, above all that each of the others says of them by itself."""
        rated = max((told(n).low for n in self.rated), default=0)
        return told(self.flags, max(self.entries, self.places, self.ways, rated))


def told(count: int, shown: int = 0) -> Told:
    """A count of one cell in its step; `shown` of them everybody knows of already (0 ≤ shown ≤ count)."""
    if not count:
        return NOBODY
    low = shown + (count - shown) // SMALLEST * SMALLEST
    return Told(max(low, 1), low + SMALLEST - 1)


def together(parts: Iterable[Told]) -> Told:
    """What is told of several cells as one."""
    found = list(parts)
    return Told(sum(one.low for one in found), sum(one.high for one in found))


def protected(count: int) -> str:
    """A count that no filter cuts, as it may be told: itself from 5 on, none as 0, else “fewer than 5”."""
    return str(count) if count >= SMALLEST or count == 0 else _("fewer than {n}", n=SMALLEST)

"""Disputes: how far the three voices' own ratings of an entry lie apart, and who rates higher."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from core.access import Permission
from core.blindspots import Asked, Voiced, entries
from core.chance import lopsided
from core.rating import spread
from core.store import Work
from core.words import Level, Source

_ORDER = (Level.LOW, Level.MEDIUM, Level.HIGH)


@dataclass(frozen=True)
class Dispute:
    """One entry that two voices or more rated by themselves; of a voice that gave several levels its highest counts."""

    entry: Voiced
    said: Mapping[Source, Level]
    spread: int


@dataclass(frozen=True)
class Leaning:
    """Two voices over the entries both rated: how often each was higher, and how often (0–1) a coin falls so
    unevenly."""

    first: Source
    second: Source
    higher: int
    lower: int
    equal: int

    @property
    def chance(self) -> float:
        return lopsided(self.higher, self.lower)


@dataclass(frozen=True)
class Ratings:
    """Entries by how far apart they were rated (0, 1, 2 levels), who leans which way, and the most disputed."""

    apart: tuple[int, int, int]
    leanings: tuple[Leaning, ...]
    disputed: tuple[Dispute, ...]

    @property
    def compared(self) -> int:
        return sum(self.apart)


def ratings(work: Work, asked: Asked) -> Ratings:
    """How the voices rate the entries asked for, each by itself."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    return weighed(entries(work, scope, asked, rated=True))


def weighed(found: Iterable[Voiced]) -> Ratings:
    """The most disputed first; of equally disputed ones those in which more voices rated."""
    rated = [dispute(one) for one in found]
    several = [one for one in rated if len(one.said) > 1]
    apart = [sum(one.spread == step for one in several) for step in (0, 1, 2)]
    disputed = sorted((one for one in several if one.spread), key=lambda one: (-one.spread, -len(one.said)))
    return Ratings(
        (apart[0], apart[1], apart[2]), tuple(_leaning(several, *pair) for pair in combinations(Source, 2)),
        tuple(disputed),
    )  # fmt: skip


def dispute(one: Voiced) -> Dispute:
    said = highest(one.own)
    return Dispute(one, said, spread(list(said.values())))


def highest(own: Iterable[tuple[Source, Level]]) -> dict[Source, Level]:
    """The highest level each voice gave."""
    found: dict[Source, Level] = {}
    for source, level in own:
        found[source] = max(level, found.get(source, level), key=_ORDER.index)
    return found


def _leaning(rated: Sequence[Dispute], first: Source, second: Source) -> Leaning:
    steps = [
        _ORDER.index(one.said[first]) - _ORDER.index(one.said[second])
        for one in rated if first in one.said and second in one.said
    ]  # fmt: skip
    return Leaning(first, second, sum(s > 0 for s in steps), sum(s < 0 for s in steps), sum(s == 0 for s in steps))

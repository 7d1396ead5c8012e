"""Disputes: how far the three voices' own ratings of an entry lie apart, and who rates higher."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from core.access import Permission
from core.entries.rating import RISING, spread
from core.insight.blindspots import Asked, Voiced, sight
from core.insight.chance import lopsided
from core.store import Work
from core.turning import ROWS
from core.words import Level, Source


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
class Rated:
    """Entries to which several voices gave a level, counted by the highest each gave, and the ids of one page of those
    rated differently, in the order of `Ratings.disputed`."""

    counts: Sequence[tuple[Mapping[Source, Level], int]]
    page: Sequence[str]


@dataclass(frozen=True)
class Ratings:
    """Entries by how far apart they were rated (0, 1, 2 levels), who leans which way, and a page of the most disputed:
    those furthest apart first, of equally disputed ones those in which more voices rated."""

    apart: tuple[int, int, int]
    leanings: tuple[Leaning, ...]
    disputed: tuple[Dispute, ...]

    @property
    def compared(self) -> int:
        return sum(self.apart)


def ratings(work: Work, asked: Asked, skip: int = 0) -> Ratings:
    """How the voices rate the entries asked for, each by itself; the disputed ones from `skip` on."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    found = work.store.rated(scope, sight(work, scope, asked), ROWS, skip)
    if skip and not found.page:  # there are fewer than there were
        return ratings(work, asked)
    entries = {one.id: one for one in work.store.voiced(scope, found.page)}
    apart = [sum(n for said, n in found.counts if spread(list(said.values())) == step) for step in (0, 1, 2)]
    return Ratings(
        (apart[0], apart[1], apart[2]), tuple(_leaning(found.counts, *pair) for pair in combinations(Source, 2)),
        tuple(dispute(entries[risk_id]) for risk_id in found.page),
    )  # fmt: skip


def dispute(one: Voiced) -> Dispute:
    said = highest(one.own)
    return Dispute(one, said, spread(list(said.values())))


def highest(own: Iterable[tuple[Source, Level]]) -> dict[Source, Level]:
    """The highest level each voice gave."""
    found: dict[Source, Level] = {}
    for source, level in own:
        found[source] = max(level, found.get(source, level), key=RISING.index)
    return found


def _leaning(
    counts: Sequence[tuple[Mapping[Source, Level], int]], first: Source, second: Source
) -> Leaning:
    steps = [
        (RISING.index(said[first]) - RISING.index(said[second]), n)
        for said, n in counts if first in said and second in said
    ]  # fmt: skip
    higher, lower, equal = (sum(n for s, n in steps if (s > 0) - (s < 0) == sign) for sign in (1, -1, 0))
    return Leaning(first, second, higher, lower, equal)

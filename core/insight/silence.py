"""Silence (沉默): power items × voices. Where nobody has spoken stands what can be done about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from core.access import Permission
from core.insight.blindspots import Asked, during, sight
from core.insight.chance import Crossing
from core.store import Work
from core.turning import ROWS
from core.words import Dimension, Source


@dataclass(frozen=True)
class Power:
    """A power item in use; `looked` is the last day a post-holder went through it in a self-inspection."""

    id: str
    unit_id: str
    unit: str
    unit_code: str
    name: str
    dimension: Dimension
    looked: date | None


@dataclass(frozen=True)
class Row:
    """One power item and in how many entries about it each voice is."""

    power: Power
    spoke: Mapping[Source, int]

    @property
    def silent(self) -> tuple[Source, ...]:
        """Voices not in any entry; cadres who went through the item and found nothing are not silent."""
        return tuple(s for s in Source if not self.spoke[s] and not (s is Source.SELF and self.power.looked))


@dataclass(frozen=True)
class Pair:
    """Two voices by the power items they spoke about; every item in use counts, also those nobody spoke about."""

    first: Source
    second: Source
    items: Crossing


@dataclass(frozen=True)
class Silent:
    """Power items in use counted by which voices spoke of them and whether cadres looked; and of one page of them, in
    the order of the grid, how many entries each voice is in."""

    counts: Mapping[tuple[frozenset[Source], bool], int]
    page: Mapping[str, Mapping[Source, int]]


@dataclass(frozen=True)
class Grid:
    """A page of rows, those with most silence first, how many power items there are in all, how many cells are empty
    for each voice, and each two voices."""

    rows: tuple[Row, ...]
    total: int
    empty: Mapping[Source, int]
    pairs: tuple[Pair, ...]


def grid(work: Work, asked: Asked, skip: int = 0) -> Grid:
    """Which voice has spoken about which power item, in the unit and round asked for; the rows from `skip` on."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    first, last, _path = during(work, scope, asked.round_id)
    found = work.store.silent(scope, sight(work, scope, asked), first, last, ROWS, skip)
    if skip and not found.page:  # there are fewer than there were
        return grid(work, asked)
    powers = {one.id: one for one in work.store.powers(scope, None, first, last, found.page)}
    rows = tuple(Row(powers[item_id], spoke) for item_id, spoke in found.page.items())
    return Grid(rows, sum(found.counts.values()), empty(found.counts), tuple(pairs(found.counts)))


def empty(counts: Mapping[tuple[frozenset[Source], bool], int]) -> dict[Source, int]:
    """How many power items each voice is silent on; cadres not on those they looked at."""
    return {
        source: sum(
            n for (spoke, looked), n in counts.items()
            if source not in spoke and not (source is Source.SELF and looked)
        )
        for source in Source
    }  # fmt: skip


def pairs(counts: Mapping[tuple[frozenset[Source], bool], int]) -> list[Pair]:
    """Each two voices over the power items: both are in entries about it, one alone, neither."""
    return [
        Pair(first, second, Crossing(*(
            sum(n for (spoke, _looked), n in counts.items() if (first in spoke) is one and (second in spoke) is other)
            for one, other in ((True, True), (True, False), (False, True), (False, False))
        )))
        for first, second in combinations(Source, 2)
    ]  # fmt: skip

"""Silence (沉默): power items × voices. Where nobody has spoken stands what can be done about it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from core.access import Permission, Scope
from core.blindspots import Asked, Voiced, during, entries, fits
from core.chance import Crossing
from core.store import Work
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
class Grid:
    """The rows, those with most silence first, how many cells are empty for each voice, and each two voices."""

    rows: tuple[Row, ...]
    empty: Mapping[Source, int]
    pairs: tuple[Pair, ...]


def grid(work: Work, asked: Asked) -> Grid:
    """Which voice has spoken about which power item, in the unit and round asked for."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    return laid_out(_powers(work, scope, asked), entries(work, scope, asked))


def _powers(work: Work, scope: Scope, asked: Asked) -> list[Power]:
    first, last, path = during(work, scope, asked.round_id)
    units = {unit.id for unit in work.store.registers(scope) if unit.path.startswith(path)}
    found = work.store.powers(scope, asked.unit_id, first, last)
    return [one for one in found if one.unit_id in units and fits(one, asked)]


def laid_out(powers: Sequence[Power], found: Iterable[Voiced]) -> Grid:
    """Entries laid out over the power items; those about none of them are left out."""
    counts = Counter((one.item_id, source) for one in found for source in one.sources)
    rows = [Row(one, {source: counts[one.id, source] for source in Source}) for one in powers]
    rows.sort(key=lambda row: -len(row.silent))
    empty = {source: sum(source in row.silent for row in rows) for source in Source}
    return Grid(tuple(rows), empty, tuple(pairs(rows)))


def pairs(rows: Iterable[Row]) -> list[Pair]:
    """Each two voices over the power items: both are in entries about it, one alone, neither."""
    spoke = [{source for source in Source if row.spoke[source]} for row in rows]
    return [
        Pair(first, second, Crossing(*(
            sum((first in s) is one and (second in s) is other for s in spoke)
            for one, other in ((True, True), (True, False), (False, True), (False, False))
        )))
        for first, second in combinations(Source, 2)
    ]  # fmt: skip

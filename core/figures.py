"""Figures of the overview: computed as rows here, drawn by pages."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from core.access import Permission
from core.store import Work
from core.text import _
from core.words import Dimension, FlagStatus, Level, RiskStatus, Source

SMALLEST = 5
"""Counts of residents' flags below this are shown as “fewer than 5” (domain rule 5.5)."""


@dataclass(frozen=True)
class EntryFact:
    """What the figures need to know of one entry."""

    dimension: Dimension
    level: Level | None
    status: RiskStatus
    sources: frozenset[Source]


@dataclass(frozen=True)
class Punctuality:
    """Of the measures whose day has come: done in time, done late, not done."""

    on_time: int
    late: int
    overdue: int

    @property
    def rate(self) -> float | None:
        due = self.on_time + self.late + self.overdue
        return self.on_time / due if due else None


@dataclass(frozen=True)
class Overview:
    """Everything the overview shows, as counts."""

    heat: dict[tuple[Dimension, str], int]
    overlap: dict[frozenset[Source], int]
    statuses: dict[RiskStatus, int]
    flags: dict[FlagStatus, int]
    punctuality: Punctuality
    total: int


def overview(work: Work, unit_id: str | None = None) -> Overview:
    """The figures of a unit, or of everything the actor may see. Withdrawn entries are left out."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    facts = work.store.entry_facts(scope, unit_id)
    return Overview(
        heat(facts), overlap(facts), dict(Counter(fact.status for fact in facts)),
        work.store.flag_counts(scope, unit_id), work.store.punctuality(scope, unit_id, work.today), len(facts),
    )  # fmt: skip


def heat(facts: Iterable[EntryFact]) -> dict[tuple[Dimension, str], int]:
    """Entries by dimension and level; "unrated" stands for no level. Every cell is there, also the empty ones."""
    counts = Counter((fact.dimension, str(fact.level or "unrated")) for fact in facts)
    return {(d, level): counts[d, level] for d in Dimension for level in ("high", "medium", "low", "unrated")}


def overlap(facts: Iterable[EntryFact]) -> dict[frozenset[Source], int]:
    """Entries by the exact set of voices that spoke; every one of the seven sets is there."""
    counts = Counter(fact.sources for fact in facts)
    sets = [frozenset(s) for size in (1, 2, 3) for s in combinations(Source, size)]
    return {voices: counts[voices] for voices in sets}


def protected(count: int) -> str:
    """A count of residents' flags as it may be shown: itself from 5 on, none as 0, else “fewer than 5”."""
    return str(count) if count >= SMALLEST or count == 0 else _("fewer than {n}", n=SMALLEST)

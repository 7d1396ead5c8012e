"""Figures of the overview: computed as rows here, drawn by pages."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from core.access import Permission
from core.entries.register import LEVELS, UNRATED
from core.privacy.small import Cell, Told, together
from core.store import Work
from core.text import N_, Term
from core.words import Dimension, Level, RatingStage, ResolveLevel, RiskStatus, Source


@dataclass(frozen=True)
class EntryCount:
    """What the figures need to know of `n` entries that are alike."""

    dimension: Dimension
    level: Level | None
    status: RiskStatus
    sources: frozenset[Source]
    expected: Level | None = None
    verified: Level | None = None
    resolved: ResolveLevel | None = None
    n: int = 1

    def decided(self, stage: RatingStage) -> Level | None:
        """The level as it was decided first, as it is expected after the measures, or as it was verified."""
        return {
            RatingStage.INITIAL: self.level, RatingStage.EXPECTED: self.expected, RatingStage.VERIFIED: self.verified,
        }[stage]  # fmt: skip


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


class Stage(Term):
    """How far an entry has come; each stage counts the entries that reached it, also those that went on."""

    ENTERED = "entered", N_("In the register")
    RATED = "rated", N_("Rated")
    FILED = "filed", N_("Filed")
    CONTROLLED = "controlled", N_("Under control measures")
    CLOSED = "closed", N_("Closed")


_R = RiskStatus
_CLOSED = (_R.CLOSED, _R.ARCHIVED)
_CONTROLLED = (_R.CONTROLLED, _R.VERIFYING, _R.REOPENED, *_CLOSED)
_FILED = (_R.FILED, *_CONTROLLED)
_RATED = (_R.RATED, _R.ANNOUNCED, *_FILED)
REACHED: dict[Stage, tuple[RiskStatus, ...]] = {
    Stage.ENTERED: (_R.UNRATED, *_RATED), Stage.RATED: _RATED, Stage.FILED: _FILED, Stage.CONTROLLED: _CONTROLLED,
    Stage.CLOSED: _CLOSED,
}  # fmt: skip
"""The states in which an entry has reached a stage. A reopened entry is under control again, no longer closed."""


@dataclass(frozen=True)
class Heard:
    """How many flags each voice raised; the residents' as they may be told."""

    own: int
    superior: int
    resident: Told

    @property
    def at_least(self) -> int:
        """What may be drawn: all flags, of the residents' the least there are."""
        return self.own + self.superior + self.resident.low


@dataclass(frozen=True)
class BlindSpots:
    """Where voices agree and where one sees what the others do not, in entries."""

    only_residents: int
    only_cadres: int
    only_superiors: int
    all_three: int
    total: int


@dataclass(frozen=True)
class Crowded:
    """The cell of the heat map with the most entries, and how much of the whole stands there."""

    dimension: Dimension
    level: str
    entries: int
    total: int


@dataclass(frozen=True)
class Held:
    """The step at which most entries wait: how many reached `stage` and not the `following` one."""

    stage: Stage
    following: Stage
    waiting: int


@dataclass(frozen=True)
class Eased:
    """Entries with a verified level: how many have a lower, the same, or a higher one than was decided first."""

    lower: int
    same: int
    higher: int


@dataclass(frozen=True)
class Levels:
    """Entries by dimension and level at each stage at which a level is decided, and how levels came out."""

    heats: dict[RatingStage, dict[tuple[Dimension, str], int]]
    eased: Eased
    total: int


@dataclass(frozen=True)
class Overview:
    """What the overview shows first, as counts; `heats` are by the stage at which a level was decided."""

    heats: dict[RatingStage, dict[tuple[Dimension, str], int]]
    overlap: dict[frozenset[Source], int]
    stages: dict[Stage, int]
    heard: Heard
    punctuality: Punctuality
    eased: Eased
    total: int

    @property
    def heat(self) -> dict[tuple[Dimension, str], int]:
        return self.heats[RatingStage.INITIAL]


def overview(work: Work, unit_id: str | None = None) -> Overview:
    """The figures of a unit, or of everything the actor may see. Withdrawn entries are left out."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    counted, voices = work.store.voices_counted(scope, unit_id, work.today)
    return Overview(
        {stage: heat(counted, stage) for stage in RatingStage},
        overlap((one.sources, one.n) for one in counted), stages(counted), voices,
        work.store.punctuality(scope, unit_id, work.today), eased(counted), sum(one.n for one in counted),
    )  # fmt: skip


def levels(work: Work, unit_id: str | None = None) -> Levels:
    """The maps of a unit, or of everything the actor may see, without the voices in its entries."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    counted = work.store.entry_counts(scope, unit_id)
    return Levels({stage: heat(counted, stage) for stage in RatingStage}, eased(counted), sum(one.n for one in counted))


def crowding(work: Work, unit_id: str | None = None) -> dict[tuple[Dimension, str], int]:
    """The heat map of a unit, or of everything the actor may see, without the rest of the overview."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    return heat(work.store.entry_counts(scope, unit_id))


def heard(work: Work, unit_id: str | None = None) -> Heard:
    """How many flags each voice raised."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    return raised(work.store.voice_cells(scope, unit_id, work.today))


def raised(cells: Sequence[tuple[Source, Cell]]) -> Heard:
    """How many flags each voice raised, from those of each community."""
    own, superior = (sum(cell.flags for of, cell in cells if of is s) for s in (Source.SELF, Source.SUPERIOR))
    return Heard(own, superior, together(cell.told for of, cell in cells if of is Source.RESIDENT))


def heat(
    counted: Iterable[EntryCount], stage: RatingStage = RatingStage.INITIAL
) -> dict[tuple[Dimension, str], int]:
    """Entries by dimension and level; "unrated" stands for no level. Every cell is there, also the empty ones."""
    counts: Counter[tuple[Dimension, str]] = Counter()
    for one in counted:
        counts[one.dimension, str(one.decided(stage) or UNRATED)] += one.n
    return {(d, level): counts[d, level] for d in Dimension for level in LEVELS}


def eased(counted: Iterable[EntryCount]) -> Eased:
    """How verified levels stand to those decided first; entries that lack one of the two are left out."""
    order, counts = list(Level)[::-1], Counter[int]()
    for one in counted:
        if one.level and one.verified:
            first, last = order.index(one.level), order.index(one.verified)
            counts[(last > first) - (last < first)] += one.n
    return Eased(counts[-1], counts[0], counts[1])


def overlap(spoken: Iterable[tuple[frozenset[Source], int]]) -> dict[frozenset[Source], int]:
    """Entries by the exact set of voices that spoke; every one of the seven sets is there."""
    counts: Counter[frozenset[Source]] = Counter()
    for voices, n in spoken:
        counts[voices] += n
    sets = [frozenset(s) for size in (1, 2, 3) for s in combinations(Source, size)]
    return {voices: counts[voices] for voices in sets}


def stages(counted: Iterable[EntryCount]) -> dict[Stage, int]:
    """Entries by the stage they reached; each stage counts those of the next one too."""
    counts: Counter[RiskStatus] = Counter()
    for one in counted:
        counts[one.status] += one.n
    return {stage: sum(counts[status] for status in reached) for stage, reached in REACHED.items()}


def crowded(cells: Mapping[tuple[Dimension, str], int]) -> Crowded | None:
    """Where most entries stand; the graver level wins a tie. None when there are no entries."""
    total = sum(cells.values())
    if not total:
        return None
    (dimension, level), most = max(cells.items(), key=lambda cell: (cell[1], -LEVELS.index(cell[0][1])))
    return Crowded(dimension, level, most, total)


def blind_spots(sets: Mapping[frozenset[Source], int]) -> BlindSpots:
    """Entries that one voice alone saw, and those that all three saw."""
    alone = {source: sets[frozenset({source})] for source in Source}
    return BlindSpots(
        alone[Source.RESIDENT], alone[Source.SELF], alone[Source.SUPERIOR], sets[frozenset(Source)], sum(sets.values())
    )


def held(reached: Mapping[Stage, int]) -> Held | None:
    """The step where most entries wait, the earlier one in a tie; None when nothing waits."""
    order = list(Stage)
    steps = [Held(a, b, reached[a] - reached[b]) for a, b in pairwise(order)]
    most = max(steps, key=lambda step: step.waiting)
    return most if most.waiting else None

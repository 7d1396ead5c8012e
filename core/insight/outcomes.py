"""What came of it (成效): where matters are solved, what second looks found, what residents say of the answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.access import Permission
from core.insight.figures import EntryCount
from core.openness.board import Rated
from core.privacy.small import SMALLEST, Told, told
from core.store import Work
from core.words import ResolveLevel, ReviewResult


@dataclass(frozen=True)
class Opinion:
    """What residents say of the answers they got: how many, as may be told of each community and summed, and the mean
    of 1 to 5 with one decimal, over the communities with five marks or more; None where there is none."""

    kind: Rated
    count: str
    mean: float | None


@dataclass(frozen=True)
class Marks:
    """Residents' marks of one kind: how many at least and at most, as may be told of each community; and how many and
    their sum in the communities with five or more."""

    low: int
    high: int
    many: int
    total: int


@dataclass(frozen=True)
class Outcomes:
    """Entries by where they are solved, None for those not decided yet; the last look at each entry; looks that are due
    and not made; residents' opinions."""

    solved: dict[ResolveLevel | None, int]
    looks: dict[ReviewResult, int]
    looks_late: int
    opinions: tuple[Opinion, ...]


def outcomes(work: Work, unit_id: str | None = None) -> Outcomes:
    """What came of entries, in a unit or in everything the actor may see."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    looks = work.store.look_results(scope, unit_id)
    counted = work.store.entry_counts(scope, unit_id)
    return Outcomes(
        solved(counted), {result: looks.get(result, 0) for result in ReviewResult},
        work.store.late_looks(scope, unit_id, work.today), opinions(work.store.marks_given(scope, unit_id)),
    )  # fmt: skip


def solved(counted: Iterable[EntryCount]) -> dict[ResolveLevel | None, int]:
    """Entries by where they are solved; every level is there, and None for those not decided yet."""
    found: dict[ResolveLevel | None, int] = dict.fromkeys((*ResolveLevel, None), 0)
    for one in counted:
        found[one.resolved] += one.n
    return found


def marks(n: int, total: int) -> Marks:
    """What may be told of the marks of one community: how many there are and their sum."""
    of = told(n)
    return Marks(of.low, of.high, *((n, total) if n >= SMALLEST else (0, 0)))


def opinions(given: Mapping[Rated, Marks]) -> tuple[Opinion, ...]:
    """Opinions as they may be told, from the marks of all communities."""
    return tuple(_opinion(kind, given.get(kind, Marks(0, 0, 0, 0))) for kind in Rated)


def _opinion(kind: Rated, found: Marks) -> Opinion:
    mean = round(found.total / found.many, 1) if found.many else None
    return Opinion(kind, str(Told(found.low, found.high)), mean)

"""What came of it (成效): where matters are solved, what second looks found, what residents say of the answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.access import Permission
from core.insight.figures import EntryCount
from core.openness.board import Rated
from core.privacy.small import SMALLEST, together, told
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


def opinions(cells: Iterable[Mapping[Rated, tuple[int, int]]]) -> tuple[Opinion, ...]:
    """Opinions as they may be told, from how many marks each community has and their sum."""
    given = list(cells)
    return tuple(_opinion(kind, [cell[kind] for cell in given]) for kind in Rated)


def _opinion(kind: Rated, cells: Iterable[tuple[int, int]]) -> Opinion:
    known = list(cells)
    many = [(n, total) for n, total in known if n >= SMALLEST]
    count, total = (sum(column) for column in zip(*many, strict=True)) if many else (0, 0)
    told_of = together(told(n) for n, _total in known)
    return Opinion(kind, str(told_of), round(total / count, 1) if count else None)

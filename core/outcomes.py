"""What came of it (成效): where matters are solved, what second looks found, what residents say of the answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.access import Permission
from core.board import Rated
from core.figures import SMALLEST, EntryFact
from core.participation import told
from core.store import Work
from core.words import ResolveLevel, ReviewResult


@dataclass(frozen=True)
class Opinion:
    """What residents say of the answers they got: how many, in steps of five, and their mean of 1 to 5 with one
    decimal; neither where they are fewer than five."""

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
    return Outcomes(
        solved(work.store.entry_facts(scope, unit_id)), {result: looks.get(result, 0) for result in ReviewResult},
        work.store.late_looks(scope, unit_id, work.today), opinions(work.store.marks_given(scope, unit_id)),
    )  # fmt: skip


def solved(facts: Iterable[EntryFact]) -> dict[ResolveLevel | None, int]:
    """Entries by where they are solved; every level is there, and None for those not decided yet."""
    found: dict[ResolveLevel | None, int] = dict.fromkeys((*ResolveLevel, None), 0)
    for fact in facts:
        found[fact.resolved] += fact.n
    return found


def opinions(given: Mapping[Rated, tuple[int, int]]) -> tuple[Opinion, ...]:
    """Opinions as they may be told, from how many marks there were and their sum."""
    counted = [(kind, *given.get(kind, (0, 0))) for kind in Rated]
    return tuple(
        Opinion(kind, told(n), round(total / n, 1) if n >= SMALLEST else None) for kind, n, total in counted
    )

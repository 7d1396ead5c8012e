"""What worked elsewhere (可学可复制): measures of entries alike whose level went down, or which a second look found
effective, with what is known of them.

Read from the public board alone, for a community may learn from its sisters but not read in their registers: the
reviewed wording, measures as they were made public, and levels. No people, no words of residents. Each text is held
once more against the people known where it comes from. A suggestion, never more; a person plans the measure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.access import EVERYWHERE, Permission, Scope
from core.alike.matching import Candidate, likely
from core.alike.pieces import Said
from core.entries.risks import Risk
from core.openness.board import PublicMeasure, Rated
from core.privacy.small import SMALLEST
from core.privacy.wording import names_somebody
from core.review.runs import Group
from core.store import Work
from core.text import folded
from core.words import Level, ReviewResult

MOST = 5
"""Entries told of at once."""
POOL = 200
"""Entries that are held against one, those of the same power item first and then the newest."""
ENOUGH = 0.15
"""How sure the matching must be of an entry about another power item: far less than for a merge, since a lesson is to
be alike, not the same matter. Of the nineteen entries of the demo one gets a lesson by it, and rightly."""


@dataclass(frozen=True)
class Worked:
    """An entry of the public board whose second look says that something helped."""

    risk_id: str
    unit_id: str
    unit: str
    item: str
    wording: str
    before: Level | None
    after: Level | None
    result: ReviewResult
    looked_on: date
    measures: tuple[PublicMeasure, ...]


@dataclass(frozen=True)
class Lesson:
    """What worked in one entry: its measures that were done, how many of them by their day, and the senders' mean
    satisfaction (1–5, one decimal) where five or more rated it."""

    of: Worked
    same_item: bool
    texts: tuple[str, ...]
    done: int
    on_time: int
    satisfied: float | None


def for_entry(work: Work, risk_id: str) -> list[Lesson]:
    """What worked in entries like one for which a measure is planned."""
    scope = work.actor.require(Permission.MEASURE_PLAN)
    return _alike(work, [work.store.one(Risk, risk_id, scope)])


def for_common(work: Work, group_id: str) -> list[Lesson]:
    """What worked in entries like those of a common risk, outside of it or within."""
    scope = work.actor.require(Permission.RECURRENCE_RUN)
    group = work.store.one(Group, group_id, scope)
    rows = work.store.common_rows(scope, [group.id])
    surest = sorted(rows, key=lambda row: -row.strength)[:1]
    return _alike(work, [work.store.one(Risk, row.risk_id, scope) for row in surest])


def _alike(work: Work, risks: Sequence[Risk]) -> list[Lesson]:
    found: dict[str, Lesson] = {}
    for risk in risks:
        item = work.store.item_name(risk.item_id)
        pool = {
            one.risk_id: one for one in work.store.worked(item, risk.dimension, risk.risk_type, POOL)
            if one.risk_id != risk.id
        }
        for risk_id in ranked(risk, item, list(pool.values())):
            lesson = _lesson(work, pool[risk_id], item)
            if lesson.texts:
                found.setdefault(risk_id, lesson)
            if len(found) == MOST:
                break
    return list(found.values())


def ranked(risk: Risk, item: str, pool: Sequence[Worked]) -> list[str]:
    """The entries that are like one: those that say the same, then the rest about the same power item."""
    said = Said(risk.id, f"{risk.title}。{risk.manifestation}", risk.title, folded(item) or None)
    candidates = [
        Candidate(one.risk_id, folded(one.item) or None,
                  (Said(one.risk_id, one.wording, "", folded(one.item) or None, group=one.risk_id),))
        for one in pool
    ]  # fmt: skip
    alike = [m.risk_id for m in likely(said, candidates, limit=MOST) if m.probability >= ENOUGH]
    same = [one.risk_id for one in pool if item and folded(one.item) == folded(item)]
    return list(dict.fromkeys([*alike, *same]))


def _lesson(work: Work, one: Worked, item: str) -> Lesson:
    done = [measure for measure in one.measures if measure["done"]]
    texts = dict.fromkeys(measure["text"] for measure in done)
    given = work.store.given_in(Scope((EVERYWHERE,), work.actor.person_id), one.risk_id)
    count, total = given.marks[Rated.SATISFIED]
    return Lesson(
        one, bool(item) and folded(one.item) == folded(item),
        tuple(text for text in texts if not names_somebody(work, one.unit_id, text)),
        len(done), sum(measure["done"] <= measure["due"] for measure in done),
        round(total / count, 1) if count >= SMALLEST else None,
    )  # fmt: skip

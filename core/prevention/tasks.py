"""Measures as each person meets them: mine to do, mine to verify, and all of them, each with what may be done now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from core.access import Permission, Scope
from core.entries.actions import ON_MEASURE, MeasureAction, on_measure
from core.entries.entry import EvidenceRow
from core.entries.risks import Risk
from core.insight.timely import Age
from core.prevention.measures import Measure
from core.rows import MeasureRow, ProgressRow
from core.store import Work
from core.turning import START, Listed, Turn
from core.words import MeasureStatus


@dataclass(frozen=True)
class Task:
    """A measure with its reports, the newest first, its files, and what the actor may do with it."""

    row: MeasureRow
    reports: tuple[ProgressRow, ...]
    files: tuple[EvidenceRow, ...]
    may: frozenset[MeasureAction]


STANDING = tuple(status for status in MeasureStatus if status is not MeasureStatus.VERIFIED)
"""The states of measures with which something is still to be done."""


def mine(work: Work, turn: Turn = START) -> Listed[Task]:
    """The measures the actor carries out with which something is still to be done, the nearest day first, 10 a page."""
    scope = work.actor.require(Permission.MEASURE_REPORT)
    rows = work.store.own_measures(scope, work.person_id, verified=False, turn=turn)
    return rows.of(tasks(work, scope, rows))


def done(work: Work, turn: Turn = START) -> Listed[MeasureRow]:
    """The measures the actor carried out that were verified, the latest day first, 10 a page."""
    scope = work.actor.require(Permission.MEASURE_REPORT)
    return work.store.own_measures(scope, work.person_id, verified=True, turn=turn)


def count_done(work: Work) -> int:
    """How many measures of the actor's were verified, counted as far as 99 and one."""
    scope = work.actor.require(Permission.MEASURE_REPORT)
    return work.store.count_verified(scope, work.person_id)


def to_verify(work: Work, turn: Turn = START) -> Listed[Task]:
    """The measures that wait for a verdict the actor may give, those they were named for first, 10 a page."""
    scope = work.actor.require(Permission.MEASURE_VERIFY)
    rows = work.store.to_verify(scope, work.person_id, turn)
    return rows.of(tasks(work, scope, rows, dict.fromkeys((row.id for row in rows), VERDICT)))


def of_entry(work: Work, risk_id: str) -> list[Task]:
    """The measures of an entry, those still to be done first."""
    scope = work.actor.require(Permission.REGISTER_READ)
    return tasks(work, scope, work.store.measure_rows(scope, risk_id=risk_id))


@dataclass(frozen=True)
class About:
    """Which measures a chart has counted: of a unit and all below it, of a post by name, open ones of an age. All but
    an empty one leave measures of withdrawn entries out."""

    unit_id: str | None = None
    post: str | None = None
    age: Age | None = None


def listed(
    work: Work, statuses: Collection[MeasureStatus] | None = None, overdue: bool = False, turn: Turn = START,
    about: About | None = None,
) -> Listed[MeasureRow]:
    """The measures the actor may see, in some states or all, 50 a page, the nearest day first; no more than
    `core.turning.COUNTED_IN_LIST` and one are counted."""
    scope = work.actor.require(Permission.REGISTER_READ)
    return work.store.measure_page(scope, work.today, statuses, overdue, turn, about)


VERDICT = frozenset({MeasureAction.VERIFY, MeasureAction.SEND_BACK})
"""What may be done with a measure that waits for one's verdict; the rest is done on the page of its entry."""


def tasks(
    work: Work, scope: Scope, rows: Sequence[MeasureRow], may: Mapping[str, frozenset[MeasureAction]] | None = None
) -> list[Task]:
    """Rows with their reports and files, and what the actor may do with each, unless that is known."""
    ids = [row.id for row in rows]
    reports, files = work.store.progress_in(scope, ids), work.store.evidence_in(scope, ids)
    if may is None:
        measures = work.store.seen_all(Measure, ids, scope)
        _look_up(work, {row.risk_id for row in rows})
        may = {key: on_measure(work, measure) for key, measure in measures.items()}
    return [Task(row, tuple(reports.get(row.id, ())), tuple(files.get(row.id, ())), may[row.id]) for row in rows]


def _look_up(work: Work, risk_ids: Collection[str]) -> None:
    """Ask at once for the entries that the checks of a reading would ask for one by one, and for who is named there."""
    if len(risk_ids) > 1:
        for scope in {work.actor.scope(right) for right, _check in ON_MEASURE.values() if work.actor.may(right)}:
            work.store.seen_all(Risk, risk_ids, scope)
        work.store.kept_away_from(risk_ids)

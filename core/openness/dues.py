"""Dues (应公开): one for each period of a disclosure item and for each occasion, made again without doubles."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.lifecycle import DueState
from core.openness import periods
from core.openness.periods import Period
from core.openness.showing import ShownDue
from core.organisation.units import new_id

if TYPE_CHECKING:
    from core.openness.subjects import Subject
    from core.organisation.calendar import Calendar
    from core.store import Work


@dataclass(eq=False)
class Due:
    """One disclosure that is owed: for which period, by which day, when and at which `place` it really was.

    `occasion` says what happened, for what is published on an occasion; `text` is what the public may read of it.
    """

    id: str
    unit_id: str
    subject_id: str
    key: str
    first: date
    last: date
    due_on: date
    occasion: str = ""
    published_on: date | None = None
    place: str = ""
    text: str = ""
    published_by: str | None = None

    @property
    def status(self) -> DueState:
        return DueState.OWED if self.published_on is None else DueState.PUBLISHED


def fresh(work: "Work", subject: "Subject", until: date) -> list[Due]:
    """The dues of a subject that have begun by a day and are not kept yet, now kept; doing it again gives none."""
    kept = {due.key for due in work.store.dues_of(subject.id)}
    return [keep(work, subject, period) for period in owed(subject, until, work.calendar) if period.key not in kept]


def owed(subject: "Subject", until: date, calendar: "Calendar") -> list[Period]:
    """What a subject owes up to a day by its class alone; occasions are noted by people, what is retired owes nothing
    new."""
    if subject.retired_on is not None:
        return []
    if subject.disclosure_when in periods.REPEATING:
        return list(periods.repeating(subject.disclosure_when, subject.counts_from, until, calendar))
    if subject.disclosure_when in periods.ON_OCCASION or subject.counts_from > until:
        return []
    return [periods.standing(subject.counts_from, calendar)]


def keep(work: "Work", subject: "Subject", period: Period, occasion: str = "") -> Due:
    """Keep one due, and show the public that it is one."""
    due = Due(new_id(), subject.unit_id, subject.id, period.key, period.first, period.last, period.due_on, occasion)
    work.store.add(due)
    work.store.add(
        ShownDue(
            due.id, due.unit_id, subject.name, subject.disclosure_class, subject.disclosure_when, due.first, due.due_on,
            occasion,
        )
    )  # fmt: skip
    return due


def drop_ahead(work: "Work", subject: "Subject", today: date) -> None:
    """Forget what is not owed any more when a subject is retired, changes or gets another rhythm: periods that are not
    over, and a permanent disclosure in its days of grace. What was published or is owed for days gone by stays."""
    for due in work.store.dues_of(subject.id):
        waits = due.last >= today if due.last > due.first else not due.occasion and due.due_on >= today
        if due.published_on is None and waits:
            work.store.remove(due)
            if shown := work.store.find(ShownDue, due.id):
                work.store.remove(shown)

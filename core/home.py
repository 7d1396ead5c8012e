"""What waits for the person who signs in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.access import Permission as P
from core.calendar import unknown_year
from core.commitments import waiting as commitments_waiting
from core.rounds import own_round
from core.store import Work
from core.text import N_, Term


class Chore(Term):
    """A kind of work that waits, in the order of the loop."""

    SEALED = "sealed", N_("Sealed matters to confirm or lift")
    INBOX = "inbox", N_("Flags awaiting first review")
    AGAIN = "again", N_("Senders who ask to take it up again")
    GROUPS = "groups", N_("Groups of flags to review")
    POINTS = "points", N_("Superiors' points to answer")
    WARNINGS = "warnings", N_("Warnings without an answer")
    HANDED = "handed", N_("Entries handed to your unit")
    MEASURES = "measures", N_("Measures to carry out")
    INSPECT = "inspect", N_("Power items left in this round")
    VERIFY = "verify", N_("Measures to verify")
    CLOSE = "close", N_("Closings to confirm")
    COMMITMENTS = "commitments", N_("Pledges and visits to look at again")
    RATE = "rate", N_("Entries to rate")
    ANNOUNCE = "announce", N_("Entries to put on public notice")
    FILE = "file", N_("Entries to file")
    UNANSWERED = "unanswered", N_("Points without an answer")
    VACANT = "vacant", N_("Posts without a holder")
    CALENDAR = "calendar", N_("Holidays still to be entered")


@dataclass(frozen=True)
class Task:
    """So many of one kind wait; `due` is the nearest day, where there is one."""

    chore: Chore
    count: int
    due: date | None = None


UNDATED = 7
"""Days after which undated work comes between dated work."""


def urgent_first(tasks: Iterable[Task], today: date) -> tuple[Task, ...]:
    """What waits at all, the most urgent first: by the nearest day, then in the order of the loop."""
    order = list(Chore)

    def urgency(task: Task) -> tuple[int, int]:
        return (task.due - today).days if task.due else UNDATED, order.index(task.chore)

    return tuple(sorted((task for task in tasks if task.count), key=urgency))


def waiting(work: Work) -> tuple[Task, ...]:
    """What waits for the actor, by the rights they hold; nothing for who has nothing to do."""
    work.actor.require(P.ACCOUNT_USE)
    tasks = [*_own(work), *_review(work), *_above(work)]
    if work.actor.may(P.SEALED_OPEN):
        tasks.append(Task(Chore.SEALED, work.store.count_sealed(work.actor.scope(P.SEALED_OPEN))))
    return urgent_first(tasks, work.today)


def _own(work: Work) -> list[Task]:
    actor, found = work.actor, []
    if actor.may(P.FLAG_INSPECT):
        sheets = [sheet for sheet in own_round(work).sheets if sheet.ends_on]
        found += [Task(Chore.INSPECT, sheet.left, sheet.ends_on) for sheet in sheets]
    if actor.may(P.MEASURE_REPORT):
        found.append(Task(Chore.MEASURES, *work.store.waiting_measures(actor.scope(P.MEASURE_REPORT), work.person_id)))
    if actor.may(P.WARNING_READ):
        found.append(Task(Chore.WARNINGS, work.store.count_warnings(actor.scope(P.WARNING_READ), work.person_id)))
    if actor.may(P.RISK_ESCALATE):
        found.append(Task(Chore.HANDED, *work.store.waiting_handed(actor.scope(P.RISK_ESCALATE))))
    if actor.may(P.LEDGER_KEEP):
        found.append(Task(Chore.COMMITMENTS, *commitments_waiting(work)))
    if actor.may(P.POINT_ANSWER):
        found.append(Task(Chore.POINTS, *work.store.waiting_points(actor.scope(P.POINT_ANSWER))))
    return found


_STEPS = {
    Chore.CLOSE: P.RISK_CLOSE, Chore.RATE: P.RISK_RATE, Chore.ANNOUNCE: P.RISK_ANNOUNCE, Chore.FILE: P.RISK_FILE,
}  # fmt: skip


def _review(work: Work) -> list[Task]:
    actor, found = work.actor, []
    if actor.may(P.INBOX_READ):
        found.append(Task(Chore.INBOX, *work.store.waiting_inbox(actor.scope(P.INBOX_READ), work.person_id)))
        found.append(Task(Chore.AGAIN, work.store.count_wishes(actor.scope(P.INBOX_READ), work.person_id)))
    if actor.may(P.FLAG_MERGE):
        found.append(Task(Chore.GROUPS, work.store.waiting_groups(actor.scope(P.FLAG_MERGE), work.person_id)))
    if actor.may(P.MEASURE_VERIFY):
        found.append(Task(Chore.VERIFY, *work.store.waiting_checks(actor.scope(P.MEASURE_VERIFY), work.person_id)))
    if actor.may(P.RISK_CLOSE):
        counts = work.store.waiting_steps(actor.scope(P.RISK_CLOSE), work.person_id, work.today)
        found += [Task(chore, counts[chore]) for chore, permission in _STEPS.items() if actor.may(permission)]
    return found


def _above(work: Work) -> list[Task]:
    actor, found = work.actor, []
    if actor.may(P.FLAG_RAISE):
        found.append(Task(Chore.UNANSWERED, *work.store.waiting_points(actor.scope(P.FLAG_RAISE))))
    if actor.may(P.SITE_KEEP):
        found.append(Task(Chore.CALENDAR, int(unknown_year(work) is not None)))
    if actor.may(P.POST_HAND_OVER):
        found.append(Task(Chore.VACANT, work.store.vacant_posts(actor.scope(P.POST_HAND_OVER))))
    return found

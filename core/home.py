"""What waits for the person who signs in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.access import Permission as P
from core.entries.signing import RIGHTS
from core.inspection.completion import count_to_rate_again, left, running
from core.inspection.quarters import inspected_by
from core.inspection.rounds import own_round
from core.ledgers.commitments import waiting as commitments_waiting
from core.openness.disclosure import SOON
from core.organisation import relatives
from core.organisation.calendar import unknown_year
from core.store import Work
from core.text import N_, Term
from core.turning import COUNTED


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
    LOOK = "look", N_("Second looks due")
    SIGN = "sign", N_("Signatures that no longer hold")
    RATE = "rate", N_("Entries to rate")
    ANNOUNCE = "announce", N_("Entries to put on public notice")
    FILE = "file", N_("Entries to file")
    DISCLOSE = "disclose", N_("Disclosures due or overdue")
    REQUESTS = "requests", N_("Requests for disclosure to answer")
    RATE_AGAIN = "rate_again", N_("Entries to rate again")
    UNINSPECTED = "uninspected", N_("Posts that have not finished their self-inspection")
    CLOSE_ROUND = "close_round", N_("Rounds to close")
    UNANSWERED = "unanswered", N_("Points without an answer")
    DESERTED = "deserted", N_("Second looks that nobody may make")
    UNREVIEWED = "unreviewed", N_("Flags that nobody may review")
    RELATIVES = "relatives", N_("Declarations of relatives to confirm")
    VACANT = "vacant", N_("Posts without a holder")
    CALENDAR = "calendar", N_("Holidays still to be entered")


@dataclass(frozen=True)
class Task:
    """So many of one kind wait, more than `core.turning.COUNTED` not being counted; `due` is the nearest day, where
    there is one."""

    chore: Chore
    count: int
    due: date | None = None


FIRST = 5
"""Rounds whose posts are counted before those of others."""
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
    tasks = [*_own(work), *_review(work), *_openness(work), *_above(work)]
    if work.actor.may(P.SEALED_OPEN):
        tasks.append(Task(Chore.SEALED, work.store.count_sealed(work.actor.scope(P.SEALED_OPEN))))
    if work.actor.may(P.RELATIVE_JUDGE):
        tasks.append(Task(Chore.UNREVIEWED, sum(n for _unit, n in relatives.unreviewed(work))))
    if work.actor.may(P.RELATIVE_DECLARE):
        tasks.append(Task(Chore.RELATIVES, relatives.waiting(work)))
    return urgent_first(tasks, work.today)


def _own(work: Work) -> list[Task]:
    actor, found = work.actor, []
    if actor.may(P.FLAG_INSPECT):
        sheets = [sheet for sheet in own_round(work).sheets if sheet.due_on]
        found += [Task(Chore.INSPECT, sheet.left, sheet.due_on) for sheet in sheets]
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


def _openness(work: Work) -> list[Task]:
    actor, found = work.actor, []
    if actor.may(P.DISCLOSURE_EDIT):
        until = work.today + timedelta(days=SOON)
        found.append(Task(Chore.DISCLOSE, *work.store.waiting_dues(actor.scope(P.DISCLOSURE_EDIT), until)))
    if actor.may(P.REQUEST_ANSWER):
        found.append(Task(Chore.REQUESTS, *work.store.waiting_requests(actor.scope(P.REQUEST_ANSWER), work.person_id)))
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
    if actor.may(P.RISK_LOOK_AGAIN):
        found.append(Task(Chore.LOOK, *work.store.waiting_looks(actor.scope(P.RISK_LOOK_AGAIN), work.person_id, work.today)))  # fmt: skip  # noqa: E501
    found.append(Task(Chore.SIGN, _unsigned(work)))
    if actor.may(P.RISK_RATE):
        found.append(Task(Chore.RATE_AGAIN, count_to_rate_again(work)))
    return found


def _unsigned(work: Work) -> int:
    """How many entries wait for the actor to sign them again."""
    return sum(
        work.store.count_lapsed(work.actor.scope(right), work.person_id, stage, work.today)
        for stage, right in RIGHTS.items() if work.actor.may(right)
    )  # fmt: skip


def _above(work: Work) -> list[Task]:
    actor, found = work.actor, []
    if actor.may(P.FLAG_RAISE):
        found.append(Task(Chore.UNANSWERED, *work.store.waiting_points(actor.scope(P.FLAG_RAISE))))
        found += _uninspected(work)
    if actor.may(P.POST_HAND_OVER) and actor.may(P.REGISTER_READ):
        found.append(Task(Chore.DESERTED, work.store.deserted_looks(actor.scope(P.POST_HAND_OVER), work.today)))
    if actor.may(P.SITE_KEEP):
        found.append(Task(Chore.CALENDAR, int(unknown_year(work) is not None)))
    if actor.may(P.ROUND_OPEN):
        found.append(Task(Chore.CLOSE_ROUND, work.store.ended_rounds(actor.scope(P.ROUND_OPEN), work.today)))
    if actor.may(P.POST_HAND_OVER):
        found.append(Task(Chore.VACANT, work.store.vacant_posts(actor.scope(P.POST_HAND_OVER))))
    return found


def _uninspected(work: Work) -> list[Task]:
    """The posts below that have not finished, by the day their round asks for; a post in two rounds counts in each.
    The rounds due first are asked about first, and the others where these leave no more than are counted."""
    rows = sorted(running(work), key=inspected_by)
    count, due = 0, None
    for some in (rows[:FIRST], rows[FIRST:]):
        if count <= COUNTED:
            found = left(work, some)
            count += sum(found.values())
            due = due or next((inspected_by(row) for row in some if found.get(row.id)), None)
    return [Task(Chore.UNINSPECTED, count, due)]

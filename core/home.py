"""What waits for the person who signs in."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.access import Permission as P
from core.entries.signing import RIGHTS
from core.inspection.completion import count_to_rate_again, left, running
from core.inspection.quarters import inspected_by
from core.inspection.rounds import own_round
from core.ledgers.commitments import waiting as commitments_waiting
from core.organisation import relatives
from core.organisation.calendar import unknown_year
from core.store import Work
from core.text import N_, Term
from core.turning import COUNTED
from core.words import SignedStage


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


Awaited = Chore | SignedStage
"""What the store counts: a kind of work, or what is to be signed again at a stage."""
BY_RIGHT: dict[Awaited, P] = {
    Chore.SEALED: P.SEALED_OPEN, Chore.INBOX: P.INBOX_READ, Chore.AGAIN: P.INBOX_READ, Chore.GROUPS: P.FLAG_MERGE,
    Chore.POINTS: P.POINT_ANSWER, Chore.WARNINGS: P.WARNING_READ, Chore.HANDED: P.RISK_ESCALATE,
    Chore.MEASURES: P.MEASURE_REPORT, Chore.VERIFY: P.MEASURE_VERIFY, Chore.CLOSE: P.RISK_CLOSE,
    Chore.LOOK: P.RISK_LOOK_AGAIN, Chore.DISCLOSE: P.DISCLOSURE_EDIT, Chore.REQUESTS: P.REQUEST_ANSWER,
    Chore.CLOSE_ROUND: P.ROUND_OPEN, Chore.UNANSWERED: P.FLAG_RAISE, Chore.VACANT: P.POST_HAND_OVER,
} | RIGHTS
"""By which right each waits for somebody."""
STEPS = {Chore.RATE: P.RISK_RATE, Chore.ANNOUNCE: P.RISK_ANNOUNCE, Chore.FILE: P.RISK_FILE}
"""Steps of those who close entries, counted where they do."""


def waiting(work: Work) -> tuple[Task, ...]:
    """What waits for the actor, by the rights they hold; nothing for who has nothing to do."""
    work.actor.require(P.ACCOUNT_USE)
    tasks = [*_counted(work), *_own(work), *_above(work)]
    if work.actor.may(P.RELATIVE_JUDGE):
        tasks.append(Task(Chore.UNREVIEWED, sum(n for _unit, n in relatives.unreviewed(work))))
    if work.actor.may(P.RELATIVE_DECLARE):
        tasks.append(Task(Chore.RELATIVES, relatives.waiting(work)))
    return urgent_first(tasks, work.today)


def _counted(work: Work) -> list[Task]:
    """What is counted in one statement, as far as one place goes."""
    actor, found = work.actor, Counter[Chore]()
    scopes = {kind: actor.scope(right) for kind, right in BY_RIGHT.items() if actor.may(right)}
    if actor.may(P.RISK_CLOSE):
        scopes |= {kind: actor.scope(P.RISK_CLOSE) for kind, right in STEPS.items() if actor.may(right)}
    if actor.may(P.POST_HAND_OVER) and actor.may(P.REGISTER_READ):
        scopes[Chore.DESERTED] = actor.scope(P.POST_HAND_OVER)
    days: dict[Chore, date | None] = {}
    for scope in dict.fromkeys(scopes.values()):
        kinds = [kind for kind, where in scopes.items() if where == scope]
        for kind, (n, day) in work.store.what_waits(scope, work.person_id, work.today, kinds).items():
            chore = kind if isinstance(kind, Chore) else Chore.SIGN
            found[chore] += n
            days[chore] = day
    if found[Chore.DESERTED]:  # so many of the first are not the actor's to make: perhaps nobody's
        scope = actor.scope(P.POST_HAND_OVER)
        found[Chore.DESERTED] = work.store.deserted_first(scope, work.person_id, work.today)
    return [Task(chore, n, days[chore]) for chore, n in found.items() if n]


def _own(work: Work) -> list[Task]:
    actor, found = work.actor, []
    if actor.may(P.FLAG_INSPECT):
        sheets = [sheet for sheet in own_round(work, in_words=False).sheets if sheet.due_on]
        found += [Task(Chore.INSPECT, sheet.left, sheet.due_on) for sheet in sheets]
    if actor.may(P.LEDGER_KEEP):
        found.append(Task(Chore.COMMITMENTS, *commitments_waiting(work)))
    if actor.may(P.RISK_RATE):
        found.append(Task(Chore.RATE_AGAIN, count_to_rate_again(work)))
    return found


def _above(work: Work) -> list[Task]:
    actor, found = work.actor, []
    if actor.may(P.FLAG_RAISE):
        found += _uninspected(work)
    if actor.may(P.SITE_KEEP):
        found.append(Task(Chore.CALENDAR, int(unknown_year(work) is not None)))
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

"""Long work (批量归并、共性问题): it goes on by itself, can be left and taken up again, and is reviewed in groups."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from core.access import Actor, Grant, Permission, Scope
from core.errors import Stale
from core.events import Event
from core.text import N_, _
from core.words import GroupStatus, RunKind, RunStatus

if TYPE_CHECKING:
    from core.store import Work

LEASE = timedelta(minutes=2)
"""How long nobody else takes up a run after its last beat."""
RIGHTS = {
    RunKind.INTAKE: Permission.FLAG_RECORD, RunKind.RECURRENCE: Permission.RECURRENCE_RUN,
    RunKind.FREEZING: Permission.ROUND_OPEN,
}  # fmt: skip
UNSTOPPED = frozenset({RunKind.FREEZING})
"""What is carried to its end once begun."""
LIVE = (RunStatus.WAITING, RunStatus.RUNNING)
LOST = N_("Whoever began this may not do it any more. Somebody who may can begin it again.")


@dataclass(eq=False)
class Run:
    """One piece of long work at a unit: how far it is (`done` of `total`) and how it ended.

    `beat_at` is when whoever does the work last said so; a run whose beat has stopped may be taken up by another.
    """

    id: str
    unit_id: str
    kind: RunKind
    title: str
    begun_by: str
    begun_at: datetime
    status: RunStatus = RunStatus.WAITING
    done: int = 0
    total: int = 0
    beat_at: datetime | None = None
    trouble: str = ""


@dataclass(eq=False)
class RunRow:
    """One row that was handed in for a run, as it was read; `trouble` says why it could not be taken."""

    id: str
    unit_id: str
    run_id: str
    n: int
    fields: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    flag_id: str | None = None


@dataclass(eq=False)
class Group:
    """A proposal that several flags, or entries of several communities, are one matter.

    `risk_id` is the entry it would join, if any; `strength` (0–1) is how sure the weakest tie that holds it together
    is; `weak` marks a large group that hangs together by weak ties.
    """

    id: str
    unit_id: str
    run_id: str
    n: int
    strength: float
    risk_id: str | None = None
    weak: bool = False
    status: GroupStatus = GroupStatus.OPEN
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(eq=False)
class Member:
    """One flag or entry in a group: how sure (0–1) and because of which words; `left_out` when a person took it out."""

    id: str
    unit_id: str
    group_id: str
    strength: float
    because: list[str] = field(default_factory=list)
    flag_id: str | None = None
    risk_id: str | None = None
    left_out: bool = False


@dataclass(frozen=True)
class RunState:
    """A run as it is told: how far it is, and of rows handed in how many were taken, refused and are left."""

    id: str
    unit_id: str
    unit: str
    kind: RunKind
    title: str
    begun_by: str
    begun_at: datetime
    status: RunStatus
    done: int
    total: int
    trouble: str
    taken: int = 0
    refused: int = 0
    left: int = 0

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_grouping(self) -> bool:
        """Whether every row is dealt with and what was said is being compared."""
        return self.status is RunStatus.RUNNING and not self.left

    @property
    def share(self) -> float:
        """How much of the present step is done, 0 to 1: of taking rows in, or of comparing."""
        if self.left:
            return 1 - self.left / (self.taken + self.refused + self.left)
        return min(1.0, self.done / self.total) if self.total else 0.0

    @property
    def why(self) -> str:
        """Why it stopped, as a sentence; a fault of the program by the number it was noted under."""
        if len(self.trouble) == FAULT:
            return _("Something did not work here. It has been noted under number {number}.", number=self.trouble)
        return _(self.trouble)


FAULT = 6
"""Characters of the number a fault is noted under."""


@dataclass(frozen=True)
class Refusal:
    """Rows that were not taken for the same reason: what would be right, and their numbers in the file."""

    why: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Told:
    """Words to compare: of a flag, of an entry, or of a flag in an entry; `known` is the entry they are of."""

    risk_id: str
    flag_id: str
    unit_id: str
    text: str
    title: str = ""
    item_id: str | None = None
    item: str = ""
    place_id: str | None = None
    day: date | None = None
    known: str = ""


def runs(work: "Work", kind: RunKind) -> list[RunState]:
    """The runs of a kind where the actor may begin one, the newest first."""
    scope = work.actor.require(RIGHTS[kind])
    return work.store.run_states(scope, kind)


def state(work: "Work", kind: RunKind, run_id: str) -> RunState:
    """How far one run is."""
    scope = work.actor.require(RIGHTS[kind])
    work.store.one(Run, run_id, scope)
    [found] = work.store.run_states(scope, kind, run_id)
    return found


def refusals(work: "Work", run_id: str) -> list[Refusal]:
    """The rows of an intake that were not taken, by reason, the most frequent first."""
    scope = work.actor.require(Permission.FLAG_RECORD)
    rows: dict[str, list[int]] = {}
    for n, why in work.store.refused_rows(scope, run_id):
        rows.setdefault(why, []).append(n)
    return sorted((Refusal(why, tuple(ns)) for why, ns in rows.items()), key=lambda one: (-len(one.rows), one.rows))


def cancel(work: "Work", kind: RunKind, run_id: str) -> None:
    """Stop a run: what has been taken stays, the words of rows that have not been are dropped."""
    scope = work.actor.require(RIGHTS[kind])
    run = work.store.one(Run, run_id, scope)
    if run.status not in LIVE or run.kind in UNSTOPPED:
        raise Stale
    run.status = RunStatus.CANCELLED
    work.store.forget_rows(scope, run.id)
    work.record(Event.RUN_CANCELLED, run.id, chain=run.unit_id, kind=run.kind)


def go_on(work: "Work", kind: RunKind, run_id: str) -> None:
    """Put a run that has failed up again; it goes on where it stopped."""
    scope = work.actor.require(RIGHTS[kind])
    run = work.store.one(Run, run_id, scope)
    if run.status is not RunStatus.FAILED:
        raise Stale
    resume(work, run)


def resume(work: "Work", run: Run) -> None:
    """Let a run that was stopped wait for its turn again, in the name of whoever wants it now."""
    run.status, run.trouble, run.beat_at, run.begun_by = RunStatus.WAITING, "", None, work.person_id
    work.record(Event.RUN_RESUMED, run.id, chain=run.unit_id, kind=run.kind)


def held(work: "Work", run_id: str, beat: datetime, scope: Scope) -> Run | None:
    """The run, nobody else's until the deed is over; None when it was cancelled or taken up by another since `beat`."""
    run = work.store.one(Run, run_id, scope)
    return run if run.status is RunStatus.RUNNING and run.beat_at == beat else None


def end(work: "Work", run: Run, status: RunStatus, trouble: str = "") -> None:
    """Close a run as finished or failed."""
    run.status, run.trouble = status, trouble
    if status is RunStatus.DONE:
        run.done = run.total
    event = Event.RUN_FINISHED if status is RunStatus.DONE else Event.RUN_FAILED
    work.record(event, run.id, chain=run.unit_id, kind=run.kind)


def in_whose_name(work: "Work", run: Run) -> Actor:
    """Whoever began a run, with the rights they hold now; none once they have left."""
    person = work.store.person(run.begun_by)
    held_now = work.store.grants(person.id) if person.left_on is None else []
    return Actor(person.id, person.name, tuple(Grant(role, path) for role, path in held_now), person.unit_id)

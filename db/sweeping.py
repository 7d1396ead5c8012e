"""The sweep: the one thing that is driven by time. One server at a time runs it, in short transactions.

A job does its lots one by one; that a lot has had its day is kept in the transaction that did it, so that whoever is
killed half-way loses nothing and repeats nothing. A server that was away for a week does each lot once, with the last
day it was done for.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from core import dates
from core.access import EVERYWHERE, Actor, Grant
from core.alerts import sweeps
from core.errors import Stale
from core.store import Work
from core.text import _
from core.words import Role
from db.work import reading, work

PROGRAM = Actor(None, "program", (Grant(Role.SYSTEM_ADMIN, EVERYWHERE),))
NAME = "sweep"
"""The lease of the sweep."""
WHOLE = "*"
"""The lot that stands for a job as a whole: all its lots have had their day."""
TRIES = 5
Note = Callable[[BaseException], object]


class Lost(Exception):
    """The lease is another server's by now, or this one is stopping: leave everything as it is."""


def loud(fault: BaseException) -> None:
    """Let a fault of one lot end the sweep."""
    raise fault


@dataclass(frozen=True)
class Job:
    """Something done by time: once a day, or whenever `waits` says that there is something to do.

    `deletes` marks what is not done on the word of a clock that has leapt; `title` is what an operator reads.
    """

    name: str
    run: Callable[["Turn"], None]
    waits: Callable[[Work], bool] | None = None
    deletes: bool = False
    title: str = ""

    @property
    def label(self) -> str:
        return _(self.title) if self.title else self.name


@dataclass
class Turn:
    """One job in the hands of whoever holds the lease; `found` counts what was done, `faults` what went wrong."""

    engine: Engine
    holder: str
    job: Job
    now: Callable[[], datetime]
    stopped: Callable[[], bool]
    note: Note
    found: Counter[str] = field(default_factory=Counter)
    faults: int = 0

    def ask(self, question: Callable[..., Any], *args: Any) -> Any:
        with reading(self.engine, PROGRAM, self.now()) as asked:
            return question(asked, *args)

    def do(self, deed: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """A step in a transaction of its own, tried again when it met another deed; `Lost` without the lease."""
        for left in reversed(range(TRIES)):
            try:
                with work(self.engine, PROGRAM, self.now()) as doing:
                    if self.stopped() or not doing.store.keep_lease(NAME, self.holder):
                        raise Lost
                    return deed(doing, *args, **more)
            except Stale:
                if not left:
                    raise
        return None

    def left(self, lots: Sequence[str]) -> Iterator[tuple[str, date | None]]:
        """The lots that have not had this day yet, each with the last day it was done for."""
        marks = self.ask(lambda asked: asked.store.marks(self.job.name))
        today = dates.today(self.now())
        for lot in lots:
            since = marks.get(lot)
            if since is None or since < today:
                yield lot, since

    def once(self, lot: str, deed: Callable[..., Any], *args: Any) -> Any:
        """Do a lot that has not had this day and mark it in the same transaction; a fault leaves it for later."""
        try:
            return self.do(self._marked, lot, deed, *args)
        except Lost:
            raise
        except Exception as fault:
            self.faults += 1
            self.note(fault)
            return None

    def _marked(self, doing: Work, lot: str, deed: Callable[..., Any], *args: Any) -> Any:
        since = doing.store.mark(self.job.name, lot)
        if since is not None and since >= doing.today:
            return None
        given = deed(doing, *args)
        doing.store.put_mark(self.job.name, lot, doing.today)
        return given


def by_unit(deed: Callable[[Work, str, date | None], object], *, closed: bool = False) -> Callable[[Turn], None]:
    """A job of one lot for each open unit that holds a register: `deed(work, unit_id, last day it was done for)`; with
    `closed` also for closed ones, where what is still open goes on."""

    def run(turn: Turn) -> None:
        for unit_id, since in turn.left(turn.ask(sweeps.registers, closed)):
            turn.once(unit_id, deed, unit_id, since)

    return run


@dataclass(frozen=True)
class Swept:
    """What a sweep did by job, how much went wrong, and whether another server was at it."""

    found: dict[str, Counter[str]]
    faults: int = 0
    is_elsewhere: bool = False


def sweep(
    engine: Engine, jobs: Sequence[Job], *, stopped: Callable[[], bool] = lambda: False, note: Note = loud,
    now: Callable[[], datetime] | None = None,
) -> Swept:  # fmt: skip
    """Do what is due of the jobs; `now` stands in for the database's clock where a test drives the time."""
    clock = now or clock_of(engine)
    with reading(engine, PROGRAM, clock()) as asked:
        if not asked.store.is_founded() or not (sweeps.has_turned(asked) or due(asked, jobs)):
            return Swept({})
    holder = secrets.token_hex(10)
    with work(engine, PROGRAM, clock()) as doing:
        if not doing.store.take_lease(NAME, holder):
            return Swept({}, is_elsewhere=True)
    turns: list[Turn] = []

    def turn_of(job: Job) -> Turn:
        turns.append(Turn(engine, holder, job, clock, stopped, note))
        return turns[-1]

    try:
        _carry_out(jobs, turn_of)
    except Lost:
        pass
    finally:
        with work(engine, PROGRAM, clock()) as doing:
            doing.store.give_lease(NAME, holder)
    return Swept({turn.job.label: turn.found for turn in turns if turn.found}, sum(turn.faults for turn in turns))


def clock_of(engine: Engine) -> Callable[[], datetime]:
    """The database's clock, as this machine's with the difference there is now."""
    with reading(engine, PROGRAM) as asked:
        ahead = asked.store.clock() - dates.now()
    return lambda: dates.now() + ahead


def due(work: Work, jobs: Sequence[Job]) -> list[Job]:
    """The jobs that have something to do now; none on a clock that stands before the last sweep."""
    if sweeps.is_behind(work):
        return []
    held = sweeps.has_leapt(work)
    return [job for job in jobs if not (held and job.deletes) and _is_due(work, job)]


def _is_due(work: Work, job: Job) -> bool:
    if job.waits is not None:
        return job.waits(work)
    done = work.store.mark(job.name, WHOLE)
    return done is None or done < work.today


def _carry_out(jobs: Sequence[Job], turn_of: Callable[[Job], Turn]) -> None:
    first = turn_of(Job(sweeps.CLOCK, lambda _turn: None))
    if first.ask(sweeps.has_turned):
        first.do(sweeps.look_at_clock)
    for job in first.ask(due, jobs):
        turn = turn_of(job)
        try:
            job.run(turn)
            if job.waits is None and not turn.faults:
                turn.once(WHOLE, lambda _doing: None)
        except Lost:
            raise
        except Exception as fault:
            turn.faults += 1
            turn.note(fault)

"""Whoever carries out long work: takes up runs one after the other, in small steps that a killed server can lose."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from core import dates
from core.access import EVERYWHERE, Actor, Scope
from core.alike import calibration, vocabulary
from core.alike.bunching import Bunch, bunches
from core.alike.grouping import Cancelled
from core.alike.likeness import Lexicon
from core.alike.pieces import Said
from core.alike.weighing import Model
from core.errors import Denied, Missing, Refused, Stale
from core.inspection import campaigns
from core.review import recurrence, runs, taking
from core.review.runs import Told
from core.store import Work
from core.words import RunKind, RunStatus
from db import jobs
from db.work import reading, work

PAUSE = 2.0
"""Seconds between two looks for a run."""
REST = 0.02
"""Seconds between two steps, in which whoever waits to write gets in between."""
BEAT = timedelta(seconds=1)
"""How often a run that compares says how far it is."""
LOOK, AGAIN = 20.0, 600.0
"""Seconds between two looks for what is due by time, and after something of it has failed."""
TRIES = 5
PROGRAM = Actor(None, "program")
EVERYTHING = Scope((EVERYWHERE,))
Note = Callable[[BaseException], str]
"""Notes a fault of the program and gives the number it stands under."""


@dataclass
class Turn:
    """One run in the hands of one worker: `beat` is what it said last; whoever finds another there has lost it."""

    engine: Engine
    run_id: str
    kind: RunKind
    actor: Actor
    beat: datetime
    stopped: Callable[[], bool]

    def go_on(self, done: int, total: int) -> bool:
        """Say how far it is, at most once a second; False when it is to be left alone."""
        if self.stopped():
            return False
        now = dates.now()
        if now - self.beat < BEAT:
            return True
        with work(self.engine, PROGRAM, now) as doing:
            mine = doing.store.beat_run(self.run_id, self.beat, now, done, total)
        self.beat = now if mine else self.beat
        return mine

    def ask(self, question: Callable[..., Any], *args: object) -> Any:
        with reading(self.engine, self.actor) as asked:
            return question(asked, self.run_id, *args)

    def do(self, deed: Callable[..., Any], *args: object) -> Any:
        """A step; one that met another deed is tried again."""
        for turn in range(TRIES):
            try:
                with work(self.engine, self.actor) as doing:
                    done = deed(doing, self.run_id, self.beat, *args)
                self.beat = doing.now if done else self.beat
                return done
            except Stale:
                if turn == TRIES - 1:
                    raise
        return None


def work_off(engine: Engine, stopped: Callable[[], bool], note: Note) -> bool:
    """Take up the run that has waited longest and carry it as far as it goes; False when none waits."""
    with reading(engine, PROGRAM) as asked:
        if asked.store.next_run(asked.now) is None:
            return False
    with work(engine, PROGRAM) as doing:
        run = doing.store.next_run(doing.now)
        if run is None:
            return False
        doing.store.claim_run(run.id, doing.now)
        turn = Turn(engine, run.id, run.kind, runs.in_whose_name(doing, run), doing.now, stopped)
    busy = False
    try:
        STEPS[turn.kind](turn)
    except Stale:
        busy = True
    except (Denied, Missing):
        _fail(turn, runs.LOST)
    except Exception as fault:
        _fail(turn, note(fault))
    if busy or stopped():
        with work(engine, PROGRAM) as doing:
            doing.store.release_run(turn.run_id, turn.beat)
    return not busy


def _fail(turn: Turn, trouble: str) -> None:
    """End a run that cannot go on, unless it is another worker's by now."""
    with work(turn.engine, turn.actor) as doing:
        run = runs.held(doing, turn.run_id, turn.beat, EVERYTHING)
        if run is not None:
            runs.end(doing, run, RunStatus.FAILED, trouble)


def _intake(turn: Turn) -> None:
    more: bool | None = True
    while more:
        if turn.stopped():
            return
        more = turn.do(taking.take_rows)
        time.sleep(REST)
    found = _compared(turn, taking.told, taking.key) if more is not None else None
    if found is not None:
        turn.do(taking.keep_groups, turn.ask(taking.proposals, found))


def _recurrence(turn: Turn) -> None:
    found = _compared(turn, recurrence.told, recurrence.key)
    if found is not None:
        turn.do(recurrence.keep_groups, found)


def _freezing(turn: Turn) -> None:
    while not turn.stopped() and turn.do(campaigns.freeze):
        time.sleep(REST)


def _compared(turn: Turn, told: Callable[..., list[Told]], key: Callable[[Told], str]) -> list[Bunch] | None:
    """What belongs together of all that was said, found in one pass outside any transaction; None when stopped."""
    said = [_said(one, key) for one in turn.ask(told)]
    lexicon, model = turn.ask(_measure)
    try:
        found = bunches(said, turn.go_on, lexicon=lexicon, model=model)
    except Cancelled:
        return None
    return None if turn.stopped() else found


def _measure(work: Work, _run_id: str) -> tuple[Lexicon, Model]:
    """The vocabulary and the weights in use at this site."""
    return vocabulary.lexicon(work), calibration.model(work)


def _said(one: Told, key: Callable[[Told], str]) -> Said:
    day = one.day.toordinal() if one.day else None
    return Said(key(one), one.text, one.title, one.item_id, one.place_id, day, one.unit_id, one.known)


STEPS: dict[RunKind, Callable[[Turn], None]] = {
    RunKind.INTAKE: _intake, RunKind.RECURRENCE: _recurrence, RunKind.FREEZING: _freezing,
}  # fmt: skip


class Worker:
    """Two threads of the server for the database in use: one works off whatever waits, one does what is due by time."""

    def __init__(self, engine: Callable[[], Engine], note: Note) -> None:
        self._engine, self._note, self._end = engine, note, threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(act,), name=name, daemon=True)
            for name, act in (("worker", self._work_off), ("sweeper", self._sweep))
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish the steps at hand and give the run and the lease back, if it was started."""
        self._end.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=20)

    def _run(self, act: Callable[[], float]) -> None:
        while not self._end.is_set():
            try:
                pause = act()
            except Refused:  # no site is open yet, or another server was first
                pause = PAUSE
            except Exception as fault:  # a database that is away comes back
                self._note(fault)
                pause = PAUSE
            self._end.wait(pause)

    def _work_off(self) -> float:
        return 0 if work_off(self._engine(), self._end.is_set, self._note) else PAUSE

    def _sweep(self) -> float:
        done = jobs.sweep(self._engine(), stopped=self._end.is_set, note=self._note)
        return AGAIN if done.faults else LOOK

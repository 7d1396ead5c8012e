"""Verbs that carry out what a server would do by itself: long work, and what is due by time."""

import secrets
import signal
import sys
import threading
import traceback
from collections.abc import Mapping

from core.alerts import sweeps
from core.text import N_, _
from db import jobs
from db.engine import databases
from db.sweeping import PROGRAM
from db.verbs import switch, verb
from db.work import work as deed
from db.worker import Worker


@verb("work", N_("Carry out long work outside the server"))
def work() -> int:
    """Carry out long work outside the server, until the command is ended."""
    end = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_sign: end.set())
    if why := jobs.trouble():
        print(why, file=sys.stderr, flush=True)
    worker = Worker(databases.current, note)
    worker.start()
    print(_("Ready for long work. End this command to stop."), flush=True)
    end.wait()
    worker.stop()
    return 0


@verb(
    "sweep", N_("Do what is due by time: deletions, messages, reminders"),
    switch("--dry-run", N_("Only say what would be done")),
    switch("--trust-clock", N_("Take the clock of this machine for right")),
)  # fmt: skip
def sweep(*, dry_run: bool, trust_clock: bool = False) -> int:
    """Do what is due by time, or with `--dry-run` only say what it would be; 1 when something of it failed."""
    engine = databases.current()
    if trust_clock:
        with deed(engine, PROGRAM) as doing:
            sweeps.trust_clock(doing)
    if dry_run:
        _tell(_("To be deleted:"), {kind.label: count for kind, count in jobs.to_delete(engine).items()})
        for name, since in jobs.still_to_do(engine).items():
            print(_("Due: {job}, last done on {day}", job=name, day=since or "–"))
        return 0
    done = jobs.sweep(engine, note=note)
    if done.is_elsewhere:
        print(_("Another server is at it; nothing is left to do here."))
    for name, found in done.found.items():
        _tell(_("Done: {job}", job=name), found)
    return 1 if done.faults else 0


def _tell(head: str, found: Mapping[str, int]) -> None:
    print(head)
    for kind, count in found.items():
        print(_("{count} × {kind}", count=count, kind=kind))


def note(fault: BaseException) -> str:
    """Tell a fault on the console under a number, without its message, which may hold what a person typed."""
    number = secrets.token_hex(3)
    steps = traceback.format_list(traceback.extract_tb(fault.__traceback__))
    print(f"fault {number}\n{''.join(steps)}{type(fault).__name__}", file=sys.stderr, flush=True)
    return number

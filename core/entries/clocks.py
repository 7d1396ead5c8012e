"""Clocks (时限): who holds an entry, since when and until when. Whoever holds it holds its clock.

An open entry has one running clock, an ended one none. Passing an entry on ends one clock and starts the next; all of
them stay, so that how long each holder had it can be seen.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core import dates
from core.lifecycle import ENDED
from core.organisation.units import new_id
from core.store import Work
from core.words import Handing

if TYPE_CHECKING:
    from core.entries.risks import Risk


@dataclass(eq=False)
class Clock:
    """One spell of holding an entry, the nth: by which unit, how it came there, and by which day it is to be done."""

    id: str
    unit_id: str
    risk_id: str
    n: int
    holder_id: str
    how: Handing
    started_on: date
    due_on: date
    reason: str = ""
    handed_by: str | None = None
    extended: int = 0
    extended_by: str | None = None
    extension_reason: str = ""
    ended_on: date | None = None

    @property
    def status(self) -> Handing:
        return self.how


@dataclass(frozen=True)
class ClockRow:
    """A spell of holding with the names of who held it and who passed it there; `extended` in working days."""

    risk_id: str
    holder_id: str
    holder: str
    how: Handing
    reason: str
    started_on: date
    due_on: date
    handed_by: str
    extended: int
    extension_reason: str
    ended_on: date | None

    def held(self, today: date) -> int:
        """Days it was held, the first not counted."""
        return ((self.ended_on or today) - self.started_on).days


def follow(work: Work, risk: "Risk") -> None:
    """Let an open entry have its running clock, and an ended one none; called wherever its state changes."""
    running = work.store.running_clock(risk.id)
    if risk.status in ENDED:
        if running is not None:
            work.store.end_clock(running, work.today)
    elif running is None:
        start(work, risk, risk.unit_id, Handing.BEGUN)


def start(
    work: Work, risk: "Risk", holder_id: str, how: Handing, reason: str = "", due_on: date | None = None
) -> Clock:
    """Start the clock of whoever holds an entry now; the one that ran before ends."""
    before = work.store.last_clock(risk.id)
    if before is not None and before.ended_on is None:
        work.store.end_clock(before, work.today)
    due = due_on or work.calendar.after(work.today, dates.FINISH)
    clock = Clock(
        new_id(), risk.unit_id, risk.id, before.n + 1 if before else 1, holder_id, how, work.today, due, reason,
        work.actor.person_id,
    )  # fmt: skip
    work.store.add(clock)
    return clock

"""The sweep (定时任务): what is done because time has passed, and whether the clock that says so can be believed."""

from core.access import Permission
from core.events import Event
from core.store import Work

CLOCK, SEEN, BACK, LEAPT = "clock", "seen", "back", "leapt"
"""Marks of the clock itself: the last day of a sweep, the last day it was found behind, the day it leapt to."""
LEAP = 30
"""Days without a sweep after which nothing is deleted until an operator has said that the clock is right."""


def has_turned(work: Work) -> bool:
    """Whether the clock has not been looked at on this day yet."""
    work.actor.require(Permission.SITE_KEEP)
    marks = work.store.marks(CLOCK)
    return work.today not in (marks.get(SEEN), marks.get(BACK))


def look_at_clock(work: Work) -> None:
    """Note the day of a sweep; days that were left out, and a clock behind the last sweep, leave a line in the log."""
    work.actor.require(Permission.SITE_KEEP)
    seen = work.store.mark(CLOCK, SEEN)
    gap = (work.today - seen).days if seen else 1
    top = work.store.top_unit()
    if gap < 0:
        work.store.put_mark(CLOCK, BACK, work.today)
        work.record(Event.CLOCK_BEHIND, top.id, chain=top.id, days=-gap)
        return
    work.store.put_mark(CLOCK, SEEN, work.today)
    if gap > 1:
        work.record(Event.SWEEP_MISSED, top.id, chain=top.id, days=gap - 1)
    if gap > LEAP:
        work.store.put_mark(CLOCK, LEAPT, work.today)


def is_behind(work: Work) -> bool:
    """Whether the clock stands before the last sweep: then nothing is done, for it has been done."""
    work.actor.require(Permission.SITE_KEEP)
    seen = work.store.mark(CLOCK, SEEN)
    return seen is not None and seen > work.today


def has_leapt(work: Work) -> bool:
    """Whether the clock has leapt so far that nothing is deleted on its word."""
    work.actor.require(Permission.SITE_KEEP)
    return work.store.mark(CLOCK, LEAPT) is not None


def trust_clock(work: Work) -> None:
    """Take the clock for right: what was done on days still to come counts as done today."""
    work.actor.require(Permission.SITE_KEEP)
    work.store.trust_marks(work.today, CLOCK, LEAPT)
    top = work.store.top_unit()
    work.record(Event.CLOCK_TRUSTED, top.id, chain=top.id)


def registers(work: Work, closed: bool = False) -> list[str]:
    """The open units that hold a register, where what is done daily is done; with `closed` the closed ones too."""
    work.actor.require(Permission.SITE_KEEP)
    return [row.id for row in work.store.communities(closed=closed)]

"""Doors (门锁): what a secret opens is closed for a while after too many wrong ones, on every server at once."""

from datetime import datetime, timedelta

from core.errors import Refused
from core.store import Work
from core.text import N_

TRIES, LOCKED = 5, timedelta(minutes=15)
FORGOTTEN = timedelta(days=30)
"""How long wrong tries are remembered that have not closed a door."""
TOO_MANY = N_("Too many wrong tries. Please try again after 15 minutes.")


def is_closed(until: datetime | None, now: datetime) -> bool:
    """Whether what was closed until a moment still is: not where a clock set back since would make it wait for days.
    Another server's clock may be ahead of this one's by a quarter of an hour, and what it closes is closed."""
    return until is not None and now < until <= now + 2 * LOCKED


def refuse_closed(work: Work, door: str, why: str = TOO_MANY) -> None:
    """`Refused` while a door is closed."""
    if is_closed(work.store.closed_until(door), work.now):
        raise Refused(why)


def wrong(work: Work, door: str, closed_for: timedelta = LOCKED, why: str = TOO_MANY) -> None:
    """Count a wrong try, which the caller commits; the fifth closes the door, and of many at once none beyond it is
    answered."""
    count, until = work.store.count_wrong(door, work.today)
    if is_closed(until, work.now):
        raise Refused(why)
    if count >= TRIES:
        work.store.close_door(door, work.now + closed_for)

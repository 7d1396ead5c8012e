"""Periods (公开时限): for which spans of time something is made public, and by which day. Nothing here knows the store.

Every limit counts Chinese working days (domain rule on clocks) but the notice itself, which is calendar days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core import dates
from core.organisation.calendar import Calendar
from core.text import _, day
from core.words import DisclosureWhen as When

GRACE = {When.MONTHLY: 5, When.QUARTERLY: 10, When.HALF_YEARLY: 10, When.YEARLY: 15}
"""Working days after the last day of a period by which it is made public."""
AT_ONCE = 5
"""Working days after something was noted by which it is made public, or its notice is put up."""
NOTICE = dates.PUBLIC_NOTICE
"""Calendar days a notice stays up."""
MONTHS = {When.MONTHLY: 1, When.QUARTERLY: 3, When.HALF_YEARLY: 6, When.YEARLY: 12}
REPEATING = frozenset(MONTHS)
ON_OCCASION = frozenset({When.IMMEDIATE, When.NOTICE_7_DAYS})
"""What is made public when something happens, which a person notes."""


@dataclass(frozen=True)
class Period:
    """A span of days that one disclosure answers for, from `first` to `last`, and the day it is due.

    `key` is the same whenever the same period is worked out again.
    """

    key: str
    first: date
    last: date
    due_on: date


def repeating(when: When, since: date, until: date, calendar: Calendar) -> Iterator[Period]:
    """The periods of a repeating disclosure that have begun by `until`, the first the one in which `since` lies.

    Each day from `since` to `until` lies in exactly one of them.
    """
    months = MONTHS[when]
    first = date(since.year, (since.month - 1) // months * months + 1, 1)
    while first <= until:
        following = _months_later(first, months)
        last = following - timedelta(days=1)
        yield Period(_key(first, months), first, last, calendar.after(last, GRACE[when]))
        first = following


def standing(since: date, calendar: Calendar) -> Period:
    """What a permanent disclosure owes on being taken in or changed on a day."""
    return Period(f"from-{since.isoformat()}", since, since, calendar.after(since, AT_ONCE))


def occasion(on: date, number: int, calendar: Calendar) -> Period:
    """What is owed for something that happened on a day; `number` tells several of one day apart."""
    return Period(f"on-{on.isoformat()}-{number}", on, on, calendar.after(on, AT_ONCE))


def up_until(when: When, published_on: date) -> date | None:
    """The last day on which a notice that was put up on a day has to stay; None for what is no notice."""
    return published_on + timedelta(days=NOTICE) if when is When.NOTICE_7_DAYS else None


def late_by(due_on: date, published_on: date | None, today: date) -> int:
    """Calendar days by which something was, or so far is, published late; 0 in time."""
    return max(0, ((published_on or today) - due_on).days)


def words(when: When, first: date) -> str:
    """A period as people say it: its month, quarter, half or year; else the day it goes back to."""
    facts = {"year": first.year, "month": first.month, "quarter": (first.month + 2) // 3}
    if when is When.MONTHLY:
        return _("{year}-{month:02d}").format(**facts)
    if when is When.QUARTERLY:
        return _("{year}, quarter {quarter}").format(**facts)
    if when is When.HALF_YEARLY:
        return (_("{year}, first half") if first.month < 7 else _("{year}, second half")).format(**facts)
    if when is When.YEARLY:
        return _("the year {year}").format(**facts)
    return _("since {day}", day=first) if when is When.PERMANENT else day(first)


def _key(first: date, months: int) -> str:
    """A month as 2026-11, a quarter as 2026-Q4, a half-year as 2026-H2, a year as 2026."""
    part = (first.month - 1) // months + 1
    return {1: f"{first.year}-{part:02d}", 3: f"{first.year}-Q{part}", 6: f"{first.year}-H{part}"}.get(
        months, str(first.year)
    )


def _months_later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)

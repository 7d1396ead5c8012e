"""The calendar of a round: four parts from its search to its freezing, and which of them today is.

The parts are the year's four quarters (domain rules on rounds): search in three ways; rate, publish and file; measures
and spot checks; evaluate, carry over and freeze.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from core.errors import Invalid
from core.text import N_, Term, _


class Phase(Term):
    SEARCH = "search", N_("Search in three ways")
    FILING = "filing", N_("Rate, publish and file")
    CONTROL = "control", N_("Measures and spot checks")
    EVALUATION = "evaluation", N_("Evaluate, carry over and freeze")


class Dated(Protocol):
    """Whatever has the calendar of a round."""

    @property
    def starts_on(self) -> date: ...
    @property
    def filing_from(self) -> date: ...
    @property
    def control_from(self) -> date: ...
    @property
    def evaluation_from(self) -> date: ...
    @property
    def ends_on(self) -> date: ...


class Closable(Dated, Protocol):
    """A round, or a row of one."""

    @property
    def closed_on(self) -> date | None: ...


@dataclass(frozen=True)
class Calendar:
    """The first day of each part, and the last day of the round."""

    starts_on: date
    filing_from: date
    control_from: date
    evaluation_from: date
    ends_on: date


FIELDS = ("filing_from", "control_from", "evaluation_from")
LONGEST = 366
"""Days: a round is one year's campaign at most."""
A_YEAR = timedelta(days=364)
"""From the first day of a round to the last one that is proposed."""


def proposed(starts_on: date, ends_on: date) -> Calendar:
    """Four parts as equal as whole days allow."""
    length = (ends_on - starts_on).days + 1
    first, second, third = (starts_on + timedelta(days=length * n // 4) for n in (1, 2, 3))
    return Calendar(starts_on, first, second, third, ends_on)


def checked(calendar: Calendar) -> Calendar:
    """The calendar itself; `Invalid` where it is longer than a year or its days do not follow one another."""
    if calendar.ends_on < calendar.starts_on:
        raise Invalid(ends_on=_("The end lies before the start."))
    if calendar.ends_on > calendar.starts_on + timedelta(days=LONGEST):
        raise Invalid(ends_on=_("A round lasts a year at most."))
    days = [calendar.starts_on, *[getattr(calendar, name) for name in FIELDS]]
    for name, before in zip(FIELDS, days, strict=False):
        if not before <= getattr(calendar, name) <= calendar.ends_on:
            raise Invalid(**{name: _("Each part begins after the one before it and within the round.")})
    return calendar


def begins(of: Dated) -> dict[Phase, date]:
    """The first day of each part."""
    return dict(zip(Phase, (of.starts_on, of.filing_from, of.control_from, of.evaluation_from), strict=True))


def ends(of: Dated) -> dict[Phase, date]:
    """The last day of each part."""
    following = (of.filing_from, of.control_from, of.evaluation_from)
    lasts = [_before(day, of) for day in following]
    return dict(zip(Phase, (*lasts, of.ends_on), strict=True))


def inspected_by(of: Dated) -> date:
    """The day self-inspections are due: the last one of the search. They are still taken until the round ends."""
    return _before(of.filing_from, of)


def _before(first: date, of: Dated) -> date:
    """The last day of the part before the one that begins on a day; a round's first day is in it."""
    return max(first - timedelta(days=1), of.starts_on)


def phase(of: Dated, today: date) -> Phase | None:
    """Which part a day lies in; None before and after the round."""
    if not of.starts_on <= today <= of.ends_on:
        return None
    return [part for part, first in begins(of).items() if first <= today][-1]


def is_open(of: Closable, today: date) -> bool:
    """Whether the round runs on a day and has not been closed."""
    return of.closed_on is None and of.starts_on <= today <= of.ends_on


def told(of: Closable, today: date) -> str:
    """Where a round stands today, as a sentence."""
    if of.closed_on is not None:
        return _("Closed and frozen on {day}", day=of.closed_on)
    if today < of.starts_on:
        return _("Begins on {day}", day=of.starts_on)
    now = phase(of, today)
    if now is None:
        return _("Ended on {day}, not closed yet", day=of.ends_on)
    return _("Part {n} of 4: {phase}, until {day}", n=list(Phase).index(now) + 1, phase=now, day=ends(of)[now])

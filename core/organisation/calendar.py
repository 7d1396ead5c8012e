"""Working days (工作日): the Chinese calendar with its make-up days, and the days a site has entered itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import chinese_calendar
from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission
from core.errors import Invalid
from core.events import Event
from core.organisation.units import new_id
from core.store import Work
from core.text import N_, _, clean


@dataclass(eq=False)
class SpecialDay:
    """A day on which offices work or rest other than the program knows."""

    id: str
    day: date
    works: bool
    note: str


@dataclass(frozen=True)
class Calendar:
    """Which days offices work: as the site has entered, else by the national calendar, else Monday to Friday."""

    special: Mapping[date, bool] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        entered = self.special.get(day)
        return _national(day) if entered is None else entered

    def knows(self, year: int) -> bool:
        """Whether the holidays of a year are known: published with the program, or entered here."""
        return _published(year) or any(day.year == year for day in self.special)

    def after(self, start: date, count: int) -> date:
        """The last day of a limit of `count` working days that begins on the day after `start`."""
        current = start
        while count > 0:
            current += timedelta(days=1)
            count -= self.works(current)
        return current

    def left(self, today: date, due: date) -> int:
        """Working days from tomorrow to the due day; negative when it has passed."""
        step = 1 if due >= today else -1
        current, count = today, 0
        while current != due:
            current += timedelta(days=step)
            count += step * self.works(current)
        return count


@cache
def _national(day: date) -> bool:
    """Whether offices work by the national calendar; beyond the years it knows, Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


@cache
def _published(year: int) -> bool:
    try:
        return bool(chinese_calendar.get_holidays(date(year, 1, 1), date(year, 12, 31)))
    except NotImplementedError:
        return False


class SpecialDays(BaseModel):
    """Days in a row on which offices rest, or work to make up for it."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    first: date = Field(title=N_("First day"))
    last: date = Field(title=N_("Last day"))
    works: bool = Field(False, title=N_("Offices work on these days"))
    note: str = Field(title=N_("Why these days"), min_length=1, max_length=60)


LONGEST = 31
"""Days that are entered at once."""


@dataclass(frozen=True)
class Year:
    """A year of the calendar: whether its holidays are published with the program, and what was entered here."""

    year: int
    published: bool
    entered: tuple[SpecialDay, ...]


def in_use(work: Work) -> Calendar:
    """The calendar all limits are counted by."""
    work.actor.require(Permission.BOARD_READ)
    return work.calendar


def years(work: Work) -> list[Year]:
    """The year that runs and the next one, with what was entered for them."""
    work.actor.require(Permission.SITE_KEEP)
    days = work.store.special_days()
    return [
        Year(year, _published(year), tuple(day for day in days if day.day.year == year))
        for year in (work.today.year, work.today.year + 1)
    ]


def unknown_year(work: Work) -> int | None:
    """The year whose holidays are needed soon and known from nowhere: this one, or the next from November on."""
    work.actor.require(Permission.SITE_KEEP)
    needed = [work.today.year, *([work.today.year + 1] if work.today.month >= 11 else [])]
    return next((year for year in needed if not work.calendar.knows(year)), None)


def enter(work: Work, form: SpecialDays) -> None:
    """Say how offices work on some days; what was entered for them before is replaced."""
    work.actor.require(Permission.SITE_KEEP)
    if form.last < form.first:
        raise Invalid(last=_("The end lies before the start."))
    if (form.last - form.first).days >= LONGEST:
        raise Invalid(last=_("Please enter at most {n} days at once.", n=LONGEST))
    kept = {day.day: day for day in work.store.special_days()}
    for n in range((form.last - form.first).days + 1):
        day = form.first + timedelta(days=n)
        if day in kept:
            kept[day].works, kept[day].note = form.works, clean(form.note)
        else:
            work.store.add(SpecialDay(new_id(), day, form.works, clean(form.note)))
    work.record(
        Event.DAYS_ENTERED, form.first.isoformat(), chain=work.store.top_unit().id, last=form.last, works=form.works
    )


def forget(work: Work, day_id: str) -> None:
    """Take a day back, so that the national calendar holds for it again."""
    work.actor.require(Permission.SITE_KEEP)
    day = work.store.find(SpecialDay, day_id)
    if day is None:
        return
    work.store.remove(day)
    work.record(Event.DAY_TAKEN_BACK, day.day.isoformat(), chain=work.store.top_unit().id)

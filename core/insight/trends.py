"""How it goes over time (趋势): levels month by month, what a year brought, and on which days work was done.

Days and months count what offices do; what residents do is told of no day and no month (core.privacy.small).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.access import Permission, Scope
from core.entries.register import LEVELS
from core.insight.yearly import year_on_year
from core.rows import RoundRow, UnitRow
from core.store import Work
from core.text import N_, Term
from core.words import Change

MONTHS = 12
WEEKS = (13, 26, 52)
"""How far back a calendar of work may go."""
MOST = 40
"""Communities that are compared with their last year at once; a street has about twenty."""


class Deed(Term):
    """What offices do with the register, as the calendar counts it."""

    FOUND = "found", N_("Raised by cadres and superiors")
    OPENED = "opened", N_("Opened as an entry")
    RATED = "rated", N_("Level decided")
    REPORTED = "reported", N_("Progress and verdicts on measures")
    CLOSED = "closed", N_("Entry closed")
    LOOKED = "looked", N_("Looked at again")
    DISCLOSED = "disclosed", N_("Disclosures published")


@dataclass(frozen=True)
class LevelsOn:
    """Open entries by level at the end of a day; every level is there."""

    day: date
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class CommunityYear:
    """What became of a community's entries since the register its former round left; without one, `known` is False."""

    unit_id: str
    unit: str
    known: bool
    counts: dict[Change, int]


@dataclass(frozen=True)
class Years:
    """A round and the communities in it, in the order of the tree; none where they are more than `MOST`."""

    round: RoundRow
    communities: int
    rows: tuple[CommunityYear, ...]

    def count(self, change: Change) -> int:
        return sum(row.counts[change] for row in self.rows)


@dataclass(frozen=True)
class Month:
    """A month by its first day, and what offices did in it."""

    first: date
    deeds: dict[Deed, int]

    @property
    def total(self) -> int:
        return sum(self.deeds.values())


@dataclass(frozen=True)
class Calendar:
    """Deeds of offices on each day from a Monday until today, and the months in it, the newest first."""

    days: dict[date, int]
    months: tuple[Month, ...]

    @property
    def busiest(self) -> date | None:
        """The day with most deeds, the later one in a tie; None where nothing was done."""
        day = max(self.days, key=lambda day: (self.days[day], day))
        return day if self.days[day] else None


def levels(work: Work, unit_id: str | None = None, until: date | None = None) -> tuple[LevelsOn, ...]:
    """Open entries by level at the end of each of the last months and today, or a day before; months before the first
    entry that is known of are left out."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    turns, last = work.store.level_turns(scope, unit_id), until or work.today
    first = min((day for day, _level, _n in turns), default=last)
    return levels_on(turns, [day for day in month_ends(last) if day >= first])


def open_on(work: Work, unit_ids: Iterable[str], day: date) -> dict[str, LevelsOn]:
    """Open entries by level at the end of a day in each of some communities."""
    scope = work.actor.require(Permission.REGISTER_READ)
    found = {}
    for unit_id in unit_ids:
        [found[unit_id]] = levels_on(work.store.level_turns(scope, unit_id), [day])
    return found


def levels_on(turns: Iterable[tuple[date, str, int]], days: Sequence[date]) -> tuple[LevelsOn, ...]:
    """Counts at the end of days, from how they changed on each day."""
    found = []
    for end in days:
        counts: Counter[str] = Counter()
        for day, level, n in turns:
            if day <= end:
                counts[level] += n
        found.append(LevelsOn(end, {level: counts[level] for level in LEVELS}))
    return tuple(found)


def month_ends(today: date) -> list[date]:
    """The last day of each of the eleven months before this one, and today."""
    ends = [today]
    while len(ends) < MONTHS:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]


def years(work: Work, unit_id: str | None = None, round_id: str | None = None) -> Years | None:
    """New, changed and gone entries of a round's communities against last year, in a unit or in all the actor may see;
    the newest round without another. None where there was no round yet."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    rounds = work.store.round_rows(scope)
    chosen = next((row for row in rounds if round_id in (None, row.id)), None)
    if chosen is None:
        return None
    units = communities(work, scope, unit_id, chosen)
    if len(units) > MOST:
        return Years(chosen, len(units), ())
    return Years(chosen, len(units), tuple(_year(work, chosen, unit) for unit in units))


def communities(work: Work, scope: Scope, unit_id: str | None, chosen: RoundRow) -> list[UnitRow]:
    """The communities of a round, in a unit or in sight, in the order of the tree."""
    rows = work.store.registers(scope)
    paths = [work.store.register_of(chosen.unit_id).path]
    if unit_id is not None:
        paths.append(next((row.path for row in rows if row.id == unit_id), "//"))
    return [row for row in rows if row.is_community and all(row.path.startswith(path) for path in paths)]


def _year(work: Work, chosen: RoundRow, unit: UnitRow) -> CommunityYear:
    found = year_on_year(work, chosen.id, unit.id)
    counts = {change: found.count(change) for change in Change}
    return CommunityYear(unit.id, unit.name, found.former is not None, counts)


def calendar(work: Work, unit_id: str | None = None, weeks: int = 26) -> Calendar:
    """What offices did on each day of the last weeks, in a unit or in everything the actor may see."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    first = monday(work.today, weeks)
    since = first.replace(day=1)
    deeds = work.store.deeds_on(scope, unit_id, since, work.today)
    days = {first + timedelta(days=n): 0 for n in range((work.today - first).days + 1)}
    for _deed, day, n in deeds:
        if day in days:
            days[day] += n
    return Calendar(days, months(deeds, since, work.today))


def monday(today: date, weeks: int) -> date:
    """The Monday with which the last weeks begin, the running one among them."""
    return today - timedelta(days=today.weekday() + 7 * (weeks - 1))


def months(deeds: Iterable[tuple[Deed, date, int]], since: date, today: date) -> tuple[Month, ...]:
    """Deeds by month, whole months but the running one, the newest first."""
    counts: Counter[tuple[date, Deed]] = Counter()
    for deed, day, n in deeds:
        counts[day.replace(day=1), deed] += n
    firsts = [today.replace(day=1)]
    while firsts[-1] > since:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    return tuple(Month(first, {deed: counts[first, deed] for deed in Deed}) for first in firsts)

"""How fast entries come on (进度): how long they stay in each state, how many wait there, and how long flags wait."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.access import Permission
from core.insight.figures import EntryCount
from core.privacy.small import SMALLEST
from core.store import Work
from core.words import RiskStatus, Source

_R = RiskStatus
STATES = (_R.UNRATED, _R.RATED, _R.ANNOUNCED, _R.FILED, _R.CONTROLLED, _R.VERIFYING, _R.REOPENED)
"""The states in which something is still to be done, in their order."""


@dataclass(frozen=True)
class Spell:
    """How many entries stood in a state for so many days; over, or still there. A state that an entry had left by the
    end of the day it came there is no spell."""

    status: RiskStatus
    over: bool
    days: int
    n: int


@dataclass(frozen=True)
class FlagSpell:
    """How many flags of a voice waited for so many days until they were decided on, or wait still."""

    source: Source
    over: bool
    days: int
    n: int


@dataclass(frozen=True)
class StateRow:
    """One state: how many entries left it and after how many days (median), how many stand there now and since how
    many days (median). A median is None where there is nothing to take it of."""

    status: RiskStatus
    left: int
    days: float | None
    waiting: int
    waited: float | None


@dataclass(frozen=True)
class VoiceRow:
    """How long the flags of one voice wait for a decision. Of residents' flags no number is told, and the median alone
    where five have been decided on (core.privacy.small)."""

    source: Source
    decided: int | None
    days: float | None
    waiting: int | None


@dataclass(frozen=True)
class Pace:
    """How fast entries and flags come on."""

    states: tuple[StateRow, ...]
    voices: tuple[VoiceRow, ...]


def pace(work: Work, unit_id: str | None = None) -> Pace:
    """How long entries stay in each state and flags wait, in a unit or in everything the actor may see."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    spells = work.store.spells(scope, unit_id, work.today)
    flags = work.store.flag_spells(scope, unit_id, work.today)
    counted = work.store.entry_counts(scope, unit_id)
    return Pace(
        tuple(state_row(status, spells, counted) for status in STATES),
        tuple(voice_row(source, [one for one in flags if one.source is source]) for source in Source),
    )


def state_row(status: RiskStatus, spells: Iterable[Spell], counted: Iterable[EntryCount]) -> StateRow:
    here = [one for one in spells if one.status is status]
    left, still = ([(s.days, s.n) for s in here if s.over is over] for over in (True, False))
    waiting = sum(one.n for one in counted if one.status is status)
    return StateRow(status, sum(n for _days, n in left), median(left), waiting, median(still))


def voice_row(source: Source, spells: Iterable[FlagSpell]) -> VoiceRow:
    over, still = ([(s.days, s.n) for s in spells if s.over is over] for over in (True, False))
    decided, waiting = (sum(n for _days, n in some) for some in (over, still))
    if source is not Source.RESIDENT:
        return VoiceRow(source, decided, median(over), waiting)
    return VoiceRow(source, None, median(over) if decided >= SMALLEST else None, None)


def longest(rows: Iterable[StateRow]) -> StateRow | None:
    """The state in which entries stay longest before they go on, the earlier one in a tie; None before any has."""
    known = [row for row in rows if row.days is not None]
    return max(known, key=lambda row: row.days or 0, default=None)


def median(counted: Iterable[tuple[int, int]]) -> float | None:
    """The median of values that each stand there so many times, in halves at the finest; None of none."""
    runs = sorted(counted)
    total = sum(n for _value, n in runs)
    if not total:
        return None
    low, high = (_at(runs, place) for place in ((total - 1) // 2, total // 2))
    return (low + high) / 2


def _at(runs: Iterable[tuple[int, int]], place: int) -> int:
    """The value at a place, counted from 0."""
    before = 0
    for value, n in runs:
        before += n
        if before > place:
            return value
    raise IndexError(place)

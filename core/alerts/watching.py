"""What the warnings look at: the facts of one community on one day."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.words import Level, RiskStatus


@dataclass(frozen=True)
class MeasureFact:
    """A measure that is not verified and whose owner has not said that it is done."""

    id: str
    risk_id: str
    owner_id: str
    leader_id: str | None
    due_on: date


@dataclass(frozen=True)
class EntryFact:
    """An open entry. `rated_on` is the day of its last rating; `not_done` counts residents who say it is not solved;
    `orange` counts the orange warnings of the last year."""

    id: str
    status: RiskStatus
    level: Level | None
    rated_on: date | None
    owner_id: str | None
    leader_id: str | None
    measures: int
    not_done: int
    orange: int
    holder_id: str
    due_on: date


@dataclass(frozen=True)
class FlagFact:
    """A flag that waits for its first review, or a superior's point that waits for its answer; never a sealed one.

    `raised_by_unit` is where the superior is at home.
    """

    id: str
    due_on: date
    raised_by_unit: str | None


@dataclass(frozen=True)
class PostFact:
    """A post with power items that nobody holds, and since when."""

    id: str
    vacant_since: date


@dataclass(frozen=True)
class LookFact:
    """A second look at a closed entry that has not been made."""

    id: str
    risk_id: str
    due_on: date


@dataclass(frozen=True)
class DueFact:
    """A disclosure that is owed and not recorded as published, or a request for disclosure without an answer."""

    id: str
    due_on: date
    is_request: bool = False


@dataclass(frozen=True)
class LeftFact:
    """An open entry, a measure, a claim or a demo site whose person has left or holds no role for it here any more."""

    id: str
    risk_id: str | None


@dataclass(frozen=True)
class Watched:
    """Everything the rules see of a community; `above` is the nearest unit above it where a supervisor is."""

    unit_id: str
    above: str
    measures: tuple[MeasureFact, ...] = ()
    entries: tuple[EntryFact, ...] = ()
    flags: tuple[FlagFact, ...] = ()
    posts: tuple[PostFact, ...] = ()
    looks: tuple[LookFact, ...] = ()
    dues: tuple[DueFact, ...] = ()
    left: tuple[LeftFact, ...] = ()


YEAR = 365
"""Days within which orange warnings of one entry are counted."""


def year_before(today: date) -> date:
    """The first day of the year in which orange warnings are counted."""
    return today - timedelta(days=YEAR)

"""The register (台账) as it is read: filtered, sorted and paged rows."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.access import Permission
from core.store import Work
from core.words import Dimension, Level, RiskStatus, RiskType, Source

PAGE = 50


class Sort(StrEnum):
    NUMBER = "number"
    LEVEL = "level"
    NEWEST = "newest"
    DUE = "due"


@dataclass(frozen=True)
class Filter:
    """What to show; empty means everything. `voices` are exact: the set of sources that spoke."""

    text: str = ""
    levels: tuple[str, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    statuses: tuple[RiskStatus, ...] = ()
    sources: tuple[Source, ...] = ()
    voices: frozenset[Source] | None = None
    unit_id: str | None = None
    item_id: str | None = None
    overdue: bool = False
    mine: str | None = None
    sort: Sort = Sort.NUMBER
    page: int = 1


UNRATED = "unrated"
"""Stands among `levels` for entries without a level."""


@dataclass(frozen=True)
class RegisterRow:
    """One entry in the list. `sources` are the voices in it; `overdue` counts measures past their day."""

    id: str
    unit_id: str
    unit: str
    number: int
    title: str
    item_id: str | None
    item: str
    dimension: Dimension
    risk_type: RiskType
    status: RiskStatus
    level: Level | None
    sources: tuple[str, ...]
    owner: str
    next_due: date | None
    overdue: int
    opened_on: date


@dataclass(frozen=True)
class Page:
    """Rows of one page and how many there are in all."""

    rows: tuple[RegisterRow, ...]
    total: int


def register(work: Work, wanted: Filter) -> Page:
    """The entries the actor may see, filtered, sorted, 50 a page."""
    scope = work.actor.require(Permission.REGISTER_READ)
    return work.store.register(scope, wanted, work.today)

"""Counts: the figures of the overview, and what waits for somebody."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    exists,
    func,
    literal,
    select,
    type_coerce,
)

from core import dates
from core.access import Scope
from core.insight.figures import EntryCount, Heard, Punctuality
from core.insight.participation import SPAN
from core.openness.board import Rated
from core.privacy.small import Cell, Told
from core.words import Dimension, FlagStatus, Level, MeasureStatus, ResolveLevel, RiskStatus, Source
from db.kept import among, fixed, kept, worded
from db.keyset import nearest, some
from db.questions.entries import standing
from db.questions.signatures import may_close, may_judge, may_verify
from db.questions.spoken import in_it, voices
from db.questions.summing import Sum, Summing, Where, at, by_day, given, plainly
from db.questions.voices import WAITING, waits
from db.scoping import before, each, heard, within
from db.tables import (
    flags_,
    holdings,
    items_,
    links,
    measures_,
    posts_,
    risks_,
)

KIND = ("dimension", "level", "status", "expected_level", "verified_level", "resolve_level")
"""What entries that are counted as one have in common."""


class Tallies(Summing):
    """Figures as they are asked for."""

    def entry_counts(self, scope: Scope, unit_id: str | None) -> list[EntryCount]:
        counts = self._summed(ENTRIES, scope, unit_id)
        return [_entry(kind, frozenset(), n) for kind, (n,) in counts.items()]

    def voices_counted(self, scope: Scope, unit_id: str | None, today: date) -> tuple[list[EntryCount], Heard]:
        entries, raised = [], {source: Told(0, 0) for source in Source}
        for (source, *kind, one, two, three), (low, high) in self._summed(VOICES, scope, unit_id, today).items():
            if source:
                raised[Source(source)] = Told(low, high)
            else:
                entries.append(_entry(kind, voices(bool(one), bool(two), bool(three)), low))
        own, superior, resident = raised.values()
        return entries, Heard(own.low, superior.low, resident)

    def _count_voices(self, scope: Scope, where: Where, today: date) -> Iterator[Sequence[Any]]:
        """Rows of no source, `KIND`, a mark for each voice, and twice how many entries are such; and rows of a source
        and how many flags it raised: of residents as it may be told of a community."""
        places = self._places_and_ways(scope, where, today)
        for *kind, one, two, three, n, of_entries in self.session.execute(
            _voices_counted(scope, where), given(where)
        ):
            if of_entries is None:
                yield "", *kind, int(one), int(two), int(three), n, n
            else:
                source, cell = _cell(kind[0], kind[1], (one, two, three), n, of_entries, places)
                told = cell.told if source is Source.RESIDENT else Told(cell.flags, cell.flags)
                yield source, *[None] * (len(KIND) + len(Source)), told.low, told.high

    def voice_cells(self, scope: Scope, unit_id: str | None, today: date) -> list[tuple[Source, Cell]]:
        places = self._places_and_ways(scope, unit_id, today)
        return [
            _cell(unit, source, rated, n, of_entries, places)
            for unit, source, *rated, n, of_entries in self.session.execute(_cells(_heard(scope, unit_id)))
        ]

    def _places_and_ways(self, scope: Scope, where: Where, today: date) -> dict[str, tuple[int, int]]:
        """From how many places and by how many ways residents' flags of each community came."""
        rows = self.session.execute(_places_and_ways(scope, where, today - SPAN), given(where))
        return {unit: (places, ways) for unit, places, ways in rows}

    def waiting_points(self, scope: Scope) -> int:
        n, _day = self.session.execute(*worded(lambda: points_waiting(scope))).one()
        return int(n)

    def punctuality(self, scope: Scope, unit_id: str | None, today: date) -> Punctuality:
        return Punctuality(*self._summed(IN_TIME, scope, unit_id, today).get((), (0, 0, 0)))


def measures_waiting(scope: Scope, person_id: str) -> Select[int, date]:
    """Measures that somebody is to carry out."""
    doing = (MeasureStatus.OPEN, MeasureStatus.DOING, MeasureStatus.RETURNED)
    return nearest(
        measures_.c.due_on, within(measures_.c.unit_id, scope), measures_.c.owner_id == person_id,
        among(measures_.c.status, doing),
    )  # fmt: skip


def points_waiting(scope: Scope) -> Select[int, date]:
    """Superiors' points that a community has to answer."""
    return nearest(
        flags_.c.due_on, within(flags_.c.unit_id, scope), heard(scope), among(flags_.c.source, (Source.SUPERIOR,)),
        among(flags_.c.status, WAITING),
    )  # fmt: skip


def inbox_waiting(scope: Scope, person_id: str) -> Select[int, date]:
    """Flags awaiting their first review."""
    return nearest(flags_.c.due_on, waits(scope, person_id, FlagStatus.NEW))


def posts_vacant(scope: Scope) -> Select[int]:
    """Posts with power items and nobody in them."""
    held = exists().where(holdings.c.post_id == posts_.c.id, holdings.c.until.is_(None))
    items = exists().where(items_.c.post_id == posts_.c.id, items_.c.retired.is_(False))
    return some(select(posts_.c.id).where(within(posts_.c.unit_id, scope), ~held, items))


def checks_waiting(scope: Scope, person_id: str) -> Select[int, date]:
    """Measures whose carrying out somebody is to verify."""
    here = within(measures_.c.unit_id, scope), among(measures_.c.status, (MeasureStatus.VERIFYING,))
    rows = before(select(measures_.c.id, measures_.c.due_on).where(*here), measures_.c.due_on)
    return nearest(rows.c.due_on, each(measures_.c.id == rows.c.id, may_verify(person_id)))


def closings_waiting(scope: Scope, person_id: str) -> Select[int]:
    """Entries whose closing somebody may confirm."""
    return _step(scope, person_id, among(risks_.c.status, (RiskStatus.VERIFYING,)), may_close(person_id))


def ratings_waiting(scope: Scope, person_id: str) -> Select[int]:
    """Entries to be rated."""
    return _step(scope, person_id, among(risks_.c.status, (RiskStatus.UNRATED,)))


def notices_waiting(scope: Scope, person_id: str) -> Select[int]:
    """Entries to be put on public notice."""
    return _step(scope, person_id, among(risks_.c.status, (RiskStatus.RATED,)))


def filings_waiting(scope: Scope, person_id: str, today: date) -> Select[int]:
    """Entries whose public notice is over and that are to be filed."""
    over = risks_.c.announced_on <= fixed(today - timedelta(days=dates.PUBLIC_NOTICE))
    return _step(scope, person_id, and_(among(risks_.c.status, (RiskStatus.ANNOUNCED,)), over))


def _step(
    scope: Scope, person_id: str, waits_for_it: ColumnElement[bool], *mine: ColumnElement[bool]
) -> Select[int]:
    """Entries that wait for a step of somebody who may judge them."""
    rows = before(select(risks_.c.id).where(within(risks_.c.unit_id, scope), waits_for_it))
    return some(select(rows.c.id).where(each(risks_.c.id == rows.c.id, may_judge(person_id), *mine)))


@kept
def _entries(scope: Scope, where: Where) -> Select[Any]:
    """Entries alike, counted."""
    kinds = [risks_.c[name] for name in KIND]
    here = within(risks_.c.unit_id, scope), at(risks_.c.unit_id, where), standing()
    return select(*kinds, func.count()).where(*here).group_by(*kinds)


@kept
def _heard(scope: Scope, where: Where) -> CTE:
    """Flags that are heard, counted with their marks by community, source, the entry they are in and the level they
    gave; a flag has at most one link that stands."""
    by = flags_.c.unit_id, flags_.c.source, links.c.risk_id
    marks = [func.count(flags_.c[kind]).label(kind) for kind in Rated]
    return (
        select(*by, func.count().label("n"), *marks)
        .outerjoin(links, and_(links.c.flag_id == flags_.c.id, links.c.undone_at.is_(None)))
        .where(within(flags_.c.unit_id, scope), at(flags_.c.unit_id, where), heard(scope))
        .group_by(*by, flags_.c.level)
        .cte("heard").prefix_with("MATERIALIZED")
    )  # fmt: skip


def _cells(said: CTE) -> Select[Any]:
    """By community and source: how many gave each mark, the flags, and the entries by levels given."""
    by = said.c.unit_id, said.c.source
    rated = [func.sum(said.c[kind]).label(kind) for kind in Rated]
    entries = func.count(said.c.risk_id).label("entries")
    return select(*by, *rated, func.sum(said.c.n).label("n"), entries).group_by(*by)


@kept
def _voices_counted(scope: Scope, where: Where) -> Select[Any]:
    """Rows of `KIND`, a mark for each voice and how many entries are such; and the rows of `_cells`, which alone have
    something in the last column. What is said is read once for both."""
    said = _heard(scope, where)
    spoke = [func.max(case((said.c.source == source, 1), else_=0)).label(source.value) for source in Source]
    by_entry = select(said.c.risk_id, *spoke).where(said.c.risk_id.is_not(None)).group_by(said.c.risk_id).subquery()
    marks = [case((voice, 1), else_=0).label(voice.name) for voice in in_it(by_entry)]
    kinds = (
        select(*(type_coerce(risks_.c[name], String).label(name) for name in KIND), *marks)
        .outerjoin(by_entry, by_entry.c.risk_id == risks_.c.id)
        .where(within(risks_.c.unit_id, scope), at(risks_.c.unit_id, where), standing())
        .subquery()
    )
    entries = select(*kinds.c, func.count(), literal(None, Integer)).group_by(*kinds.c)
    cells = _cells(said).subquery()
    source = type_coerce(cells.c.source, String)
    empty = [literal(None, String)] * (len(KIND) - 2)
    found = entries.union_all(select(cells.c.unit_id, source, *empty, *list(cells.c)[2:])).subquery()
    return select(*found.c)


@kept
def _places_and_ways(scope: Scope, where: Where, since: date) -> Select[Any]:
    place = func.coalesce(flags_.c.place_id, flags_.c.unit_id).label("place")
    known = (
        select(flags_.c.unit_id, place, flags_.c.channel)
        .where(within(flags_.c.unit_id, scope), at(flags_.c.unit_id, where), heard(scope),
               flags_.c.source == Source.RESIDENT, flags_.c.raised_on >= since)
        .distinct()
        .subquery()
    )  # fmt: skip
    counts = func.count(known.c.place.distinct()), func.count(known.c.channel.distinct())
    return select(known.c.unit_id, *counts).group_by(known.c.unit_id)


@kept
def _punctuality(scope: Scope, where: Where, today: date) -> Select[Any]:
    counted = timely(measures_.c.done_on, measures_.c.due_on, today)
    return select(*counted).where(within(measures_.c.unit_id, scope), at(measures_.c.unit_id, where))


def _entry(kind: Sequence[Any], spoke: frozenset[Source], n: int) -> EntryCount:
    dimension, level, status, expected, verified, resolved = kind
    return EntryCount(
        Dimension(dimension), Level(level) if level else None, RiskStatus(status), spoke,
        Level(expected) if expected else None, Level(verified) if verified else None,
        ResolveLevel(resolved) if resolved else None, n,
    )  # fmt: skip


def _cell(
    unit: str, source: str, rated: Iterable[int], n: int, entries: int, places: Mapping[str, tuple[int, int]]
) -> tuple[Source, Cell]:
    told = Cell(unit, int(n), entries, *places.get(unit, (0, 0)), tuple(map(int, rated)))
    return Source(source), told


def timely(
    done: ColumnElement[date | None], due: ColumnElement[date], today: date
) -> list[ColumnElement[Any]]:
    """How many rows were done by their day, how many after it, and how many are not done and late."""
    conditions = (done <= due, done > due, and_(done.is_(None), due < today))
    return [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in conditions]


ENTRIES = Sum("entries", len(KIND), plainly(_entries))
VOICES = Sum("voices", 1 + len(KIND) + len(Source), Tallies._count_voices, daily=True)
IN_TIME = Sum("in_time", 0, by_day(_punctuality), daily=True)

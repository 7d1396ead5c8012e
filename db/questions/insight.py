"""Questions about who saw what: entries by their voices, power items with or without one, and what has worked."""

from collections.abc import Callable, Collection
from datetime import date
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import CTE, ColumnElement, Function, Select, Subquery, and_, case, func, literal, or_, select, true

from core.access import Scope
from core.entries.rating import RISING
from core.insight.blindspots import Alike, Sight, Voiced
from core.insight.disputes import Rated
from core.insight.lessons import Worked
from core.insight.silence import Power, Silent
from core.lifecycle import ENDED
from core.words import Channel, Level, ReviewResult, Source
from db.kept import among, kept, worded
from db.questions.spoken import at, in_it, levels, spoken, voices
from db.scoping import Asking, heard, within
from db.tables import flags_, items_, links, members, points_, publications, risks_, units_
from db.tables.round_tables import inspections

_STEPS = case((risks_.c.level == Level.HIGH, 2), (risks_.c.level == Level.MEDIUM, 1), else_=0)
_LEFT = case((risks_.c.verified_level == Level.HIGH, 2), (risks_.c.verified_level == Level.MEDIUM, 1), else_=0)


class Insight(Asking):
    """Voices, silence and lessons as they are asked about."""

    def alike(self, scope: Scope, sight: Sight) -> list[Alike]:
        return [
            Alike(item, dimension, voices(*spoke), n)
            for item, dimension, *spoke, n in self.session.execute(_alike(scope, sight)) if any(spoke)
        ]

    def silent(self, scope: Scope, sight: Sight, first: date, last: date, most: int, skip: int) -> Silent:
        counts, page = {}, {}
        for item_id, looked, *spoke, n in self.session.execute(_silent(scope, sight, first, last, most, skip)):
            if item_id:
                page[item_id] = dict(zip(Source, spoke, strict=True))
            else:
                counts[voices(*map(bool, spoke)), bool(looked)] = n
        return Silent(counts, page)

    def rated(self, scope: Scope, sight: Sight, most: int, skip: int) -> Rated:
        least = func.min if self._is_sqlite else func.least
        counts, page = [], []
        for risk_id, *steps, n in self.session.execute(_rated(scope, sight, most, skip, least)):
            if risk_id:
                page.append(risk_id)
            else:
                said = zip(Source, steps, strict=True)
                counts.append(({source: RISING[step] for source, step in said if step is not None}, n))
        return Rated(counts, page)

    def voiced(self, scope: Scope, ids: Collection[str]) -> list[Voiced]:
        said = spoken(scope, None, ids, rated=True)
        query = (
            select(risks_.c.id, risks_.c.unit_id, units_.c.name.label("unit"), risks_.c.number, risks_.c.title,
                   risks_.c.item_id, items_.c.name.label("item"), risks_.c.dimension, risks_.c.status, risks_.c.level,
                   risks_.c.opened_on, *in_it(said), func.coalesce(said.c.own, 0))
            .join(units_, units_.c.id == risks_.c.unit_id)
            .outerjoin(said, said.c.risk_id == risks_.c.id)
            .outerjoin(items_, items_.c.id == risks_.c.item_id)
            .where(within(risks_.c.unit_id, scope), risks_.c.id.in_(ids))
            .order_by(units_.c.path, risks_.c.number)
        )  # fmt: skip
        return [
            Voiced(
                risk, unit_id, unit, number, title, item_id, item or "", dimension, status, level, opened,
                voices(self_, superior, resident), levels(own),
            )
            for risk, unit_id, unit, number, title, item_id, item, dimension, status, level, opened, self_, superior,
            resident, own in (self.session.execute(query) if ids else ())
        ]  # fmt: skip

    def opened(self, scope: Scope, first: date, last: date, most: int) -> list[str]:
        query = worded(
            lambda first, last, most: select(risks_.c.id)
            .where(within(risks_.c.unit_id, scope), risks_.c.opened_on.between(first, last))
            .order_by(risks_.c.opened_on.desc(), risks_.c.id).limit(most),
            first=first, last=last, most=most,
        )  # fmt: skip
        return list(self.session.scalars(*query))

    def channels_in(self, scope: Scope, risk_id: str, source: Source) -> set[Channel]:
        query = worded(
            lambda risk_id: select(flags_.c.channel)
            .join(links, links.c.flag_id == flags_.c.id)
            .where(links.c.risk_id == risk_id, links.c.undone_at.is_(None), flags_.c.source == source,
                   within(flags_.c.unit_id, scope), heard(scope)),
            risk_id=risk_id,
        )  # fmt: skip
        return set(self.session.scalars(*query))

    def powers(
        self, scope: Scope, unit_id: str | None, first: date, last: date, ids: Collection[str] | None = None
    ) -> list[Power]:
        looked = (
            select(func.max(inspections.c.said_on))
            .where(inspections.c.item_id == items_.c.id, inspections.c.said_on.between(first, last))
            .correlate(items_)
            .scalar_subquery()
        )
        query = (
            select(items_.c.id, items_.c.unit_id, units_.c.name.label("unit"), units_.c.code, items_.c.name,
                   items_.c.dimension, looked.label("looked"))
            .join(units_, units_.c.id == items_.c.unit_id)
            .where(within(items_.c.unit_id, scope), at(items_.c.unit_id, unit_id), items_.c.retired.is_(False),
                   items_.c.id.in_(ids) if ids is not None else true())
            .order_by(units_.c.path, items_.c.dimension, items_.c.name)
        )  # fmt: skip
        return [
            Power(r.id, r.unit_id, r.unit, r.code, r.name, r.dimension, r.looked) for r in self.session.execute(query)
        ]

    def asked_with(self, scope: Scope, group_id: str) -> set[str]:
        query = worded(
            lambda group_id: select(flags_.c.unit_id)
            .join(points_, points_.c.id == flags_.c.point_id)
            .where(points_.c.group_id == group_id, within(flags_.c.unit_id, scope), heard(scope)),
            group_id=group_id,
        )  # fmt: skip
        return set(self.session.scalars(*query))

    def members_at(self, scope: Scope, group_id: str, unit_id: str) -> list[str]:
        query = worded(
            lambda group_id, unit_id: select(members.c.risk_id)
            .where(members.c.group_id == group_id, members.c.unit_id == unit_id, within(members.c.unit_id, scope),
                   members.c.risk_id.is_not(None))
            .order_by(members.c.strength.desc(), members.c.id),
            group_id=group_id, unit_id=unit_id,
        )  # fmt: skip
        return list(self.session.scalars(*query))

    def worked(self, item: str, dimension: str, risk_type: str, most: int) -> list[Worked]:
        same = and_(publications.c.item == item, publications.c.item != "")
        query = (
            select(publications, risks_.c.verified_level, risks_.c.dimension, units_.c.name.label("unit"))
            .join(risks_, risks_.c.id == publications.c.id)
            .join(units_, units_.c.id == publications.c.unit_id)
            .where(
                among(publications.c.status, ENDED),
                or_(
                    publications.c.look_result == ReviewResult.EFFECTIVE,
                    and_(publications.c.look_result.is_not(None), risks_.c.verified_level.is_not(None), _LEFT < _STEPS),
                ),
                or_(same, and_(risks_.c.dimension == dimension, risks_.c.risk_type == risk_type)),
            )
            .order_by(same.desc(), publications.c.looked_on.desc(), publications.c.id)
            .limit(most)
        )  # fmt: skip
        return [
            Worked(
                r.id, r.unit_id, r.unit, r.item, r.wording, r.level, r.verified_level, r.look_result, r.looked_on,
                tuple(r.measures),
            )
            for r in self.session.execute(query)
        ]  # fmt: skip


@kept
def _alike(scope: Scope, sight: Sight) -> Select[Any]:
    """Entries counted by the name of their power item, their dimension and the voices in them."""
    said = _said(scope, sight)
    kinds = (
        select(func.coalesce(items_.c.name, "").label("item"), risks_.c.dimension, *in_it(said))
        .outerjoin(said, said.c.risk_id == risks_.c.id)
        .outerjoin(items_, items_.c.id == risks_.c.item_id)
        .where(*_asked(scope, sight))
        .subquery()
    )
    return select(*kinds.c, func.count()).group_by(*kinds.c)


@kept
def _silent(scope: Scope, sight: Sight, first: date, last: date, most: int, skip: int) -> Select[Any]:
    """Rows of a power item's id, whether cadres looked at it, and in how many entries each voice is, one page of them
    with most silence first; and rows without id: how many power items there are of each kind."""
    said = _said(scope, sight)
    counted = [func.sum(case((spoke, 1), else_=0)).label(spoke.name) for spoke in in_it(said)]
    about = (
        select(risks_.c.item_id, *counted)
        .outerjoin(said, said.c.risk_id == risks_.c.id)
        .where(*_asked(scope, sight), risks_.c.item_id.is_not(None))
        .group_by(risks_.c.item_id)
        .subquery()
    )
    seen = items_.c.id.in_(select(inspections.c.item_id).where(inspections.c.said_on.between(first, last)))
    spoke = [func.coalesce(about.c[source.value], 0).label(source.value) for source in Source]
    grid = (
        select(items_.c.id, items_.c.dimension, items_.c.name, units_.c.path, case((seen, 1), else_=0).label("looked"),
               *spoke)
        .join(units_, units_.c.id == items_.c.unit_id)
        .outerjoin(about, about.c.item_id == items_.c.id)
        .where(*_in_sight(items_.c.unit_id, scope, sight), items_.c.retired.is_(False), units_.c.closed_on.is_(None),
               _of(items_.c.dimension, sight.dimension), _of(items_.c.id, sight.item_id))
        .cte("grid").prefix_with("MATERIALIZED")
    )  # fmt: skip
    counts = [grid.c[source.value] for source in Source]
    silence = reduce(add, [case((_heard_or_looked(grid, source), 0), else_=1) for source in Source])
    page = (
        select(grid.c.id, grid.c.looked, *counts, literal(1).label("n"))
        .order_by(silence.desc(), grid.c.path, grid.c.dimension, grid.c.name, grid.c.id)
        .limit(most).offset(skip)
        .subquery()
    )  # fmt: skip
    marks = [case((n > 0, 1), else_=0).label(n.name) for n in counts]
    kinds = select(grid.c.looked, *marks).subquery()
    tally = select(literal("").label("id"), *kinds.c, func.count()).group_by(*kinds.c)
    return select(*tally.union_all(select(*page.c)).subquery().c)


def _heard_or_looked(grid: CTE, source: Source) -> ColumnElement[bool]:
    spoke = grid.c[source.value] > 0
    return or_(spoke, grid.c.looked == 1) if source is Source.SELF else spoke


@kept
def _rated(scope: Scope, sight: Sight, most: int, skip: int, least: Callable[..., Function[Any]]) -> Select[Any]:
    """Rows of an entry's id and the highest step each voice gave it, one page of those furthest apart; and rows without
    id: how many entries there are of each kind. Of entries with steps of one voice there are none."""
    step = case((flags_.c.level == Level.HIGH, 2), (flags_.c.level == Level.MEDIUM, 1), else_=0)
    highest = [func.max(case((flags_.c.source == source, step))).label(source.value) for source in Source]
    narrowed = sight != Sight(sight.unit_id, "", None, None, None, None)
    rated = (
        select(links.c.risk_id, *highest)
        .join(flags_, flags_.c.id == links.c.flag_id)
        .where(*_in_sight(links.c.unit_id, scope, sight), links.c.undone_at.is_(None), flags_.c.level.is_not(None),
               heard(scope), links.c.risk_id.in_(select(risks_.c.id).where(*_asked(scope, sight))) if narrowed
               else true())
        .group_by(links.c.risk_id)
        .having(func.min(flags_.c.source) != func.max(flags_.c.source))
        .cte("rated").prefix_with("MATERIALIZED")
    )  # fmt: skip
    steps = [rated.c[source.value] for source in Source]
    highest_ = -least(*(-func.coalesce(one, -1) for one in steps))
    lowest = least(*(func.coalesce(one, 3) for one in steps))
    several = reduce(add, [case((one.is_not(None), 1), else_=0) for one in steps])
    page = (
        select(rated.c.risk_id, *steps, literal(1).label("n"))
        .join(risks_, risks_.c.id == rated.c.risk_id)
        .join(units_, units_.c.id == risks_.c.unit_id)
        .where(highest_ > lowest)
        .order_by((highest_ - lowest).desc(), several.desc(), units_.c.path, risks_.c.number)
        .limit(most).offset(skip)
        .subquery()
    )  # fmt: skip
    tally = select(literal("").label("risk_id"), *steps, func.count()).group_by(*steps)
    return select(*tally.union_all(select(*page.c)).subquery().c)


def _said(scope: Scope, sight: Sight) -> Subquery:
    """The voices in entries; where days are asked for, of the entries of these days alone, since they may be few."""
    return spoken(scope, sight.unit_id, select(risks_.c.id).where(*_asked(scope, sight)) if sight.first else None)


def _asked(scope: Scope, sight: Sight) -> list[ColumnElement[bool]]:
    """That a row of `risks` is what is looked at."""
    opened = risks_.c.opened_on.between(sight.first, sight.last) if sight.first else true()
    return [*_in_sight(risks_.c.unit_id, scope, sight), opened, _of(risks_.c.dimension, sight.dimension),
            _of(risks_.c.item_id, sight.item_id)]  # fmt: skip


def _in_sight(unit_id: ColumnElement[str], scope: Scope, sight: Sight) -> list[ColumnElement[bool]]:
    under = units_.c.path.startswith(sight.path, autoescape=True)
    path = unit_id.in_(select(units_.c.id).where(under)) if sight.path else true()
    return [within(unit_id, scope), at(unit_id, sight.unit_id), path]


def _of(column: ColumnElement[Any], wanted: str | None) -> ColumnElement[bool]:
    return column == wanted if wanted is not None else true()

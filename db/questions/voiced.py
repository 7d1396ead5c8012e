"""What is asked about the voices in entries: who saw what, power items with or without a voice, ratings that lie apart;
and what of it is kept as sums."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Subquery, case, func, literal, or_, select, true

from core.access import Scope
from core.insight.blindspots import ALWAYS, Sight
from core.words import Level, Source
from db.kept import kept
from db.questions.spoken import in_it, spoken
from db.questions.summing import Sum, Where, at, given, plainly
from db.scoping import heard, within
from db.tables import flags_, items_, links, risks_, units_
from db.tables.round_tables import inspections


@kept
def alike(scope: Scope, sight: Sight, where: Where) -> Select[Any]:
    """Entries counted by the name of their power item, their dimension and the voices in them."""
    said = _said(scope, sight, where)
    kinds = (
        select(func.coalesce(items_.c.name, "").label("item"), risks_.c.dimension, *in_it(said))
        .outerjoin(said, said.c.risk_id == risks_.c.id)
        .outerjoin(items_, items_.c.id == risks_.c.item_id)
        .where(*_asked(scope, sight, where))
        .subquery()
    )
    return select(*kinds.c, func.count()).group_by(*kinds.c)


@kept
def silent(
    scope: Scope, sight: Sight, where: Where, first: date, last: date, most: int, skip: int
) -> Select[Any]:
    """Rows of a power item's id, whether cadres looked at it, and in how many entries each voice is, one page of them
    with most silence first; and rows without id: how many power items there are of each kind."""
    said = _said(scope, sight, where)
    counted = [func.sum(case((spoke, 1), else_=0)).label(spoke.name) for spoke in in_it(said)]
    about = (
        select(risks_.c.item_id, *counted)
        .outerjoin(said, said.c.risk_id == risks_.c.id)
        .where(*_asked(scope, sight, where), risks_.c.item_id.is_not(None))
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
        .where(*_in_sight(items_.c.unit_id, scope, sight, where), items_.c.retired.is_(False),
               units_.c.closed_on.is_(None), _of(items_.c.dimension, sight.dimension), _of(items_.c.id, sight.item_id))
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
def rated(scope: Scope, sight: Sight, where: Where, most: int, skip: int, *, is_sqlite: bool) -> Select[Any]:
    """Rows of an entry's id and the highest step each voice gave it, one page of those furthest apart; and rows without
    id: how many entries there are of each kind. Of entries with steps of one voice there are none."""
    least = func.min if is_sqlite else func.least
    step = case((flags_.c.level == Level.HIGH, 2), (flags_.c.level == Level.MEDIUM, 1), else_=0)
    highest = [func.max(case((flags_.c.source == source, step))).label(source.value) for source in Source]
    narrowed = sight != everything(sight.unit_id)
    rated = (
        select(links.c.risk_id, *highest)
        .join(flags_, flags_.c.id == links.c.flag_id)
        .where(*_in_sight(links.c.unit_id, scope, sight, where), links.c.undone_at.is_(None),
               flags_.c.level.is_not(None), heard(scope),
               links.c.risk_id.in_(select(risks_.c.id).where(*_asked(scope, sight, where))) if narrowed else true())
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


def _said(scope: Scope, sight: Sight, where: Where) -> Subquery:
    """The voices in entries; where days are asked for, of the entries of these days alone, since they may be few."""
    return spoken(scope, where, select(risks_.c.id).where(*_asked(scope, sight, where)) if sight.first else None)


def _asked(scope: Scope, sight: Sight, where: Where) -> list[ColumnElement[bool]]:
    """That a row of `risks` is what is looked at."""
    opened = risks_.c.opened_on.between(sight.first, sight.last) if sight.first else true()
    return [*_in_sight(risks_.c.unit_id, scope, sight, where), opened, _of(risks_.c.dimension, sight.dimension),
            _of(risks_.c.item_id, sight.item_id)]  # fmt: skip


def _in_sight(
    unit_id: ColumnElement[str], scope: Scope, sight: Sight, where: Where
) -> list[ColumnElement[bool]]:
    under = units_.c.path.startswith(sight.path, autoescape=True)
    path = unit_id.in_(select(units_.c.id).where(under)) if sight.path else true()
    return [within(unit_id, scope), at(unit_id, where), path]


def _of(column: ColumnElement[Any], wanted: str | None) -> ColumnElement[bool]:
    return column == wanted if wanted is not None else true()


def everything(unit_id: str | None) -> Sight:
    """Everything in a unit, or in a scope."""
    return Sight(unit_id, "", None, None, None, None)


def kinds_of(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Of the rows of a page and of kinds with their number, those of kinds."""
    return (rest for thing_id, *rest in rows if not thing_id)


def silence(kind: Sequence[Any]) -> int:
    """Where power items of a kind stand in the order of the grid, those with most silence first."""
    looked, own, *others = kind
    return -[own or looked, *others].count(0)


def apart(kind: Sequence[Any]) -> tuple[int, int] | None:
    """Where entries of a kind stand in the order of disputes; None for those that are none."""
    said = [step for step in kind if step is not None]
    return (min(said) - max(said), -len(said)) if min(said) < max(said) else None


def _silent_kinds(store: Any, scope: Scope, where: Where, _today: date) -> Iterator[Sequence[Any]]:
    return kinds_of(store.session.execute(silent(scope, everything(None), where, date.min, ALWAYS, 0, 0), given(where)))


def _rated_kinds(store: Any, scope: Scope, where: Where, _today: date) -> Iterator[Sequence[Any]]:
    query = rated(scope, everything(None), where, 0, 0, is_sqlite=store._is_sqlite)
    return kinds_of(store.session.execute(query, given(where)))


ALIKE = Sum("alike", 2 + len(Source), plainly(lambda scope, where: alike(scope, everything(None), where)))
SILENT = Sum("silent", 1 + len(Source), _silent_kinds)
RATED = Sum("rated", len(Source), _rated_kinds)

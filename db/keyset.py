"""Pages of a list by the row they begin after, instead of by counting off the rows before them."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, literal, or_, select
from sqlalchemy.orm import Session

from core.turning import COUNTED, Listed, Turn, Turned
from db.kept import number, worded, wordings

T = TypeVar("T")

Order = Sequence[tuple[ColumnElement[Any], bool]]
"""By what a list is ordered, and whether downwards; the last tells any two rows apart. None is left to `is_(None)`
before it, for the two kinds of server put it at different ends."""


def listed(
    session: Session, query: Select[Any], key: ColumnElement[str], order: Order, turn: Turn, most: int,
    make: Callable[[Row[Any]], T], *, counted: bool = False,
) -> Listed[T]:  # fmt: skip
    """One page of a query, each row as `make` makes it; counted where the list does not stand on one page. A query that
    is dear to ask twice is `counted` by itself: its rows say the `total`."""
    rows, ways = turned(session, query, key, order, turn, most)
    total = rows[0].total if rows and counted and not ways.back else len(rows)
    if ways.back or (ways.onward and not counted):
        counting = query.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
        total = session.scalar(counting) or 0
    return Listed(map(make, rows), total, ways, most)


def turned(
    session: Session, query: Select[Any], key: ColumnElement[str], order: Order, turn: Turn, most: int
) -> tuple[list[Row[Any]], Turned]:
    """The rows of one page of a query, `most` of them, and the ways on; `key` is the id in the list's own rows."""
    found = _there(session, query, key, order, turn.before, most, back=True) if turn.before else None
    if found is not None and len(found) > most:
        rows = found[:most][::-1]
        page = max(turn.page, 2)
        return rows, Turned(page, Turn(before=rows[0].id, page=page - 1), Turn(after=rows[-1].id, page=page + 1))
    found = _there(session, query, key, order, turn.after, most, back=False) if turn.after and not turn.before else None
    page = max(turn.page, 2) if found else 1
    if not found:  # the beginning: asked for, or nearer than a page, or the row is gone
        found = list(session.execute(*_first(query, tuple(order), most + 1)))
    rows = found[:most]
    back = Turn(before=rows[0].id, page=page - 1) if page > 1 else None
    return rows, Turned(page, back, Turn(after=rows[-1].id, page=page + 1) if len(found) > most else None)


def _first(query: Select[Any], order: Order, most: int) -> tuple[Select[Any], dict[str, Any]]:
    """The first rows of a list; worded once where the list is."""
    if query in wordings:
        return worded(lambda: query.order_by(*by(order)).limit(number(most)))
    return query.order_by(*by(order)).limit(number(most)), {}


def _there(
    session: Session, query: Select[Any], key: ColumnElement[str], order: Order, at: str, most: int, *, back: bool
) -> list[Row[Any]] | None:
    """The rows next to one of the list, one more than a page, from it on; None when the row is not in the list."""
    place = session.execute(
        query.with_only_columns(*(column for column, _down in order)).where(key == at).order_by(None)
    ).one_or_none()
    if place is None:
        return None
    beyond = query.where(_beyond(order, place, back=back))
    return list(session.execute(beyond.order_by(*by(order, back=back)).limit(number(most + 1))))


def upward(*columns: ColumnElement[Any]) -> Order:
    """An order by some values, each upwards."""
    return [(column, False) for column in columns]


def by(order: Order, *, back: bool = False) -> list[ColumnElement[Any]]:
    """An order as a query takes it, or its reverse."""
    return [column.desc() if down is not back else column.asc() for column, down in order]


def some(query: Select[Any], most: int = COUNTED) -> Select[int]:
    """How many rows a query has, counted up to one more than `most`."""
    return select(func.count()).select_from(query.limit(number(most + 1)).subquery())


def nearest(day: ColumnElement[date], *conditions: ColumnElement[bool]) -> Select[int, date]:
    """How many rows there are, counted up to one more than `COUNTED`, and the nearest day among all of them."""
    rows = select(day.label("day")).where(*conditions).order_by(day).limit(number(COUNTED + 1)).subquery()
    return select(func.count(), func.min(rows.c.day))


def _beyond(order: Order, place: Sequence[Any], *, back: bool) -> ColumnElement[bool]:
    """That a row stands beyond a place in the order: the first value by which they differ says so."""
    found: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for (column, down), value in zip(order, place, strict=True):
        less = down is not back
        further = false() if value is None else column < literal(value) if less else column > literal(value)
        found.append(and_(*same, further))
        same.append(column.is_(None) if value is None else column == value)
    return or_(*found)

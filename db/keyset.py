"""Pages of a list by the row they begin after, instead of by counting off the rows before them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, literal, or_
from sqlalchemy.orm import Session

from core.turning import Turn, Turned

Order = Sequence[tuple[ColumnElement[Any], bool]]
"""By what a list is ordered, and whether downwards; the last tells any two rows apart. None is left to `is_(None)`
before it, for the two kinds of server put it at different ends."""


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
        found = list(session.execute(query.order_by(*by(order, back=False)).limit(most + 1)))
    rows = found[:most]
    back = Turn(before=rows[0].id, page=page - 1) if page > 1 else None
    return rows, Turned(page, back, Turn(after=rows[-1].id, page=page + 1) if len(found) > most else None)


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
    return list(session.execute(beyond.order_by(*by(order, back=back)).limit(most + 1)))


def by(order: Order, *, back: bool = False) -> list[ColumnElement[Any]]:
    """An order as a query takes it, or its reverse."""
    return [column.desc() if down is not back else column.asc() for column, down in order]


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

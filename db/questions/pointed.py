"""Questions about superiors' points: what each community made of them."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, select

from core.access import Scope
from core.rows import PointRow
from core.turning import ROWS, Listed, Turn
from core.voices.points import RaisedRow
from core.words import Source
from db.kept import among, worded
from db.keyset import Order, listed, turned, upward
from db.questions.voices import WAITING
from db.scoping import Asking, heard, within
from db.tables import flags_, links, people_, points_, risks_, units_

POINTS = 8
"""Points on a page; each is shown with what the communities made of it."""
_ORDERS: dict[bool | None, Order] = {
    None: ((points_.c.raised_on, True), (points_.c.id, False), (units_.c.name, False), (flags_.c.id, False)),
    False: upward(points_.c.due_on, flags_.c.id),
    True: ((flags_.c.decided_on, True), (flags_.c.id, False)),
}
"""The newest point first; of those that wait for an answer the one due first, of the answered the last answered."""

_WAITS = among(flags_.c.status, WAITING)
_SUPERIORS = among(flags_.c.source, [Source.SUPERIOR])


class Pointed(Asking):
    """Points as they are asked about."""

    def point_page(
        self, scope: Scope, answered: bool | None, turn: Turn, *, of_point: str | None = None,
        of_flag: str | None = None,
    ) -> Listed[PointRow]:  # fmt: skip
        query = worded(lambda: _answers(scope, answered))[0]
        for column, value in ((flags_.c.point_id, of_point), (flags_.c.id, of_flag)):
            if value is not None:
                query = query.where(column == value)
        rows, ways = turned(self.session, query, flags_.c.id, _ORDERS[answered], turn, ROWS)
        return Listed(map(_row, rows), len(rows), ways)

    def raised_page(self, scope: Scope, open_only: bool, turn: Turn) -> Listed[RaisedRow]:
        of_point, waits = and_(flags_.c.point_id == points_.c.id, *_here(scope)), _WAITS
        every, left = (
            select(func.count()).select_from(flags_).where(of_point, *more).correlate(points_).scalar_subquery()
            for more in ((), (waits,))
        )
        query = (
            select(points_, people_.c.name.label("raiser"), every.label("every"), left.label("left"))
            .join(people_, people_.c.id == points_.c.raised_by)
            .where(exists().where(of_point, *((waits,) if open_only else ())))
        )
        order = ((points_.c.raised_on, True), (points_.c.id, False))
        return listed(self.session, query, points_.c.id, order, turn, POINTS, _raised)


def _here(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return within(flags_.c.unit_id, scope), heard(scope)


def _answers(scope: Scope, answered: bool | None) -> Select[Any]:
    """What communities made of points; of those answered or waiting alone where that is said."""
    state = () if answered is None else (_SUPERIORS, ~_WAITS if answered else _WAITS)
    current = and_(links.c.flag_id == flags_.c.id, links.c.undone_at.is_(None))
    return (
        select(flags_, points_.c.text.label("point"), points_.c.raised_on.label("on"),
               points_.c.due_on.label("answer_due"), units_.c.name.label("unit"), risks_.c.id.label("risk_id"),
               risks_.c.number, people_.c.name.label("raiser"))
        .join(points_, points_.c.id == flags_.c.point_id)
        .join(units_, units_.c.id == flags_.c.unit_id)
        .join(people_, people_.c.id == points_.c.raised_by)
        .outerjoin(links, current)
        .outerjoin(risks_, risks_.c.id == links.c.risk_id)
        .where(*_here(scope), *state)
    )  # fmt: skip


def _row(r: Row[Any]) -> PointRow:
    return PointRow(
        r.point_id, r.id, r.unit_id, r.unit, r.point, r.item_id, r.status, r.reason, r.risk_id, r.number, r.raiser,
        r.on, r.answer_due, r.decided_on,
    )  # fmt: skip


def _raised(r: Row[Any]) -> RaisedRow:
    return RaisedRow(r.id, r.text, r.raiser, r.raised_on, r.every, r.every - r.left)

"""Questions about what waits in the inbox: the queue in its order, and how much waits, as far as it is told."""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from core.access import Scope
from core.lifecycle import ENDED
from core.rows import InboxRow
from core.words import FlagStatus
from db.kept import among, number, worded
from db.keyset import some
from db.questions.voices import WAITING, waits
from db.scoping import Asking
from db.tables import distinctions_, flags_, items_, people_, risks_, suggestions_, units_

FIRST = 100
"""Flags of each kind that are put in the order of how surely they belong to an entry, those due first; the others come
after them. It has to be looked up one by one: a queue of any length costs no more than this."""

Condition = ColumnElement[bool]
_URGENT: ColumnElement[bool] = literal_column("flags.urgent")
"""That a flag sounds like danger, as its index says it: of `urgent = 1` SQLite finds no index of `urgent`."""
_DANGER = _URGENT, among(flags_.c.status, (FlagStatus.NEW,))


class Queued(Asking):
    """The inbox as it is asked about."""

    def inbox(
        self, scope: Scope, viewer: str, today: date, unit_id: str | None = None, most: int | None = None
    ) -> list[InboxRow]:
        here = {} if unit_id is None else {"unit": unit_id}
        if most is None:
            query = worded(lambda unit=None: _placed(_all(_here(scope, viewer, unit), today)), **here)
            return [_waiting(r) for r in self.session.execute(*query)]
        found: list[InboxRow] = []
        for status in WAITING:
            if len(found) < most:
                query = _asked_first(scope, viewer, today, status, most, here)
                found += [_waiting(r) for r in self.session.execute(*query)]
        return found[:most]

    def inbox_row(self, scope: Scope, viewer: str, flag_id: str) -> InboxRow | None:
        query = worded(
            lambda one: _inbox(_likeliest(suggestions_.c.probability, flags_.c.id))
            .where(waits(scope, viewer), flags_.c.id == one),
            one=flag_id,
        )  # fmt: skip
        row = self.session.execute(*query).one_or_none()
        return None if row is None else _waiting(row)

    def inbox_counts(self, scope: Scope, viewer: str) -> list[tuple[str, str, int, int]]:
        query = worded(
            lambda: select(units_.c.id, units_.c.name, func.count(),
                           func.count().filter(*_DANGER))
            .join(flags_, flags_.c.unit_id == units_.c.id)
            .where(waits(scope, viewer))
            .group_by(units_.c.id, units_.c.name).order_by(units_.c.name, units_.c.id)
        )  # fmt: skip
        return [(unit_id, name, n, urgent) for unit_id, name, n, urgent in self.session.execute(*query)]

    def inbox_sums(self, scope: Scope, viewer: str, unit_id: str | None) -> tuple[int, int]:
        query = worded(
            lambda unit=None: select(*(
                some(select(flags_.c.id).where(_here(scope, viewer, unit), *more)).scalar_subquery()
                for more in ((), _DANGER)
            )),
            **({} if unit_id is None else {"unit": unit_id}),
        )  # fmt: skip
        n, urgent = self.session.execute(*query).one()
        return n, urgent


def _here(scope: Scope, viewer: str, unit_id: Any) -> Condition:
    """That a flag waits for the viewer, in one community where one is given."""
    return waits(scope, viewer) if unit_id is None else and_(waits(scope, viewer), flags_.c.unit_id == unit_id)


def _asked_first(
    scope: Scope, viewer: str, today: date, status: FlagStatus, most: int, here: dict[str, str]
) -> tuple[Select[Any], dict[str, Any]]:
    """The question which flags of one state come first, in one community where `here` says so."""
    return worded(
        lambda unit=None: _placed(
            _first(and_(_here(scope, viewer, unit), among(flags_.c.status, (status,))), today, most)
        ),
        **here,
    )


def _likeliest(column: ColumnElement[Any], flag_id: ColumnElement[str]) -> ScalarSelect[Any]:
    """Of the likeliest suggestion that stands for a flag: of an open entry that nobody told apart from it."""
    told = exists().where(
        distinctions_.c.flag_id == suggestions_.c.flag_id, distinctions_.c.risk_id == suggestions_.c.risk_id,
        distinctions_.c.undone_at.is_(None),
    )  # fmt: skip
    return (
        select(column)
        .select_from(suggestions_.join(risks_, risks_.c.id == suggestions_.c.risk_id))
        .where(suggestions_.c.flag_id == flag_id, ~told, ~among(risks_.c.status, ENDED), suggestions_.c.probability > 0)
        .order_by(suggestions_.c.probability.desc(), suggestions_.c.id)
        .limit(number(1))
        .correlate(flag_id.table)
        .scalar_subquery()
    )


_SHOWN = (
    "id", "unit_id", "source", "channel", "text", "item_id", "level", "status", "raised_on", "due_on", "urgent"
)  # fmt: skip
"""What the inbox shows of a flag itself."""


def _inbox(sure: ColumnElement[Any]) -> Select[Any]:
    """Flags as the inbox shows them, with `sure`, how surely each belongs to its likeliest entry."""
    place = aliased(units_)
    return (
        select(*(flags_.c[name] for name in _SHOWN), units_.c.name.label("unit"), place.c.name.label("place"),
               items_.c.name.label("item"), people_.c.name.label("speaker"), sure.label("probability"),
               _likeliest(risks_.c.number, flags_.c.id).label("number"))
        .join(units_, units_.c.id == flags_.c.unit_id)
        .outerjoin(place, place.c.id == flags_.c.place_id)
        .outerjoin(items_, items_.c.id == flags_.c.item_id)
        .outerjoin(people_, people_.c.id == flags_.c.raised_by)
    )  # fmt: skip


def _placed(found: Select[Any]) -> Select[Any]:
    """Flags as the inbox shows them, in the order by which they were found."""
    turn = found.subquery()
    by = turn.c.kind, turn.c.beyond, turn.c.in_time, func.coalesce(turn.c.sure, 0.0).desc(), turn.c.due_on, turn.c.id
    return _inbox(turn.c.sure).join(turn, turn.c.id == flags_.c.id).order_by(*by)


def _first(waiting: Condition, today: date, most: int) -> Select[Any]:
    """The flags that come first among some of one state; whatever does not sound like danger is looked up only where
    what does is not enough."""
    parts = []
    for kind, of_kind in enumerate((_URGENT, ~flags_.c.urgent)):
        here = select(flags_.c.id, flags_.c.due_on).where(waiting, of_kind).order_by(flags_.c.due_on, flags_.c.id)
        near = here.limit(number(FIRST)).subquery()
        sure = select(near, _likeliest(suggestions_.c.probability, near.c.id).label("sure")).subquery()
        in_time = sure.c.due_on >= today
        part = select(number(kind).label("kind"), number(0).label("beyond"), in_time.label("in_time"), sure)
        by = in_time, func.coalesce(sure.c.sure, 0.0).desc(), sure.c.due_on, sure.c.id
        parts.append(select(part.order_by(*by).limit(number(most)).subquery()))
    return select(union_all(*parts).subquery()).limit(number(most))


def _all(waiting: Condition, today: date) -> Select[Any]:
    """Every flag that waits, with what it is ordered by."""
    kind = 2 * case((flags_.c.status == FlagStatus.ASKED, 1), else_=0) + case((flags_.c.urgent, 0), else_=1)
    nth = func.row_number().over(partition_by=kind, order_by=(flags_.c.due_on, flags_.c.id))
    beyond, in_time = case((nth > FIRST, 1), else_=0), flags_.c.due_on >= today
    return select(
        kind.label("kind"), beyond.label("beyond"), in_time.label("in_time"), flags_.c.id, flags_.c.due_on,
        _likeliest(suggestions_.c.probability, flags_.c.id).label("sure"),
    ).where(waiting)  # fmt: skip


def _waiting(r: Row[Any]) -> InboxRow:
    return InboxRow(
        r.id, r.unit_id, r.unit, r.place or "", r.source, r.channel, r.text, r.item_id, r.item or "", r.level,
        r.status, r.raised_on, r.due_on, r.speaker or "", r.probability, r.number, r.urgent,
    )  # fmt: skip

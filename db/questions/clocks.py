"""Questions about who holds an entry, and who could."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, case, func, select, union

from core.access import Scope
from core.entries.clocks import Clock, ClockRow
from core.entries.escalation import UP, PassedRow, Passing
from core.lifecycle import ENDED
from core.organisation.units import Unit
from core.turning import ROWS, Listed, Turn
from core.words import Handing, Role
from db.kept import among, kept, worded
from db.keyset import nearest, turned, upward
from db.scoping import Asking, within
from db.tables import assignments, holdings, people_, posts_, risks_, units_
from db.tables.holder_tables import clocks_


def passed_to(paths: Any) -> ColumnElement[bool]:
    """That a row of `clocks` runs at one of the units with these paths, to which somebody passed the entry."""
    here = clocks_.c.holder_id.in_(select(units_.c.id).where(units_.c.path.in_(paths)))
    return and_(here, clocks_.c.ended_on.is_(None), clocks_.c.how != Handing.BEGUN)


def entries_handed(scope: Scope) -> Select[int, date]:
    """Open entries that were passed to exactly the units of a scope."""
    return nearest(clocks_.c.due_on, passed_to(scope.paths))


class Clocks(Asking):
    """Clocks and holders as they are asked about."""

    def running_clock(self, risk_id: str) -> Clock | None:
        query, asked = worded(
            lambda risk_id: select(Clock).where(clocks_.c.risk_id == risk_id, clocks_.c.ended_on.is_(None)),
            risk_id=risk_id,
        )
        if not self.session.info.get("reading"):  # of two who pass it on or extend it, the second sees what was done
            query = query.with_for_update()
        return self.session.scalars(query, asked).first()

    def last_clock(self, risk_id: str) -> Clock | None:
        query = worded(
            lambda risk_id: select(Clock).where(clocks_.c.risk_id == risk_id).order_by(clocks_.c.n.desc()).limit(1),
            risk_id=risk_id,
        )
        return self.session.scalars(*query).first()

    def clock_before(self, clock: Clock) -> Clock:
        query = select(Clock).where(clocks_.c.risk_id == clock.risk_id, clocks_.c.n == clock.n - 1)
        return self.session.scalars(query).one()

    def end_clock(self, clock: Clock, day: date) -> None:
        clock.ended_on = day
        self.session.flush()

    def clock_rows(self, scope: Scope, risk_ids: Collection[str]) -> dict[str, list[ClockRow]]:
        query = worded(
            lambda risks: select(clocks_, units_.c.name.label("holder"), _giver.c.name.label("giver"))
            .join(units_, units_.c.id == clocks_.c.holder_id)
            .outerjoin(_giver, _giver.c.id == clocks_.c.handed_by)
            .where(clocks_.c.risk_id.in_(risks), within(clocks_.c.unit_id, scope))
            .order_by(clocks_.c.risk_id, clocks_.c.n),
            risks=list(risk_ids),
        )
        found: dict[str, list[ClockRow]] = {}
        for row in self.session.execute(*query):
            found.setdefault(row.risk_id, []).append(_row(row))
        return found

    def passed_page(self, scope: Scope, passing: Passing, turn: Turn) -> Listed[PassedRow]:
        query = worded(lambda: _passed(scope, passing))[0]
        order = upward(clocks_.c.due_on, units_.c.path, risks_.c.number, risks_.c.id)
        rows, ways = turned(self.session, query, risks_.c.id, order, turn, ROWS)
        total = self.passed_counts(scope)[passing] if ways.back or ways.onward else len(rows)
        spells = self.clock_rows(scope, [row.id for row in rows]) if rows else {}
        found = (
            PassedRow(r.id, r.number, r.title, r.unit, r.status, r.resolve_level, tuple(spells[r.id])) for r in rows
        )
        return Listed(found, total, ways, ROWS)

    def passed_counts(self, scope: Scope) -> dict[Passing, int]:
        query = worded(
            lambda: select(_desk(scope).c.passing, func.count())
            .join(risks_, risks_.c.id == _desk(scope).c.risk_id)
            .where(~among(risks_.c.status, ENDED)).group_by(_desk(scope).c.passing)
        )  # fmt: skip
        return {Passing(passing): n for passing, n in self.session.execute(*query)}

    def supervised_above(self, unit_id: str) -> list[Unit]:
        query = worded(
            lambda unit_id: select(Unit)
            .join(_below, _below.c.path.startswith(units_.c.path))
            .where(_below.c.id == unit_id, units_.c.id != unit_id, units_.c.id.in_(_staffed()))
            .order_by(func.length(units_.c.path).desc()),
            unit_id=unit_id,
        )
        return list(self.session.scalars(*query))

    def heads(self, unit_id: str) -> set[str]:
        query = worded(
            lambda unit_id: union(
                select(assignments.c.person_id).where(
                    assignments.c.unit_id == unit_id, among(assignments.c.role, (Role.SUPERVISOR, Role.DISCIPLINE))
                ),
                select(holdings.c.person_id)
                .join(posts_, posts_.c.id == holdings.c.post_id)
                .where(holdings.c.unit_id == unit_id, holdings.c.until.is_(None), posts_.c.leads),
            ),
            unit_id=unit_id,
        )
        return set(self.session.scalars(*query))

    def units_at(self, paths: Collection[str]) -> set[str]:
        query = worded(lambda paths: select(units_.c.id).where(units_.c.path.in_(paths)), paths=sorted(paths))
        return set(self.session.scalars(*query))


def _passed(scope: Scope, passing: Passing) -> Select[Any]:
    """The open entries that were passed in one way, and the limit of whoever holds them now."""
    shown = risks_.c.id, risks_.c.number, risks_.c.title, risks_.c.status, risks_.c.resolve_level
    return (
        select(*shown, units_.c.name.label("unit"), clocks_.c.due_on)
        .join(clocks_, and_(clocks_.c.risk_id == risks_.c.id, clocks_.c.ended_on.is_(None)))
        .join(units_, units_.c.id == risks_.c.unit_id)
        .join(_desk(scope), _desk(scope).c.risk_id == risks_.c.id)
        .where(_desk(scope).c.passing == passing, ~among(risks_.c.status, ENDED))
    )


@kept
def _desk(scope: Scope) -> Subquery:
    """The entries that were passed to one's own units and lie there, or were passed on from there and came not back:
    of each, the last time it lay there tells."""
    own = select(units_.c.id).where(units_.c.path.in_(scope.paths))
    last = func.max(clocks_.c.n).over(partition_by=clocks_.c.risk_id).label("last")
    here = within(clocks_.c.unit_id, scope), clocks_.c.holder_id.in_(own)
    lay = select(clocks_.c.risk_id, clocks_.c.n, clocks_.c.how, clocks_.c.ended_on, last).where(*here).subquery()
    came = case((among(lay.c.how, UP), Passing.CAME_UP.value), else_=Passing.GIVEN.value)
    gone = case((among(_next.c.how, UP), Passing.SENT_UP.value), else_=Passing.SENT_DOWN.value)
    passed = case((lay.c.ended_on.is_(None), came), else_=gone)
    return (
        select(lay.c.risk_id, passed.label("passing"))
        .outerjoin(_next, and_(_next.c.risk_id == lay.c.risk_id, _next.c.n == lay.c.n + 1))
        .where(lay.c.n == lay.c.last, case((lay.c.ended_on.is_(None), lay.c.how != Handing.BEGUN), else_=_next.c.n > 0))
        .subquery("desk")
    )


_next = clocks_.alias()
_giver, _below = people_.alias("giver"), units_.alias("below")


def _staffed() -> Any:
    """Units at which somebody supervises who has not left."""
    return (
        select(assignments.c.unit_id)
        .join(people_, people_.c.id == assignments.c.person_id)
        .where(assignments.c.role == Role.SUPERVISOR, people_.c.left_on.is_(None))
    )


def _row(row: Row[Any]) -> ClockRow:
    return ClockRow(
        row.risk_id, row.holder_id, row.holder, row.how, row.reason, row.started_on, row.due_on, row.giver or "",
        row.extended, row.extension_reason, row.ended_on,
    )  # fmt: skip

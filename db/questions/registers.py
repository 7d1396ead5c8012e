"""The register as a list: a page of it, how many entries there are, and what is told of each."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from core.access import Scope
from core.entries.register import PAGE, Filter, Page, RegisterRow
from core.turning import START
from core.words import RiskStatus, Source, WarningLevel
from db.kept import worded
from db.keyset import turned
from db.paths import is_wide
from db.questions.entries import chosen, next_due, order
from db.questions.signatures import lapsed
from db.questions.spoken import in_it, spoken
from db.questions.summing import Summing
from db.questions.tallies import ENTRIES, KIND
from db.questions.warned import gravest
from db.scoping import HOLDING, inside
from db.tables import items_, measures_, people_, risks_, units_

_LISTED = risks_.outerjoin(items_, items_.c.id == risks_.c.item_id)
_STATUS = KIND.index("status")
_unit = units_.alias("unit")


class Registers(Summing):
    """The register as it is listed."""

    def entries(self, scope: Scope, ids: Sequence[str]) -> list[RegisterRow]:
        return self._listed(scope, date.min, ids)

    def register(self, scope: Scope, wanted: Filter, today: date, ids: Collection[str] | None = None) -> Page:
        conditions = chosen(wanted, scope, today, ids)
        is_plain = ids is None and not wanted.narrows
        found = worded(lambda: _found(chosen(Filter(), scope, date.min)))[0] if is_plain else _found(conditions)
        few, ways = turned(self.session, found, risks_.c.id, order(wanted.sort), wanted.turn, PAGE)
        shown = [row.id for row in few]  # voices, dates and warnings are looked up for these alone
        rows = {row.id: row for row in self._listed(scope, today, shown)}
        total = len(few)
        if ways.back or ways.onward:
            total = self._how_many(scope, wanted if ids is None else None, conditions)
        return Page(tuple(rows[risk_id] for risk_id in shown), total, ways)

    def _listed(self, scope: Scope, today: date, ids: Sequence[str]) -> list[RegisterRow]:
        query = worded(lambda ids: _list(scope, today, ids), ids=list(ids))
        return [_row(r) for r in self.session.execute(*query)] if ids else []

    def _how_many(self, scope: Scope, wanted: Filter | None, conditions: Sequence[ColumnElement[bool]]) -> int:
        """How many entries there are: of a wide area as they are kept, where nothing is asked of them."""
        if is_wide(scope) and wanted and replace(wanted, unit_id=None, sort=Filter().sort, turn=START) == Filter():
            kinds = self._kept_sum(ENTRIES, scope, wanted.unit_id)
            if kinds is not None:
                return sum(n for kind, (n,) in kinds.items() if kind[_STATUS] != RiskStatus.ARCHIVED)
        return self.session.scalar(select(func.count()).select_from(_LISTED).where(*conditions)) or 0


def _found(conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Entries as they are put in order; no building is asked for its own on the way through the units."""
    here = _LISTED.join(units_, units_.c.id == risks_.c.unit_id)
    return select(risks_.c.id).select_from(here).where(*conditions, HOLDING)


def _list(scope: Scope, today: date, ids: Sequence[str]) -> Select[Any]:
    """Rows of the register; voices are read of these alone, in one pass. They are found by their ids: by their unit,
    PostgreSQL would hold every entry of a community against each id."""
    late = (
        select(func.count())
        .where(measures_.c.risk_id == risks_.c.id, measures_.c.done_on.is_(None), measures_.c.due_on < today)
        .correlate(risks_)
        .scalar_subquery()
    )
    said = spoken(scope, None, ids)
    return (
        select(risks_, _unit.c.name.label("unit"), items_.c.name.label("item"), people_.c.name.label("owner"),
               next_due().label("next_due"), late.label("overdue"), lapsed(today).label("lapsed"),
               gravest().label("gravest"), *in_it(said))
        .join(_unit, _unit.c.id == risks_.c.unit_id)
        .outerjoin(said, said.c.risk_id == risks_.c.id)
        .outerjoin(items_, items_.c.id == risks_.c.item_id)
        .outerjoin(people_, people_.c.id == risks_.c.owner_id)
        .where(inside(risks_.c.unit_id, scope), risks_.c.id.in_(ids))
    )  # fmt: skip


def _row(r: Row[Any]) -> RegisterRow:
    return RegisterRow(
        r.id, r.unit_id, r.unit, r.number, r.title, r.item_id, r.item or "", r.dimension, r.risk_type, r.status,
        r.level, tuple(s.value for s in Source if getattr(r, s.value)), r.owner or "", r.next_due, r.overdue or 0,
        r.opened_on, bool(r.lapsed), list(WarningLevel)[r.gravest] if r.gravest is not None else None,
    )  # fmt: skip

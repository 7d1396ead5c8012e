"""How long entries stand in each state and how many there are of a level, from what each entry was day by day; and how
long flags wait."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from core.access import Scope
from core.entries.register import UNRATED
from core.insight.pace import FlagSpell, Spell
from core.lifecycle import ENDED
from core.words import RiskStatus
from db.kept import among, kept
from db.questions.entries import standing
from db.questions.summing import Sum, Summing, Where, at, given
from db.questions.voices import WAITING
from db.scoping import heard, within
from db.tables import flags_, risks_
from db.tables.round_tables import versions_


class Paces(Summing):
    """Figures about time as they are asked for."""

    def spells(self, scope: Scope, unit_id: str | None, today: date) -> list[Spell]:
        of_entry: dict[str, Any] = {
            "partition_by": (versions_.c.unit_id, versions_.c.risk_id), "order_by": versions_.c.day,
        }  # fmt: skip
        known = (
            select(versions_.c.unit_id, versions_.c.risk_id, versions_.c.day, versions_.c.status,
                   func.lag(versions_.c.status).over(**of_entry).label("before"))
            .where(within(versions_.c.unit_id, scope), at(versions_.c.unit_id, unit_id))
            .subquery()
        )  # fmt: skip
        turned = (
            select(known.c.risk_id, known.c.status, known.c.day, known.c.before, func.lead(known.c.day).over(
                partition_by=(known.c.unit_id, known.c.risk_id), order_by=known.c.day).label("until"))
            .where(or_(known.c.before.is_(None), known.c.before != known.c.status))
            .subquery()
        )  # fmt: skip
        first = and_(turned.c.before.is_(None), turned.c.status == RiskStatus.UNRATED)
        begun = case((first, risks_.c.opened_on), else_=turned.c.day)
        days = self._days(begun, func.coalesce(turned.c.until, literal(today)))
        over = case((turned.c.until.is_not(None), 1), else_=0)
        found = (
            select(turned.c.status, over, days)
            .join(risks_, risks_.c.id == turned.c.risk_id)
            .where(turned.c.status.not_in(ENDED), standing())
        )
        return [Spell(state, bool(is_over), n_days, n) for state, is_over, n_days, n in self._counted(found)]

    def flag_spells(self, scope: Scope, unit_id: str | None, today: date) -> list[FlagSpell]:
        waits = among(flags_.c.status, WAITING)
        days = self._days(flags_.c.raised_on, case((waits, literal(today)), else_=flags_.c.decided_on))
        over = case((waits, 0), else_=1)
        found = select(flags_.c.source, over, days).where(
            within(flags_.c.unit_id, scope), at(flags_.c.unit_id, unit_id), heard(scope),
            or_(waits, flags_.c.decided_on.is_not(None)),
        )  # fmt: skip
        return [FlagSpell(source, bool(is_over), n_days, n) for source, is_over, n_days, n in self._counted(found)]

    def level_turns(self, scope: Scope, unit_id: str | None) -> list[tuple[date, str, int]]:
        found = self._summed(TURNS, scope, unit_id)
        return sorted((date.fromisoformat(day), name, n) for (day, name), (n,) in found.items())

    def _count_turns(self, scope: Scope, where: Where, _today: date) -> Iterator[Sequence[Any]]:
        """Rows of a day, a level, and by how many open entries of it there are more or fewer from that day on."""
        for day, until, name, n in self.session.execute(_level_turns(scope, where), given(where)):
            yield day, name, n
            if until:
                yield until, name, -n

    def _counted(self, query: Select[Any]) -> list[Any]:
        """How many rows there are of each kind that a query gives."""
        kinds = query.subquery()
        return list(self.session.execute(select(*kinds.c, func.count()).group_by(*kinds.c)).all())

    def _days(self, first: ColumnElement[Any], last: ColumnElement[Any]) -> ColumnElement[int]:
        """Whole days from one date to another."""
        if self._is_sqlite:
            return cast(func.julianday(last) - func.julianday(first), Integer).label("days")
        return (last - first).label("days")


@kept
def _level_turns(scope: Scope, where: Where) -> Select[Any]:
    """How many open entries had a level from one day until another; read in the order of `ix_versions_turns`."""
    until = func.lead(versions_.c.day, type_=Date).over(
        partition_by=(versions_.c.unit_id, versions_.c.risk_id), order_by=versions_.c.day
    )
    level = func.coalesce(type_coerce(versions_.c.level, String), UNRATED).label("level")
    spans = (
        select(versions_.c.day, until.label("until"), level, versions_.c.status)
        .where(within(versions_.c.unit_id, scope), at(versions_.c.unit_id, where))
        .subquery()
    )
    span = spans.c.day, spans.c.until, spans.c.level
    return select(*span, func.count()).where(spans.c.status.not_in(ENDED)).group_by(*span)


TURNS = Sum("turns", 2, Paces._count_turns)

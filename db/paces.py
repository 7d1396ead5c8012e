"""How long entries stand in each state and how many there are of a level, from what each entry was day by day; and how
long flags wait."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, Date, Integer, Select, and_, case, cast, func, literal, or_, select

from core.access import Scope
from core.lifecycle import ENDED
from core.pace import FlagSpell, Spell
from core.register import UNRATED
from core.words import RiskStatus
from db.entries import standing
from db.kept import among
from db.round_tables import versions_
from db.scoping import Asking, heard, within
from db.spoken import at
from db.tables import flags_, risks_
from db.voices import WAITING


class Paces(Asking):
    """Figures about time as they are asked for."""

    def spells(self, scope: Scope, unit_id: str | None, today: date) -> list[Spell]:
        status = versions_.c.fields["status"].as_string()
        read = _read(
            select(versions_.c.risk_id, versions_.c.day, status.label("status"), risks_.c.opened_on)
            .join(risks_, risks_.c.id == versions_.c.risk_id)
            .where(within(versions_.c.unit_id, scope), at(versions_.c.unit_id, unit_id), standing())
        )
        before = func.lag(read.c.status).over(partition_by=read.c.risk_id, order_by=read.c.day)
        kept = select(read, before.label("before")).subquery()
        first = and_(kept.c.before.is_(None), kept.c.status == RiskStatus.UNRATED.value)
        turned = (
            select(kept.c.status, case((first, kept.c.opened_on), else_=kept.c.day).label("begun"),
                   func.lead(kept.c.day).over(partition_by=kept.c.risk_id, order_by=kept.c.day).label("until"))
            .where(or_(kept.c.before.is_(None), kept.c.before != kept.c.status))
            .subquery()
        )  # fmt: skip
        days = self._days(turned.c.begun, func.coalesce(turned.c.until, literal(today)))
        over = case((turned.c.until.is_not(None), 1), else_=0)
        ended = [status.value for status in ENDED]
        rows = self._counted(select(turned.c.status, over, days).where(turned.c.status.not_in(ended)))
        return [Spell(RiskStatus(state), bool(is_over), n_days, n) for state, is_over, n_days, n in rows]

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
        fields = versions_.c.fields
        ended = [status.value for status in ENDED]
        level = case(
            (fields["status"].as_string().in_(ended), None),
            else_=func.coalesce(fields["level"].as_string(), UNRATED),
        )
        read = _read(
            select(versions_.c.risk_id, versions_.c.day, level.label("level"))
            .where(within(versions_.c.unit_id, scope), at(versions_.c.unit_id, unit_id))
        )  # fmt: skip
        until = func.lead(read.c.day, type_=Date).over(partition_by=read.c.risk_id, order_by=read.c.day)
        kept = select(read.c.day, read.c.level, until.label("until")).subquery()
        turns: Counter[tuple[date, str]] = Counter()
        for day, until, name, n in self._counted(select(kept.c.day, kept.c.until, kept.c.level)):
            if name is not None:
                turns[day, name] += n
                turns[until or date.max, name] -= n
        return [(day, name, n) for (day, name), n in turns.items() if day != date.max]

    def _counted(self, query: Select[Any]) -> list[Any]:
        """How many rows there are of each kind that a query gives."""
        kinds = query.subquery()
        return list(self.session.execute(select(*kinds.c, func.count()).group_by(*kinds.c)).all())

    def _days(self, first: ColumnElement[Any], last: ColumnElement[Any]) -> ColumnElement[int]:
        """Whole days from one date to another."""
        if self._is_sqlite:
            return cast(func.julianday(last) - func.julianday(first), Integer).label("days")
        return (last - first).label("days")


def _read(query: Select[Any]) -> CTE:
    """Few columns read out of versions first, so that what is put in order after it is small."""
    return query.cte("read").prefix_with("MATERIALIZED")

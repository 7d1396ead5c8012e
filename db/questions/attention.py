"""What wants a superior's eyes, by community in one statement, or all over an area as far as it is counted."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, true, union_all

from core.access import Scope
from core.insight.attention import Concern
from core.words import RiskStatus, SignedStage, WarningLevel
from db.kept import among, number, worded
from db.keyset import some
from db.paths import under
from db.questions.clocks import passed_to
from db.questions.signatures import lapsing, may_close, may_judge
from db.questions.warned import warned
from db.scoping import Asking, before, each, within
from db.tables import risks_, unit_kinds, units_
from db.tables.holder_tables import clocks_, early_warnings


class Attention(Asking):
    """The map of attention as it is asked for."""

    def few_communities(self, scope: Scope, most: int) -> list[str]:
        query = worded(
            lambda: select(units_.c.id).join(unit_kinds, unit_kinds.c.code == units_.c.kind)
            .where(under(scope) if "/" not in scope.paths else true(), unit_kinds.c.holds_register)
            .limit(number(most))
        )  # fmt: skip
        return sorted(self.session.scalars(*query))

    def count_red(self, scope: Scope) -> int:
        query = worded(lambda: _counting_red(scope))
        return self.session.scalar(*query) or 0

    def attention(
        self, scope: Scope, person_id: str, today: date, communities: Collection[str] | None = None
    ) -> list[tuple[str, Concern, int]]:
        if communities is None:
            query = worded(lambda: _attention(scope, person_id, today, None))
        else:
            query = worded(lambda ids: _attention(scope, person_id, today, ids), ids=list(communities))
        return [(path, Concern(concern), n) for path, concern, n in self.session.execute(*query)]


def _counting_red(scope: Scope) -> Select[int]:
    red = early_warnings.c.ended_on.is_(None), among(early_warnings.c.colour, (WarningLevel.RED,))
    here = select(early_warnings.c.risk_id).where(within(early_warnings.c.unit_id, scope), *red).distinct()
    rows = before(here, early_warnings.c.risk_id)
    standing = each(risks_.c.id == rows.c.risk_id, ~among(risks_.c.status, (RiskStatus.ARCHIVED,)))
    return some(select(rows.c.risk_id).where(standing))


def _red() -> ColumnElement[bool]:
    """That a warning in red is about a row of `risks` and runs."""
    return and_(warned(), among(early_warnings.c.colour, (WarningLevel.RED,)))


def _attention(scope: Scope, person_id: str, today: date, ids: Any) -> Select[Any]:
    """By the path of a community, one of some where they are given, and the concern, entries."""
    entries = select(risks_.c.unit_id, func.count())
    parts = {
        Concern.RED: entries.where(
            within(risks_.c.unit_id, scope), ~among(risks_.c.status, (RiskStatus.ARCHIVED,)), exists().where(_red())
        ),
        Concern.CAME: select(clocks_.c.unit_id, func.count()).where(
            within(clocks_.c.unit_id, scope), passed_to(scope.paths)
        ),
        Concern.CLOSE: entries.where(
            within(risks_.c.unit_id, scope), among(risks_.c.status, (RiskStatus.VERIFYING,)), may_close(person_id),
            may_judge(person_id),
        ),
        Concern.SIGN: entries.where(
            or_(*[and_(*lapsing(scope, person_id, stage, today)) for stage in SignedStage])
        ),
    }  # fmt: skip
    counted = []
    for concern, part in parts.items():
        unit_id, n = part.selected_columns
        here = part if ids is None else part.where(unit_id.in_(ids))
        by = here.group_by(unit_id).with_only_columns(unit_id, n.label("n")).subquery()
        counted.append(
            select(units_.c.path, literal(concern.value).label("concern"), by.c.n)
            .join(by, by.c.unit_id == units_.c.id)
        )  # fmt: skip
    found = union_all(*counted).subquery()
    return select(*found.c)

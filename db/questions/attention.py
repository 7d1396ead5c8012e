"""What wants a superior's eyes, counted by community in one statement."""

from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, literal, or_, select, union_all

from core.access import Scope
from core.insight.attention import Concern
from core.words import RiskStatus, SignedStage, WarningLevel
from db.kept import kept
from db.questions.clocks import passed_to
from db.questions.signatures import lapsing, may_close, may_judge
from db.questions.warned import warned
from db.scoping import Asking, under, within
from db.tables import risks_, unit_kinds, units_
from db.tables.holder_tables import clocks_, early_warnings


class Attention(Asking):
    """The map of attention as it is asked for."""

    def attention(
        self, scope: Scope, person_id: str, today: date
    ) -> tuple[int, list[tuple[str, Concern, int]]]:
        communities, found = 0, []
        for path, concern, n in self.session.execute(_attention(scope, person_id, today)):
            if concern:
                found.append((path, Concern(concern), n))
            else:
                communities = n
        return communities, found


@kept
def _attention(scope: Scope, person_id: str, today: date) -> Select[Any]:
    """By the path of a community and the concern, entries; and without either, the open communities."""
    red = and_(warned(), early_warnings.c.colour == WarningLevel.RED)
    here = within(risks_.c.unit_id, scope)
    parts = {
        Concern.RED: select(risks_.c.unit_id, func.count(risks_.c.id.distinct()))
        .join(early_warnings, red).where(here, risks_.c.status != RiskStatus.ARCHIVED),
        Concern.CAME: select(clocks_.c.unit_id, func.count()).where(
            within(clocks_.c.unit_id, scope), passed_to(scope.paths)
        ),
        Concern.CLOSE: select(risks_.c.unit_id, func.count()).where(
            here, risks_.c.status == RiskStatus.VERIFYING, may_close(person_id), may_judge(person_id)
        ),
        Concern.SIGN: select(risks_.c.unit_id, func.count()).where(
            or_(*[and_(*lapsing(scope, person_id, stage, today)) for stage in SignedStage])
        ),
    }  # fmt: skip
    counted = []
    for concern, part in parts.items():
        unit_id, n = part.selected_columns
        by = part.group_by(unit_id).with_only_columns(unit_id, n.label("n")).subquery()
        counted.append(
            select(units_.c.path, literal(concern.value).label("concern"), by.c.n)
            .join(by, by.c.unit_id == units_.c.id)
        )  # fmt: skip
    communities = (
        select(literal(""), literal(""), func.count())
        .select_from(units_.join(unit_kinds, unit_kinds.c.code == units_.c.kind))
        .where(under(scope), unit_kinds.c.holds_register, units_.c.closed_on.is_(None))
    )
    found = union_all(*counted, communities).subquery()
    return select(*found.c)

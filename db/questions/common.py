"""Questions about common risks: the groups a search over several communities left."""

from collections.abc import Collection

from sqlalchemy import and_, func, select

from core.access import Scope
from core.lifecycle import ENDED
from core.review.recurrence import PAGE, CommonRow
from core.turning import Listed, Turn
from db.kept import among
from db.keyset import listed, upward
from db.scoping import Asking, within
from db.tables import groups_, members, risks_, unit_kinds, units_


class Common(Asking):
    """Common risks as they are asked about."""

    def common_page(self, scope: Scope, run_id: str, turn: Turn) -> Listed[str]:
        """Groups of a run that stand in two communities or more of a scope."""
        apart = (
            select(func.count(members.c.unit_id.distinct()))
            .where(members.c.group_id == groups_.c.id, within(members.c.unit_id, scope), members.c.risk_id.is_not(None))
            .correlate(groups_)
            .scalar_subquery()
        )
        query = select(groups_.c.id).where(groups_.c.run_id == run_id, apart > 1)
        order = upward(groups_.c.n, groups_.c.id)
        return listed(self.session, query, groups_.c.id, order, turn, PAGE, lambda r: str(r.id))

    def common_rows(self, scope: Scope, group_ids: Collection[str]) -> list[CommonRow]:
        query = (
            select(groups_.c.id.label("group_id"), groups_.c.n, groups_.c.strength.label("whole"), groups_.c.weak,
                   members.c.risk_id, members.c.unit_id, members.c.strength, members.c.because)
            .join(members, members.c.group_id == groups_.c.id)
            .where(groups_.c.id.in_(group_ids), within(members.c.unit_id, scope), members.c.risk_id.is_not(None))
            .order_by(groups_.c.n, members.c.unit_id, members.c.id)
        )  # fmt: skip
        return [
            CommonRow(r.group_id, r.n, r.whole, r.weak, r.risk_id, r.unit_id, r.strength, tuple(r.because))
            for r in self.session.execute(query)
        ]

    def open_counts(self, scope: Scope, unit_id: str) -> dict[str, tuple[str, int]]:
        """The communities of a unit in the order of the tree: name, and how many entries are open today."""
        path = select(units_.c.path).where(units_.c.id == unit_id).scalar_subquery()
        is_open = and_(risks_.c.unit_id == units_.c.id, ~among(risks_.c.status, ENDED))
        query = (
            select(units_.c.id, units_.c.name, func.count(risks_.c.id).label("entries"))
            .join(unit_kinds, unit_kinds.c.code == units_.c.kind)
            .outerjoin(risks_, is_open)
            .where(units_.c.path.startswith(path), within(units_.c.id, scope), unit_kinds.c.holds_register,
                   units_.c.closed_on.is_(None))
            .group_by(units_.c.id, units_.c.name, units_.c.path)
            .order_by(units_.c.path)
        )  # fmt: skip
        return {r.id: (r.name, r.entries) for r in self.session.execute(query)}

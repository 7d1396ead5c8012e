"""Questions how much waits in the inbox where communities are many: as far as it is told."""

from sqlalchemy import select

from core.access import Scope
from core.words import FlagStatus
from db.kept import worded
from db.keyset import some
from db.questions.voices import waits
from db.scoping import Asking, within
from db.tables import flags_, unit_kinds, units_


class Queued(Asking):
    """The inbox of an area as it is asked about."""

    def inbox_homes(self, scope: Scope) -> list[tuple[str, str, int, int]]:
        query = worded(
            lambda: select(units_.c.id, units_.c.name)
            .join(unit_kinds, unit_kinds.c.code == units_.c.kind)
            .where(within(units_.c.id, scope), unit_kinds.c.holds_register, units_.c.closed_on.is_(None))
            .order_by(units_.c.name, units_.c.id)
        )  # fmt: skip
        return [(unit_id, name, 0, 0) for unit_id, name in self.session.execute(*query)]

    def inbox_sums(self, scope: Scope, viewer: str, unit_id: str | None) -> tuple[int, int]:
        here = () if unit_id is None else (flags_.c.unit_id == unit_id,)
        danger = flags_.c.urgent, flags_.c.status == FlagStatus.NEW
        query = worded(
            lambda: select(*(
                some(select(flags_.c.id).where(waits(scope, viewer), *here, *more)).scalar_subquery()
                for more in ((), danger)
            ))
        )  # fmt: skip
        n, urgent = self.session.execute(*query).one()
        return n, urgent

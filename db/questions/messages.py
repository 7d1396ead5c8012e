"""Questions about messages to the outside: addresses whose hour has come, and messages that wait to be sent."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Table, delete, exists, func, or_, select, update

from core.alerts.addresses import Address, Outlets
from core.alerts.deliveries import Delivery, DeliveryState
from db import outside
from db.scoping import Asking
from db.tables.message_tables import addresses_, deliveries_, notices_


class Messages(Asking):
    """Messages of one person, or of all for the sweep. No scope: the program's own bookkeeping."""

    def outlets(self) -> Outlets:
        return outside.outlets()

    def drop_address(self, address: Address) -> None:
        there = deliveries_.c.address_id == address.id
        waiting = deliveries_.c.state == DeliveryState.WAITING
        self.session.execute(update(deliveries_).where(there, waiting).values(state=DeliveryState.DROPPED))
        self.session.execute(update(deliveries_).where(there).values(address_id=None))
        self.session.delete(address)

    def addresses_due(self, today: date, hour: int) -> list[str]:
        fresh = or_(addresses_.c.digested_on.is_(None), addresses_.c.digested_on < today)
        query = select(addresses_.c.id).where(addresses_.c.hour <= hour, fresh)
        return list(self.session.scalars(query.order_by(addresses_.c.id)))

    def due_deliveries(self, now: datetime, most: int) -> list[Delivery]:
        query = select(Delivery).where(
            deliveries_.c.state == DeliveryState.WAITING, deliveries_.c.due_at <= now
        ).order_by(deliveries_.c.due_at, deliveries_.c.id).limit(most)  # fmt: skip
        if not self.session.info.get("reading"):
            query = query.with_for_update()
        return list(self.session.scalars(query))

    def last_deliveries(self, person_id: str, most: int) -> list[Delivery]:
        query = select(Delivery).where(deliveries_.c.person_id == person_id)
        newest = query.order_by(deliveries_.c.made_on.desc(), deliveries_.c.due_at.desc(), deliveries_.c.id)
        return list(self.session.scalars(newest.limit(most)))

    def has_red_unsent(self) -> bool:
        return bool(self.session.scalar(select(exists().where(_unsent()))))

    def take_red_unsent(self) -> dict[str, str]:
        query = select(notices_.c.person_id, notices_.c.id).where(_unsent()).order_by(notices_.c.id)
        found = self.session.execute(query.with_for_update()).all()
        taken = update(notices_).where(notices_.c.id.in_([row.id for row in found]))
        self.session.execute(taken.values(is_sent=True))
        return {row.person_id: row.id for row in found}

    def drop_old_notices(self, before: date, most: int) -> int:
        return self._drop(notices_, notices_.c.day <= before, most)

    def drop_old_deliveries(self, before: date, most: int) -> int:
        return self._drop(deliveries_, deliveries_.c.made_on <= before, most)

    def count_old_notices(self, before: date) -> int:
        return self.session.scalar(select(func.count()).where(notices_.c.day <= before)) or 0

    def count_old_deliveries(self, before: date) -> int:
        return self.session.scalar(select(func.count()).where(deliveries_.c.made_on <= before)) or 0

    def _drop(self, table: Table, old: ColumnElement[bool], most: int) -> int:
        ids = self.session.scalars(select(table.c.id).where(old).order_by(table.c.id).limit(most)).all()
        self.session.execute(delete(table).where(table.c.id.in_(ids)))
        return len(ids)


def _unsent() -> ColumnElement[bool]:
    return notices_.c.is_red & notices_.c.is_sent.is_(False) & notices_.c.is_read.is_(False)

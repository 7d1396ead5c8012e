"""What is kept of the sweep: who may run it now, and the day each piece of it was last done for."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, func, select, text, update

from db.scoping import Asking
from db.tables.message_tables import leases, marks_

LEASE = timedelta(minutes=2)
"""How long a lease lasts after each step: longer than any step and any message that is sent between two steps."""
MARGIN = timedelta(seconds=10)
"""How much later than that somebody else takes it over, should the database have moved to a machine with another clock.
"""
_NOBODY = datetime(2000, 1, 1, tzinfo=UTC)


class Sweeps(Asking):
    """Leases and marks. No scope: the program's own bookkeeping. Written beside the entities, so with no line in the
    log."""

    def clock(self) -> datetime:
        """What the database's own clock says (UTC): the same for every server on it."""
        if self._is_sqlite:
            told = self.session.scalar(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"))
            return datetime.fromisoformat(str(told)).replace(tzinfo=UTC)
        found: datetime = self.session.scalar(select(func.clock_timestamp()))  # type: ignore[assignment]
        return found.astimezone(UTC)

    def take_lease(self, name: str, holder: str) -> bool:
        """Let a lease be the holder's if it is free, has run out, or could not have been given by this clock."""
        fresh = self._put(leases).values(name=name, holder="", until=_NOBODY).on_conflict_do_nothing()
        self.session.execute(fresh)
        kept = self.session.execute(select(leases).where(leases.c.name == name).with_for_update()).one()
        now = self.clock()
        held = kept.holder not in ("", holder) and now - MARGIN < kept.until <= now + LEASE + MARGIN
        if not held:
            self.session.execute(
                update(leases).where(leases.c.name == name).values(holder=holder, until=now + LEASE)
            )
        return not held

    def keep_lease(self, name: str, holder: str) -> bool:
        """Make a lease last on from now, and lock it until the work is over; False when it is another's by now."""
        mine = leases.c.name == name, leases.c.holder == holder
        if self.session.execute(select(leases.c.name).where(*mine).with_for_update()).first() is None:
            return False
        self.session.execute(update(leases).where(*mine).values(until=self.clock() + LEASE))
        return True

    def give_lease(self, name: str, holder: str) -> None:
        mine = leases.c.name == name, leases.c.holder == holder
        self.session.execute(update(leases).where(*mine).values(holder="", until=_NOBODY))

    def marks(self, job: str) -> dict[str, date]:
        found = self.session.execute(select(marks_.c.lot, marks_.c.day).where(marks_.c.job == job))
        return {row.lot: row.day for row in found}

    def mark(self, job: str, lot: str) -> date | None:
        return self.session.scalar(select(marks_.c.day).where(marks_.c.job == job, marks_.c.lot == lot))

    def put_mark(self, job: str, lot: str, day: date) -> None:
        put = self._put(marks_).values(job=job, lot=lot, day=day)
        self.session.execute(put.on_conflict_do_update(index_elements=["job", "lot"], set_={"day": day}))

    def trust_marks(self, today: date, job: str, lot: str) -> None:
        self.session.execute(update(marks_).where(marks_.c.day > today).values(day=today))
        self.session.execute(delete(marks_).where(marks_.c.job == job, marks_.c.lot == lot))

"""What wrong tries have closed, the same for every server."""

from datetime import date, datetime

from sqlalchemy import delete, select, update

from db import keyring
from db.scoping import Asking
from db.tables.file_tables import doors


class Doors(Asking):
    """Wrong tries by what was tried. Of that a mark is kept alone, which tells nothing without the keys: somebody may
    have typed a password in the place of an account."""

    def closed_until(self, tried: str) -> datetime | None:
        return self.session.scalar(select(doors.c.closed_until).where(doors.c.mark == _mark(tried)))

    def count_wrong(self, tried: str, today: date) -> tuple[int, datetime | None]:
        """Count a wrong try: how many there are now, and until when the door is closed. The row is locked until the
        work is over, so that of many at once each is counted."""
        put = self._put(doors).values(mark=_mark(tried), wrong=1, tried_on=today)
        again = {"wrong": doors.c.wrong + 1, "tried_on": today}
        counted = put.on_conflict_do_update(index_elements=["mark"], set_=again)
        found = self.session.execute(counted.returning(doors.c.wrong, doors.c.closed_until)).one()
        return found.wrong, found.closed_until

    def close_door(self, tried: str, until: datetime) -> None:
        """Close a door, and begin to count anew."""
        self.session.execute(update(doors).where(doors.c.mark == _mark(tried)).values(wrong=0, closed_until=until))

    def forget_wrong(self, tried: str) -> None:
        self.session.execute(delete(doors).where(doors.c.mark == _mark(tried)))

    def forget_old_doors(self, before: date) -> None:
        self.session.execute(delete(doors).where(doors.c.tried_on < before))


def _mark(tried: str) -> str:
    return keyring.ring().mark(tried)

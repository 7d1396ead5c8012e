"""What core asks of whoever keeps things about notices, messages to the outside, and what is done by time."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from core.access import Scope

if TYPE_CHECKING:
    from core.alerts.addresses import Address, Outlets
    from core.alerts.deliveries import Delivery
    from core.alerts.notices import Kind, NoticeRow, Said
    from core.turning import Listed, Turn
    from core.words import Role


class Mailroom(Protocol):
    """A part of the store. Notices are asked with where their reader may still see each kind."""

    # notices
    def put_notices(self, people: Sequence[str], said: "Said", day: date) -> None: ...
    def notice_page(self, person_id: str, reach: "Mapping[Kind, Scope]", turn: "Turn") -> "Listed[NoticeRow]": ...
    def count_notices(
        self, person_id: str, reach: "Mapping[Kind, Scope]", *, red: bool = False, most: int | None = None
    ) -> int: ...  # unread ones, or `most` of them
    def read_notices(self, person_id: str, ids: Sequence[str] | None) -> None: ...
    def desk(
        self, unit_id: str, roles: "Sequence[Role]", away: Collection[str], *, nearest: bool = True
    ) -> list[str]: ...  # who holds one of the roles at the unit or above it
    def staff_below(self, unit_id: str, roles: "Sequence[Role]") -> list[str]: ...
    def has_dues_on(self, unit_id: str, days: "Collection[date]") -> bool: ...  # not recorded as published yet
    def unpublished_resolutions(self, unit_id: str) -> list[tuple[str, date]]: ...  # decisions, and when it was taken
    def is_told(self, kind: "Kind", subject: str) -> bool: ...  # whether anybody still has a notice of it
    def looks_due(self, unit_id: str, after: date, until: date) -> list[str]: ...  # entries with a look to be made

    # messages to the outside
    def outlets(self) -> "Outlets": ...  # what the operator allows
    def drop_address(self, address: "Address") -> None: ...  # with what waits to be sent there
    def addresses_due(self, today: date, hour: int) -> list[str]: ...
    def due_deliveries(self, now: datetime, most: int) -> "list[Delivery]": ...
    def last_deliveries(self, person_id: str, most: int) -> "list[Delivery]": ...
    def has_red_unsent(self) -> bool: ...
    def take_red_unsent(self) -> dict[str, str]: ...  # by person one of their notices; from now on they count as sent
    def drop_old_notices(self, before: date, most: int) -> int: ...
    def drop_old_deliveries(self, before: date, most: int) -> int: ...
    def count_old_notices(self, before: date) -> int: ...
    def count_old_deliveries(self, before: date) -> int: ...

    # what is done by time
    def clock(self) -> datetime: ...  # the database's own, the same for every server
    def take_lease(self, name: str, holder: str) -> bool: ...
    def keep_lease(self, name: str, holder: str) -> bool: ...  # and lock it until the work is over; False when lost
    def give_lease(self, name: str, holder: str) -> None: ...
    def marks(self, job: str) -> dict[str, date]: ...  # the day each lot was last done for
    def mark(self, job: str, lot: str) -> date | None: ...
    def put_mark(self, job: str, lot: str, day: date) -> None: ...
    def trust_marks(self, today: date, job: str, lot: str) -> None: ...  # none later than today, and this one gone

"""What core asks about who saw what and what has worked: the part of the store that core.store leaves to this
module."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Protocol

from core.access import Scope

if TYPE_CHECKING:
    from core.blindspots import Voiced
    from core.lessons import Worked
    from core.silence import Power
    from core.words import Channel, Source


class Insight(Protocol):
    """Entries by the voices in them, power items with or without a voice, and measures that have worked."""

    def voiced(
        self, scope: Scope, unit_id: str | None, ids: Collection[str] | None = None, *, rated: bool = False
    ) -> list["Voiced"]: ...  # `rated`: with the levels voices gave; of all entries those alone to which several did
    def channels_in(self, scope: Scope, risk_id: str, source: "Source") -> "set[Channel]": ...  # of standing voices
    def powers(self, scope: Scope, unit_id: str | None, first: date, last: date) -> list["Power"]: ...  # those in use
    def asked_with(self, scope: Scope, group_id: str) -> set[str]: ...  # communities that got a common risk's point
    def members_at(self, scope: Scope, group_id: str, unit_id: str) -> list[str]: ...  # entries, the surest first
    def worked(self, item: str, dimension: str, risk_type: str, most: int) -> list["Worked"]: ...  # from the board

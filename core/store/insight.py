"""What core asks about who saw what and what has worked: the part of the store that core.store leaves to this
module."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Protocol

from core.access import Scope

if TYPE_CHECKING:
    from core.insight.blindspots import Alike, Sight, Voiced
    from core.insight.disputes import Rated
    from core.insight.lessons import Worked
    from core.insight.silence import Power, Silent


class Insight(Protocol):
    """Entries by the voices in them, power items with or without a voice, and measures that have worked."""

    def alike(self, scope: Scope, sight: "Sight") -> list["Alike"]: ...  # entries in which any voice is heard, counted
    def silent(
        self, scope: Scope, sight: "Sight", first: date, last: date, most: int, skip: int
    ) -> "Silent": ...  # power items in use; looked at between the days
    def rated(self, scope: Scope, sight: "Sight", most: int, skip: int) -> "Rated": ...  # by several voices
    def voiced(self, scope: Scope, ids: Collection[str]) -> list["Voiced"]: ...  # in the order of the tree
    def opened(self, scope: Scope, first: date, last: date, most: int) -> list[str]: ...  # entries, the newest first
    def powers(
        self, scope: Scope, unit_id: str | None, first: date, last: date, ids: Collection[str] | None = None
    ) -> list["Power"]: ...  # those in use, of these `ids` where they are given
    def asked_with(self, scope: Scope, group_id: str) -> set[str]: ...  # communities that got a common risk's point
    def members_at(self, scope: Scope, group_id: str, unit_id: str) -> list[str]: ...  # entries, the surest first
    def worked(self, item: str, dimension: str, risk_type: str, most: int) -> list["Worked"]: ...  # from the board

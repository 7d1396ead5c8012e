"""What core asks where somebody chooses a unit: the part of the store that core.store leaves to this module."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

from core.access import Scope

if TYPE_CHECKING:
    from core.organisation.places import Reach
    from core.rows import UnitRow


class Choosing(Protocol):
    """Units to choose among, as far as they are shown at once."""

    def offered(self, scope: Scope, reach: "Reach", most: int) -> list["UnitRow"] | None: ...  # None: there are more
    def offered_ones(self, scope: Scope, reach: "Reach", ids: Collection[str]) -> list["UnitRow"]: ...
    def offered_at(
        self, scope: Scope, reach: "Reach", at: "UnitRow | None", words: str, most: int
    ) -> list["UnitRow"]: ...  # directly below, or anywhere below with the words in their names; at the top for None
    def line_to(self, scope: Scope, unit: "UnitRow") -> list["UnitRow"]: ...  # from the highest in sight down to it
    def communities_in(self, scope: Scope, ids: Collection[str], most: int | None = None) -> list["UnitRow"]: ...
    def count_communities(self, scope: Scope, ids: Collection[str]) -> int: ...  # open ones among or below some units

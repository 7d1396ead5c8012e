"""What core asks of whoever keeps things for the consistency checks; a part of the store."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from core.access import Scope

if TYPE_CHECKING:
    from core.consistency.checked import Checked
    from core.consistency.findings import AsideRow


class Checking(Protocol):
    """A part of the store."""

    def checked(
        self, scope: Scope, raw: Scope, kin: Scope, unit_ids: Sequence[str], only: str | None = None
    ) -> "list[Checked]": ...  # in their order; whose words and whose relatives may be told; of `only` an entry
    def communities_at(
        self, scope: Scope, skip: int, most: int
    ) -> tuple[list[tuple[str, str]], int]: ...  # open ones, id and name, some of them by name; and how many there are
    def has_entries(self, unit_ids: Sequence[str], many: int) -> bool: ...  # more than so many, archived ones left out
    def set_aside_rows(self, scope: Scope, unit_ids: Sequence[str]) -> "list[AsideRow]": ...  # those that stand

"""What core asks for a page at a time: lists that grow long at one place; a part of the store."""

from typing import TYPE_CHECKING, Protocol

from core.access import Scope

if TYPE_CHECKING:
    from core.rows import PointRow, RaisedRow, SealedRow
    from core.turning import Listed, Turn


class Lists(Protocol):
    """Pages of lists. Each leaves out what its reader may not see before anything is counted."""

    def sealed_page(self, scope: Scope, turn: "Turn") -> "Listed[SealedRow]": ...  # those to confirm or lift first
    def point_page(
        self, scope: Scope, answered: bool | None, turn: "Turn", *, point_id: str | None = None,
        flag_id: str | None = None,
    ) -> "Listed[PointRow]": ...  # fmt: skip
    def raised_page(self, scope: Scope, open_only: bool, turn: "Turn") -> "Listed[RaisedRow]": ...

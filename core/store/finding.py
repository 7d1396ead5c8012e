"""What core asks about what is searched for and how lists are kept: the part of the store that core.store leaves to
this module."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from core.access import Scope

if TYPE_CHECKING:
    from core.entries.searching import Found, Hit, Sought
    from core.entries.views import SavedView
    from core.organisation.units import Unit
    from core.turning import Listed, Turn
    from core.words import Source


class Finding(Protocol):
    """Things found, the best first, `most` of them on a page."""

    def find_entries(self, scope: Scope, sought: "Sought", most: int, turn: "Turn") -> "Listed[Hit]": ...
    def find_voices(
        self, scope: Scope, sought: "Sought", most: int, turn: "Turn", raw: Scope | None = None
    ) -> "Listed[Hit]": ...  # standing ones in entries; residents' words where `raw` reaches
    def find_waiting(
        self, scope: Scope, sought: "Sought", most: int, turn: "Turn", sources: "Sequence[Source]"
    ) -> "Listed[Hit]": ...  # for whoever may read the words themselves
    def find_things(
        self, scope: Scope, sought: "Sought", most: int, kinds: "Sequence[Found]"
    ) -> "dict[Found, Listed[Hit]]": ...  # of the index of things, the first of each kind
    def find_of_kind(
        self, scope: Scope, sought: "Sought", most: int, turn: "Turn", found: "Found"
    ) -> "Listed[Hit]": ...

    # saved views
    def saved_views(self, scope: Scope, viewer: str) -> "list[tuple[SavedView, Unit, str]]": ...  # unit, maker's name
    def default_view(self, person_id: str) -> str | None: ...
    def put_default_view(self, person_id: str, view_id: str | None) -> None: ...
    def forget_defaults(self, view_id: str) -> None: ...

"""What core asks about what is searched for and how lists are kept: the part of the store that core.store leaves to
this module."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from core.access import Scope

if TYPE_CHECKING:
    from core.searching import Found, Hit, Sought
    from core.units import Unit
    from core.views import SavedView
    from core.words import Source


class Finding(Protocol):
    """Things found, the best first, each with how many there are of its kind; `most` of them after `skip`."""

    def find_entries(self, scope: Scope, sought: "Sought", most: int, skip: int) -> "list[tuple[Hit, int]]": ...
    def find_voices(
        self, scope: Scope, sought: "Sought", most: int, skip: int, raw: Scope | None = None
    ) -> "list[tuple[Hit, int]]": ...  # standing ones in entries; residents' words where `raw` reaches
    def find_waiting(
        self, scope: Scope, sought: "Sought", most: int, skip: int, sources: "Sequence[Source]"
    ) -> "list[tuple[Hit, int]]": ...  # for whoever may read the words themselves
    def find_things(
        self, scope: Scope, sought: "Sought", most: int, skip: int, kinds: "Sequence[Found]"
    ) -> "list[tuple[Hit, int]]": ...  # of the index of things, so many of each kind

    # saved views
    def saved_views(self, scope: Scope, viewer: str) -> "list[tuple[SavedView, Unit, str]]": ...  # unit, maker's name
    def default_view(self, person_id: str) -> str | None: ...
    def put_default_view(self, person_id: str, view_id: str | None) -> None: ...
    def forget_defaults(self, view_id: str) -> None: ...

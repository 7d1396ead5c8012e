"""What core asks for a page at a time: lists that grow long at one place; a part of the store."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

from core.access import Scope

if TYPE_CHECKING:
    from core.openness.board import Publication
    from core.openness.showing import ShownAnswer, ShownDecision
    from core.review.recurrence import CommonRow
    from core.rows import MeasureRow, PersonRow, PointRow, PostRow, SealedRow
    from core.turning import Listed, Turn
    from core.voices.points import RaisedRow
    from core.words import Role


class Lists(Protocol):
    """Pages of lists. Each leaves out what its reader may not see before anything is counted."""

    def sealed_page(self, scope: Scope, turn: "Turn") -> "Listed[SealedRow]": ...  # those to confirm or lift first
    def point_page(
        self, scope: Scope, answered: bool | None, turn: "Turn", *, of_point: str | None = None,
        of_flag: str | None = None,
    ) -> "Listed[PointRow]": ...  # fmt: skip
    def board_page(self, unit_id: str, turn: "Turn") -> "Listed[Publication]": ...  # the open ones first
    def board_counts(self, unit_id: str) -> tuple[int, int]: ...  # open ones, and those that are done
    def decisions_page(self, unit_id: str, turn: "Turn") -> "Listed[ShownDecision]": ...  # the newest first
    def answers_page(self, unit_id: str, turn: "Turn") -> "Listed[ShownAnswer]": ...  # likewise
    def common_page(self, scope: Scope, run_id: str, turn: "Turn") -> "Listed[str]": ...  # common risks of a run
    def common_rows(self, scope: Scope, group_ids: Collection[str]) -> "list[CommonRow]": ...  # entries in them
    def people_near(
        self, scope: Scope, words: str, most: int, roles: "Collection[Role]" = ()
    ) -> "list[PersonRow]": ...  # named so, or their unit; who has left is among them
    def own_measures(
        self, scope: Scope, person_id: str, *, verified: bool, turn: "Turn"
    ) -> "Listed[MeasureRow]": ...  # of whoever carries them out; verified ones the latest first
    def count_verified(self, scope: Scope, person_id: str) -> int: ...  # likewise, counted as far as 99 and one
    def to_verify(self, scope: Scope, person_id: str, turn: "Turn") -> "Listed[MeasureRow]": ...  # named for it first
    def people_page(self, scope: Scope, words: str, turn: "Turn") -> "Listed[PersonRow]": ...  # named so, or their unit
    def post_page(self, scope: Scope, words: str, turn: "Turn") -> "Listed[PostRow]": ...
    def raised_page(self, scope: Scope, open_only: bool, turn: "Turn") -> "Listed[RaisedRow]": ...
    def inbox_sums(self, scope: Scope, viewer: str, unit_id: str | None) -> tuple[int, int]: ...  # as `inbox_counts`

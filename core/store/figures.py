"""What core asks for the charts: counts made where things are kept, never rows by the thousand."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from core.access import Scope

if TYPE_CHECKING:
    from core.insight.attention import Concern
    from core.insight.figures import EntryCount, Heard, Punctuality
    from core.insight.outcomes import Marks
    from core.insight.pace import FlagSpell, Spell
    from core.insight.participation import Reached
    from core.insight.timely import ClassCount, PostCount
    from core.insight.trends import Deed
    from core.openness.board import Rated
    from core.privacy.small import Cell
    from core.rows import UnitRow
    from core.words import ReviewResult, Source


class Figures(Protocol):
    """A part of the store. Each question is about a unit and all below it, or about the whole scope for None."""

    def entry_counts(self, scope: Scope, unit_id: str | None) -> list["EntryCount"]: ...  # alike ones, without voices
    def voices_counted(
        self, scope: Scope, unit_id: str | None, today: date
    ) -> "tuple[list[EntryCount], Heard]": ...  # with their voices, and how many flags each raised
    def voice_cells(
        self, scope: Scope, unit_id: str | None, today: date
    ) -> "list[tuple[Source, Cell]]": ...  # places and ways are those heard from within participation.SPAN
    def reached(self, scope: Scope, unit_id: str | None, today: date) -> "Reached": ...
    def reached_below(
        self, scope: Scope, unit_id: str | None, units: "Sequence[UnitRow]", today: date
    ) -> "dict[str, Reached]": ...  # of some units in the first, by their ids
    def heard_places(self, scope: Scope, ids: Collection[str], since: date) -> set[str]: ...
    def punctuality(self, scope: Scope, unit_id: str | None, today: date) -> "Punctuality": ...
    def spells(self, scope: Scope, unit_id: str | None, today: date) -> list["Spell"]: ...
    def flag_spells(self, scope: Scope, unit_id: str | None, today: date) -> list["FlagSpell"]: ...
    def level_turns(
        self, scope: Scope, unit_id: str | None
    ) -> list[tuple[date, str, int]]: ...  # by how many open entries of a level there are more from that day on
    def post_counts(self, scope: Scope, unit_id: str | None, today: date) -> list["PostCount"]: ...
    def open_measures(self, scope: Scope, unit_id: str | None) -> list[tuple[date, int]]: ...  # not done, by due day
    def disclosure_counts(
        self, scope: Scope, unit_id: str | None, today: date
    ) -> list["ClassCount"]: ...  # of those that fell due within timely.SPAN
    def look_results(self, scope: Scope, unit_id: str | None) -> "dict[ReviewResult, int]": ...  # of each last look
    def late_looks(self, scope: Scope, unit_id: str | None, today: date) -> int: ...  # due and not made
    def marks_given(self, scope: Scope, unit_id: str | None) -> "dict[Rated, Marks]": ...
    def deeds_on(
        self, scope: Scope, unit_id: str | None, since: date, today: date
    ) -> list[tuple["Deed", date, int]]: ...  # what offices did; it may go further back
    def is_unsummed(self, today: date) -> bool: ...  # whether sums that are kept are to be kept anew
    def sums_now(self, today: date, most: int) -> Sequence[object]: ...  # what some of them come to now
    def keep_sums(self, answered: Sequence[Any]) -> None: ...
    def few_communities(self, scope: Scope, most: int) -> list[str]: ...  # closed ones too
    def count_red(self, scope: Scope) -> int: ...  # entries warned in red
    def attention(
        self, scope: Scope, person_id: str, today: date, communities: Collection[str] | None = None
    ) -> "list[tuple[str, Concern, int]]": ...  # entries by the path of a community and the concern

"""What core asks about rounds, and about what was: the part of the store that core.store leaves to this module."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Protocol

from core.access import Scope

if TYPE_CHECKING:
    from core.entries.register import Filter
    from core.entries.versions import Version
    from core.inspection.completion import Changed, Completion, PostRow
    from core.inspection.rounds import Inspection, Round
    from core.inspection.snapshots import SnapshotRow
    from core.organisation.units import Unit
    from core.rows import InspectionRow, RoundRow, SaidRow
    from core.turning import Turn


class Campaigns(Protocol):
    """Rounds, what was said in them, how far they have come, and the registers of former days."""

    # rounds
    def round_at(self, unit: "Unit", day: date) -> "Round | None": ...  # open on that day
    def round_during(self, unit: "Unit", first: date, last: date, but: str = "") -> "Round | None": ...
    def rounds_of_note(
        self, scope: Scope, closed_since: date, begun_until: date
    ) -> list["RoundRow"]: ...  # at units in scope and above them
    def round_rows(self, scope: Scope) -> list["RoundRow"]: ...  # all of them, the newest first
    def round_row(self, scope: Scope, round_id: str) -> "RoundRow": ...  # Missing when neither in scope nor above it

    # self-inspection
    def inspected_posts(self, scope: Scope) -> list[str]: ...  # names of posts with power items
    def inspected_units(self, scope: Scope, person_id: str) -> list["Unit"]: ...  # where one's posts have power items
    def inspection(self, round_id: str, item_id: str) -> "Inspection | None": ...
    def inspections(
        self, scope: Scope, unit_id: str, round_: "Round | None", person_id: str, in_words: bool = True
    ) -> list["InspectionRow"]: ...
    def said_of(self, scope: Scope, item_id: str) -> list["SaidRow"]: ...  # the newest round first
    def reason_given(self, round_id: str, unit_id: str, person_id: str) -> str: ...  # the last why nothing was found

    # how far a round has come
    def completion(self, scope: Scope, row: "RoundRow", turn: "Turn") -> "Completion": ...
    def posts_in_round(self, scope: Scope, row: "RoundRow", unit_id: str) -> list["PostRow"]: ...
    def posts_left(self, scope: Scope, round_ids: Collection[str]) -> dict[str, int]: ...  # by round
    def changed_in_rounds(
        self, scope: Scope, unit_id: str | None, today: date, most: int | None = None
    ) -> list["Changed"]: ...

    # what was
    def keep_versions(self, day: date) -> None: ...  # of every entry touched in this work, as it is now
    def versions_on(
        self, scope: Scope, unit_id: str, day: date, changed: tuple[date, date] | None = None
    ) -> list["Version"]: ...  # by number; voices as heard; of entries changed after a day and until another alone
    def versions_shown(
        self, scope: Scope, unit_id: str, day: date, wanted: "Filter"
    ) -> tuple[list["Version"], int]: ...  # a page of them by number, of some states and levels; and how many in all
    def versions_of(self, scope: Scope, risk_id: str) -> list["Version"]: ...  # the oldest first
    def public_versions(self, unit_id: str, day: date) -> list["Version"]: ...  # voices that nobody is kept from
    def known_since(self, scope: Scope, unit_id: str) -> tuple[date, date] | None: ...  # kept, and first entry opened
    def heard_voices(
        self, scope: Scope, unit_id: str, said: Collection[tuple[str, str]]
    ) -> set[tuple[str, str]]: ...  # of entries and sources that spoke, ended ones too
    def snapshot_rows(self, scope: Scope, unit_id: str) -> list["SnapshotRow"]: ...  # the newest round first
    def unfrozen(self, scope: Scope, round_: "Round", most: int) -> list["Unit"]: ...
    def count_unfrozen(self, scope: Scope, round_: "Round") -> int: ...

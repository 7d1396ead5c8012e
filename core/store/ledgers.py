"""What core asks about the small registers and meetings: the part of the store that stands here."""

from typing import TYPE_CHECKING, Protocol

from core.access import Scope

if TYPE_CHECKING:
    from core.ledgers.commitments import CommitmentRow, CommitmentState, Signer, Since
    from core.ledgers.meetings import AgendaEntry, MeetingRow
    from core.ledgers.mentoring import SiteRow
    from core.ledgers.vettings import VettingRow
    from core.tables.exchange import TakenPack
    from core.turning import Listed, Turn


class Ledgers(Protocol):
    """Small registers (小台账) and meetings (会商), each list as it is shown."""

    def signers(self, scope: Scope) -> list["Signer"]: ...  # who holds a post today
    def unsigned(self, scope: Scope) -> tuple[list["Signer"], int]: ...  # without a pledge; how many, as counted
    def commitment_rows(self, scope: Scope) -> list["CommitmentRow"]: ...  # the newest of each kind, in order
    def commitment_page(
        self, scope: Scope, counted: "Since", state: "CommitmentState | None", turn: "Turn"
    ) -> "Listed[CommitmentRow]": ...
    def commitment_counts(self, scope: Scope, counted: "Since") -> "dict[CommitmentState, int]": ...
    def vetting_page(self, scope: Scope, turn: "Turn") -> "Listed[VettingRow]": ...  # the newest first
    def demo_sites(self, scope: Scope) -> set[str]: ...  # units that are one now
    def site_page(self, scope: Scope, turn: "Turn") -> "Listed[SiteRow]": ...  # running ones first, by community
    def agenda_entries(self, scope: Scope) -> list["AgendaEntry"]: ...  # open ones, without those naming the viewer
    def agenda_choice(self, scope: Scope, words: str, most: int) -> list["AgendaEntry"]: ...  # the nearest day first
    def packs_for(self, unit_id: str) -> list["TakenPack"]: ...  # of a unit and of those above it, the newest first
    def meeting_page(self, scope: Scope, turn: "Turn") -> "Listed[MeetingRow]": ...  # the newest first

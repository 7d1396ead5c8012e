"""What core asks about the small registers and meetings: the part of the store that stands here."""

from typing import TYPE_CHECKING, Protocol

from core.access import Scope

if TYPE_CHECKING:
    from core.ledgers.commitments import CommitmentRow, Signer
    from core.ledgers.meetings import AgendaEntry, MeetingRow
    from core.ledgers.mentoring import SiteRow
    from core.ledgers.vettings import VettingRow
    from core.tables.exchange import TakenPack
    from core.turning import Listed, Turn


class Ledgers(Protocol):
    """Small registers (小台账) and meetings (会商), each list as it is shown."""

    def signers(self, scope: Scope) -> list["Signer"]: ...  # who holds a post today
    def commitment_rows(self, scope: Scope) -> list["CommitmentRow"]: ...  # by community and name, the newest first
    def vetting_rows(self, scope: Scope) -> list["VettingRow"]: ...  # the newest first
    def site_rows(self, scope: Scope) -> list["SiteRow"]: ...  # running ones first, in the order of the tree
    def agenda_entries(self, scope: Scope) -> list["AgendaEntry"]: ...  # open ones, without those naming the viewer
    def agenda_choice(self, scope: Scope, words: str, most: int) -> list["AgendaEntry"]: ...  # the nearest day first
    def packs_for(self, unit_id: str) -> list["TakenPack"]: ...  # of a unit and of those above it, the newest first
    def meeting_page(self, scope: Scope, turn: "Turn") -> "Listed[MeetingRow]": ...  # the newest first

"""What core asks of whoever keeps recusals and the relatives people declared."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

from core.access import Scope
from core.turning import Listed, Turn

if TYPE_CHECKING:
    from core.entries.risks import Risk
    from core.openness.requests import Request
    from core.organisation.recusal import Known, Recusal
    from core.organisation.relatives import DeclarationRow


class Kept(Protocol):
    """A part of the store. Relations count by what they do: whose matters somebody is kept from."""

    def with_kin(self, people: Collection[str | None]) -> set[str]: ...  # they, and who is kept from their matters
    def kin(self, person_id: str) -> "list[Known]": ...  # whose matters a person is kept from, by name alone
    def barred(self, item_id: str | None, unit_id: str) -> set[str]: ...  # who holds its post today, and relatives
    def places_of(self, person_id: str) -> set[str]: ...  # units where somebody has an account, a role or a post

    def declarations(self, scope: Scope, turn: Turn) -> "Listed[DeclarationRow]": ...  # of a desk; what waits first
    def waiting_declarations(self, scope: Scope, person_id: str) -> int: ...  # for one to confirm, or a desk; so far
    def declarations_of(self, person_id: str) -> "list[DeclarationRow]": ...  # where one is either of the two
    def unreviewed(self, scope: Scope) -> list[tuple[str, int]]: ...  # unit, and flags without a reviewer; so far

    def recused(self, flag_id: str) -> list[str]: ...
    def recusals_of(self, flag_id: str) -> "list[Recusal]": ...
    def naming(self, person_id: str) -> list[tuple[str, str, str | None]]: ...  # flag, its unit, who spoke by name
    def words_near(self, unit_id: str) -> list[tuple[str, str, str, str | None]]: ...  # the same, with the words third
    def requests_near(self, unit_id: str) -> "list[Request]": ...  # up and down the tree
    def concerning_somebody(self, unit_id: str) -> "list[Risk]": ...  # open entries with a voice kept from somebody
    def kept_away(self, risk_id: str) -> set[str]: ...  # who is named in a voice of the entry, and relatives
    def kept_away_from(self, risk_ids: Collection[str]) -> dict[str, set[str]]: ...  # likewise, of each entry

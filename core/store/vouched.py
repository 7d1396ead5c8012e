"""What core asks of whoever keeps signatures and second looks; a part of the store."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Protocol

from core.access import Scope

if TYPE_CHECKING:
    from core.entries.rating import Assessment
    from core.entries.risks import Risk
    from core.entries.signed import Signature
    from core.prevention.looking import Given, LookRow
    from core.prevention.looks import LookFile, SecondLook
    from core.prevention.measures import Progress
    from core.turning import Listed, Turn
    from core.voices.flags import Flag


class Vouched(Protocol):
    """Signatures, second looks, and what residents say of a closed entry."""

    def newest_ratings(self, risk_id: str) -> "list[Assessment]": ...  # the newest of each stage
    def verdicts_on(self, measure_id: str) -> "list[Progress]": ...  # what was said at verification, in order
    def standing_signatures(self, risk_ids: Collection[str]) -> "list[tuple[Signature, Risk]]": ...
    def signatures_of(self, scope: Scope, risk_id: str) -> "list[tuple[Signature, str]]": ...  # newest first, and name

    def looks_of(self, risk_id: str) -> "list[SecondLook]": ...  # in their order
    def look_files(self, risk_id: str) -> "list[LookFile]": ...
    def is_concerned(self, risk_id: str, person_id: str) -> bool: ...  # closed, answers for or carried out, or named
    def look_page(
        self, scope: Scope, person_id: str | None, view: str, today: date, turn: "Turn"
    ) -> "Listed[LookRow]": ...
    def deserted_looks(self, scope: Scope) -> int: ...  # that nobody may make
    def deserted_first(self, scope: Scope, person_id: str, today: date) -> int: ...  # of those due first

    def given_in(self, scope: Scope, risk_id: str) -> "Given": ...  # ratings by senders, and who asks again
    def joined_since(self, scope: Scope, risk_id: str, day: date) -> int: ...  # voices and supports
    def raised_since(self, scope: Scope, risk_id: str, day: date, most: int) -> "list[Flag]": ...  # not in the entry

"""What core asks of whoever keeps things about what is opened by two people, kept for a time, or under lock and key."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from core.access import Scope
from core.turning import Listed, Turn

if TYPE_CHECKING:
    from core.privacy.keeping import Kept
    from core.privacy.keys import Ring
    from core.review.runs import Run
    from core.voices.attachments import Attachment
    from core.voices.flags import Flag
    from core.voices.openings import Ground, MatterRow, OpeningRow, Part
    from core.witness import Witness
    from core.words import OpeningKind


class KeptApart(Protocol):
    """A part of the store."""

    # deeds of two people, and what is kept for a time
    def grounds(self, scope: Scope) -> "list[Ground]": ...
    def matter_page(self, scope: Scope, ground: "Ground", turn: Turn) -> "Listed[MatterRow]": ...
    def opening_page(
        self, scope: Scope, part: "Part", person_id: str, agreed_since: datetime, turn: Turn
    ) -> "Listed[OpeningRow]": ...
    def done_openings(self, flag_id: str) -> "list[tuple[OpeningKind, datetime]]": ...
    def lapsed(self, kind: "Kept", before: date, most: int | None = None) -> "list[Flag]": ...  # no scope
    def failed_intakes(self, before: date, most: int | None = None) -> "list[Run]": ...
    def stale_drafts(self, before: date, most: int | None = None) -> list[tuple[str, str]]: ...  # person and form
    def drop_attachment(self, attachment: "Attachment") -> None: ...  # with its original and clean copy
    def drop_original(self, attachment: "Attachment") -> None: ...  # the clean copy stays

    # doors that wrong tries close; no scope: the program's own bookkeeping
    def closed_until(self, tried: str) -> datetime | None: ...
    def count_wrong(self, tried: str, today: date) -> tuple[int, datetime | None]: ...  # how many, and closed until
    def close_door(self, tried: str, until: datetime) -> None: ...
    def forget_wrong(self, tried: str) -> None: ...
    def forget_old_doors(self, before: date) -> None: ...

    def witness(self) -> "Witness | None": ...  # of this server; Refused where its file is not what the site wrote

    # keys
    def ring(self) -> "Ring": ...  # Refused where they cannot be read
    def hold_keys(self, *, alone: bool) -> None: ...  # until the work is over
    def each_sealed(self, change: Callable[[bytes], bytes | None]) -> int: ...

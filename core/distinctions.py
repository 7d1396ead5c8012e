"""Not the same matter (不是同一件事): what a person has told apart is remembered and never suggested again."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(eq=False)
class Distinction:
    """That a flag does not belong to an entry: who said so, when and why; taken back by a date."""

    id: str
    unit_id: str
    flag_id: str
    risk_id: str
    said_by: str
    said_at: datetime
    reason: str = ""
    undone_at: datetime | None = None
    undone_by: str | None = None
    undone_reason: str = ""

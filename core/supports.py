"""Supports (附议): a resident says that a matter on the board is theirs too, and gets a receipt of their own."""

from dataclasses import dataclass
from datetime import date

from core.words import Channel


@dataclass(eq=False)
class Support:
    """One resident's word that an entry is theirs too; the date only."""

    id: str
    unit_id: str
    risk_id: str
    place_id: str | None
    channel: Channel
    said_on: date

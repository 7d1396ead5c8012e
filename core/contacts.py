"""Contacts (联系方式): what a sender leaves if they like, sealed, for the discipline desk alone (domain rule 5.3)."""

from dataclasses import dataclass
from datetime import date


@dataclass(eq=False)
class Contact:
    """How to reach a sender, sealed by the site's key; the date only."""

    id: str
    unit_id: str
    flag_id: str
    sealed: bytes
    kept_on: date

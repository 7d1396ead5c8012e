"""Attachments (附件): what a sender adds to their words, as a clean copy and a sealed original."""

from dataclasses import dataclass
from datetime import date


@dataclass(eq=False)
class Attachment:
    """One file of a sender's. `clean` is the hash of the copy that may be seen, empty where none could be made;
    `original` is the hash of what came in, `sealed` that itself under the site's key; `size` in bytes."""

    id: str
    unit_id: str
    flag_id: str
    n: int
    media_type: str
    size: int
    original: str
    clean: str
    added_on: date
    sealed: bytes

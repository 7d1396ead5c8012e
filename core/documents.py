"""Documents to take away: which there are, and that each one taken out of the product is kept on the chain.

A document is made in two beats: a deed permits, loads and records, and gives plain rows; a pure function writes these
as Word or PDF afterwards, so that nobody waits for a paper with the database held.
"""

from typing import TYPE_CHECKING

from core.events import Event
from core.text import N_, Term

if TYPE_CHECKING:
    from core.store import Work
    from core.units import Unit


class Document(Term):
    """What can be taken out of the product as a file of its own."""

    REGISTER = "register", N_("Register as a table")
    LETTER = "letter", N_("Rectification notice")
    MEETING = "meeting", N_("Papers for a meeting")
    YEAR = "year", N_("Year report")
    WALL = "wall", N_("Sheets for the wall")
    POSTER = "poster", N_("Notices to hang up")
    BULLETIN = "bulletin", N_("Bulletin")
    EXCHANGE = "exchange", N_("Exchange pack")


def kept(work: "Work", unit: "Unit", document: Document, rows: int | None = None) -> None:
    """Keep on the chain of a unit that a document about it was taken out, and how many rows it has."""
    facts = {} if rows is None else {"rows": rows}
    work.record(Event.DOCUMENT_TAKEN, unit.id, chain=unit.id, document=document, **facts)

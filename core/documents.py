"""Documents to take away: which there are, and that each one taken out of the product is kept on the chain.

A document is made in two beats: a deed permits, loads and records, and gives plain rows; a pure function writes these
as Word or PDF afterwards, so that nobody waits for a paper with the database held.
"""

from core.events import Event
from core.store import Work
from core.units import Unit
from core.words import Document


def kept(work: Work, unit: Unit, document: Document, rows: int | None = None) -> None:
    """Keep on the chain of a unit that a document about it was taken out, and how many rows it has."""
    facts = {} if rows is None else {"rows": rows}
    work.record(Event.DOCUMENT_TAKEN, unit.id, chain=unit.id, document=document, **facts)

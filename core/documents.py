"""Documents to take away: which there are, and that each one taken out of the product is kept on the chain.

A document is made in two beats: a deed permits, loads and records, and gives plain rows; a pure function writes these
as Word or PDF afterwards, so that nobody waits for a paper with the database held. What takes long to load is asked
first, and `note` keeps that it leaves.
"""

from typing import TYPE_CHECKING

from core.access import Permission
from core.events import Event
from core.text import N_, Term

if TYPE_CHECKING:
    from core.organisation.units import Unit
    from core.store import Work


class Document(Term):
    """What can be taken out of the product as a file of its own."""

    REGISTER = "register", N_("Register as a table")
    CHECKS = "checks", N_("Findings of the consistency check")
    CHANGES = "changes", N_("Changes of the register between two days")
    TABLE = "table", N_("Table of what is kept")
    CHART = "chart", N_("Chart as a picture")
    LETTER = "letter", N_("Rectification notice")
    MEETING = "meeting", N_("Papers for a meeting")
    YEAR = "year", N_("Year report")
    WALL = "wall", N_("Sheets for the wall")
    POSTER = "poster", N_("Notices to hang up")
    BULLETIN = "bulletin", N_("Bulletin")
    EXCHANGE = "exchange", N_("Exchange pack")


NOTED = {
    Document.REGISTER: Permission.REGISTER_READ, Document.CHECKS: Permission.REGISTER_READ,
    Document.CHANGES: Permission.REGISTER_READ, Document.CHART: Permission.OVERVIEW_READ,
}  # fmt: skip
"""What is asked for first and noted then, with the right by which it may be asked for."""


def note(work: "Work", document: Document, unit_id: str = "", rows: int | None = None) -> None:
    """Keep that a document leaves whose content was asked for by itself: on the chain of the unit it is about, where
    the actor sees that one, else of their own."""
    scope = work.actor.require(NOTED[document])
    from core.organisation.units import Unit  # units know the store, which knows the log, which knows this module

    here = work.store.seen(Unit, unit_id, scope) if unit_id else None
    unit = here or work.store.find(Unit, work.actor.unit_id or "") or work.store.top_unit()
    kept(work, unit, document, rows)


def kept(work: "Work", unit: "Unit", document: Document, rows: int | None = None, title: str = "") -> None:
    """Keep on the chain of a unit that a document about it was taken out, how many rows it has and what it is called,
    where there are several of its kind."""
    facts: dict[str, object] = {} if rows is None else {"rows": rows}
    work.record(Event.DOCUMENT_TAKEN, unit.id, chain=unit.id, document=document, **facts, **(
        {"title": title} if title else {}))  # fmt: skip

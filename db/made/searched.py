"""The indexes of the search over what was printed, filled from the rows as they are kept."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from core.alike.pieces import plain
from core.text import folded
from db.made.pouring import Pouring
from db.questions.finding import THINGS
from db.questions.near import _row
from db.tables import KEPT

SAYING = ("SELECT unit_id, id, text FROM flags", "SELECT unit_id, id, title || '。' || manifestation FROM risks")
STANDING = {"items": "NOT retired", "subjects": "retired_on IS NULL", "units": "closed_on IS NULL"}
LOT = 20000


def fill(poured: Pouring, *, sqlite: bool) -> int:
    """Fill the index of what was said and the one of things; how many texts."""
    poured.search(begin=True)
    count = 0
    said, things = _said(poured, sqlite), _things(poured)
    into = (
        ("said_index", ("rowid", "said", "subject") if sqlite else ("subject", "unit_id", "said"), said),
        ("said_things", ("kind", "subject", "unit_id", "title", "words", "head", "leads"), things),
    )
    for table, columns, rows in into:
        while lot := list(islice(rows, LOT)):
            poured.rows(table, columns, lot)
            count += len(lot)
    poured.search(begin=False)
    return count


def _said(poured: Pouring, sqlite: bool) -> Iterator[tuple[Any, ...]]:
    for query in SAYING:
        for unit_id, subject, text in poured.read(query):
            words = plain(text)
            yield (_row(unit_id, subject), words, subject) if sqlite else (subject, unit_id, poured.ink.text(words))


def _things(poured: Pouring) -> Iterator[tuple[Any, ...]]:
    ink = poured.ink
    for kind, (found, names, leads) in THINGS.items():
        table = KEPT[kind].name
        unit = "id" if table == "units" else "unit_id"
        query = f"SELECT id, {unit}, {leads}, {', '.join(names)} FROM {table}"  # noqa: S608 - our own names alone
        standing = f" WHERE {STANDING[table]}" if table in STANDING else ""
        for subject, unit_id, lead, *words in poured.read(query + standing):
            kept = [folded(word) for word in words]
            title, text = ink.text(words[0]), ink.text("\n".join(kept))
            yield found.value, subject, unit_id, title, text, str(len(kept[0])), lead

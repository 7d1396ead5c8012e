"""Which voices of a matter may be printed more than once: residents' flags that were merged into its entry."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from core.words import FlagStatus, Source
from db.made.blocks import Block, position, spoken_of
from db.made.lived import Values
from db.questions.watching import NOT_SOLVED

LISTING = {"versions": "fields", "signatures": "snapshot"}
"""Tables that list the voices of an entry in a column; everything else of a voice is a row of its own."""


@dataclass
class Parted:
    """A matter, and those of its voices that may be printed more than once, each by the id of its flag."""

    rest: Block
    voices: dict[str, Block]

    @property
    def flags(self) -> int:
        """How many flags there are when every voice is printed once."""
        return len(self.rest.rows.get("flags", ())) + len(self.voices)


def parted(matter: Block) -> Parted:
    """Take apart what is a voice's own from what is the entry's."""
    many = {row[0] for row in matter.rows["flags"] if _is_many(row)}
    every = {row[0] for row in matter.rows["flags"]}
    for table, rows in matter.rows.items():
        for row in rows:
            flags = spoken_of(row) & every
            if table not in LISTING and len(flags) > 1:
                many -= flags
    rest = Block(matter.name, matter.above)
    voices = {flag: Block(flag, matter.name) for flag in sorted(many)}
    for table, rows in matter.rows.items():
        for row in rows:
            own = spoken_of(row) & many if table not in LISTING else set()
            (voices[own.pop()] if own else rest).rows[table].append(row)
    return Parted(rest, voices)


def _is_many(flag: Values) -> bool:
    """Whether a voice may come from many: of those who say that nothing was done, a third one would raise a warning."""
    source, status, solved = (flag[position("flags", column)] for column in ("source", "status", "solved"))
    if source != Source.RESIDENT.value or status != FlagStatus.MERGED.value:
        return False
    return solved is None or solved > NOT_SOLVED


def listed(rows: Sequence[Values]) -> dict[tuple[str, str], set[str]]:
    """For each day of an entry the flags that were its residents' voices then."""
    fields = position("versions", "fields")
    return {
        (row[0], row[1]): set(json.loads(row[fields])["voices"].get(Source.RESIDENT.value, ())) for row in rows
    }

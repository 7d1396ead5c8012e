"""Which rows are printed together: a unit with what is its own, and within a community each matter with its voices.

A row belongs to the deepest of the things it speaks of. Flags, entries and points make a matter; a row that speaks of
two of them makes them one, but for suggestions, which are dropped where they reach from one matter to another.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from db.made.lived import Rows, Values
from db.tables import metadata

IDS = re.compile(r"[0-9a-f]{64}|[0-9a-f]{20}")
MATTERS = ("flags", "risks", "points")
LOOSE = ("suggestions", "judgements")
LATE = ("early_warnings", "notices", "set_asides", "groups", "members", "files", "audit_entries")
"""Tables that speak of other things by more than foreign keys, and so are placed last."""


@dataclass
class Block:
    """Rows that are printed together: of a unit, or of one matter of a community."""

    name: str
    above: str = ""
    rows: dict[str, list[Values]] = field(default_factory=lambda: defaultdict(list))

    def of(self, table: str, column: str) -> list[object]:
        """The values of one column of the block's rows of a table."""
        at = position(table, column)
        return [row[at] for row in self.rows.get(table, ())]


@dataclass
class Blocks:
    """The units from the root down to the communities, and each community's matters."""

    units: dict[str, Block]
    matters: dict[str, list[Block]]
    kinds: dict[str, str]


def position(table: str, column: str) -> int:
    return list(metadata.tables[table].columns.keys()).index(column)


def spoken_of(row: Values) -> set[str]:
    """All ids and digests in a row."""
    return {found for value in row if isinstance(value, str) for found in IDS.findall(value)}


class _Sorting:
    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.units = {row[0]: row for row in rows["units"]}
        self.depth: dict[str, int] = {}
        self.owner: dict[str, str] = {}
        self.one: dict[str, str] = {}
        self._place_units()
        for table in MATTERS:
            for row in rows[table]:
                self.one[row[0]] = self.owner[row[0]] = row[0]

    def _place_units(self) -> None:
        """Grids and buildings are part of their community."""
        held = {row[0] for row in self.rows["unit_kinds"] if row[position("unit_kinds", "holds_register")]}
        kind, path = position("units", "kind"), position("units", "path")
        for unit_id, row in self.units.items():
            line = row[path].strip("/").split("/")
            home = next((above for above in line if self.units[above][kind] in held), unit_id)
            self.owner[unit_id] = home
            self.depth[home] = line.index(home)

    def root(self, matter: str) -> str:
        while self.one[matter] != matter:
            matter = self.one[matter]
        return matter

    def of(self, row: Values, *, loose: bool = False) -> str | None:
        """Whose a row is; nobody's when it is loose and reaches from matter to matter."""
        owners = {self.owner[found] for found in spoken_of(row) if found in self.owner}
        matters = sorted({self.root(owner) for owner in owners if owner in self.one})
        if not matters:
            return max(sorted(owners), key=lambda owner: self.depth[owner], default=None) or self._top()
        if loose and len(matters) > 1:
            return None
        for other in matters[1:]:
            self.one[other] = matters[0]
        return matters[0]

    def _top(self) -> str:
        return min(self.depth, key=lambda unit: self.depth[unit])

    def place(self) -> Iterator[tuple[str, Values, str]]:
        """Each row with its table and its owner, twice over: matters grow together on the way."""
        early = [table for table in self.rows if table not in (*LATE, *LOOSE)]
        for _turn in range(2):
            for table in (*early, *(late for late in (*LATE, *LOOSE) if late in self.rows)):
                for row in self.rows[table]:
                    owner = self.of(row, loose=table in LOOSE)
                    if owner is not None and table not in MATTERS:
                        self._keep(table, row, owner)
        for table, rows in self.rows.items():
            for row in rows:
                owner = self.of(row, loose=table in LOOSE)
                if owner is not None:
                    yield table, row, self.root(owner) if owner in self.one else owner

    def _keep(self, table: str, row: Values, owner: str) -> None:
        key = next(iter(metadata.tables[table].primary_key.columns.keys()))
        if key in ("id", "sha256") and table != "units":
            self.owner[row[position(table, key)]] = owner
        if table not in ("files", "audit_entries", "signatures", "snapshots"):
            for found in row:
                if isinstance(found, str) and len(found) == 64:
                    self.owner.setdefault(found, owner)


def sorted_out(rows: Rows) -> Blocks:
    """All rows by whom they belong to."""
    sorting = _Sorting(rows)
    blocks: dict[str, Block] = {}
    for table, row, owner in sorting.place():
        blocks.setdefault(owner, Block(owner)).rows[table].append(row)
    parent = position("units", "parent_id")
    units = {key: block for key, block in blocks.items() if key not in sorting.one}
    for key, block in units.items():
        block.above = sorting.units[key][parent] or ""
    matters: dict[str, list[Block]] = defaultdict(list)
    for block in (block for key, block in blocks.items() if key in sorting.one):
        block.above = next(iter(_homes(block, sorting.owner)))
        matters[block.above].append(block)
    return Blocks(units, matters, {key: sorting.units[key][position("units", "kind")] for key in units})


def _homes(block: Block, owner: dict[str, str]) -> Iterable[str]:
    for table in MATTERS:
        for unit_id in block.of(table, "unit_id"):
            yield owner[str(unit_id)]

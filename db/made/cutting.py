"""Cutting stamps from the blocks of the lived place: what of each is exchanged, and how its seals are made anew."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.audit import canonical
from core.inspection.snapshots import unpacked
from core.words import Source
from db.made.blocks import Block, Blocks, position, spoken_of
from db.made.ink import Ink
from db.made.lived import Rows, Values
from db.made.stamps import NUMBER, Filling, Pick, Place, Stamp, Tokens
from db.made.voices import listed, parted
from db.tables import metadata

MORE = 21
"""Bytes that make each print of a file another file: a line end and an id."""
NAMED = ("city", "district", "street", "community")
"""Kinds of unit that get another name in each print; grids and buildings are called the same everywhere."""
SAID = {
    "risks": {"title": "title", "manifestation": "manifestation", "wording": "wording"},
    "measures": {"text": "measure", "indicator": "indicator"},
}
"""Words that are made anew by rule: of an entry and of its measures; those of flags besides."""
CUT = ("audit_entries", "signatures", "snapshots", "files")


@dataclass
class Frame:
    """The stamp of a unit; of each frozen register it holds how the text begins and ends."""

    stamp: Stamp
    frozen: list[tuple[str, Filling, Filling]]


@dataclass
class Cell:
    """The stamp of a matter, and of its voices that may be printed more than once. `order` is all its ids in order."""

    stamp: Stamp
    voices: dict[str, Stamp]
    order: list[str]
    flags: int
    entries: int
    first: int
    fragments: list[tuple[str, Pick]]


class Cutter:
    """Cuts stamps for one kind of server."""

    def __init__(self, rows: Rows, blocks: Blocks, ink: Ink, secret: str, password: str) -> None:
        self.rows, self.blocks, self.ink = rows, blocks, ink
        self.constant = {("receipts", "secret"): secret, ("people", "password"): password}
        self.names = {row[position("people", "name")] for row in rows["people"]}
        kind, name = position("units", "kind"), position("units", "name")
        self.names |= {row[name] for row in rows["units"] if row[kind] in NAMED}
        self.accounts = {row[position("people", "account")] for row in rows["people"]}
        self.ids = re.compile("|".join((r"[0-9a-f]{64}|[0-9a-f]{20}", *sorted(map(re.escape, self.names)))))
        self.items = {row[0]: row[position("items", "name")] for row in rows["items"]}

    def frame(self, block: Block) -> Frame:
        """The stamp of a unit with what is its own."""
        tokens = self._tokens(block)
        frozen = block.rows.get("snapshots", [])
        digest, entries = position("snapshots", "digest"), position("snapshots", "entries")
        for row in frozen:
            tokens.digests += [row[digest], f"{row[0]}|content", f"{row[0]}|entries"]
            tokens.numbers["risks", row[entries]] = f"{row[0]}|entries"
        stamp = Stamp(self.ink, tokens)
        self._feed(stamp, block)
        texts = [(row[0], self._ends(stamp, row)) for row in frozen]
        for row in frozen:
            instead = {"content": stamp.place(f"{row[0]}|content"), "entries": stamp.place(f"{row[0]}|entries")}
            stamp.add("snapshots", row, instead)
        stamp.close()
        return Frame(stamp, [(key, *(stamp.filling([(end, True)]) for end in ends)) for key, ends in texts])

    def _ends(self, stamp: Stamp, row: Values) -> list[str]:
        """What stands before and after the entries of a frozen register."""
        content = json.loads(unpacked(row[position("snapshots", "content")])) | {"entries": []}
        begin, end = NUMBER.sub(r"~<\1>~", canonical(stamp.walked(content))).split('"entries":[')
        return [f'{begin}"entries":[', end]

    def cell(self, block: Block) -> Cell:
        """The stamps of a matter and of its voices."""
        apart = parted(block)
        lists = frozenset(apart.voices)
        tokens = self._tokens(apart.rest, lists)
        number = position("risks", "number")
        for row in apart.rest.rows.get("risks", ()):
            tokens.numbers["number", row[number]] = f"#{row[number]}"
            tokens.drawn[f"#{row[number]}"] = ("number", row[0])
        for flag in sorted(lists):
            tokens.drawn |= {f"{flag}|{between}": (between, flag) for between in ("spaced", "tight")}
        stands = listed(apart.rest.rows.get("versions", ()))
        fragments = self._fragments(apart.rest, tokens, stands, lists)
        stamp = Stamp(self.ink, tokens)
        self._feed(stamp, apart.rest)
        cut = [
            (key, stamp.mix(NUMBER.sub(r"~<\1>~", canonical(stamp.walked(entry))), raw=True))
            for key, entry in fragments
        ]
        voices = {}
        for flag, voice in apart.voices.items():
            own = self._tokens(voice)
            voices[flag] = Stamp(self.ink, own)
            self._feed(voices[flag], voice)
            voices[flag].close()
        stamp.close()
        order = sorted({*stamp.ids, *lists})
        numbers = [row[number] for row in apart.rest.rows.get("risks", ())]
        picks = [(key, stamp.picker([place])) for key, place in cut]
        return Cell(stamp, voices, order, apart.flags, len(numbers), min(numbers, default=0), picks)

    def _fragments(
        self, block: Block, tokens: Tokens, stands: dict[tuple[str, str], set[str]], lists: frozenset[str]
    ) -> list[tuple[str, Any]]:
        """What a matter's entries are in the frozen registers of their community; more voices count there too."""
        found = []
        own = {row[0] for row in block.rows.get("risks", ())}
        for row in self.rows["snapshots"]:
            for entry in json.loads(unpacked(row[position("snapshots", "content")]))["entries"]:
                if entry["id"] not in own:
                    continue
                more = sorted(stands.get((entry["id"], entry["day"]), set()) & lists)
                if more:
                    token = f"{row[0]}|{entry['id']}|voices"
                    n = entry["voices"][Source.RESIDENT.value]
                    tokens.drawn[token] = ("count", (n, more))
                    tokens.numbers[Source.RESIDENT.value, n] = token
                found.append((row[0], entry))
        return found

    def _feed(self, stamp: Stamp, block: Block) -> None:
        for table in metadata.tables:
            for row in block.rows.get(table, ()):
                if table not in CUT:
                    stamp.add(table, self._constant(table, row), self._sized(stamp, table, row))
        for row in block.rows.get("signatures", ()):
            digest = stamp.sign(row[position("signatures", "snapshot")])
            stamp.add("signatures", row, {"digest": digest})
        for row in block.rows.get("files", ()):
            stamp.add("files", row, {"content": stamp.place(f"{row[0]}|content")})
        for row in block.rows.get("audit_entries", ()):
            stamp.line(row)

    def _constant(self, table: str, row: Values) -> Values:
        changed = list(row)
        for (of, column), value in self.constant.items():
            if of == table:
                changed[position(table, column)] = value
        return tuple(changed)

    def _sized(self, stamp: Stamp, table: str, row: Values) -> dict[str, Place]:
        """A file that is spoken of is longer in print."""
        columns = metadata.tables[table].columns
        if "sha256" in columns and "size" in columns:
            return {"size": stamp.const(self.ink.value(row[position(table, "size")] + MORE))}
        return {}

    def _tokens(self, block: Block, lists: frozenset[str] = frozenset()) -> Tokens:
        """What is exchanged in a block."""
        tokens = Tokens(self.ids, lists=lists)
        tokens.own = set(self._own(block)) - lists
        kind, name = position("units", "kind"), position("units", "name")
        for row in block.rows.get("units", ()):
            tokens.drawn[f"code {row[0]}"] = ("code", None)
            tokens.whole[row[position("units", "code")]] = f"code {row[0]}"
            if row[kind] in NAMED:
                tokens.drawn[row[name]] = ("place", row[kind])
        for row in block.rows.get("people", ()):
            tokens.drawn[row[position("people", "name")]] = ("person", None)
            account = row[position("people", "account")]
            tokens.drawn[f"account {account}"] = ("account", account)
            tokens.whole[account] = f"account {account}"
        for row in block.rows.get("receipts", ()):
            tokens.drawn[f"locator {row[0]}"] = ("locator", None)
            tokens.whole[row[0]] = f"locator {row[0]}"
        for row in block.rows.get("files", ()):
            tokens.drawn[row[0]] = ("file", row[1])
            tokens.drawn[f"{row[0]}|content"] = ("content", None)
        tokens.digests += [row[position("signatures", "digest")] for row in block.rows.get("signatures", ())]
        self._words(block, tokens)
        return tokens

    def _own(self, block: Block) -> Iterable[str]:
        for table, rows in block.rows.items():
            if "id" in metadata.tables[table].columns:
                yield from (row[0] for row in rows)
        for found in {found for rows in block.rows.values() for row in rows for found in spoken_of(row)}:
            if len(found) == 20 and found not in self.known:
                yield found

    @property
    def known(self) -> set[str]:
        """Every id that some row has for its own."""
        if not hasattr(self, "_known"):
            self._known = {
                row[0] for table, rows in self.rows.items() if "id" in metadata.tables[table].columns for row in rows
            }
        return self._known

    def _words(self, block: Block, tokens: Tokens) -> None:
        """Which words are made anew: all but those that speak of people, or that only the discipline desk may read."""
        text, item, sealed = (position("flags", column) for column in ("text", "item_id", "sealed"))
        source = position("flags", "source")
        about = {row[0]: row[position("risks", "item_id")] for row in self.rows["risks"]}
        of = {row[position("links", "flag_id")]: row[position("links", "risk_id")] for row in self.rows["links"]}
        withheld = {row[position("recusals", "flag_id")] for row in self.rows["recusals"]}
        for row in block.rows.get("flags", ()):
            if not row[sealed] and row[0] not in withheld and not self.ids.search(row[text]):
                named = self.items.get(row[item] or about.get(of.get(row[0], ""), ""), "")
                tokens.drawn[f"said {row[0]}"] = (row[source], named)
                tokens.whole[row[text]] = f"said {row[0]}"
        risk = position("measures", "risk_id")
        for table, columns in SAID.items():
            for row in block.rows.get(table, ()):
                named = self.items.get(about.get(row[0] if table == "risks" else row[risk], ""), "")
                for column, kind in columns.items():
                    said = row[position(table, column)]
                    if said and not self.ids.search(said):
                        tokens.drawn[f"{column} {row[0]}"] = (kind, named)
                        tokens.whole[said] = f"{column} {row[0]}"

"""Printing a site: units from the city down, each community with as many flags as asked, and the log on its chains."""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from zlib import compress

from core.audit import ORIGIN
from db.made.blocks import Blocks
from db.made.cutting import Cell, Cutter, Frame
from db.made.sayings import Sayings
from db.made.stamps import LINE, grouped
from db.tables import metadata

VOICES = 16
"""Flags for each entry of a community, on average."""
ALONE = 0.12
"""Share of flags that belong to no entry: new ones, and those that were asked about, referred or declined."""
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
STREET, DISTRICT = 10, 8
"""Communities of a street, and streets of a district."""
UPPER = ("city", "district", "street")
LOT = 8000
"""Flags after which what is printed is handed on."""
Table = tuple[int, list[Any]]
Lot = dict[str, Table]


@dataclass
class Pattern:
    """What one community is printed from: its frame, and its matters with entries and those without."""

    frame: Frame
    entries: list[Cell]
    alone: list[Cell]


@dataclass
class Copy:
    """One print of a matter to be made: how often each voice is printed, and the number of its entry."""

    cell: Cell
    voices: dict[str, int]
    number: int = 0


@dataclass
class Press:
    """Prints by dice; `take` gets what is printed, a lot at a time."""

    dice: random.Random
    take: Callable[[Lot], None]
    cutter: Cutter
    blocks: Blocks
    lot: Lot = field(default_factory=dict)
    chains: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    flags: int = 0
    waiting: int = 0
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def __post_init__(self) -> None:
        self.sayings = Sayings(self.dice)
        self.held: dict[str, list[str]] = {}
        self.drawn = ""
        kinds = self.blocks.kinds
        self.upper = [self._frame_of(kind) for kind in UPPER]
        self.patterns = [self._pattern(key) for key in sorted(kinds) if kinds[key] == "community"]
        self.ways: dict[str, Callable[[Any], Any]] = {
            "code": lambda _of: "".join([self.sayings.one(LETTERS) for _n in range(8)]),
            "locator": lambda _of: f"{int(self.dice.random() * 10**9):09}",
            "person": lambda _of: self.sayings.person(),
            "place": self._place, "account": self._account, "file": self._file, "content": lambda _of: self.drawn_file,
            "number": lambda _of: str(self.number),
            "spaced": lambda flag: '", "'.join(self.held[flag]), "tight": lambda flag: '","'.join(self.held[flag]),
            "count": lambda of: str(of[0] + sum(len(self.held[flag]) - 1 for flag in of[1])),
        }  # fmt: skip
        self.number = 0
        self.drawn_file: Any = None

    def _frame_of(self, kind: str) -> Frame:
        [key] = [key for key, found in self.blocks.kinds.items() if found == kind]
        return self.cutter.frame(self.blocks.units[key])

    def _pattern(self, key: str) -> Pattern:
        cells = [self.cutter.cell(block) for block in self.blocks.matters[key]]
        return Pattern(
            self.cutter.frame(self.blocks.units[key]), [c for c in cells if c.entries],
            [c for c in cells if not c.entries],
        )  # fmt: skip

    # what is drawn

    def draw(self, kind: str, of: Any) -> Any:
        way = self.ways.get(kind)
        return way(of) if way else self.sayings.say(kind, of)

    def ids(self, n: int) -> list[str]:
        """New ids in their order."""
        drawn = self.dice.randbytes(10 * n).hex()
        return sorted([drawn[at : at + 20] for at in range(0, 20 * n, 20)])

    def _place(self, kind: str) -> str:
        return self.sayings.place(kind, self.counts[kind])

    def _account(self, account: str) -> str:
        """The account of the lived place, numbered by the place it is printed for."""
        return f"{account}{sum(self.counts.values())}"

    def _file(self, content: bytes) -> str:
        more = content + b"\n" + self.dice.randbytes(10).hex().encode()
        self.drawn_file = self.cutter.ink.bytes(more)
        return sha256(more).hexdigest()

    # printing

    def site(self, communities: Sequence[int]) -> None:
        """Print a city; each community has as many flags as its place in the list says."""
        inside: list[Mapping[str, Any]] = [{}, {}, {}, {}]
        for n, flags in enumerate(communities):
            for level, size in enumerate((len(communities), STREET * DISTRICT, STREET)):
                if n % size == 0:
                    inside[level + 1] = self._upper(level, inside[level])
            self._community(self.patterns[n % len(self.patterns)], inside[3], flags)
        for chain in list(self.chains):
            self._seal(chain)
        self._hand_on()

    def _upper(self, level: int, above: Mapping[str, Any]) -> Mapping[str, Any]:
        """Print a city, district or street, and give what those below need of it."""
        frame = self.upper[level]
        self.counts[UPPER[level]] += 1
        stamp = frame.stamp
        values = stamp.begin(stamp.base(above), self.ids(len(stamp.ids)), self.draw)
        own = {**above, **stamp.own(values)}
        self._print(frame, values, {})
        return own

    def _print(self, frame: Frame, values: list[Any], fragments: Mapping[str, Sequence[str]]) -> None:
        digests: list[Any] = []
        for key, (begin, first), (end, last) in frame.frozen:
            entries = fragments.get(key, ())
            text = "".join((begin % first(values), ",".join(entries), end % last(values)))
            content = self.cutter.ink.bytes(compress(text.encode(), 1))
            digests += [sha256(text.encode()).hexdigest(), content, str(len(entries))]
        self._put(frame.stamp, frame.stamp.finish(values, digests))

    def _put(self, stamp: Any, values: list[Any]) -> None:
        for table, width, pick in stamp.tables:
            if table not in self.lot:
                self.lot[table] = (width, [])
            self.lot[table][1].extend(pick(values))
        for line in grouped(stamp.lines(values), LINE):
            self.chains[line[0]].append(line)

    def _community(self, pattern: Pattern, above: Mapping[str, Any], flags: int) -> None:
        self.counts["community"] += 1
        upper = set(self.chains)
        stamp = pattern.frame.stamp
        values = stamp.begin(stamp.base(above), self.ids(len(stamp.ids)), self.draw)
        own = {**above, **stamp.own(values)}
        bases: dict[int, Any] = {}
        fragments: dict[str, list[str]] = defaultdict(list)
        for copy in self._copies(pattern, flags):
            self._matter(copy, own, bases, fragments)
        self._print(pattern.frame, values, fragments)
        for chain in [chain for chain in self.chains if chain not in upper]:
            self._seal(chain)
        self.flags += flags
        self.waiting += flags
        if self.waiting >= LOT:
            self._hand_on()

    def _copies(self, pattern: Pattern, flags: int) -> list[Copy]:
        """Which matters are printed for a community, and how often each voice, so that the flags are as many as asked;
        entries in the order of their numbers."""
        copies = self._chosen(pattern, flags)
        left = flags - sum(copy.cell.flags for copy in copies)
        many = [(copy, flag) for copy in copies for flag in copy.cell.voices]
        while left and many:
            copy, flag = many[int(self.dice.random() ** 2 * len(many))]
            more = min(left, 1 + int(self.dice.random() * 6))
            copy.voices[flag] = copy.voices.get(flag, 1) + more
            left -= more
        single = [cell for cell in pattern.alone if cell.flags == 1]
        copies += [Copy(self.sayings.one(single), {}) for _n in range(left)]  # type: ignore[arg-type]
        copies.sort(key=lambda copy: copy.cell.first)
        number = 0
        for copy in copies:
            number += copy.cell.entries
            copy.number = number
        return copies

    def _chosen(self, pattern: Pattern, flags: int) -> list[Copy]:
        """Matters as often as the shares ask, or as fit."""
        size = sum(cell.flags for cell in pattern.alone)
        turns = max(1, round(flags / VOICES / len(pattern.entries)))
        cells = pattern.entries * turns + pattern.alone * max(1, round(flags * ALONE / size))
        self.dice.shuffle(cells)
        chosen, left = [], flags
        for cell in cells:
            if cell.flags <= left:
                chosen.append(Copy(cell, {}))
                left -= cell.flags
        return chosen

    def _matter(
        self, copy: Copy, above: Mapping[str, Any], bases: dict[int, Any], fragments: dict[str, list[str]]
    ) -> None:
        """One matter with its voices."""
        cell, stamp = copy.cell, copy.cell.stamp
        if id(cell) not in bases:
            bases[id(cell)] = stamp.base(above)
        voices = {flag: copy.voices.get(flag, 1) for flag in cell.voices}
        fresh = self.ids(len(cell.order) + sum(voices.values()) - len(voices))
        ids, self.held, at = [], {}, 0
        for token in cell.order:
            if token in voices:
                self.held[token] = fresh[at : at + voices[token]]
                at += voices[token]
            else:
                ids.append(fresh[at])
                at += 1
        self.number = copy.number
        values = stamp.begin(bases[id(cell)], ids, self.draw)
        own = stamp.own(values)
        stamp.finish(values)
        self._put(stamp, values)
        for key, picked in cell.fragments:
            fragments[key].append(picked(values)[0])
        for flag, voice in cell.voices.items():
            self._voice(voice, flag, [own[token] if token in own else above[token] for token in voice.above])

    def _voice(self, voice: Any, flag: str, above: list[Any]) -> None:
        """All prints of one voice."""
        base = [*voice.consts, *above]
        at = voice.ids.index(flag)
        for flag_id in self.held[flag]:
            ids = self.ids(len(voice.ids))
            ids[at] = flag_id
            self._put(voice, voice.finish(voice.begin(base, ids, self.draw)))

    # the log

    def _seal(self, chain: str) -> None:
        """Put the lines of a chain down in their order, each with its digest over the one before it."""
        lines = self.chains.pop(chain)
        lines.sort(key=lambda line: line[1])
        flat = self._table("audit_entries", 9)
        before, n = ORIGIN, 0
        for n, (_chain, _n, at, actor, event, subject, facts, head) in enumerate(lines, 1):
            text = f'{head}{n},"previous":"{before}","subject":"{subject}"}}'
            digest = sha256(text.encode()).hexdigest()
            flat += (chain, f"{n}", at, actor, event, subject, facts, before, digest)
            before = digest
        self._table("chain_heads", 3).extend((chain, f"{n}", before))

    def _table(self, table: str, width: int) -> list[Any]:
        return self.lot.setdefault(table, (width, []))[1]

    def _hand_on(self) -> None:
        lot, self.lot, self.waiting = self.lot, {}, 0
        self.take(lot)


def columns(table: str) -> list[str]:
    return list(metadata.tables[table].columns.keys())

"""Printing a site: units from the city down, each community with as many flags as asked, and the log on its chains."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from zlib import compress

from core.audit import ORIGIN
from db.made.blocks import Blocks
from db.made.cutting import Cell, Cutter, Frame
from db.made.drawing import Drawing
from db.made.stamps import LINE, Stamp, grouped
from db.tables import audit_entries, chain_heads

VOICES = 20
"""Flags for each entry of a community, on average."""
ALONE = 0.12
"""Share of flags that belong to no entry: new ones, and those that were asked about, referred or declined."""
UPPER = ("city", "district", "street")
STREET, DISTRICT = 10, 8
"""Communities of a street, and streets of a district."""
LOT = 8000
"""Flags after which what is printed is handed on."""
Lot = dict[str, list[Any]]
"""Of each table its rows as the ink puts them down."""


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
    voices: dict[str, int] = field(default_factory=dict)
    number: int = 0


class Press:
    """Prints what was cut."""

    def __init__(self, cutter: Cutter, blocks: Blocks, drawing: Drawing) -> None:
        self.drawing = drawing
        self.lot: Lot = defaultdict(list)
        self.counts: Counter[str] = Counter()
        self.chains: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self.upper: list[Frame] = []
        self.patterns: list[Pattern] = []
        of: dict[str, list[str]] = defaultdict(list)
        for key in sorted(blocks.units):
            of[blocks.kinds[key]].append(key)
        for kind in UPPER:
            [key] = of[kind]
            self.upper.append(cutter.frame(blocks.units[key]))
        for key in of["community"]:
            cells = [cutter.cell(block) for block in blocks.matters[key]]
            entries, alone = [c for c in cells if c.entries], [c for c in cells if not c.entries]
            self.patterns.append(Pattern(cutter.frame(blocks.units[key]), entries, alone))

    def site(self, communities: Sequence[int], take: Callable[[Lot], None]) -> None:
        """Print a city; each community has as many flags as its place in the list says. What is printed is given to
        `take` a lot at a time."""
        inside: list[Mapping[str, Any]] = [{}, {}, {}, {}]
        waiting = 0
        for n, flags in enumerate(communities):
            for level, size in enumerate((len(communities), STREET * DISTRICT, STREET)):
                if n % size == 0:
                    inside[level + 1] = self._upper(level, inside[level])
            self._community(self.patterns[n % len(self.patterns)], inside[3], flags)
            waiting += flags
            if waiting >= LOT:
                take(self._lot())
                waiting = 0
        for chain in list(self.chains):
            self._seal(chain)
        take(self._lot())

    def _upper(self, level: int, above: Mapping[str, Any]) -> Mapping[str, Any]:
        """Print a city, district or street, and give what those below need of it."""
        self.drawing.printed[UPPER[level]] += 1
        values, own = self._begun(self.upper[level].stamp, above)
        self._print(self.upper[level], values, {})
        return own

    def _community(self, pattern: Pattern, above: Mapping[str, Any], flags: int) -> None:
        self.drawing.printed["community"] += 1
        open_chains = set(self.chains)
        values, own = self._begun(pattern.frame.stamp, above)
        bases: dict[int, list[Any]] = {}
        fragments: dict[str, list[str]] = defaultdict(list)
        for copy in self._copies(pattern, flags):
            if id(copy.cell) not in bases:
                bases[id(copy.cell)] = copy.cell.stamp.base(own)
            self._matter(copy, own, bases[id(copy.cell)], fragments)
        self._print(pattern.frame, values, fragments)
        for chain in [chain for chain in self.chains if chain not in open_chains]:
            self._seal(chain)

    def _begun(self, stamp: Stamp, above: Mapping[str, Any]) -> tuple[list[Any], Mapping[str, Any]]:
        values = stamp.begin(stamp.base(above), self.drawing.ids(len(stamp.ids)), self.drawing.draw)
        return values, {**above, **stamp.own(values)}

    def _print(self, frame: Frame, values: list[Any], fragments: Mapping[str, Sequence[str]]) -> None:
        """Print a unit with its frozen registers, which hold what its matters left in them."""
        digests: list[Any] = []
        for key, (begin, first), (end, last) in frame.frozen:
            entries = fragments.get(key, ())
            text = "".join((begin % first(values), ",".join(entries), end % last(values))).encode()
            digests += [sha256(text).hexdigest(), self.drawing.ink.bytes(compress(text, 1)), str(len(entries))]
        self._put(frame.stamp, frame.stamp.finish(values, digests))

    def _put(self, stamp: Stamp, values: list[Any]) -> None:
        for table, rows in stamp.rows(values):
            self.lot[table] += rows
        for table, n in stamp.counts.items():
            self.counts[table] += n
        for line in grouped(stamp.lines(values), LINE):
            self.chains[line[0]].append(line)

    # what is printed for a community

    def _copies(self, pattern: Pattern, flags: int) -> list[Copy]:
        """Which matters are printed for a community, and how often each voice, so that the flags are as many as asked;
        entries in the order of their numbers."""
        dice, copies = self.drawing.dice, self._chosen(pattern, flags)
        left = flags - sum(copy.cell.flags for copy in copies)
        many = [(copy, flag) for copy in copies for flag in copy.cell.voices]
        while left and many:  # the first ones are heard most
            copy, flag = many[int(dice.random() ** 2 * len(many))]
            more = min(left, 1 + int(dice.random() * 6))
            copy.voices[flag] = copy.voices.get(flag, 1) + more
            left -= more
        single = [cell for cell in pattern.alone if cell.flags == 1]
        copies += [Copy(dice.choice(single)) for _n in range(left)]
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
        self.drawing.dice.shuffle(cells)
        chosen, left = [], flags
        for cell in cells:
            if cell.flags <= left:
                chosen.append(Copy(cell))
                left -= cell.flags
        return chosen

    def _matter(
        self, copy: Copy, above: Mapping[str, Any], base: list[Any], fragments: dict[str, list[str]]
    ) -> None:
        """One matter with its voices."""
        cell, drawing = copy.cell, self.drawing
        voices = {flag: copy.voices.get(flag, 1) for flag in cell.voices}
        fresh = drawing.ids(len(cell.order) + sum(voices.values()) - len(voices))
        ids, at = [], 0
        for token in cell.order:
            if token in voices:
                drawing.held[token] = fresh[at : at + voices[token]]
            else:
                ids.append(fresh[at])
            at += voices.get(token, 1)
        drawing.number = copy.number
        values = cell.stamp.finish(cell.stamp.begin(base, ids, drawing.draw))
        self._put(cell.stamp, values)
        for key, pick in cell.fragments:
            fragments[key].append(pick(values)[0])
        own = cell.stamp.own(values)
        for flag, voice in cell.voices.items():
            self._voice(voice, flag, [own[token] if token in own else above[token] for token in voice.above])

    def _voice(self, voice: Stamp, flag: str, above: list[Any]) -> None:
        """All prints of one voice."""
        base, at, drawing = [*voice.consts, *above], voice.ids.index(flag), self.drawing
        for flag_id in drawing.held[flag]:
            ids = drawing.ids(len(voice.ids))
            ids[at] = flag_id
            self._put(voice, voice.finish(voice.begin(base, ids, drawing.draw)))

    # the log

    def _seal(self, chain: str) -> None:
        """Put the lines of a chain down in their order, each with its digest over the one before it."""
        lines = self.chains.pop(chain)
        lines.sort(key=lambda line: line[1])
        row, kept = self.drawing.ink.row, self.lot[audit_entries.name]
        before, n = ORIGIN, 0
        for n, (_chain, _n, at, actor, event, subject, facts, head) in enumerate(lines, 1):
            text = f'{head}{n},"previous":"{before}","subject":"{subject}"}}'
            digest = sha256(text.encode()).hexdigest()
            kept += row((chain, str(n), at, actor, event, subject, facts, before, digest))
            before = digest
        self.lot[chain_heads.name] += row((chain, str(n), before))
        self.counts[audit_entries.name] += n
        self.counts[chain_heads.name] += 1

    def _lot(self) -> Lot:
        lot, self.lot = self.lot, defaultdict(list)
        return lot

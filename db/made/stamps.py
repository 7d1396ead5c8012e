"""Stamps: the rows of a block made ready to be printed quickly, again and again, with other ids, names and words.

A stamp knows every value of its rows as a place in one long list: what never changes, what comes from the blocks above,
new ids, what is drawn anew, digests, and texts that mix these. Printing fills the list and picks the rows out of it.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON

from core.audit import canonical
from db.made.ink import Ink
from db.made.lived import Values
from db.tables import metadata

MARK = re.compile(r"~<(\d+)>~")
NUMBER = re.compile(r'"~#(\d+)#~"')
BREAK = "\x1e"
LINE = 8
"""Fields of a line of the log as it is picked: chain, place in it, what is put down, and how its digest begins."""
Place = tuple[str, int]
Pick = Callable[[Sequence[Any]], tuple[Any, ...]]
Filling = tuple[str, Pick]


@dataclass
class Tokens:
    """What is exchanged in a block. `own` ids are drawn anew, and so is what `drawn` names, each a kind and what it is
    drawn for; every other id comes from above.

    `inside` finds what is exchanged within longer texts; `whole` is exchanged where it is all that is said; `numbers`
    where a key has a value; `lists` are flags that stand for as many voices as are printed.
    """

    inside: re.Pattern[str]
    own: set[str] = field(default_factory=set)
    drawn: dict[str, tuple[str, Any]] = field(default_factory=dict)
    whole: dict[str, str] = field(default_factory=dict)
    numbers: dict[tuple[str, int], str] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    digests: list[str] = field(default_factory=list)


class Stamp:
    """The rows of one block; fed with rows, closed, then printed."""

    def __init__(self, ink: Ink, tokens: Tokens) -> None:
        self.ink, self.tokens = ink, tokens
        self.above: list[str] = []
        self.ids = sorted(tokens.own - tokens.drawn.keys() - set(tokens.digests))
        self.consts: list[Any] = []
        self._places: dict[Any, Place] = {}
        self._marks: list[Place] = []
        self._rows: dict[str, tuple[int, list[Place]]] = {}
        self._lines: list[Place] = []
        self._signed: list[str] = []
        self._mixed: list[tuple[str, bool]] = []
        for kind, named in (("id", self.ids), ("drawn", list(tokens.drawn)), ("digest", tokens.digests)):
            self._places |= {token: (kind, n) for n, token in enumerate(named)}

    # feeding

    def place(self, token: str) -> Place:
        """Where the value of a token will lie."""
        if token not in self._places:
            self._places[token] = ("above", len(self.above))
            self.above.append(token)
        return self._places[token]

    def const(self, value: Any) -> Place:
        key = (type(value), value)
        if key not in self._places:
            self._places[key] = ("const", len(self.consts))
            self.consts.append(value)
        return self._places[key]

    def mark(self, token: str) -> str:
        place = self.place(token)
        if place not in self._marks:
            self._marks.append(place)
        return f"~<{self._marks.index(place)}>~"

    def marked(self, said: str) -> str:
        """A text with marks where something will be filled in."""
        if said in self.tokens.whole:
            return self.mark(self.tokens.whole[said])
        return self.tokens.inside.sub(lambda found: self.mark(found[0]), said)

    def walked(self, value: Any, between: str = "spaced") -> Any:
        """A JSON value with marks; `between` says how lists of voices are written."""
        if isinstance(value, str):
            return self.mark(f"{value}|{between}") if value in self.tokens.lists else self.marked(value)
        if isinstance(value, list):
            return [self.walked(one, between) for one in value]
        if isinstance(value, dict):
            return {self.marked(key): self._under(key, one, between) for key, one in value.items()}
        return value

    def _under(self, key: str, value: Any, between: str) -> Any:
        token = self.tokens.numbers.get((key, value)) if isinstance(value, int) else None
        return MARK.sub(r"~#\1#~", self.mark(token)) if token else self.walked(value, between)

    def mix(self, marked: str, *, raw: bool = False) -> Place:
        """A text to be filled in; a `raw` one is not put down and so keeps its signs."""
        key = (marked, raw)
        if key not in self._places:
            self._places[key] = ("mixed", len(self._mixed))
            self._mixed.append(key)
        return self._places[key]

    def value(self, said: str) -> Place:
        """Where a text will lie: as it is, exchanged as a whole, or mixed."""
        marked = self.marked(said)
        if marked == said:
            return self.const(self.ink.text(said))
        found = MARK.fullmatch(marked)
        return self._marks[int(found[1])] if found else self.mix(marked)

    def json(self, said: str) -> Place:
        return self.mix(NUMBER.sub(r"~<\1>~", json.dumps(self.walked(json.loads(said)))))

    def add(self, table: str, row: Values, instead: Mapping[str, Place] | None = None) -> None:
        """Make one row ready; `instead` says where some of its columns lie."""
        places = []
        for column, value in zip(metadata.tables[table].columns, row, strict=True):
            if instead and column.name in instead:
                places.append(instead[column.name])
            elif isinstance(value, str):
                places.append(self.json(value) if isinstance(column.type, JSON) else self.value(value))
            elif isinstance(value, int) and (column.name, value) in self.tokens.numbers:
                places.append(self.place(self.tokens.numbers[column.name, value]))
            else:
                places.append(self.const(self.ink.value(value)))
        self._rows.setdefault(table, (len(places), []))[1].extend(places)

    def line(self, row: Values) -> None:
        """Make a line of the log ready."""
        chain, n, at, actor, event, subject, facts, _previous, _digest = row
        said = NUMBER.sub(r"~<\1>~", canonical(self.walked(json.loads(facts))))
        head = "".join((
            '{"actor":"', self.marked(actor), '","at":"', at, '","chain":"', self.marked(chain), '","event":"', event,
            '","facts":', json.dumps(said, ensure_ascii=False), ',"n":',
        ))  # fmt: skip
        self._lines += [
            self.value(chain), self.const(n), self.const(at), self.value(actor), self.const(event),
            self.value(subject), self.mix(said), self.mix(head, raw=True),
        ]  # fmt: skip

    def sign(self, snapshot: str) -> Place:
        """Where the digest of what was signed will lie. What is named by an id stays in the order it has, for new ids
        are given in the order of the old ones, and marks have another."""
        ordered = json.loads(canonical(json.loads(snapshot)))
        said = json.dumps(self.walked(ordered, "tight"), ensure_ascii=False, separators=(",", ":"))
        self._signed.append(NUMBER.sub(r"~<\1>~", said))
        return "digest", len(self._signed) - 1

    def close(self) -> "Stamp":
        """Fix where everything lies."""
        digests = max(len(self._signed), len(self.tokens.digests))
        sizes = {"const": len(self.consts), "above": len(self.above), "id": len(self.ids),
                 "drawn": len(self.tokens.drawn), "digest": digests}  # fmt: skip
        self._starts, at = {"mixed": sum(sizes.values())}, 0
        for kind, size in sizes.items():
            self._starts[kind] = at
            at += size
        self.counts = {table: len(places) // width for table, (width, places) in self._rows.items()}
        self._tables = [(table, self.picker(places)) for table, (_width, places) in self._rows.items()]
        self._lined = self._as_lines() if self.ink.is_text else None
        self.lines = self.picker(self._lines)
        self._draws = list(self.tokens.drawn.values())
        self._signing = [self.filling([(said, True)]) for said in self._signed]
        self._mixing = self.filling(self._mixed)
        return self

    def picker(self, places: Sequence[Place]) -> Pick:
        """What picks places out of the values of a print."""
        found = [self._starts[kind] + n for kind, n in places]
        if len(found) == 1:
            return lambda values: (values[found[0]],)
        return itemgetter(*found) if found else lambda _values: ()

    def filling(self, texts: Sequence[tuple[str, bool]]) -> Filling:
        """Marked texts as one form, and what fills it."""
        forms, places = [], []
        for marked, raw in texts:
            parts = MARK.split(marked)
            forms.append("%s".join((part if raw else self.ink.text(part)).replace("%", "%%") for part in parts[::2]))
            places += [self._marks[int(n)] for n in parts[1::2]]
        return BREAK.join(forms), self.picker(places)

    def _as_lines(self) -> Filling:
        """The rows of all tables as one form in which everything that never changes stands already."""
        forms, open_places = [], []
        for width, places in self._rows.values():
            parts = []
            for n, (kind, at) in enumerate(places, 1):
                parts.append(self.consts[at].replace("%", "%%") if kind == "const" else "%s")
                parts.append("\t" if n % width else "\n")
                open_places += [(kind, at)] if kind != "const" else []
            forms.append("".join(parts))
        return BREAK.join(forms), self.picker(open_places)

    # printing

    def rows(self, values: Sequence[Any]) -> Iterator[tuple[str, Sequence[Any]]]:
        """What goes into the lot of each table."""
        if self._lined:
            form, pick = self._lined
            yield from zip(self.counts, [(lines,) for lines in (form % pick(values)).split(BREAK)], strict=False)
        else:
            for table, pick in self._tables:
                yield table, pick(values)

    def base(self, above: Mapping[str, Any]) -> list[Any]:
        """What stays the same in every print under one print of the block above."""
        return [*self.consts, *[above[token] for token in self.above]]

    def begin(self, base: list[Any], ids: Sequence[str], draw: Callable[[str, Any], Any]) -> list[Any]:
        """The values up to what is drawn."""
        return [*base, *ids, *[draw(kind, of) for kind, of in self._draws]]

    def finish(self, values: list[Any], digests: Sequence[Any] = ()) -> list[Any]:
        """The rest of the values: digests, those of signatures first, and mixed texts."""
        for form, pick in self._signing:
            values.append(sha256((form % pick(values)).encode()).hexdigest())
        values += digests
        if self._mixed:
            form, pick = self._mixing
            values += (form % pick(values)).split(BREAK)
        return values

    def own(self, values: Sequence[Any]) -> dict[str, Any]:
        """What was drawn, by its token, for the blocks below."""
        start = self._starts["id"]
        return dict(zip((*self.ids, *self.tokens.drawn), values[start:], strict=False))


def grouped(flat: Sequence[Any], width: int) -> Iterator[tuple[Any, ...]]:
    """A flat sequence in rows of a width."""
    return zip(*[iter(flat)] * width, strict=True)

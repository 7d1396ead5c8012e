"""Columns of a sheet (列): which one holds what, told by its heading, and single cells made into what is kept."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

from core import DATA
from core.formats.sheets import ABOVE, ROWS, Line, Merged, Sheet, too_many
from core.text import N_, Term, _, clean, folded
from core.words import RECORDED, Channel


class Column(Term):
    """What a column of a sheet can hold."""

    TEXT = "text", N_("What was said")
    TITLE = "title", N_("Title")
    CHANNEL = "channel", N_("How it was said")
    DAY = "day", N_("Date")
    ITEM = "item", N_("Power item")
    PLACE = "place", N_("Grid or building")
    NUMBER = "number", N_("Number elsewhere")


@dataclass(frozen=True)
class Head:
    """The row that says what stands below it, and which column holds what, as far as its headings tell."""

    line: Line
    columns: Mapping[str, int]
    below: tuple[Line, ...]

    def name(self, at: int) -> str:
        """A column as its reader finds it: its letter and its heading."""
        return f"{letter(at)} {self.heading(at)[:30]}".strip()

    def heading(self, at: int) -> str:
        return " ".join(cell(self.line, at).split())


WITHIN = ABOVE
"""The head is looked for in so many first rows; forms often have a title above it."""
LONGEST = 200
"""Characters of a cell in which a heading is looked for."""
_DATE = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})(?:\D.*)?|(\d{4})(\d\d)(\d\d)", re.DOTALL)
_BESIDE = re.compile(r"[(（\[【].*?[)）\]】]|[*：:]")


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    found: dict[str, Any] = json.loads(
        (DATA / "intake_columns.json").read_text(encoding="utf-8")
    )
    return found


@cache
def _headings() -> dict[str, Column]:
    return {folded(word): Column(name) for name, words in _data()["columns"].items() for word in words}


@cache
def _ways() -> dict[str, Channel]:
    told = {folded(word): Channel(name) for name, words in _data()["channels"].items() for word in words}
    return told | {folded(name): way for way in RECORDED for name in (way.word, way.value)}


def letter(at: int) -> str:
    """What a spreadsheet calls a column: A for 0, AA for 26."""
    return (letter(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)


def head(sheet: Sheet, headings: Mapping[str, str] | None = None) -> Head:
    """The head of a sheet: of its first rows, or of two that stand together, the one with most known headings;
    `Invalid` where more rows stand below it than can be taken.

    `headings` are known words (folded) and what they stand for; without them those of what residents say.
    """
    words = headings if headings is not None else _headings()
    first = sheet.lines[:WITHIN]
    across = {(one.top, n): one for one in sheet.merged for n in range(one.left + 1, min(one.right, one.left + 6) + 1)}
    choices = [(line.cells, n) for n, line in enumerate(first)]
    choices += [(_together(*pair, across), n) for n, pair in enumerate(pairwise(first), start=1)]
    known = [recognised(cells, words) for cells, _n in choices]
    at = max(range(len(choices)), key=lambda n: (len(known[n]), n < len(first), -n))
    cells, last = choices[at]
    if len(sheet.lines) - last - 1 > ROWS:
        raise too_many()
    return Head(Line(first[last].n, tuple(cells)), known[at], sheet.lines[last + 1 :])


def _together(above: Line, below: Line, across: Mapping[tuple[int, int], Merged]) -> tuple[str, ...]:
    """The headings of two rows as one: the lower one where it says something, under what stands above it."""
    found = []
    for n in range(max(len(above.cells), len(below.cells))):
        one = across.get((above.n, n))
        top, low = cell(above, one.left if one else n), cell(below, n)
        found.append(low or top)
    return tuple(found)


def recognised(cells: Sequence[str], headings: Mapping[str, str] | None = None) -> dict[str, int]:
    """Which column holds what by its heading: an exact one before one that only contains a known word."""
    known = headings if headings is not None else _headings()
    names = [folded(_BESIDE.sub("", cell[:LONGEST])) for cell in cells]
    found: dict[str, int] = {}
    for n, name in enumerate(names):
        column = known.get(folded(cells[n])) or known.get(name)
        if column and column not in found:
            found[column] = n
    for n, name in enumerate(names):
        if n in found.values() or not name or len(name) > 20:
            continue
        words = sorted((word for word in known if len(word) > 1 and word in name), key=len, reverse=True)
        column = known[words[0]] if words else None
        if column and column not in found:
            found[column] = n
    return found


def cell(line: Line, at: int | None) -> str:
    """What stands in a column of a row, without invisible and direction marks."""
    return clean(line.cells[at]) if at is not None and at < len(line.cells) else ""


def way(said: str) -> Channel | None:
    """The channel a word stands for; None when it is not one that is written down for residents."""
    return _ways().get(folded(said))


def stated_day(said: str) -> date | None:
    """A date with its year first, in any of the usual forms; None when it is none."""
    hit = _DATE.fullmatch(unicodedata.normalize("NFKC", clean(said)))
    if hit is None:
        return None
    year, month, day = (int(part) for part in hit.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def named(said: str, names: Mapping[str, str]) -> str | None:
    """The id whose name, or last part of its trail, is what was said; None when none or more than one is."""
    wanted = folded(said)
    hits = {key for key, name in names.items() if wanted in (folded(name), folded(name.rsplit("·", 1)[-1]))}
    return hits.pop() if len(hits) == 1 else None


def ways_in_words() -> str:
    """Every channel one may write into a sheet, for the sentence that says what would be right."""
    return _(", ").join(way.label for way in RECORDED)

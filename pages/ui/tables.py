"""Plain aligned tables as HTML: every cell escaped, counts that link to what they count."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeVar
from urllib.parse import quote_plus

import streamlit as st

from core.text import _, around_days, shown
from core.turning import ROWS

T = TypeVar("T")


@dataclass(frozen=True)
class Link:
    """A cell that leads to another page of the app, its filters in the address."""

    label: object
    address: str
    query: dict[str, str]

    def html(self) -> str:
        asked = "&".join([f"{name}={_quoted(value)}" for name, value in self.query.items()])
        target = escape(f"/{self.address}{'?' + asked if asked else ''}")
        return f"<a href='{target}' target='_self'>{_unbroken(str(shown(self.label)))}</a>"


_PLAIN = re.compile("[A-Za-z0-9_.~-]*").fullmatch
"""Whether a value can stand in an address as it is: most are ids, days and codes, many on a page."""


def _quoted(value: str) -> str:
    return value if _PLAIN(value) else quote_plus(value)


@dataclass(frozen=True)
class Mark:
    """A cell that is a mark of pages.ui.marks, which escapes what it shows."""

    markup: str

    def html(self) -> str:
        return self.markup


@dataclass(frozen=True)
class Several:
    """A cell of several words and links, each on one line."""

    parts: Sequence[tuple[str, Link | int]]

    def html(self) -> str:
        parts = [
            f"<span class='qy-part'>{escape(word)} {part.html() if isinstance(part, Link) else part}</span>"
            for word, part in self.parts
        ]
        return f"<span>{' '.join(parts)}</span>"


Cell = Link | Mark | Several | str | int
_MARKUP = (Link, Mark, Several)


def counted(n: int, address: str, **query: str) -> Link | int:
    """A count that leads to what it counts; nothing counted leads nowhere."""
    return Link(n, address, query) if n else n


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]], *, caption: str = "", blocks: bool = False) -> None:
    """A table with its first column as the head of each row; columns of numbers stand to the right.

    On a phone a wide table, or one of `blocks`, becomes one block for each row, the heads beside the cells.
    """
    right = {n for n in range(1, len(head)) if any(_is_number(row[n]) for row in rows)}
    wide = " qy-wide" if blocks or len(head) - len(right) > 2 else ""
    top = "".join(f"<th scope='col'{_side(n in right)}>{escape(word)}</th>" for n, word in enumerate(head))
    begun = [_begun(n, word, n in right) for n, word in enumerate(head)]
    body = "".join(f"<tr>{''.join(map(_cell, begun, row))}</tr>" for row in rows)
    above = f"<caption>{escape(caption)}</caption>" if caption else ""
    inside = f"{above}<thead><tr>{top}</tr></thead><tbody>{body}</tbody>"
    st.html(f"<div class='qy-scroll'><table class='qy-table{wide}'>{inside}</table></div>")


def _begun(n: int, head: str, right: bool) -> tuple[str, str]:
    """How each cell of a column begins, and how it ends."""
    return (f"<td{_side(right)} data-head='{escape(head)}'>", "</td>") if n else ("<th scope='row'>", "</th>")


def _cell(begun: tuple[str, str], cell: Cell) -> str:
    inner = cell.html() if isinstance(cell, _MARKUP) else _unbroken(str(cell))
    return f"{begun[0]}{inner}{begun[1]}"


_YEAR = re.compile(r"\d{4}").search
"""Whether there can be a day: most cells have none."""


def _unbroken(text: str) -> str:
    """Words as markup; a day among them is not broken over lines."""
    pieces = [escape(piece) for piece in around_days(text)] if _YEAR(text) else []
    if len(pieces) < 2:
        return escape(text)
    pieces[1::2] = [f"<span class='qy-whole'>{piece}</span>" for piece in pieces[1::2]]
    return f"<span>{''.join(pieces)}</span>"


def _side(right: bool) -> str:
    return " class='qy-number'" if right else ""


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int) or (isinstance(cell, Link) and isinstance(cell.label, int))


def page(rows: Sequence[T], key: str) -> Sequence[T]:
    """The rows of the page that was chosen, with the choice of page when there is more than one."""
    number = choice(len(rows), key)
    return rows[ROWS * (number - 1) : ROWS * number]


def choice(total: int, key: str) -> int:
    """The page that was chosen, with the choice when there is more than one."""
    return st.pagination(-(-total // ROWS), key=key) if total > ROWS else 1


def skipped(key: str) -> int:
    """How many rows stand before the page that was chosen, for who asks for the rows of that page alone."""
    return ROWS * (int(st.session_state.get(key) or 1) - 1)


def indented(name: str, depth: int) -> Mark:
    """A name set in by its depth in a tree."""
    return Mark(f"<span style='padding-left:{1.2 * depth:.1f}em'>{escape(name)}</span>")


def code(text: str) -> Mark:
    """Something to be copied as it stands."""
    return Mark(f"<code>{escape(text)}</code>" if text else "")


def listed(words: Iterable[str]) -> str:
    """Several things in one cell."""
    return _(", ").join(words)


def at(name: str, place: str) -> str:
    """Something and where it stands."""
    return _("{name} ({place})").format(name=name, place=place)

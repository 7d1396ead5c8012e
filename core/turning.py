"""Turning the pages of a list: a page begins after a row or ends before one, so that it costs the same however far in
it lies, and what comes or goes meanwhile neither repeats a row nor leaves one out.

In an address: `after` or `before` with the id of that row, and `page`, what the page is called. A row that is gone, or
no longer in the list, leads to its beginning.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Turn:
    """Where a page lies: after a row, before one, or at the beginning; `page` is its number, from 1."""

    after: str = ""
    before: str = ""
    page: int = 1

    @property
    def query(self) -> dict[str, str]:
        """How it is written into an address."""
        found = {"after": self.after, "before": self.before, "page": str(self.page) if self.page > 1 else ""}
        return {name: value for name, value in found.items() if value}


START = Turn()


@dataclass(frozen=True)
class Turned:
    """A page as it was found: its number, and the way back and onward where there is one."""

    page: int = 1
    back: Turn | None = None
    onward: Turn | None = None


ROWS = 20
"""Rows on a page of a list that does not say otherwise."""
ALL_HERE = Turned()
"""A list that stands on one page."""


class Listed(list[T]):
    """The rows of one page of a list, with how many there are in all, the ways on, and how many a page has."""

    def __init__(self, rows: Iterable[T] = (), total: int = 0, turned: Turned = ALL_HERE, most: int = 1) -> None:
        super().__init__(rows)
        self.total, self.turned = total, turned
        self.pages = max(1, -(-total // most))

    def of(self, rows: Iterable[U]) -> "Listed[U]":
        """The same page with its rows as something else."""
        found = Listed(rows, self.total, self.turned)
        found.pages = self.pages
        return found

    __hash__ = None  # as no list has one

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Listed):
            return super().__eq__(other)
        return super().__eq__(other) and (self.total, self.turned) == (other.total, other.turned)


def from_address(query: Mapping[str, str], prefix: str = "") -> Turn:
    """The page an address asks for; where several lists stand on a page, each has a prefix of its own there."""
    number = query.get(f"{prefix}page", "")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    return Turn(query.get(f"{prefix}after", "")[:40], query.get(f"{prefix}before", "")[:40], max(page, 1))


COUNTED = 99
"""Of what waits so many are counted and no more: beyond, a number helps nobody, and would cost as much as there is."""


COUNTED_IN_LIST = 999
"""Of a list that somebody has narrowed down so many are counted: how many are left is part of the answer."""


def counted(n: int, most: int = COUNTED) -> str:
    """A number as it is told where no more than so many are counted."""
    return str(n) if n <= most else f"{most}+"

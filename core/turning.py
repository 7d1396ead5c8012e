"""Turning the pages of a list: a page begins after a row or ends before one, so that it costs the same however far in
it lies, and what comes or goes meanwhile neither repeats a row nor leaves one out.

In an address: `after` or `before` with the id of that row, and `page`, what the page is called. A row that is gone, or
no longer in the list, leads to its beginning.
"""

from collections.abc import Mapping
from dataclasses import dataclass


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


ALL_HERE = Turned()
"""A list that stands on one page."""


def from_address(query: Mapping[str, str]) -> Turn:
    """The page an address asks for."""
    number = query.get("page", "")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    return Turn(query.get("after", "")[:40], query.get("before", "")[:40], max(page, 1))

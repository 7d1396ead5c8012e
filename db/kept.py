"""Questions that are worded once: what stands in a statement depends on who asks and where, and a page says the same of
them many times. Kept is the wording of a question, never an answer."""

from collections.abc import Callable, Collection
from datetime import date
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar, cast
from weakref import WeakSet

from sqlalchemy import ColumnElement, Date, Executable, Integer, bindparam, literal_column
from sqlalchemy.sql.elements import ColumnClause

P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E", bound=Executable)

MOST = 1024
"""Wordings kept of each part, some kilobytes each; one person on one page needs one or two."""


def kept(build: Callable[P, T]) -> Callable[P, T]:
    """A part of a question that depends on nothing but what it is given."""
    return cast(Callable[P, T], lru_cache(maxsize=MOST)(build))


def worded(build: Callable[..., E], **given: Any) -> tuple[E, dict[str, Any]]:
    """A whole question and what it is asked with: `session.execute(*worded(lambda key: select(…key…), key=key))`.

    What is given by name takes a place in the wording that is filled in at each asking, and so cannot be None.
    Whatever else the lambda speaks of, such as a scope, stands in the wording: there is one for each of these.
    """
    cells = build.__closure__ or ()  # all that one call of the lambda can have other than the next
    places = tuple([(name, isinstance(value, list | tuple | set | frozenset)) for name, value in given.items()])
    return _wording(_Build(build, (id(build.__code__), *[cell.cell_contents for cell in cells])), places), given


class _Build:
    """How a question is put into words; two that say the same are the same."""

    __slots__ = ("told", "words")

    def __init__(self, words: Callable[..., Any], told: tuple[object, ...]) -> None:
        self.words, self.told = words, told

    def __hash__(self) -> int:
        return hash(self.told)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Build) and self.told == other.told


@lru_cache(maxsize=4 * MOST)
def _wording(build: _Build, places: tuple[tuple[str, bool], ...]) -> Any:
    made = build.words(**{name: bindparam(name, expanding=is_many) for name, is_many in places})
    wordings.add(made)
    return made


wordings: WeakSet[Executable] = WeakSet()
"""The questions that were worded once: each is itself and no other."""


def among(column: ColumnElement[Any] | ColumnClause[Any], values: Collection[str]) -> ColumnElement[bool]:
    """That a column holds one of some codes that are always the same. They stand in the words of the question: nothing
    is filled in, and a server that remembers how a question is carried out knows them when it thinks that out."""
    codes = [literal_column(_quoted(str(code)), column.type) for code in values]
    return column == codes[0] if len(codes) == 1 else column.in_(codes)  # SQLite finds an index of `<>` by no `NOT IN`


def number(n: int) -> ColumnElement[int]:
    """A number that is always the same, in the words of the question as well: for a limit that is filled in, a server
    that remembers how it answers reckons with a tenth of all there is, and so thinks each question out anew."""
    return literal_column(str(n), Integer)


def fixed(day: date) -> ColumnElement[date]:
    """A day in the statement's own words, for the same reason."""
    return literal_column(f"'{day.isoformat()}'", Date)


def _quoted(code: str) -> str:
    return "'" + code.replace("'", "''") + "'"

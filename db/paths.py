"""Where a unit lies in the tree: at a path or below it."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, bindparam, false, literal, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType

from core.access import Scope
from db.kept import kept
from db.tables import units_


@kept
def under(scope: Scope) -> ColumnElement[bool]:
    """That a row of `units` lies under one of the scope's paths; under none when the scope is empty."""
    return or_(false(), *[below(path) for path in scope.paths])


def below(path: str, column: ColumnElement[str] = units_.c.path) -> ColumnElement[bool]:
    """That a row of `units` lies at a path or below it."""
    if not _is_wide(path):
        return _Beneath(column, literal(path), literal(end(path)))
    first, after, pattern = (
        bindparam(name, value, String, unique=True, literal_execute=True)
        for name, value in (("first", path), ("after", end(path)), ("pattern", path.replace("/", "//") + "%"))
    )
    return _Wide(column, first, after, pattern)


def end(path: str) -> str:
    """Where the paths end that begin with a path."""
    return path[:-1] + _AFTER


def beneath(path: ColumnElement[str], after: ColumnElement[str]) -> ColumnElement[bool]:
    """That a row of `units` lies at a path or below it: before its `end`."""
    return _Beneath(units_.c.path, path, after)


_AFTER = chr(ord("/") + 1)
"""The sign after a path's last, with which the next path begins that does not lie below it."""


class _Beneath(FunctionElement[bool]):
    """That a path begins with another: the other, and what comes after all that begins so."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> "_Beneath":
        return self  # in brackets already; as a truth value SQLite would compare it with 1, which no index serves


@compiles(_Beneath)
def _between(element: _Beneath, compiler: SQLCompiler, **how: Any) -> str:
    column, first, after = (compiler.process(one, **how) for one in list(element.clauses)[:3])
    return f"({column} >= {first} AND {column} < {after})"


@compiles(_Beneath, "postgresql")
def _narrow(element: _Beneath, compiler: SQLCompiler, **how: Any) -> str:
    """Said twice, so that a plan for any path expects few units, as one for this path would: then PostgreSQL keeps it
    and does not think it out anew each time, which takes several times what carrying it out does."""
    column, first, after = (compiler.process(one, **how) for one in element.clauses)
    return f"({column} ~>=~ (SELECT {first}) AND {column} ~<~ (SELECT {after}) AND starts_with({column}, {first}))"


class _Wide(_Beneath):
    """The same of a wide path, in the statement's own words: PostgreSQL remembers how it carries a question out, and
    would else do for a city what is right for a community. It knows how many fit a pattern."""

    inherit_cache = True


@compiles(_Wide, "postgresql")
def _begun(element: _Wide, compiler: SQLCompiler, **how: Any) -> str:
    column, *_range, pattern = element.clauses
    return f"({compiler.process(column.like(pattern, escape='/'), **how)})"


WIDE = 3
"""Units on the path of a place that has several communities below it, as a city, a district or a street has."""


def is_wide(scope: Scope) -> bool:
    """Whether several communities lie in a scope."""
    return any(_is_wide(path) for path in scope.paths)


def _is_wide(path: str) -> bool:
    return path.count("/") <= WIDE + 1

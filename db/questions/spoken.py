"""Which voices are in entries, for many entries at once: what is said is read in one pass, not once for each voice."""

from collections.abc import Collection
from functools import cache, reduce
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Subquery, case, exists, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from core.access import Scope
from core.words import Level, Source
from db.paths import is_wide
from db.questions.summing import Where, at
from db.scoping import heard, within
from db.tables import flags_, links, risks_, supports_

RATED = [(source, level) for source in Source for level in Level]
"""What `own` says by its bits: a voice that gave a level by itself."""


def spoken(
    scope: Scope, unit_id: Where = None, ids: Collection[str] | Select[tuple[str]] | None = None, *,
    rated: bool = False,
) -> Subquery:
    """Of each entry in which the viewer hears any flag, of these `ids` where they are given: 1 under each voice that is
    in it, and where `rated` is wanted the levels the voices gave as bits of `own`. A flag and its entry are of one
    community. `ids` are of entries that the question around it looks for in the scope: looked for here too, PostgreSQL
    would read all that was said in a community and hold it against each of them."""
    here = [at(links.c.unit_id, unit_id)]
    here.append(within(links.c.unit_id, scope) if ids is None else links.c.risk_id.in_(ids))
    said = [_any(flags_.c.source == source).label(source.value) for source in Source]
    if rated:
        bits = [
            _any((flags_.c.source == source) & (flags_.c.level == level)) * 2**n
            for n, (source, level) in enumerate(RATED)
        ]
        said.append(reduce(add, bits).label("own"))
    few = ids is None and (unit_id is not None or not is_wide(scope))
    return (
        select(links.c.risk_id, *said)
        .join(flags_, flags_.c.id == links.c.flag_id)
        .where(*here, links.c.undone_at.is_(None), heard(scope))
        .group_by(_Sorted(links.c.risk_id) if few else links.c.risk_id)
        .subquery()
    )


class _Sorted(FunctionElement[str]):
    """A column by which few rows are put together, on SQLite not by its index: it would go through that from one end to
    the other, all communities in it, to spare the sorting."""

    type = String()
    inherit_cache = True


@compiles(_Sorted)
def _plain(element: _Sorted, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.clauses, **how)


@compiles(_Sorted, "sqlite")
def _without_index(element: _Sorted, compiler: SQLCompiler, **how: Any) -> str:
    return f"+{compiler.process(element.clauses, **how)}"


def in_it(said: Subquery) -> list[ColumnElement[bool]]:
    """That each voice is in a row of `risks` that `said` is joined to; who joined an entry is a resident's voice."""
    found: list[ColumnElement[bool]] = [(func.coalesce(said.c[source.value], 0) == 1).label(source.value)
                                        for source in Source]  # fmt: skip
    joined = exists().where(supports_.c.risk_id == risks_.c.id)
    found[-1] = or_(found[-1], joined).label(Source.RESIDENT.value)
    return found


@cache
def voices(*spoke: bool) -> frozenset[Source]:
    """The voices that are in an entry, from one mark for each."""
    return frozenset(source for source, mark in zip(Source, spoke, strict=True) if mark)


@cache
def levels(own: int) -> frozenset[tuple[Source, Level]]:
    """The levels that voices gave, from the bits of `own`."""
    return frozenset(one for n, one in enumerate(RATED) if own >> n & 1)


def _any(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.max(case((condition, 1), else_=0))

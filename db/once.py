"""What was asked in a reading is not asked again: all a reading sees is of one moment, so its answer stands."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import FrozenResult, Result, event
from sqlalchemy.orm import ORMExecuteState, Session

from db.kept import wordings

MOST = 200
"""Rows of an answer that is kept; longer ones are asked for once by any page."""


class Once(Session):
    """A session that only reads, in one transaction, and asks each question once."""


def _answer(asked: ORMExecuteState) -> Result[Any] | None:
    key = _key(asked)
    if key is None:
        return None
    kept: dict[object, FrozenResult[Any]] = asked.session.info.setdefault("answers", {})
    if (found := kept.get(key)) is None:
        found = asked.invoke_statement().freeze()
        if len(found.data) <= MOST:
            kept[key] = found
    return found()


def _key(asked: ORMExecuteState) -> tuple[object, ...] | None:
    """A statement and what it is asked with; None for what cannot be told from another, or loads more than rows."""
    if not asked.is_select or asked.is_column_load or asked.is_relationship_load:
        return None
    statement: Any = asked.statement  # every statement the session runs has this name
    given = asked.parameters or {}
    if statement in wordings and isinstance(given, Mapping):  # it is the same thing each time it is asked
        return statement, *((name, _fixed(value)) for name, value in given.items())
    named = None if given else statement._generate_cache_key()
    if named is None:
        return None
    return named.key, *((type(bound.value), _fixed(bound.effective_value)) for bound in named.bindparams)


def _fixed(value: object) -> object:
    """A value by which answers are told apart."""
    return tuple(value) if isinstance(value, list | set | frozenset) else value


def _keep(session: Session, thing: object) -> None:
    """Hold what was loaded as long as the reading goes on: the session itself would let go of it."""
    session.info.setdefault("loaded", []).append(thing)


event.listen(Once, "do_orm_execute", _answer)
event.listen(Once, "loaded_as_persistent", _keep)

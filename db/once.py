"""What was asked in a reading is not asked again: all a reading sees is of one moment, so its answer stands."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Executable, FrozenResult, Result, ScalarResult, event
from sqlalchemy.orm import Session

from db.kept import wordings

MOST = 200
"""Rows of an answer that is kept; longer ones are asked for once by any page."""


class Once(Session):
    """A session that only reads, in one transaction, and asks each question once."""

    def execute(self, statement: Executable, params: Any = None, **how: Any) -> Result[Any]:
        key = None if how else _key(statement, params)  # what the session loads by itself comes with how to do it
        if key is None:
            return super().execute(statement, params, **how)
        kept: dict[object, FrozenResult[Any]] = self.info.setdefault("answers", {})
        if (found := kept.get(key)) is None:
            found = super().execute(statement, params).freeze()
            if len(found.data) <= MOST:
                kept[key] = found
        return found()

    def scalars(self, statement: Executable, params: Any = None, **how: Any) -> ScalarResult[Any]:
        return self.execute(statement, params, **how).scalars()

    def scalar(self, statement: Executable, params: Any = None, **how: Any) -> Any:
        return self.execute(statement, params, **how).scalar()


def _key(statement: Any, given: Any) -> tuple[object, ...] | None:
    """A statement and what it is asked with; None for what cannot be told from another."""
    if statement in wordings and isinstance(given or {}, Mapping):  # it is the same thing each time it is asked
        return statement, *((name, _fixed(value)) for name, value in (given or {}).items())
    named = statement._generate_cache_key() if statement.is_select and not given else None
    if named is None:
        return None
    return named.key, *((type(bound.value), _fixed(bound.effective_value)) for bound in named.bindparams)


def _fixed(value: object) -> object:
    """A value by which answers are told apart."""
    return tuple(value) if isinstance(value, list | set | frozenset) else value


def _keep(session: Session, thing: object) -> None:
    """Hold what was loaded as long as the reading goes on: the session itself would let go of it."""
    session.info.setdefault("loaded", []).append(thing)


event.listen(Once, "loaded_as_persistent", _keep)

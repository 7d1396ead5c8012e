"""Column types: codes of the vocabulary, and instants that keep their time zone on every database."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from core.errors import Damaged
from core.text import Term


class Code(TypeDecorator[Term]):
    """A member of a vocabulary, stored as its code."""

    impl = String(40)
    cache_ok = True

    def __init__(self, terms: type[Term]) -> None:
        super().__init__()
        self.terms = terms
        self._members = _Members({term.value: term for term in terms})
        self._members[None] = None

    def process_bind_param(self, value: Term | None, dialect: Dialect) -> str | None:
        return None if value is None else self.terms(value).value

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[str | None], Term | None]:
        """Looked up without a call of Python's own: a list of some rows holds hundreds of codes."""
        return self._members.__getitem__


class _Members(dict[str | None, Term | None]):
    """Members by their codes; any other code is no word of the vocabulary."""

    def __missing__(self, code: str | None) -> Term | None:
        raise Damaged


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; SQLite forgets time zones, this gives them back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

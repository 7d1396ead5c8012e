"""Rows as they travel: one line of JSON each, the same whichever server they come from."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Column, Connection, Date, LargeBinary, Select, String, Table, Text, func, select, type_coerce
from sqlalchemy.engine import Dialect

from db.tables import metadata
from db.tables.types import Code, Instant

BATCH, HEAVY = 1000, 4
"""Rows fetched at a time; of tables with whole files in them fewer, so that memory stays flat."""
Change = Callable[[Any], Any]


def _text(value: str) -> str:
    """PostgreSQL takes no NUL: the mark that stands for it there stands for it everywhere."""
    return value.replace("\0", "\ufffd")


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


def _code(value: bytes) -> str:
    return b64encode(value).decode("ascii")


CHANGES: tuple[tuple[type[Any], Change, Change], ...] = (
    (LargeBinary, _code, b64decode), (Date, date.isoformat, date.fromisoformat),
    (Instant, _instant, datetime.fromisoformat), (Text, _text, str), (String, _text, str),
)  # fmt: skip
"""How a value that JSON does not know stands in a line, and how it is read; the rest stands as it is."""


@dataclass(frozen=True)
class Form:
    """How the rows of one table are asked for, written and read."""

    table: Table

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def columns(self) -> list[str]:
        return [column.name for column in self.table.columns]

    @property
    def batch(self) -> int:
        return HEAVY if any(isinstance(column.type, LargeBinary) for column in self.table.columns) else BATCH

    @property
    def query(self) -> Select[Any]:
        """Every row by its key, so that no order of arrival travels; a unit after the one above it."""
        asked = select(*[_plain(column) for column in self.table.columns])
        above = [func.length(self.table.c.path)] if self.name == "units" else []
        return asked.order_by(*above, *self.table.primary_key.columns)

    def line(self, row: Any) -> bytes:
        values = [
            value if value is None or change is None else change(value)
            for value, change in zip(row, self._written, strict=True)
        ]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()

    def values(self, line: bytes) -> list[Any]:
        return [
            value if value is None or change is None else change(value)
            for value, change in zip(json.loads(line), self._read, strict=True)
        ]

    def binders(self, dialect: Dialect) -> list[Change | None]:
        """What the driver of a server wants to be given, column by column."""
        return [_plain(column).type.dialect_impl(dialect).bind_processor(dialect) for column in self.table.columns]

    @cached_property
    def _written(self) -> list[Change | None]:
        return [_change(column)[0] for column in self.table.columns]

    @cached_property
    def _read(self) -> list[Change | None]:
        return [_change(column)[1] for column in self.table.columns]


def _plain(column: Column[Any]) -> Any:
    """A code as it is kept: a row travels whatever the vocabulary of today."""
    return type_coerce(column, String()).label(column.name) if isinstance(column.type, Code) else column


def _change(column: Column[Any]) -> tuple[Change | None, Change | None]:
    for kind, written, read in CHANGES:
        if isinstance(column.type, kind):
            return written, read
    return None, None


FORMS = tuple(Form(table) for table in metadata.sorted_tables)
"""Every table, those others point at first."""


@dataclass
class Tally:
    """How many lines there were, and the sum of their SHA-256: the same in whatever order a server gives them."""

    rows: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        self.rows += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line).digest())) % (1 << 256)

    @property
    def digest(self) -> str:
        return f"{self.total:064x}"


def lines(connection: Connection, form: Form) -> Iterator[bytes]:
    """The rows of a table, fetched a batch at a time."""
    asked = form.query.execution_options(stream_results=True, yield_per=form.batch)
    for row in connection.execute(asked):
        yield form.line(row)

"""Pouring many rows into an empty database in one transaction: indexes and keys are dropped, and built at the end."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from sqlalchemy import Engine

from db.made.ink import CopyInk, Ink
from db.made.stamps import grouped


class Pouring(Protocol):
    """Where rows go."""

    @property
    def ink(self) -> Ink: ...

    def rows(self, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Put rows in; values are texts, or what the ink made of them."""

    def lot(self, table: str, columns: Sequence[str], rows: Sequence[Any]) -> None:
        """Put rows in as the ink put them down."""

    def read(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Read what was put in, a lot at a time."""

    def build(self) -> None:
        """Build the indexes and keys again, and hold the rows against them."""

    def search(self, begin: bool) -> None:
        """Take the indexes of the search away, or build them."""

    def done(self) -> None:
        """Keep it all, and let the server look at it."""


@contextmanager
def pouring(engine: Engine) -> Iterator[Pouring]:
    """Pour into an empty database; nothing of it stays when anything is raised."""
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        if raw is None:
            raise RuntimeError("no connection")
        poured: SqlitePouring | PostgresPouring
        poured = SqlitePouring(raw) if engine.dialect.name == "sqlite" else PostgresPouring(raw)
        try:
            poured.open()
            yield poured
        finally:
            poured.close()


class SqlitePouring:
    """SQLite: rows by prepared statements, secondary indexes afterwards."""

    def __init__(self, raw: Any) -> None:
        self.raw, self.ink = raw, Ink()
        self.indexes: list[str] = []

    def open(self) -> None:
        for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-400000"):
            self.raw.execute(f"PRAGMA {pragma}")
        self.raw.execute("BEGIN IMMEDIATE")
        kept = self.raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        for name, sql in kept.fetchall():
            self.raw.execute(f'DROP INDEX "{name}"')
            self.indexes.append(sql)

    def rows(self, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        named, places = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
        self.raw.executemany(f"INSERT INTO {table} ({named}) VALUES ({places})", rows)  # noqa: S608 - our own names

    def lot(self, table: str, columns: Sequence[str], rows: Sequence[Any]) -> None:
        self.rows(table, columns, grouped(rows, len(columns)))

    def read(self, query: str) -> Iterator[tuple[Any, ...]]:
        yield from self.raw.cursor().execute(query)

    def build(self) -> None:
        for sql in self.indexes:
            self.raw.execute(sql)
        if broken := self.raw.execute("PRAGMA foreign_key_check").fetchone():
            raise RuntimeError(f"a made row refers to nothing: {broken}")

    def search(self, begin: bool) -> None:
        """FTS5 is built as it is filled."""

    def done(self) -> None:
        self.raw.execute("ANALYZE")
        self.raw.execute("COMMIT")

    def close(self) -> None:
        if self.raw.in_transaction:
            self.raw.execute("ROLLBACK")
        for pragma in ("foreign_keys=ON", "synchronous=FULL", "cache_size=-2000"):
            self.raw.execute(f"PRAGMA {pragma}")


CONSTRAINTS = """
    SELECT c.conrelid::regclass::text, c.conname, c.contype::text, pg_get_constraintdef(c.oid)
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    WHERE c.connamespace = current_schema()::regnamespace AND c.contype IN ('f', 'p', 'u') AND t.relkind = 'r'
    ORDER BY c.contype = 'f' DESC, c.conname
"""
"""Foreign keys first: they rest on the others."""
INDEXES = """
    SELECT i.indexname, i.indexdef FROM pg_indexes i
    WHERE i.schemaname = current_schema()
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname
                      AND c.connamespace = current_schema()::regnamespace)
    ORDER BY i.indexname
"""


class PostgresPouring:
    """PostgreSQL: rows by COPY; keys and indexes afterwards."""

    def __init__(self, raw: Any) -> None:
        self.raw, self.ink = raw, CopyInk()
        self.now: list[str] = []
        self.later: list[str] = []

    def open(self) -> None:
        self.raw.execute("SET LOCAL TimeZone = 'UTC'")
        self.raw.execute("SET LOCAL maintenance_work_mem = '512MB'")
        self.raw.execute("SET LOCAL synchronous_commit = off")
        again: list[tuple[int, str, str]] = []
        for table, name, kind, told in self.raw.execute(CONSTRAINTS).fetchall():
            self.raw.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            again.append((2 if kind == "f" else 0, table, f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {told}'))
        for name, told in self.raw.execute(INDEXES).fetchall():
            self.raw.execute(f'DROP INDEX "{name}"')
            again.append((1, name, told))
        again.sort(key=lambda one: one[0])
        self.now = [told for _rank, of, told in again if not of.startswith("said_")]
        self.later = [told for _rank, of, told in again if of.startswith("said_")]

    def rows(self, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        self.lot(table, columns, [line for row in rows for line in self.ink.row(row)])

    def lot(self, table: str, columns: Sequence[str], rows: Sequence[Any]) -> None:
        named = ", ".join(f'"{name}"' for name in columns)
        with self.raw.cursor() as cursor, cursor.copy(f"COPY {table} ({named}) FROM STDIN") as copy:
            copy.write("".join(rows))

    def read(self, query: str) -> Iterator[tuple[Any, ...]]:
        with self.raw.cursor("read") as cursor:
            cursor.itersize = 5000
            yield from cursor.execute(query)

    def build(self) -> None:
        for told in self.now:
            self.raw.execute(told)

    def search(self, begin: bool) -> None:
        if not begin:
            for told in self.later:
                self.raw.execute(told)

    def done(self) -> None:
        self.raw.commit()
        self.raw.autocommit = True
        self.raw.execute("ANALYZE")
        self.raw.autocommit = False

    def close(self) -> None:
        self.raw.rollback()

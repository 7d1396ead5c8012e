"""Filling an empty database with lines, and looking whether they arrived."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from core.audit import Break, Entry, Head, verdict
from core.errors import Refused
from core.text import N_
from db import indexing
from db.carrying.lines import FORMS, Form, Tally, lines
from db.tables import audit_entries, chain_heads

FULL = 8_000_000
"""Bytes of lines that are put in at once at most."""
Tell = Callable[[str, int, int], None]
"""Told what is being done: a table, rows of it so far, and how many there are."""
STEP = 10_000
"""Rows after which it is told again."""


def put(connection: Connection, form: Form, travelled: Iterable[bytes]) -> None:
    """Lines as rows of a table; `Refused` where this server does not take them."""
    binders = form.binders(connection.dialect)
    batch: list[list[Any]] = []
    size = 0
    try:
        for line in travelled:
            values = zip(form.values(line), binders, strict=True)
            batch.append([change(value) if change and value is not None else value for value, change in values])
            size += len(line)
            if len(batch) >= form.batch or size >= FULL:
                _insert(connection, form, batch)
                batch, size = [], 0
        if batch:
            _insert(connection, form, batch)
    except (DBAPIError, psycopg.Error, sqlite3.Error) as fault:  # its message may hold what a person typed
        why = type(getattr(fault, "orig", fault)).__name__
        raise Refused(N_("The database there does not take table {table}: {why}."), table=form.name, why=why) from fault


def _insert(connection: Connection, form: Form, rows: list[list[Any]]) -> None:
    names = ", ".join(f'"{name}"' for name in form.columns)
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(rows[0]))
        cursor.executemany(f'INSERT INTO "{form.name}" ({names}) VALUES ({marks})', rows)  # noqa: S608 - our names
        return
    with cursor.copy(f'COPY "{form.name}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def settle(connection: Connection, sent: dict[str, Tally], heads: dict[str, Head], tell: Tell) -> list[Break]:
    """Build the indexes of words anew and read everything back: `Refused` where a table is not what was sent; the
    chains that do not hold, as they did not where they came from."""
    indexing.rebuild(connection, lambda name, done: tell(name, done, 0))
    broken: list[Break] = []
    for form in FORMS:
        arrived = Tally()
        counted = told(form.name, tallied(lines(connection, form), arrived), sent[form.name].rows, tell, "✓ ")
        if form.table is audit_entries:
            broken = breaks(counted, heads)
        else:
            for _line in counted:
                pass
        if arrived != sent[form.name]:
            raise Refused(N_("Table {table} did not arrive as it was sent; nothing was kept."), table=form.name)
    return broken


def tallied(travelling: Iterable[bytes], tally: Tally) -> Iterator[bytes]:
    for line in travelling:
        tally.add(line)
        yield line


def told(name: str, travelling: Iterable[bytes], whole: int, tell: Tell, mark: str = "") -> Iterator[bytes]:
    """The same lines, telling how far it has come."""
    n = 0
    for n, line in enumerate(travelling, start=1):
        if n % STEP == 0:
            tell(mark + name, n, whole)
        yield line
    tell(mark + name, n, whole)


def breaks(travelling: Iterable[bytes], heads: dict[str, Head]) -> list[Break]:
    """Read the lines of the log, chain after chain, and give where the chains do not hold."""
    form = next(form for form in FORMS if form.table is audit_entries)
    entries = (Entry(*form.values(line)) for line in travelling)
    broken: list[Break] = []
    seen: set[str] = set()
    for chain, own in groupby(entries, key=lambda entry: entry.chain):
        seen.add(chain)
        found = verdict(chain, own, heads.get(chain))
        broken += [found.first] if found.first else []
    bare = (verdict(chain, (), head).first for chain, head in heads.items() if chain not in seen)
    return broken + [found for found in bare if found]


def heads_of(connection: Connection) -> dict[str, Head]:
    return {row.chain: (row.n, row.digest) for row in connection.execute(chain_heads.select())}

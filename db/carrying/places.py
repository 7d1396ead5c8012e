"""Where things are carried from and to: a moment of a database, a database at rest, an empty one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError

from core.errors import Refused
from core.text import N_
from db import migrate
from db.carrying.lines import FORMS

ALL = ", ".join(f'"{form.name}"' for form in FORMS)


@contextmanager
def moment(engine: Engine) -> Iterator[Connection]:
    """A database as it is at one moment, while others go on writing."""
    sqlite = engine.dialect.name == "sqlite"
    options = {"reading": True} if sqlite else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**options) as connection:
        yield connection


@contextmanager
def at_rest(engine: Engine) -> Iterator[Connection]:
    """A database nobody writes to until this is over; `Refused` while somebody else is connected or writes."""
    if engine.dialect.name == "sqlite":
        _alone(engine)
        with engine.begin() as connection:  # takes the one place of a writer
            yield connection
        return
    with moment(engine) as connection:
        try:  # before the first question: what is read then is what the lock holds
            connection.execute(text(f"LOCK TABLE {ALL} IN SHARE MODE NOWAIT"))
        except OperationalError as busy:
            raise Refused(BUSY) from busy
        others = connection.scalar(text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ))  # fmt: skip
        if others:
            raise Refused(BUSY)
        yield connection


BUSY = N_("Somebody is connected to the database that is to be moved. Please stop every server on it first.")


def _alone(engine: Engine) -> None:
    """SQLite leaves its mode of a journal beside the file only to whoever is alone; the next connection sets it anew.

    A database in memory has one user anyway."""
    if engine.url.database in (None, "", ":memory:"):
        return
    engine.dispose()
    with closing(sqlite3.connect(engine.url.database, timeout=1)) as own:
        try:
            own.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as busy:
            raise Refused(BUSY) from busy


@contextmanager
def empty(engine: Engine) -> Iterator[Connection]:
    """An empty database at this program's version, taken by us alone; everything or nothing is kept of what is put in.

    `Refused` where it holds anything, or is of another version."""
    _prepare(engine)
    with engine.begin() as connection:
        if connection.dialect.name != "sqlite":
            try:
                connection.execute(text(f"LOCK TABLE {ALL} IN EXCLUSIVE MODE NOWAIT"))
            except OperationalError as busy:
                raise Refused(HELD) from busy
            connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # else it keeps in mind what is yet to be checked
        _look(connection)
        yield connection


HELD = N_("The database there holds data already. Only an empty one is filled.")


def _look(connection: Connection) -> None:
    """`Refused` where anything is in one of our tables, of whichever version."""
    there = set(inspect(connection).get_table_names())
    for form in FORMS:
        if form.name in there and connection.execute(text(f'SELECT 1 FROM "{form.name}" LIMIT 1')).first():  # noqa: S608
            raise Refused(HELD)


def _prepare(engine: Engine) -> None:
    newest, now = migrate.heads()[0], None
    try:
        with moment(engine) as there:
            _look(there)
        now = migrate.version(engine)
        migrate.upgrade(engine)
    except CommandError as unknown:  # a version this program does not know
        raise Refused(OTHER, version=now, newest=newest) from unknown
    except DBAPIError as fault:
        raise Refused(N_("The database there cannot be reached, or may not be written to.")) from fault


OTHER = N_("This is of version {version}, and this program keeps version {newest}. Please take the program it is of.")

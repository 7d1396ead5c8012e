"""The daily sweep: what has been kept long enough is deleted, and its bytes leave the file."""

import os
from collections import Counter
from collections.abc import Callable

from sqlalchemy import Engine, text

from core import retention
from core.access import EVERYWHERE, Actor, Grant
from core.errors import Refused
from core.keeping import Kept, terms
from core.words import Role
from db.work import reading, work

KEEP = "QINGYUAN_KEEP"
"""Variable: terms of this site in place of the program's own, like `contact=60 draft=30`, in days."""
LOT = 200
"""Deletions of one kind in one transaction, so that nobody waits long for the next one."""
PROGRAM = Actor(None, "program", (Grant(Role.SYSTEM_ADMIN, EVERYWHERE),))


def trouble() -> str:
    """Why the terms of this site cannot be read, so that nothing is swept; nothing when they can."""
    try:
        terms(os.environ.get(KEEP, ""))
    except Refused as refusal:
        return str(refusal)
    return ""


def due(engine: Engine) -> dict[Kept, int]:
    """How much of each kind a sweep would delete now; nothing is deleted."""
    with reading(engine, PROGRAM) as asked:
        return retention.due(asked, terms(os.environ.get(KEEP, "")))


def sweep(engine: Engine, stopped: Callable[[], bool] = lambda: False) -> dict[Kept, int]:
    """Delete what has been kept long enough, in lots; how much of each kind it was."""
    days, found = terms(os.environ.get(KEEP, "")), Counter(dict.fromkeys(Kept, 0))
    while not stopped():
        with work(engine, PROGRAM) as doing:
            lot = retention.sweep(doing, days, LOT)
        found.update(lot)
        if max(lot.values()) < LOT:
            break
    clear(engine)
    return dict(found)


def clear(engine: Engine) -> None:
    """Let nothing that was deleted stand in the files of SQLite: neither in its index of texts nor in its journal."""
    if engine.dialect.name != "sqlite":
        return
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO said_index (said_index) VALUES ('optimize')"))
    with engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

"""When the database itself is in trouble: away, busy, full or read-only; told from faults of the program."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from core.errors import Unavailable

_ON_SQLITE = {
    "database or disk is full": False, "disk I/O error": False, "readonly database": False,
    "unable to open database file": True, "database is locked": True, "database schema is locked": True,
}  # fmt: skip
"""What SQLite says, and whether it passes by itself."""
_ON_POSTGRESQL = {"08": True, "57": True, "53": True, "53100": False, "25006": False}
"""Classes and codes of PostgreSQL, and whether it passes by itself: connections, operators, resources; disk full and
read-only (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""


def trouble(error: BaseException) -> Unavailable | None:
    """What an error says of the database's state; None for a fault of the program."""
    if isinstance(error, NoConnectionLeft):
        return Unavailable(passes=True)
    if not isinstance(error, DBAPIError):
        return None
    said, code = str(error.orig), getattr(error.orig, "sqlstate", "")
    if code == "":
        found = [passes for words, passes in _ON_SQLITE.items() if words in said]
        return Unavailable(passes=found[0]) if found else None
    if code is None:  # the server was not reached at all, or broke off
        return Unavailable(passes=True)
    for known in (code, code[:2]):
        if known in _ON_POSTGRESQL:
            return Unavailable(passes=_ON_POSTGRESQL[known])
    return None


@contextmanager
def told() -> Iterator[None]:
    """Raise `Unavailable` in place of an error that says so."""
    try:
        yield
    except (DBAPIError, NoConnectionLeft) as error:
        if found := trouble(error):
            raise found from error
        raise

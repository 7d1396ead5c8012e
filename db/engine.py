"""The database connection: which database is in use, opened and migrated by itself."""

import selectors
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError
from sqlalchemy.pool import StaticPool

from core.errors import Refused
from core.settings import given
from core.text import N_
from db.migrate import upgrade
from db.tables import people_
from db.trouble import told

WAIT = 30.0
"""Seconds that a deed waits for others on SQLite before it is told that the database is busy."""
LOOK = 0.001
"""Seconds between two looks whether another process still writes to a file of SQLite."""
QUESTIONS = 2000
"""Questions whose words for the server are kept: all that pages ask, in the forms they have for each role."""
PREPARED = 500
"""Questions of which each connection to PostgreSQL remembers how they are carried out; then the least asked go."""
ASKED = 1
"""Times a question was asked before a connection remembers it: what is asked but once is not worth it."""
LONG = 200
"""Values from which on a question is thought out for these: for any, a list would be gone through row by row."""
QUIET = 5.0
"""Seconds for which a connection that lay unused is taken to be open unless the server said that it ended it."""
ROOT = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """Where SQLite databases lie: QINGYUAN_DATA, else `data/` beside the program."""
    return _there(given("QINGYUAN_DATA") or str(ROOT / "data"))


@cache
def _there(name: str) -> Path:
    """A folder, made where there is none."""
    folder = Path(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise Refused(N_("The folder {folder} of the data cannot be made: {why}."), folder=folder,
                      why=fault.strerror) from fault  # fmt: skip
    return folder


def real_url() -> str:
    """The database of the real site: DATABASE_URL, else SQLite in the data folder."""
    if url := given("DATABASE_URL"):
        return spelled(url)
    return f"sqlite:///{data_folder() / 'qingyuan.db'}"


def spelled(url: str) -> str:
    """An address of a database with the driver this product uses."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def demo_url() -> str:
    """The demo has a database of its own, always SQLite."""
    return f"sqlite:///{data_folder() / 'demo.db'}"


def connect(url: str) -> Engine:
    """An engine with the settings this product relies on; what people typed stays out of its error messages. `Refused`
    where it is no address of a database."""
    if _is_server(url):
        return _server(url)
    memory = make_url(url).database in (None, "", ":memory:")
    arguments = {"check_same_thread": False, "timeout": WAIT}
    engine = (
        create_engine(url, connect_args=arguments, poolclass=StaticPool, hide_parameters=True)
        if memory
        else create_engine(url, connect_args=arguments, hide_parameters=True, query_cache_size=QUESTIONS)
    )

    @event.listens_for(engine, "connect")
    def _settings(connection, _record) -> None:  # type: ignore[no-untyped-def]
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection) -> None:  # type: ignore[no-untyped-def]
        if connection.get_execution_options().get("reading"):
            connection.exec_driver_sql("BEGIN")
        elif memory:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            turns.wait(connection.info)
            _begin_writing(connection)

    turns = _Turns()
    event.listen(engine, "commit", lambda connection: turns.leave(connection.info))
    event.listen(engine, "rollback", lambda connection: turns.leave(connection.info))
    event.listen(engine, "checkin", lambda _connection, record: turns.leave(record.info))
    return engine


def _server(url: str) -> Engine:
    server = create_engine(
        url, pool_use_lifo=True, pool_size=10, max_overflow=20, hide_parameters=True, query_cache_size=QUESTIONS
    )
    event.listen(server, "before_cursor_execute", _without_nul, retval=True)
    event.listen(server, "before_cursor_execute", _for_these_values)
    event.listen(server, "after_cursor_execute", _for_any_values)
    event.listen(server, "connect", _for_short_statements)
    event.listen(server, "checkin", _left)
    event.listen(server, "checkout", _still_there)
    return server


def _is_server(url: str) -> bool:
    try:
        address = make_url(url)
        address.get_dialect().import_dbapi()
    except (ArgumentError, ImportError) as fault:
        raise Refused(N_("This is no address of a database: sqlite:///FILE or postgresql://…")) from fault
    return address.get_backend_name() != "sqlite"


def _for_short_statements(connection, _record) -> None:  # type: ignore[no-untyped-def]
    """No statement here runs long enough to be worth compiling first or handing to helpers; PostgreSQL guesses
    otherwise by their many conditions, and spends tens of milliseconds on what then takes one. What is asked for often
    is in memory, where a page here and a page there cost little more than pages in a row. How a question is carried out
    is thought out once, for any values: that takes several times what carrying it out does, and what it hangs on stands
    in the words of the question (`db.kept`)."""
    for setting in (
        "jit TO off", "max_parallel_workers_per_gather TO 0", "random_page_cost TO 1.1",
        "plan_cache_mode TO force_generic_plan",
    ):  # fmt: skip
        connection.execute(f"SET {setting}")
    connection.prepare_threshold, connection.prepared_max = ASKED, PREPARED
    connection.commit()


def _for_these_values(_connection, cursor, _statement, parameters, _context, many) -> None:  # type: ignore[no-untyped-def]
    if not many and len(parameters) > LONG:
        cursor.execute("SET LOCAL plan_cache_mode TO force_custom_plan")


def _for_any_values(_connection, cursor, _statement, parameters, _context, many) -> None:  # type: ignore[no-untyped-def]
    if not many and len(parameters) > LONG:
        cursor.connection.execute("SET LOCAL plan_cache_mode TO force_generic_plan")


def _left(_connection, record) -> None:  # type: ignore[no-untyped-def]
    record.info["left"] = time.monotonic()


def _still_there(connection, record, _pool) -> None:  # type: ignore[no-untyped-def]
    """Take no connection that the server has ended. It says so on the line; one that was quiet for long, of which a
    wall between them may have let go, is asked, and so is one with anything unread."""
    try:
        line = _Line()
        line.register(connection.fileno(), selectors.EVENT_READ)
        if time.monotonic() - record.info.setdefault("left", time.monotonic()) > QUIET or line.select(0):
            connection.execute("SELECT 1")
            connection.commit()
    except connection.OperationalError as fault:
        raise InvalidatePoolError from fault


_Line = getattr(selectors, "PollSelector", selectors.SelectSelector)


def _begin_writing(connection: Connection) -> None:
    """Begin as soon as another process has written. SQLite itself looks again after pauses that grow to 0.1 s: with two
    processes under load nobody writes for most of that time, and some wait for seconds."""
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        for _look in range(int(WAIT / LOOK)):
            try:
                raw.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
                time.sleep(LOOK)
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # in vain: what it raises is told as any other trouble
    finally:
        raw.execute(f"PRAGMA busy_timeout = {int(WAIT * 1000)}")


class _Turns:
    """Whoever writes to a file of SQLite in this process comes in turn, so that one alone looks again and again whether
    another process is done; who has waited too long looks for itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def wait(self, of_connection: dict[Any, Any]) -> None:
        of_connection["turn"] = self._lock.acquire(timeout=WAIT)

    def leave(self, of_connection: dict[Any, Any]) -> None:
        if of_connection.pop("turn", False):
            self._lock.release()


def _without_nul(  # type: ignore[no-untyped-def]
    _connection, _cursor, statement: str, parameters, _context, _many
) -> tuple[str, object]:
    """PostgreSQL takes no NUL, not even in a question: a visible mark stands for it, which matches nothing."""
    if isinstance(parameters, Mapping):
        return statement, _marked(parameters)
    return statement, [_marked(row) for row in parameters]


def _marked(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value.replace("\0", "\ufffd") if isinstance(value, str) else value for name, value in row.items()}


class Databases:
    """The real database and the demo's, opened when first needed; once the site is real the demo is out of reach."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self._founded = self._shown = False

    def real(self) -> Engine:
        return self._open(real_url())

    def demo(self) -> Engine:
        return self._open(demo_url())

    def is_founded(self) -> bool:
        """Whether the real site has been set up."""
        if not self._founded:
            self._founded = _has_people(self.real())
        return self._founded

    def is_demo(self) -> bool:
        """Whether what is shown is the demo."""
        if self.is_founded():
            return False
        self._shown = self._shown or (self._demo_exists() and _has_people(self.demo()))
        return self._shown

    def current(self) -> Engine:
        """The database in use: the real one, or the demo's as long as there is only a demo."""
        return self.demo() if self.is_demo() else self.real()

    def make_demo(self, fill: Callable[[Engine], object]) -> None:
        """Fill the demo's database, once, and only as long as the site is not real."""
        with self._making:
            if not self.is_founded() and not self.is_demo():
                fill(self.demo())

    def close(self) -> None:
        with self._lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()
            self._founded = self._shown = False

    def _demo_exists(self) -> bool:
        return Path(str(make_url(demo_url()).database)).exists()

    def _open(self, url: str) -> Engine:
        with self._lock:
            if url not in self._engines:
                engine = connect(url)
                upgrade(engine)
                self._engines[url] = engine
            return self._engines[url]


def _has_people(engine: Engine) -> bool:
    with told(), engine.connect().execution_options(reading=True) as connection:
        return bool(connection.scalar(select(func.count()).select_from(people_)))


databases = Databases()

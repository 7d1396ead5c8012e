"""PostgreSQL as tests use it: what is made once is copied for each test, and each worker has databases of its own."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import ProgrammingError

from db.engine import connect

REFUSED = (
    "The user in QINGYUAN_TEST_POSTGRESQL may not create databases, and every worker of the tests needs its own: "
    "ALTER ROLE … CREATEDB, or leave the variable empty."
)


class Server:
    """Databases beside the given one: NAME_gw0_schema and NAME_gw0_place to copy, NAME_gw0 for the test that runs."""

    def __init__(self, url: str, worker: str) -> None:
        self._url = make_url(url)
        self._name = f"{self._url.database}_{worker}"
        self._given = create_engine(url, isolation_level="AUTOCOMMIT")
        self._made: set[str] = set()

    def prepared(self, kind: str, fill: Callable[[Engine], object], above: str = "template0") -> None:
        """Make once what tests begin with; a copy of template0 holds nothing but PostgreSQL's own.

        A copy needs a source to which nobody is connected: the engine that filled it is closed.
        """
        self._create(f"{self._name}_{kind}", above if above == "template0" else f"{self._name}_{above}")
        engine = self._connected(f"{self._name}_{kind}")
        fill(engine)
        engine.dispose()

    def copied(self, kind: str) -> Engine:
        """A database as it was prepared, in place of the one of the test before."""
        self._create(self._name, f"{self._name}_{kind}")
        return self._connected(self._name)

    def made(self) -> Engine:
        """A database with nothing in it, not even tables."""
        self._create(self._name, "template0")
        return self._connected(self._name)

    def url(self, kind: str) -> str:
        """The address of a database that was prepared."""
        return self._url.set(database=f"{self._name}_{kind}").render_as_string(hide_password=False)

    def stop(self) -> None:
        for name in list(self._made):
            self._drop(name)
        self._given.dispose()

    def _connected(self, name: str) -> Engine:
        return connect(self._url.set(database=name).render_as_string(hide_password=False))

    def _create(self, name: str, source: str) -> None:
        self._drop(name)
        try:
            # Copying files is quicker here than writing every page to the log, PostgreSQL's own choice since 15
            self._say(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')
        except ProgrammingError as refused:
            if "permission denied" in str(refused):
                pytest.fail(REFUSED, pytrace=False)
            raise
        self._made.add(name)

    def _drop(self, name: str) -> None:
        self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._made.discard(name)

    def _say(self, statement: str) -> None:
        with self._given.connect() as connection:
            connection.exec_driver_sql(statement)

"""Several servers that start at the same moment on a database that is not there yet: one makes it, all begin."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from core.access import FOUNDER
from core.organisation import founding
from core.organisation.founding import Founding
from db import migrate
from db.engine import connect
from db.keyring import FILE, KEYS
from tests.conftest import POSTGRESQL
from tests.core.organisation.test_founding import FORM
from tests.db.test_twice import at_once
from tests.makers import Place
from tests.servers import Server

pytestmark = pytest.mark.costly

START = """
from core.organisation.founding import Door
from db import keyring, migrate
from db.engine import databases
databases.current()
print(migrate.version(databases.real()), Door.of(keyring.ring()).code)
databases.close()
"""
MANY = 4


def _told(folder: Path, url: str) -> set[str]:
    """What servers say that were started together."""
    environment = {name: value for name, value in os.environ.items() if name != KEYS}
    environment |= {"QINGYUAN_DATA": str(folder), "DATABASE_URL": url, FILE: str(folder / "keys")}
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", START], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        for _server in range(MANY)
    ]  # fmt: skip
    told = [start.communicate(timeout=300) for start in starts]
    assert [start.returncode for start in starts] == [0] * MANY, told
    return {out.strip().splitlines()[-1] for out, _trouble in told}


@pytest.mark.postgresql
def test_a_site_that_is_set_up_on_two_servers_at_once_is_set_up_once(engine: Engine, tmp_path: Path) -> None:
    if engine.dialect.name == "sqlite":
        engine = connect(f"sqlite:///{tmp_path / 'site.db'}")
        migrate.upgrade(engine)
    place = Place(engine)
    forms = [Founding(**FORM | {"account": f"wei{n}", "second_account": f"jiang{n}"}) for n in range(MANY)]
    assert len(at_once(place, *[(FOUNDER, founding.found, form) for form in forms])) == MANY - 1
    with engine.connect() as rows:
        assert rows.execute(text("SELECT count(*) FROM units WHERE parent_id IS NULL")).scalar_one() == 1
        assert rows.execute(text("SELECT count(*) FROM people")).scalar_one() == 2
    engine.dispose()


def test_servers_that_start_together_on_nothing_have_one_database_and_one_code(tmp_path: Path) -> None:
    [told] = _told(tmp_path, "")
    assert told.startswith(migrate.heads()[0])
    engine = connect(f"sqlite:///{tmp_path / 'qingyuan.db'}")
    assert migrate.differences(engine) == []
    with engine.connect() as rows:
        assert rows.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    engine.dispose()


@pytest.mark.postgresql
@pytest.mark.skipif(not POSTGRESQL, reason="needs PostgreSQL")
def test_servers_that_start_together_on_an_empty_postgresql_make_it_once(tmp_path: Path, postgresql: Server) -> None:
    postgresql.prepared("nothing", lambda _engine: None)
    [told] = _told(tmp_path, postgresql.url("nothing"))
    assert told.startswith(migrate.heads()[0])
    engine = connect(postgresql.url("nothing"))
    assert migrate.differences(engine) == []
    engine.dispose()

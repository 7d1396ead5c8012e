"""How the servers carry out what pages ask of a site with ten thousand flags."""

import pytest
from sqlalchemy import Engine

from bench import plans
from core import dates
from core.words import Role
from db.engine import databases
from db.made.making import make

pytestmark = pytest.mark.costly
LOOKING = (Role.WATCHDOG, Role.SUPERVISOR, Role.DISCIPLINE)


@pytest.mark.postgresql
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_on_postgresql_no_page_reads_a_big_table_from_end_to_end_for_a_part_of_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make(engine, plans.QUICK, 1, dates.now(), "not signed in to")
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    databases.close()
    try:
        roles = [word for role in LOOKING for word in ("--role", role.value)]
        assert plans.main(roles) == 0, capsys.readouterr().out
    finally:
        databases.close()
    assert "10,000 flags" in capsys.readouterr().out


def test_what_reads_a_table_whole_is_found(engine: Engine) -> None:
    make(engine, [300], 1, dates.now(), "not signed in to")
    whole = plans.Asked("here", "SELECT count(*) FROM flags WHERE text = 'no such words'", {}, 0.0)
    few = plans.Asked("here", "SELECT text FROM flags WHERE id = 'no such flag'", {}, 0.0)
    with engine.connect() as connection:
        assert plans.scans(connection, whole, {"flags": 300}) == ["flags"]
        assert plans.scans(connection, few, {"flags": 300}) == []

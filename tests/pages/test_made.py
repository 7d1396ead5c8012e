"""Pages on a made site, as each role."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from core import dates
from core.access import RESIDENT
from core.organisation import signin
from core.words import Role
from db.engine import databases
from db.made.making import accounts, make
from db.work import work
from tests.pages.conftest import APP, FILES, shown

OPENED = {
    Role.CADRE: ("home", "inspect", "measures"), Role.WATCHDOG: ("home", "inbox"),
    Role.SUPERVISOR: ("home", "register", "overview", "voices"), Role.DISCIPLINE: ("home", "sealed"),
    Role.SYSTEM_ADMIN: ("home", "units"), Role.SECURITY_ADMIN: ("home", "roles"), Role.AUDITOR: ("audit",),
}


@pytest.fixture
def made_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("QINGYUAN_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    databases.close()
    make(databases.real(), [40, 40, 40], seed=1, now=dates.now(), password="made for looking at")
    yield databases.real()
    databases.close()


@pytest.mark.costly
def test_everybody_opens_their_pages_on_a_made_site(made_site: Engine) -> None:
    seen = set()
    for role, account, _unit in accounts(made_site):
        with work(made_site, RESIDENT) as doing:
            person = doing.store.person_named(account)
            assert person is not None
            token = signin.begin(doing, person)
        app = AppTest.from_file(str(APP), default_timeout=120)
        app.user = {"sid": signin.digest(token)}  # type: ignore[attr-defined]
        app.run()
        for address in OPENED[role] if role not in seen else ():
            app.switch_page(FILES[address]).run()
            assert not app.exception, (address, app.exception)
            assert shown(app)
        seen.add(role)
    assert seen == set(OPENED)

"""How many statements a page may issue, as every role that may open it: as many for five times the rows as for one.

The budgets stand in tests/budgets.csv. A page that needs more asks for rows one by one, or asks twice. And of no table
that grows with what is said may a statement read all: some index must be able to serve it.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from streamlit.testing.v1 import AppTest

from bench.plans import KEEPERS, Asked, read_whole
from core import dates
from core.access import GRANTS
from core.words import Role
from db.engine import databases
from pages.ui.nav import PAGES
from tests.db.test_sharding import BIG
from tests.grown import grow
from tests.hidden import HAPPENED, lived
from tests.makers import Place, copy_of
from tests.pages.conftest import APP, FILES, session_of
from tests.pages.test_access import WHO

pytestmark = pytest.mark.costly

VIEWS = {
    "documents": ("print", "word", "exchange"), "voices": ("saw", "agree", "silence", "rate"),
    "overview": ("levels", "sources", "progress", "measures", "disclosures", "results", "time", "calendar"),
}  # fmt: skip
"""Pages that show another thing for another `view` in their address."""

BESIDES = 2
"""Statements more or less for what happens to stand there, such as a power item with or without a post; a question for
each row would be four times as many."""


def budgets(root: Path) -> dict[tuple[str, str], int]:
    """By page, with its view, and role: how many statements."""
    with (root / "tests" / "budgets.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["page"], role): int(row[role]) for row in rows for role in WHO if row[role]}


@pytest.fixture
def anywhere(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A real site with something of everything in it, on each kind of server."""
    monkeypatch.setenv("QINGYUAN_DATA", str(tmp_path))
    databases.close()
    if place.engine.dialect.name == "sqlite":
        monkeypatch.delenv("DATABASE_URL", raising=False)
        site = copy_of(place, databases.real())
    else:
        monkeypatch.setenv("DATABASE_URL", place.engine.url.render_as_string(hide_password=False))
        site = replace(place, engine=databases.real())
    site.now = dates.now()
    yield lived(site, sorted(HAPPENED))
    databases.close()


@contextmanager
def heard() -> Iterator[list[Asked]]:
    """The statements issued meanwhile, without those that only begin a transaction or ask how the server is set."""
    said: list[Asked] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            said.append(Asked("", statement, parameters, 0.0))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def opened(app: AppTest, address: str, query: dict[str, str]) -> list[Asked]:
    """The statements a page issues once it has nothing more to write down of who looked at it; that deed itself
    happens once a day and has no budget."""
    before: list[list[Asked]] = []
    for _turn in range(9):
        app.query_params.clear()
        for key, value in query.items():
            app.query_params[key] = value
        with heard() as said:
            app.switch_page(FILES[address]).run()
        assert not app.exception, (address, app.exception)
        writes = any(one.statement.startswith(("INSERT", "UPDATE", "DELETE")) for one in said)
        before = [] if writes else [*before, said]
        if len({len(said) for said in before[-3:]}) == 1 and len(before) > 2:  # it may note its two first looks, or not
            return before[-1]
    raise AssertionError(f"{address} writes each time it is opened, or never asks the same twice")


def walked(site: Place, entry: str) -> dict[tuple[str, str], list[Asked]]:
    """Statements by page, with its view, and role; of pages about one community, for the one with something in it."""
    here = {address: {"unit": site.units["banyan"].id} for address in ("catalogue", "past", "disclosure")}
    here["entry"] = {"id": entry}
    found = {}
    for role, who in WHO.items():
        app = AppTest.from_file(str(APP), default_timeout=60)
        app.user = {"sid": session_of(site, who)}  # type: ignore[attr-defined]
        app.run()
        for page in PAGES:
            if page.permission not in GRANTS[Role(role)]:
                continue
            for view in VIEWS.get(page.address, ("",)):
                query = {"view": view} if view else here.get(page.address, {})
                name = " ".join((page.address, view)).strip()
                found[name, role] = opened(app, page.address, query)
    return found


def test_every_page_keeps_its_budget_however_many_rows_there_are(anywhere: Place, root: Path) -> None:
    with anywhere.engine.connect() as connection:
        entry = str(connection.scalar(text("select id from risks where number = 1")))
    grow(anywhere.engine, 2)  # three entries may be the same as a flag: more are never shown
    few = {name: len(asked) for name, asked in walked(anywhere, entry).items()}
    grow(anywhere.engine, 4)
    every = walked(anywhere, entry)
    many = {name: len(asked) for name, asked in every.items()}
    assert {name: (few[name], n) for name, n in many.items() if abs(n - few[name]) > BESIDES} == {}
    allowed = budgets(root)
    assert allowed.keys() == many.keys()
    assert {name: (n, allowed[name]) for name, n in many.items() if n > allowed[name]} == {}
    if anywhere.engine.dialect.name == "sqlite":
        assert whole(anywhere, {name: asked for name, asked in every.items() if name[1] not in KEEPERS}) == []


def whole(site: Place, every: dict[tuple[str, str], list[Asked]]) -> list[str]:
    """Statements that must read a table whole, with the page and role that asked, and which. SQLite without statistics
    does not know how small the tables are and takes an index wherever one can serve; the other server has the same
    indexes, but reads small tables whole: what it does with large ones is told by bench.plans."""
    found = {}
    with site.engine.connect() as connection:
        for name, asked in every.items():
            for one in asked:
                if one.statement.startswith(("SELECT", "WITH")) and (read := read_whole(connection, one, BIG)):
                    found[one.statement] = f"{name} reads {read}: {one.statement}"
    return list(found.values())

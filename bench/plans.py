"""python -m bench.plans: how the database in use would carry out every statement of every page, as every role, and of
the plain pages as a resident.

For a made site (`python -m db make`), on PostgreSQL or SQLite; with `--quick` for one of 10,000 flags on SQLite, thrown
away afterwards, as two roles. A plan that reads a big table whole to give a small part of it is told, with the
page and role that asked; the exit code is 1 then. `--slowest N` adds the statements that took longest. SQLite does not
say how many rows it expects: there whoever keeps the site is left out, whose figures are over everything.
"""

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Engine, event, func, select
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from core import dates
from core.access import GRANTS, RESIDENT
from core.organisation import signin
from core.privacy.keys import Ring
from core.words import Role
from db.engine import databases
from db.made.making import make
from db.tables import assignments, flags_, metadata, people_, risks_, units_
from db.work import work
from pages.ui.nav import PAGES
from pages.web import account, front, notice, resident

BIG = 5_000
"""Rows from which on a table is a big one."""
QUICK, QUICK_ROLES = [1_000] * 10, [Role.CADRE, Role.SUPERVISOR]
"""The communities of a small site, and who looks at it."""
PART = 0.2
"""A table may be read from end to end for at least this share of it, as for a figure over everything."""
RESIDENTS = ("/r", "/r/{code}", "/r/{code}?web", "/b/{code}", "/b/{code}/ask?web", "/n/{code}", "/receipt", "/proof",
             "/account/login")  # fmt: skip
"""What a resident opens, who has no account."""
SSD = "SET random_page_cost = 1.1"
"""As PostgreSQL is set where a database lies on flash."""
KEEPERS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
APP = Path(__file__).resolve().parent.parent / "app.py"
VIEWS = {
    "documents": ("print", "word", "exchange"), "voices": ("saw", "agree", "silence", "rate"),
    "overview": ("levels", "sources", "progress", "measures", "disclosures", "results", "time", "calendar"),
}  # fmt: skip


@dataclass
class Asked:
    """A statement with who asked it where, and the longest it took, in seconds."""

    where: str
    statement: str
    parameters: Any
    seconds: float


@contextmanager
def heard(engine: Engine, found: dict[str, Asked], where: list[str]) -> Iterator[None]:
    """Collect each statement once, with the asking that took longest."""
    begun: list[float] = []

    def before(*_: Any) -> None:
        begun.append(perf_counter())

    def after(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seconds, known = perf_counter() - begun.pop(), found.get(statement)
        if statement.startswith(("SELECT", "WITH")) and (known is None or known.seconds < seconds):
            found[statement] = Asked(where[0], statement, parameters, seconds)

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)


@contextmanager
def small_site() -> Iterator[None]:
    """A made site as the site in use, for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"QINGYUAN_DATA": folder, "DATABASE_URL": "", "QINGYUAN_KEYS": Ring.made().written()}
        make(databases.real(), QUICK, 1, dates.now(), "not signed in to")
        yield
        databases.close()


def people(engine: Engine) -> list[tuple[Role, str]]:
    """Somebody of each role: in the community with most flags, or else at the lowest unit that has one; and another at
    the highest unit, where that is another."""
    fullest = select(flags_.c.unit_id).group_by(flags_.c.unit_id).order_by(func.count().desc()).limit(1)
    with engine.connect() as connection:
        unit_id = connection.scalar(fullest)
        rows = connection.execute(
            select(assignments.c.role, people_.c.id, units_.c.path)
            .join(people_, people_.c.id == assignments.c.person_id)
            .join(units_, units_.c.id == assignments.c.unit_id)
            .where(people_.c.left_on.is_(None))
            .order_by(assignments.c.unit_id != unit_id, func.length(units_.c.path).desc(), assignments.c.id)
        ).all()
    lowest = {role: person_id for role, person_id, _path in reversed(rows)}
    highest = {role: person_id for role, person_id, _path in sorted(rows, key=lambda row: -len(row.path))}
    return sorted({*lowest.items(), *highest.items()})


def session_of(engine: Engine, person_id: str) -> str:
    with work(engine, RESIDENT) as doing:
        person = doing.store.person(person_id)
        person.must_change = False
        return signin.digest(signin.begin(doing, person))


def walk(engine: Engine, found: dict[str, Asked], roles: Sequence[str]) -> None:
    """Open every page, and what a page shows for another view, as each of some roles that may."""
    with engine.connect() as connection:
        entry = str(connection.scalar(select(risks_.c.id).order_by(risks_.c.number.desc()).limit(1)))
    for role, person_id in people(engine):
        if role not in roles:
            continue
        app = AppTest.from_file(str(APP), default_timeout=600)
        app.user = {"sid": session_of(engine, person_id)}  # type: ignore[attr-defined]
        app.run()
        for page in PAGES:
            for view in VIEWS.get(page.address, ("",)) if page.permission in GRANTS[role] else ():
                app.query_params.clear()
                if view or page.address == "entry":
                    app.query_params["view" if view else "id"] = view or entry
                with heard(engine, found, [f"{page.address} {view}".strip() + f" as {role.value}"]):
                    app.switch_page(page.file).run()
                if app.exception:
                    print(f"{page.address} as {role.value}: {app.exception[0].message}", file=sys.stderr)


def visit(engine: Engine, found: dict[str, Asked]) -> None:
    """Open the plain pages of the community with most flags, as a resident does."""
    fullest = select(flags_.c.unit_id).group_by(flags_.c.unit_id).order_by(func.count().desc()).limit(1)
    with engine.connect() as connection:
        code = connection.scalar(select(units_.c.code).where(units_.c.id == fullest.scalar_subquery()))
    routes = [*resident.routes(), *notice.routes(), *front.routes(), *account.routes()]
    with TestClient(Starlette(routes=routes)) as client:
        for address in RESIDENTS:
            with heard(engine, found, [f"{address} as resident"]):
                client.get(address.format(code=code))


def sizes(connection: Connection) -> dict[str, int]:
    """The big tables, with their rows."""
    counts = {
        name: connection.scalar(select(func.count()).select_from(table)) or 0 for name, table in metadata.tables.items()
    }
    return {name: n for name, n in counts.items() if n >= BIG}


def scans(connection: Connection, asked: Asked, big: Mapping[str, int]) -> list[str]:
    """The big tables that a statement reads from end to end for a small part of them."""
    if connection.dialect.name == "sqlite":
        return read_whole(connection, asked, big)
    return [
        node["Relation Name"] for node in _plan(connection, asked)
        if node["Node Type"] == "Seq Scan" and node["Plan Rows"] < PART * big.get(node["Relation Name"], 0)
    ]  # fmt: skip


def read_whole(connection: Connection, asked: Asked, big: Collection[str]) -> list[str]:
    """The big tables that a statement reads from end to end, by themselves or by an index, whatever for."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + asked.statement, asked.parameters)
        named = {alias: name for name, alias in re.findall(r"(\w+) AS (\w+)", asked.statement)}
        read = [row[3].split()[1] for row in rows if row[3].startswith("SCAN") and "VIRTUAL" not in row[3]]
        return [name for name in (named.get(one, one) for one in read) if name in big]
    return [
        node["Relation Name"] for node in _plan(connection, asked)
        if node.get("Relation Name") in big and "Index Cond" not in node
        and node["Node Type"] in ("Seq Scan", "Index Scan", "Index Only Scan")
    ]  # fmt: skip


def _plan(connection: Connection, asked: Asked) -> Iterator[dict[str, Any]]:
    [[plan]] = connection.exec_driver_sql("EXPLAIN (FORMAT JSON) " + asked.statement, asked.parameters)
    return _nodes(plan[0]["Plan"])


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def main(arguments: list[str] | None = None) -> int:
    chosen = _asked_for(arguments)
    with small_site() if chosen.quick else nullcontext():
        return bench(chosen)


def _asked_for(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slowest", type=int, default=0, help="tell so many of the statements that took longest")
    parser.add_argument("--role", action="append", choices=[role.value for role in Role], help="as this role alone")
    parser.add_argument("--whole", action="store_true", help="tell statements in full")
    parser.add_argument("--quick", action="store_true", help="on a small site of its own, as two roles")
    return parser.parse_args(arguments)


def bench(chosen: argparse.Namespace) -> int:
    """Walk every page and tell; 1 when something reads too much."""
    engine, found = databases.real(), dict[str, Asked]()
    kept = () if engine.dialect.name == "postgresql" else KEEPERS
    everybody = [role for role in Role if role not in kept]
    walk(engine, found, chosen.role or (QUICK_ROLES if chosen.quick else everybody))
    visit(engine, found)
    bad = 0
    with engine.connect().execution_options(reading=True) as connection:
        big = sizes(connection)
        if connection.dialect.name != "sqlite":
            connection.exec_driver_sql(SSD)
        for asked in found.values():
            if tables := scans(connection, asked, big):
                bad += 1
                print(f"{asked.where}: reads {', '.join(sorted(set(tables)))} from end to end; {asked.seconds:.3f} s")
                print("   ", asked.statement if chosen.whole else " ".join(asked.statement.split())[:160])
    for asked in sorted(found.values(), key=lambda one: -one.seconds)[: chosen.slowest]:
        print(f"{asked.seconds:.3f} s {asked.where}")
        print("   ", asked.statement if chosen.whole else " ".join(asked.statement.split())[:160])
    print(f"{len(found)} statements over {', '.join(f'{n:,} {name}' for name, n in big.items())}: {bad} read too much")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

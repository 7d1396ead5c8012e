"""Who opens pages in a bench: one person of each role at each level of the tree, and a resident without a name."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, func, select

from core import dates
from core.access import GRANTS, RESIDENT
from core.organisation import signin
from core.words import Role
from db import jobs
from db.demo.seed import make_demo
from db.engine import connect
from db.made.making import make
from db.migrate import upgrade
from db.sweeping import sweep
from db.tables import assignments, flags_, people_, sessions, units_
from db.work import work
from pages.ui.nav import PAGES, Place

COMMUNITY = 1000
"""Flags of one community of a site made for a bench."""


@dataclass(frozen=True)
class Visitor:
    """Somebody at a tab: role, the kind of unit it is held at, and the token of a sign-in (none for a resident)."""

    role: Role
    level: str
    token: str = ""

    @property
    def name(self) -> str:
        return f"{self.role.value}, {self.level}" if self.level else self.role.value

    def pages(self) -> list[Place]:
        """Every page this role may see."""
        return [place for place in PAGES if place.permission in GRANTS[self.role]]


def address(place: Place) -> str:
    """The first page lives at the root alone."""
    return "" if place.address == PAGES[0].address else place.address


@contextmanager
def opened(folder: Path, database: str = "", flags: int = 0) -> Iterator[Engine]:
    """A site that is set up: a database that holds one already, or one made for the bench in the folder or in an empty
    database, with so many flags, a thousand a community; with none asked for, the invented place of the demo."""
    engine = connect(database or f"sqlite:///{folder / 'qingyuan.db'}")
    upgrade(engine)
    if count_people(engine) == 0:
        if flags:
            each = min(flags, COMMUNITY)
            make(engine, [each] * (flags // each), 1, dates.now(), secrets.token_urlsafe(12))
        else:
            make_demo(engine)
        if engine.dialect.name != "sqlite":
            with engine.connect() as connection:
                connection.exec_driver_sql("ANALYZE")
    sweep(engine, [jobs.SUMS])  # as whoever does what is due by time leaves them
    yield engine
    engine.dispose()


def count_people(engine: Engine) -> int:
    with engine.connect().execution_options(reading=True) as connection:
        return connection.scalar(select(func.count()).select_from(people_)) or 0


def count_flags(engine: Engine) -> int:
    with engine.connect().execution_options(reading=True) as connection:
        return connection.scalar(select(func.count()).select_from(flags_)) or 0


@contextmanager
def signed_in(engine: Engine) -> Iterator[list[Visitor]]:
    """The visitors, signed in; their sign-ins are taken away at the end."""
    found = [Visitor(role, level, _token(engine, person_id)) for role, level, person_id in _people(engine)]
    yield [Visitor(Role.RESIDENT, ""), *found]
    mine = [signin.digest(visitor.token) for visitor in found]
    with engine.begin() as rows:
        rows.execute(sessions.delete().where(sessions.c.id.in_(mine)))


def _people(engine: Engine) -> list[tuple[Role, str, str]]:
    """Role, kind of unit and the first person who holds that role there, and no other anywhere."""
    several = select(assignments.c.person_id).group_by(assignments.c.person_id).having(func.count() > 1)
    query = (
        select(assignments.c.role, units_.c.kind, func.min(assignments.c.person_id))
        .join(units_, units_.c.id == assignments.c.unit_id).join(people_, people_.c.id == assignments.c.person_id)
        .where(people_.c.left_on.is_(None), people_.c.must_change.is_(False))
        .where(assignments.c.person_id.not_in(several), assignments.c.role != Role.RESIDENT)
        .group_by(assignments.c.role, units_.c.kind).order_by(assignments.c.role, units_.c.kind)
    )  # fmt: skip
    with engine.connect().execution_options(reading=True) as connection:
        return [(Role(role), level, person_id) for role, level, person_id in connection.execute(query)]


def _token(engine: Engine, person_id: str) -> str:
    with work(engine, RESIDENT) as doing:
        return signin.begin(doing, doing.store.person(person_id))

"""Who opens pages in a bench: one person of each role at each level of the tree, and a resident without a name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, Row, func, select

from core import signin
from core.access import GRANTS, RESIDENT
from core.words import Role
from db.engine import connect
from db.migrate import upgrade
from db.seed import make_demo
from db.tables import assignments, flags_, people_, sessions, units_
from db.work import work
from pages.ui.nav import PAGES, Place


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
def demo(folder: Path) -> Iterator[Engine]:
    """A database with the demo, in a folder."""
    engine = connect(f"sqlite:///{folder / 'demo.db'}")
    upgrade(engine)
    make_demo(engine)
    yield engine
    engine.dispose()


def count_flags(engine: Engine) -> int:
    with engine.connect().execution_options(reading=True) as connection:
        return connection.scalar(select(func.count()).select_from(flags_)) or 0


@contextmanager
def signed_in(engine: Engine) -> Iterator[list[Visitor]]:
    """The visitors, signed in; their sign-ins are taken away at the end."""
    found = [Visitor(Role(role), level, _token(engine, person_id)) for role, level, person_id in _people(engine)]
    yield [Visitor(Role.RESIDENT, ""), *found]
    mine = [signin.digest(visitor.token) for visitor in found]
    with engine.begin() as rows:
        rows.execute(sessions.delete().where(sessions.c.id.in_(mine)))


def _people(engine: Engine) -> list[Row[tuple[str, str, str]]]:
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
        return list(connection.execute(query))


def _token(engine: Engine, person_id: str) -> str:
    with work(engine, RESIDENT) as doing:
        return signin.begin(doing, doing.store.person(person_id))

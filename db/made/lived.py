"""What is printed from: the demo's place, lived through in a database of its own, as its plain rows."""

import random
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Engine

from core.organisation import people
from core.privacy.hashing import cheaply
from core.words import Role
from db.demo.seed import make_demo
from db.demo.stage import Stage, holding
from db.engine import connect
from db.made import sayings
from db.migrate import upgrade
from db.tables import metadata
from db.work import work

T = TypeVar("T")
Values = tuple[Any, ...]
Rows = dict[str, list[Values]]
LEFT = ("sessions", "drafts", "leases", "marks", "addresses", "deliveries", "chain_heads", "vocabularies")
"""Tables of which nothing is printed: what belongs to one sitting, and what is made from the rest."""
CITY = (("seat", Role.SUPERVISOR), ("desk", Role.DISCIPLINE))
"""Who the demo does not have: a supervisor and a discipline desk of the whole city."""


@lru_cache(maxsize=1)
def lived(now: datetime, seed: int) -> Rows:
    """Each table's rows as SQLite keeps them, columns in the order of the table; the same for the same day and seed."""
    engine = connect("sqlite://")
    with _by_dice(seed), cheaply():
        upgrade(engine)
        stage = make_demo(engine, now)
        _complete(engine, stage)
    with engine.connect().execution_options(reading=True) as connection:
        raw = connection.connection.driver_connection
        if raw is None:
            raise RuntimeError("no connection")
        found = {}
        for table in metadata.sorted_tables:
            if table.name not in LEFT:
                columns = ", ".join(f'"{column.name}"' for column in table.columns)
                keys = ", ".join(column.name for column in table.primary_key)
                query = f"SELECT {columns} FROM {table.name} ORDER BY {keys}"  # noqa: S608 - our own names alone
                found[table.name] = raw.execute(query).fetchall()
    engine.dispose()
    return found


def _complete(engine: Engine, stage: Stage) -> None:
    city = next(unit for unit in stage.units.values() if unit.parent_id is None)
    system, security = holding(stage, Role.SYSTEM_ADMIN), holding(stage, Role.SECURITY_ADMIN)
    for (account, role), name in zip(CITY, sayings.read()["city"], strict=True):
        new = people.NewPerson(unit_id=city.id, name=name, account=account, password=secrets.token_urlsafe(18))
        with work(engine, system, stage.site.now) as doing:
            person_id = people.open_account(doing, new)
        with work(engine, security, stage.site.now) as doing:
            people.grant_role(doing, person_id, role, city.id)
            doing.store.person(person_id).must_change = False


@contextmanager
def _by_dice(seed: int) -> Iterator[None]:
    """Ids by seeded dice, for a command in a process of its own: what is printed gets ids of its own anyway."""
    dice = random.Random(seed)  # noqa: S311 - nothing is kept secret by it

    def choice(among: Sequence[T]) -> T:
        return among[dice.randrange(len(among))]

    drawn: dict[str, Callable[..., object]] = {
        "token_hex": lambda length=32: dice.randbytes(length).hex(),
        "token_bytes": lambda length=32: dice.randbytes(length),
        "choice": choice,
    }
    before = {name: getattr(secrets, name) for name in drawn}
    for name, draw in drawn.items():
        setattr(secrets, name, draw)
    try:
        yield
    finally:
        for name, draw in before.items():
            setattr(secrets, name, draw)

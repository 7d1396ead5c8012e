"""`python -m db make`: a site of any size from one seed, in an empty database, with a table of what it took."""

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter

from argon2 import PasswordHasher
from sqlalchemy import Engine, func, select

from core.errors import Refused
from core.text import N_, _
from core.voices.receipts import SECRET_DIGITS, check_digits, grouped
from core.words import Role
from db.made import searched
from db.made.blocks import sorted_out
from db.made.cutting import Cutter
from db.made.drawing import Drawing
from db.made.lived import lived
from db.made.pouring import Pouring, pouring
from db.made.press import Lot, Press
from db.tables import assignments, metadata, people_, units_

TURN = 0.0005
"""Seconds after which the printing gives the interpreter up, a tenth of what Python allows it: the pouring needs it for
a moment after each few hundred kilobytes, and meanwhile the server has nothing to do."""


@dataclass
class Made:
    """What was made and how long each part took, in seconds; `rows` counts by table."""

    password: str
    secret: str
    flags: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    texts: int = 0

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        begun = perf_counter()
        yield
        self.seconds[what] = self.seconds.get(what, 0.0) + perf_counter() - begun

    def receipt(self, locator: str) -> str:
        """The code of a receipt, for whoever looks at the site as a resident: all have one secret."""
        body = locator + self.secret
        return grouped(body + check_digits(body))


def make(engine: Engine, communities: Sequence[int], seed: int, now: datetime, password: str) -> Made:
    """Write a site with one community for each number of flags; the same for the same seed and day.

    Refused for a database that holds people.
    """
    with engine.connect().execution_options(reading=True) as connection:
        if connection.scalar(select(func.count()).select_from(people_)):
            raise Refused(N_("This site has been set up already."))
    dice = random.Random(f"{seed} {now.date()}")  # noqa: S311 - nothing is kept secret by it
    made = Made(password, f"{dice.randrange(10**SECRET_DIGITS):0{SECRET_DIGITS}}")
    with made.timed("lived"):
        rows = lived(now, seed)
    with pouring(engine) as poured:
        with made.timed("cut"):
            salt = dice.randbytes(16)
            light = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
            blocks = sorted_out(rows)
            cutter = Cutter(
                rows, blocks, poured.ink, light.hash(made.secret, salt=salt),
                PasswordHasher().hash(password, salt=salt),
            )  # fmt: skip
            press = Press(cutter, blocks, Drawing(dice, poured.ink))
        with made.timed("rows"), _beside(lambda lot: _pour(poured, lot, made)) as take:
            press.site(communities, take)
        with made.timed("keys"):
            poured.build()
        with made.timed("search"):
            made.texts = searched.fill(poured, sqlite=engine.dialect.name == "sqlite")
        with made.timed("kept"):
            poured.done()
    made.flags, made.rows = sum(communities), press.counts
    return made


@contextmanager
def _beside(pour: Callable[[Lot], None]) -> Iterator[Callable[[Lot], None]]:
    """Pour one lot while the next is printed."""
    before = sys.getswitchinterval()
    with ThreadPoolExecutor(1) as pool:
        under_way: list[Future[None]] = []

        def take(lot: Lot) -> None:
            if under_way:
                under_way.pop().result()
            under_way.append(pool.submit(pour, lot))

        sys.setswitchinterval(TURN)
        try:
            yield take
            under_way.pop().result()
        finally:
            sys.setswitchinterval(before)


def _pour(poured: Pouring, lot: Lot, made: Made) -> None:
    for table in metadata.sorted_tables:
        if table.name in lot:
            with made.timed("server"):
                poured.lot(table.name, [column.name for column in table.columns], lot[table.name])


def told(made: Made) -> list[str]:
    """The lines that say what was made: what, rows, seconds, rows a second; and how one gets in."""
    rows = sum(made.rows.values())
    parts = (
        (_("a small place lived through"), 0, "lived"), (_("stamps cut from it"), 0, "cut"),
        (_("rows printed and put in"), rows, "rows"), (_("indexes and keys built, rows checked"), rows, "keys"),
        (_("search indexes"), made.texts, "search"), (_("kept, looked at by the server"), rows, "kept"),
    )  # fmt: skip
    lines = ["\t".join((_("part"), _("rows"), _("seconds"), _("a second")))]
    for what, count, part in parts:
        seconds = made.seconds[part]
        lines.append(f"{what}\t{count or '–'}\t{seconds:.1f}\t{f'{count / seconds:,.0f}' if count else '–'}")
    flags = made.flags / (made.seconds["rows"] or 1)
    lines += [f"{table}\t{count}" for table, count in sorted(made.rows.items())]
    lines.append(_("{flags} flags, {speed} a second with all that belongs to them.", flags=made.flags,
                   speed=f"{flags:,.0f}"))  # fmt: skip
    return lines


def accounts(engine: Engine) -> list[tuple[Role, str, str]]:
    """For each role the first account there is, of every kind of unit, with the name of the unit."""
    query = (
        select(assignments.c.role, units_.c.kind, people_.c.account, units_.c.name)
        .join(people_, people_.c.id == assignments.c.person_id)
        .join(units_, units_.c.id == assignments.c.unit_id)
        .order_by(func.length(people_.c.account), people_.c.account)
    )
    found: dict[tuple[Role, str], tuple[Role, str, str]] = {}
    with engine.connect().execution_options(reading=True) as connection:
        for role, kind, account, unit in connection.execute(query):
            found.setdefault((role, kind), (role, account, unit))
    return list(found.values())

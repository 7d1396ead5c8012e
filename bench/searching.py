"""How fast a search is over many entries: `python -m bench.searching --entries 100000 [--database URL]`.

The database has to be empty; without one an SQLite file of its own is made and thrown away.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core import dates
from core.access import FOUNDER, Actor, Grant
from core.entries.risks import Risk
from core.entries.searching import search
from core.organisation import founding, units
from core.organisation.people import Person
from core.organisation.units import Unit, new_id
from core.prevention.measures import Measure
from core.review.merging import Link
from core.voices.flags import Flag
from core.words import (
    ActorKind,
    Channel,
    Dimension,
    FlagStatus,
    MeasureStage,
    MeasureType,
    RiskType,
    Role,
    Source,
)
from db.engine import connect
from db.migrate import upgrade
from db.work import reading, work

LETTERS = "门面出租公开招租停车收费路灯楼道电梯绿化垃圾分类补贴名单公示换届选举印章报销合同物业维修资金账目票据签字"
COMMUNITIES, TIMES, BATCH = 100, 9, 5000
WORDS = ("公", "公开", "招租", "门面出", "电梯绿化", "公开 补贴", "4711", "没有这样的话", "甲乙")


def made(engine: Engine, entries: int) -> list[Unit]:
    """A city, a street and its communities, with so many entries, each with one voice and one measure."""
    draw, people = random.Random(1), []
    with work(engine, FOUNDER) as doing:
        founding.plant_kinds(doing)
        city = units.plant(None, "city", "清源市")
        street = units.plant(city, "street", "望江街道")
        here = [units.plant(street, "community", f"第{n}社区") for n in range(COMMUNITIES)]
        people = [Person(new_id(), city.id, f"a{n}", f"甲{n}", "") for n in range(2)]
        for thing in (city, street, *here, *people):
            doing.store.add(thing)
        doing.record("site_founded", city.id, chain=city.id)
    day, each = date(2026, 1, 5), entries // COMMUNITIES
    rows = [(unit.id, n + 1) for n in range(each) for unit in here]
    for first in range(0, len(rows), BATCH):
        with Session(engine) as session:
            for unit_id, number in rows[first : first + BATCH]:
                session.add_all(_entry(unit_id, number, day, draw, people))
            session.commit()
    return [city, street, here[0]]


def _entry(unit_id: str, number: int, day: date, draw: random.Random, people: list[Person]) -> list[object]:
    def said(length: int) -> str:
        return "".join(draw.choices(LETTERS, k=length))

    risk = Risk(new_id(), unit_id, number, said(16), None, Dimension.CLEAN_AFFAIRS, RiskType.DUTY, day, said(40))
    flag = Flag(new_id(), unit_id, None, Source.RESIDENT, Channel.QR, said(50), day, day, status=FlagStatus.MERGED)
    link = Link(new_id(), unit_id, flag.id, risk.id, FlagStatus.NEW, people[0].id, dates.now(), "")
    measure = Measure(
        new_id(), unit_id, risk.id, said(30), MeasureType.PROCESS, MeasureStage.PREVENTION, ActorKind.PARTY,
        people[0].id, people[1].id, day, day,
    )  # fmt: skip
    return [risk, flag, link, measure]


def measured(engine: Engine, at: Unit, words: str) -> tuple[float, int]:
    """The median in milliseconds of one search, and how much it found."""
    who, took, found = Actor(None, "supervisor", (Grant(Role.SUPERVISOR, at.path),)), [], 0
    for _n in range(TIMES):
        began = time.perf_counter()
        with reading(engine, who) as asked:
            found = sum(group.total for group in search(asked, words))
        took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took), found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--entries", type=int, default=100_000)
    asked.add_argument("--database", default="")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(given.database or f"sqlite:///{Path(folder) / 'search.db'}")
        upgrade(engine)
        where = made(engine, given.entries)
        if engine.dialect.name != "sqlite":
            with engine.connect() as connection:
                connection.exec_driver_sql("ANALYZE")
        print(f"{engine.dialect.name}: {given.entries} entries, median of {TIMES} searches in ms (found)")
        for words in WORDS:
            told = [measured(engine, at, words) for at in where]
            print(f"{words:　<8}", *[f"{at.kind} {ms:.0f} ({n})" for at, (ms, n) in zip(where, told, strict=True)])
            sys.stdout.flush()
        engine.dispose()


if __name__ == "__main__":
    main()

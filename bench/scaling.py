"""Texts for measuring speed, as many as are wanted: clauses of our own texts mixed anew, with invented places and
numbers. They say nothing about quality, and no text of anybody else is in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rjieba
from sqlalchemy import Engine, insert

from bench.matters import read_rows
from core import dates
from core.access import FOUNDER
from core.alike.pieces import Said
from core.events import Event
from core.organisation import founding, units
from core.organisation.people import Person
from core.organisation.units import Unit
from core.words import Channel, Dimension, DisclosureClass, FlagStatus, RiskStatus, RiskType, Source
from db.questions.near import index_row
from db.tables import flags_, links, risks_
from db.work import work

DATA = Path(__file__).parent / "data"
SOURCES = {"matters": "body", "referral": "text", "referral_dev": "text"}
LENGTH = 200
"""Characters of a text, about."""
REPEATED = 0.15
"""Share of texts whose matter was told before."""
NAMED = (
    "安北昌朝城池春翠丹德东鼎枫福岗港高谷光桂海河恒红湖花华怀江金景静康兰"
    "乐丽林龙绿梅明南宁平青清泉荣瑞山胜石松泰天桐文西祥新星秀银永玉园云泽正竹紫"
)
ENDING = ("小区", "花园", "家园", "公寓", "路", "街", "新村", "市场", "小学", "大厦", "苑", "巷")
HOUSE = ("号楼", "栋", "号", "单元")
CUT = re.compile(r"[，。；！？、：\s]+")


@dataclass(frozen=True)
class Stock:
    """What texts are mixed from: clauses in words, by how they begin and how they end."""

    clauses: tuple[tuple[str, ...], ...]

    @classmethod
    def of_our_own(cls) -> "Stock":
        texts = (row[column] for name, column in SOURCES.items() for row in read_rows(DATA / f"{name}.csv"))
        clauses = dict.fromkeys(part for text in texts for part in CUT.split(text) if 4 <= len(part) <= 24)
        return cls(tuple(tuple(rjieba.cut(clause, True)) for clause in clauses))

    def clause(self, draw: np.random.Generator) -> str:
        """The beginning of one clause and the end of another; now and then one whole."""
        first = self.clauses[draw.integers(len(self.clauses))]
        if draw.random() < 0.3:
            return "".join(first)
        last = self.clauses[draw.integers(len(self.clauses))]
        return "".join((*first[: (len(first) + 1) // 2], *last[len(last) // 2 :]))


def place(draw: np.random.Generator) -> str:
    name = "".join(NAMED[n] for n in draw.integers(len(NAMED), size=int(draw.integers(2, 4))))
    return f"{name}{ENDING[draw.integers(len(ENDING))]}{draw.integers(1, 60)}{HOUSE[draw.integers(len(HOUSE))]}"


def many(size: int, seed: int = 0) -> list[Said]:
    """So many texts of about 200 characters in the order they were said; every seventh tells a matter again."""
    draw, stock = np.random.default_rng(seed), Stock.of_our_own()
    matters: list[tuple[str, list[str]]] = []
    said = []
    for n in range(size):
        if not matters or draw.random() >= REPEATED:
            matters.append((place(draw), [stock.clause(draw) for _ in range(6)]))
            told = matters[-1]
        else:
            told = matters[draw.integers(max(0, len(matters) - 4000), len(matters))]
        said.append(_told(str(n), told, stock, draw))
    return said


def _told(key: str, matter: tuple[str, list[str]], stock: Stock, draw: np.random.Generator) -> Said:
    """A matter told: its place, most of its clauses in any order, and others about it."""
    where, clauses = matter
    kept = [clauses[n] for n in draw.permutation(len(clauses))[: draw.integers(3, 6)]]
    length, parts = draw.normal(LENGTH, LENGTH / 4), [f"{where}{kept[0]}", *kept[1:]]
    while sum(map(len, parts)) + len(parts) < length:
        parts.insert(int(draw.integers(1, len(parts) + 1)), stock.clause(draw))
    return Said(key, "，".join(parts) + "。", f"{where}{kept[-1]}", day=int(key) // 50)


def community(engine: Engine, said: Sequence[Said], per_entry: int = 4) -> Unit:
    """A new community in an empty database with a register of these voices, so many in an entry."""
    now = dates.now()
    with work(engine, FOUNDER, now) as doing:
        founding.plant_kinds(doing)
        city = units.plant(None, "city", "city")
        unit = units.plant(city, "community", "community")
        clerk = Person(units.new_id(), unit.id, "clerk", "clerk", "")
        for thing in (city, unit, clerk):
            doing.store.add(thing)
        doing.record(Event.SITE_FOUNDED, unit.id, chain=unit.id)
    here = {"unit_id": unit.id}
    entries = [
        here | {"id": units.new_id(), "number": n, "title": one.title, "opened_on": now.date(),
                "dimension": Dimension.CLEAN_AFFAIRS, "risk_type": RiskType.PROCESS, "status": RiskStatus.UNRATED,
                "disclosure_class": DisclosureClass.AFFAIRS}
        for n, one in enumerate(said[::per_entry], 1)
    ]  # fmt: skip
    voices = [
        here | {"id": units.new_id(), "text": one.text, "source": Source.RESIDENT, "channel": Channel.QR,
                "raised_on": now.date(), "due_on": now.date(), "status": FlagStatus.MERGED}
        for one in said
    ]  # fmt: skip
    joined = [
        here | {"id": units.new_id(), "flag_id": voice["id"], "risk_id": entries[n // per_entry]["id"],
                "before": FlagStatus.NEW, "linked_by": clerk.id, "linked_at": now}
        for n, voice in enumerate(voices)
    ]  # fmt: skip
    with engine.begin() as rows:
        rows.execute(insert(risks_).values(version_id=1), entries)
        rows.execute(insert(flags_).values(version_id=1), voices)
        rows.execute(insert(links), joined)
        for one in (*entries, *voices):
            index_row(rows, unit.id, str(one["id"]), str(one.get("text") or one["title"]))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as rows:
        rows.exec_driver_sql("ANALYZE")
    return unit

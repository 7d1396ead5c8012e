"""How far figures are from the best SQL: `python -m bench.figures [--quick] [--communities N] [--database URL]`.

A site is made (in an SQLite file thrown away afterwards, or in the empty database given), and a supervisor of the whole
city asks for each figure as the page does. Beside it one hand-written statement fetches the same figure from the same
tables; what the two say must be equal. Both take turns, and of each the quickest of the tries counts.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from bench import figures_sql as sql
from core import dates
from core.access import FOUNDER, Actor, Grant
from core.entries import register
from core.entries.register import Filter
from core.insight import blindspots, disputes, figures, outcomes, participation, silence, timely, trends
from core.insight.blindspots import Asked
from core.privacy import small
from core.words import Level, Role, Source
from db import jobs
from db.engine import connect
from db.made.making import accounts, make
from db.migrate import upgrade
from db.sweeping import sweep
from db.work import reading

GOAL = 1.5
TRIES = 5
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Figure:
    """A figure: how the page asks for it, the statement, and how each becomes a value that can be compared."""

    name: str
    ask: Callable[..., Any]
    told: Callable[[Any], Any]
    statement: str
    read: Callable[[Rows], Any]


def _sets(rows: Rows) -> dict[frozenset[Source], int]:
    """Entries by the voices in them, from rows of three marks and a count."""
    found = figures.overlap(())
    for *marks, n in rows:
        voices = frozenset(source for source, mark in zip(Source, marks, strict=True) if mark)
        if voices:
            found[voices] += n
    return found


def _overview(rows: Rows) -> Any:
    entries = [row for row in rows if row[0] == "entry"]
    heat: dict[tuple[str, str], int] = {}
    for _kind, dimension, level, _marks, n, _m in entries:
        heat[dimension, level] = heat.get((dimension, level), 0) + n
    cells = [row for row in rows if row[0] == "cell"]
    said = [sum(row[4] for row in cells if row[2] == source.value) for source in (Source.SELF, Source.SUPERIOR)]
    from_ = {row[1]: (row[4], row[5]) for row in rows if row[0] == "from"}
    residents = small.together(
        small.Cell(unit, n, entries, *from_.get(unit, (0, 0)), tuple(map(int, marks.split()))).told
        for _cell, unit, source, marks, n, entries in cells if source == Source.RESIDENT.value
    )  # fmt: skip
    [late] = [row for row in rows if row[0] == "late"]
    return (heat, _sets([(*map(int, row[3]), row[4]) for row in entries]), (*said, residents), late[4])


def _of_overview(found: figures.Overview) -> Any:
    heat = {(d.value, level): n for (d, level), n in found.heat.items() if n}
    heard = found.heard
    return heat, found.overlap, (heard.own, heard.superior, heard.resident), found.punctuality.overdue


def _agreement(rows: Rows) -> Any:
    return {name: (several, whole) for name, several, whole in rows if name}


def _levels(rows: Rows) -> Any:
    days = trends.month_ends(dates.today(dates.now()))
    turns = []
    for first, until, level, n in rows:  # SQLite gives days as text
        turns.append((date.fromisoformat(str(first)), level, n))
        turns += [(date.fromisoformat(str(until)), level, -n)] if until else []
    return trends.levels_on(turns, days)


def _by_day(rows: Rows) -> Any:
    found: dict[date, int] = {}
    for _deed, day, n in rows:
        on = date.fromisoformat(str(day))
        found[on] = found.get(on, 0) + n
    return found


def _outcomes(rows: Rows) -> Any:
    looks = {result: n for kind, result, n in rows if kind == "look"}
    [undecided] = [n for kind, _result, n in rows if kind == "open"]
    marks = [int(counts.split()[0]) for kind, counts, _sum in rows if kind not in ("look", "open")]
    return looks, undecided, str(small.together(small.told(n) for n in marks))


def _silence(rows: Rows) -> Any:
    [counts] = [tuple(spoke) for item_id, *spoke in rows if not item_id]
    return counts, {item_id: tuple(map(int, spoke)) for item_id, *spoke in rows if item_id}


def _disputes(rows: Rows) -> Any:
    apart = {step: n for risk_id, step, n in rows if not risk_id}
    return tuple(apart.get(step, 0) for step in (0, 1, 2)), [(key, step) for key, step, _n in rows if key]


FIGURES = (
    Figure("overview", figures.overview, _of_overview, sql.OVERVIEW, _overview),
    Figure("who saw what", lambda w: blindspots.who_saw(w, Asked()), lambda f: f.overlap, sql.SETS, _sets),
    Figure("agreement by power item", lambda w: blindspots.agreement(w, Asked()),
           lambda f: {one.key: (one.several.part, one.several.whole) for one in f.items}, sql.AGREEMENT, _agreement),
    Figure("silent power items", lambda w: silence.grid(w, Asked()),
           lambda f: (tuple(f.empty.values()), {row.power.id: tuple(row.spoke.values()) for row in f.rows}),
           sql.SILENCE, _silence),
    Figure("how far ratings lie apart", lambda w: disputes.ratings(w, Asked()),
           lambda f: (f.apart, [(one.entry.id, one.spread) for one in f.disputed]), sql.DISPUTES, _disputes),
    Figure("places and ways heard from", participation.participation,
           lambda f: (f.reached.places - f.reached.silent, {str(way): n for way, n in f.ways if n}), sql.HEARD_FROM,
           lambda rows: (sum(n for way, n in rows if not way), {way: n for way, n in rows if way})),
    Figure("levels over a year", trends.levels, lambda f: f, sql.LEVELS, _levels),
    Figure("what was done by day", trends.calendar, lambda f: {day: n for day, n in f.days.items() if n},
           sql.DEEDS, _by_day),
    Figure("measures in time", timely.measures,
           lambda f: {" open": (sum(f.ages.values()), 0, 0)}
           | {p.post: (p.done.on_time, p.done.late, p.done.overdue) for p in f.posts}, sql.IN_TIME,
           lambda rows: {name: (a, b, c) for name, a, b, c in rows if a + b + c}),
    Figure("disclosures in time", timely.disclosures,
           lambda f: {str(c.kind): (c.done.on_time, c.done.late, c.done.overdue) for c in f}, sql.DISCLOSED,
           lambda rows: {name: (a, b, c) for name, a, b, c in rows}),
    Figure("second looks and where it is solved", outcomes.outcomes,
           lambda f: ({str(k): n for k, n in f.looks.items() if n}, f.solved[None], f.opinions[0].count), sql.OUTCOMES,
           _outcomes),
    Figure("register, first page", lambda w: register.register(w, Filter()),
           lambda f: (f.total, [(r.id, r.level, sorted(r.sources)) for r in f.rows]), sql.REGISTER,
           lambda rows: (rows[0][-1], [(r[0], Level(r[1]) if r[1] else None, sorted(
               source for source, mark in zip(Source, r[2:5], strict=True) if mark)) for r in rows])),
)  # fmt: skip


def city_supervisor(engine: Engine) -> Actor:
    """The supervisor of the whole made site."""
    account = next(a for role, a, unit in accounts(engine) if role is Role.SUPERVISOR and unit.endswith("市"))
    with reading(engine, FOUNDER) as asked:
        person = asked.store.person_named(account)
        if person is None:
            raise RuntimeError("no supervisor")
        grants = tuple(Grant(role, path) for role, path in asked.store.grants(person.id))
    return Actor(person.id, person.name, grants, person.unit_id)


def measure(engine: Engine, actor: Actor, figure: Figure, tries: int) -> tuple[float, float, bool]:
    """Seconds of the use case, seconds of the statement, and whether both say the same."""
    today = dates.today(dates.now())
    asked = {"path": actor.grants[0].path + "%", "me": actor.person_id, "today": today,
             "year": today - participation.SPAN, "since": today - timedelta(days=today.weekday() + 7 * 25)}  # fmt: skip
    statement = text(sql.on(figure.statement, engine.dialect.name))
    ours, best, said, known = [], [], None, None
    for _try in range(tries):
        with reading(engine, actor) as work:
            begun = time.perf_counter()
            said = figure.ask(work)
            ours.append(time.perf_counter() - begun)
        with engine.connect().execution_options(reading=True) as connection:
            begun = time.perf_counter()
            known = [tuple(row) for row in connection.execute(statement, asked)]
            best.append(time.perf_counter() - begun)
    return min(ours), min(best), figure.told(said) == figure.read(known or [])


def bench(engine: Engine, tries: int) -> bool:
    """Print the table; whether every figure is what the statement says."""
    actor, right = city_supervisor(engine), True
    print(f"{'figure':<38}{'ours ms':>10}{'best ms':>10}{'ratio':>8}  goal ≤ {GOAL}")
    for figure in FIGURES:
        ours, best, same = measure(engine, actor, figure, tries)
        right = right and same
        said = "" if same else "  NOT EQUAL"
        print(f"{figure.name:<38}{ours * 1000:>10.1f}{best * 1000:>10.1f}{ours / best:>8.2f}{said}", flush=True)
    return right


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.figures")
    parser.add_argument("--quick", action="store_true", help="ten communities with 1,000 flags each")
    parser.add_argument("--communities", type=int, default=1000)
    parser.add_argument("--flags", type=int, default=1000)
    parser.add_argument("--database", default="", help="an empty database, or one that was made before")
    parser.add_argument("--tries", type=int, default=TRIES)
    chosen = parser.parse_args(arguments)
    communities = 10 if chosen.quick else chosen.communities
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(chosen.database or f"sqlite:///{Path(folder) / 'made.db'}")
        upgrade(engine)
        if not accounts(engine):
            print(f"making {communities} communities of {chosen.flags} flags", flush=True)
            made = make(engine, [chosen.flags] * communities, 1, dates.now(), "not signed in to")
            print(f"made within {sum(made.seconds.values()):.0f} s", flush=True)
        sweep(engine, [jobs.SUMS])  # as whoever does what is due by time leaves them
        try:
            return 0 if bench(engine, chosen.tries) else 1
        finally:
            engine.dispose()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

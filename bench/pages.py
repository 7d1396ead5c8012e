"""How long the server takes to run each page again, as each role: `python -m bench.pages`.

A tab asks for a rerun, as any click does, and waits until the script is finished. Beside it stands the page's floor:
the same elements drawn from constants by a bare Streamlit script on a server of its own (`bench.floor`), asked in turn
with the page. Both are seen by the same client over the same kind of line. The goal is a p95 of at most twice the
floor's, at every size.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from bench import floor, served, visitors
from bench.protocol import Ran, Tab
from bench.visitors import Visitor
from db.engine import connect
from pages.ui.nav import Place

GOAL = 2.0
BEFORE = 2
"""Runs of each page that do not count."""
QUICK = ("home", "inbox", "register", "entry", "measures", "overview", "voices", "checks", "audit", "speak")
"""Pages that are measured when time is short."""


@dataclass
class Line:
    """A page as a visitor sees it: seconds of its reruns and of its floor's, and kinds the floor leaves out."""

    who: str
    page: str
    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    unknown: tuple[str, ...] = ()

    @property
    def ratio(self) -> float:
        return part(self.ours, 0.95) / part(self.bare, 0.95)

    def told(self) -> str:
        """A row of the table: p50 and p95 in ms, ours and the floor's, and their ratios."""
        middle, high = ([part(one, p) * 1000 for one in (self.ours, self.bare)] for p in (0.5, 0.95))
        return (
            f"| {self.who} | {self.page} | {middle[0]:.1f} | {middle[1]:.1f} | {middle[0] / middle[1]:.2f} | "
            f"{high[0]:.1f} | {high[1]:.1f} | {high[0] / high[1]:.2f} |"
        )


HEAD = "| who | page | p50 ms | floor | ratio | p95 ms | floor | ratio |\n|---|---|--:|--:|--:|--:|--:|--:|"


def part(values: Sequence[float], share: float) -> float:
    """The value below which this share (0 to 1) of them lies, drawn straight between neighbours."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


@dataclass(frozen=True)
class Bench:
    """Two servers side by side, the folder the floors are put in, and how often each page is run again."""

    ours: served.Served
    bare: served.Served
    folder: Path
    times: int

    async def page(self, visitor: Visitor, place: Place, query: str = "") -> Line:
        """Run a page and its floor again, in turn."""
        address = visitors.address(place)
        async with Tab(self.ours.port, address, query, visitor.token) as tab:
            drawn = floor.floor_of((await tab.run()).messages())
            name = f"{visitor.role.value}-{visitor.level}-{place.address}"
            floor.write(self.folder, name, drawn)
            line = Line(visitor.name, place.address, unknown=tuple(sorted(set(drawn.unknown))))
            async with Tab(self.bare.port, address, f"floor={name}") as below:
                for n in range(BEFORE + self.times):
                    ours, bare = await tab.run(), await below.run()
                    if n >= BEFORE:
                        line.ours.append(ours.seconds)
                        line.bare.append(bare.seconds)
        return line

    async def entry(self, visitor: Visitor) -> str:
        """The address of the first entry in a visitor's register: what follows the question mark."""
        async with Tab(self.ours.port, "register", token=visitor.token) as tab:
            return next(links(await tab.run(), "entry"), "")


def links(ran: Ran, page: str) -> Iterator[str]:
    """The queries of a page's links to another one."""
    for message in ran.messages():
        link = message.delta.new_element.page_link
        if link.page == page and link.query_string:
            yield link.query_string


async def measured(bench: Bench, among: Sequence[Visitor], only: Sequence[str]) -> AsyncIterator[Line]:
    """Every page of every visitor, or some pages alone."""
    for visitor in among:
        for place in visitor.pages():
            if not only or place.address in only:
                query = await bench.entry(visitor) if place.address == "entry" else ""
                yield await bench.page(visitor, place, query)


@asynccontextmanager
async def _benches(folder: Path, database: str, times: int) -> AsyncIterator[Bench]:
    below = folder / "floor"
    below.mkdir()
    (below / "floor.py").write_text(floor.SCRIPT, encoding="utf-8")
    # long work and what is due by time stand apart, as where there are many communities
    with served.product(folder, database, QINGYUAN_WORKER="outside") as ours, served.bare(below, "floor.py") as bare:
        yield Bench(ours, bare, below, times)


@contextmanager
def _data(folder: Path, database: str) -> Iterator[Engine]:
    """The database that is shown: one that is there already, or the demo."""
    if not database:
        with visitors.demo(folder) as engine:
            yield engine
        return
    engine = connect(database)
    yield engine
    engine.dispose()


async def run(database: str, times: int, only: Sequence[str], roles: Sequence[str]) -> list[Line]:
    """Measure in one database and print each line as it comes."""
    found = []
    with tempfile.TemporaryDirectory() as name, _data(Path(name), database) as engine, \
            visitors.signed_in(engine) as everybody:
        print(f"\n{engine.dialect.name}, {visitors.count_flags(engine):,} flags\n\n{HEAD}", flush=True)
        among = [one for one in everybody if not roles or one.role.value in roles]
        async with _benches(Path(name), database, times) as bench:
            async for line in measured(bench, among, only):
                print(line.told(), flush=True)
                found.append(line)
    return found


def summary(lines: Sequence[Line]) -> Iterator[str]:
    """What the table comes to."""
    ratios = sorted(line.ratio for line in lines)
    kept = sum(ratio <= GOAL for ratio in ratios)
    worst = max(lines, key=lambda line: line.ratio)
    yield f"\np95 within {GOAL:.0f} × its floor: {kept} of {len(lines)}."
    middle = statistics.median(ratios)
    yield f"The middle one is {middle:.2f} ×, the worst {worst.ratio:.1f} × ({worst.page}, {worst.who})."
    if unknown := sorted({kind for line in lines for kind in line.unknown}):
        yield f"Left out of floors: {', '.join(unknown)}."


def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    reader.add_argument("--database", nargs="*", default=[""], help="databases to measure in; without one, the demo")
    reader.add_argument("--times", type=int, default=20, help="reruns of each page that count")
    reader.add_argument("--pages", nargs="*", default=[], help="addresses of pages; without one, all")
    reader.add_argument("--roles", nargs="*", default=[], help="roles; without one, all")
    reader.add_argument("--quick", action="store_true", help="some pages, few times, within about a minute")
    told = reader.parse_args()
    times, only = (7, told.pages or QUICK) if told.quick else (told.times, told.pages)
    begun = time.perf_counter()
    for database in told.database:
        lines = asyncio.run(run(database, times, only, told.roles))
        print("\n".join(summary(lines)))
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()

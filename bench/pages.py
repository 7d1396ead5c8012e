"""How long the server takes to run each page again, as each role: `python -m bench.pages`.

A tab asks for a rerun, as any click does, and waits until the script is finished. Beside it stands the page's floor:
the same elements drawn from constants by a bare Streamlit script on a server of its own (`bench.floor`), asked in turn
with the page. Both are seen by the same client over the same kind of line. The goal is a p95 of at most twice the
floor's, at every size.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import floor, served, visitors
from bench.protocol import Ran, Tab
from bench.visitors import Visitor
from core.privacy.keys import Ring
from pages.ui.nav import Place

GOAL = 2.0
BEFORE = 2
"""Runs of each page that do not count."""
QUICK = ("home", "inbox", "register", "entry", "measures", "overview", "voices", "checks", "speak")
QUICK_ROLES = ("resident", "cadre", "watchdog", "supervisor")
"""What is measured when time is short."""


@dataclass
class Line:
    """A page as a visitor sees it: seconds of its reruns and of its floor's, the processor's seconds for one of each,
    kinds the floor leaves out, and what was shown as an error."""

    who: str
    page: str
    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    processor: tuple[float, float] = (0.0, 0.0)
    unknown: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def ratio(self) -> float:
        return part(self.ours, 0.95) / part(self.bare, 0.95)

    def told(self) -> str:
        """A row of the table: p50, p95 and processor in ms, ours and the floor's, and their ratios."""
        middle, high = ([part(one, p) * 1000 for one in (self.ours, self.bare)] for p in (0.5, 0.95))
        return (
            f"| {self.who} | {self.page} | {middle[0]:.1f} | {middle[1]:.1f} | {middle[0] / middle[1]:.2f} | "
            f"{high[0]:.1f} | {high[1]:.1f} | {high[0] / high[1]:.2f} | "
            f"{self.processor[0] * 1000:.0f} | {self.processor[1] * 1000:.0f} |"
        )


HEAD = "| who | page | p50 ms | floor | ratio | p95 ms | floor | ratio | CPU ms | floor |\n|---|---|" + "--:|" * 8


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
            first = await tab.run()
            drawn = floor.floor_of(first.messages())
            name = f"{visitor.role.value}-{visitor.level}-{place.address}"
            floor.write(self.folder, name, drawn)
            line = Line(visitor.name, place.address)
            line.unknown, line.errors = tuple(sorted(set(drawn.unknown))), tuple(first.errors())
            async with Tab(self.bare.port, address, f"floor={name}") as below:
                for _n in range(BEFORE):
                    await tab.run()
                    await below.run()
                used = self.ours.processor(), self.bare.processor()
                for _n in range(self.times):
                    line.ours.append((await tab.run()).seconds)
                    line.bare.append((await below.run()).seconds)
                line.processor = (
                    (self.ours.processor() - used[0]) / self.times, (self.bare.processor() - used[1]) / self.times
                )  # fmt: skip
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
    settings = {"DATABASE_URL": database, "QINGYUAN_WORKER": "outside"}
    # long work and what is due by time stand apart, as where there are many communities
    with served.product(folder, settings) as ours, served.bare(below, "floor.py") as bare:
        await served.settled(ours)
        yield Bench(ours, bare, below, times)


@dataclass(frozen=True)
class Site:
    """Where a site is, or how many flags are to be made in one; without either, the demo's place."""

    database: str = ""
    flags: int = 0


async def run(site: Site, times: int, only: Sequence[str], roles: Sequence[str]) -> list[Line]:
    """Measure at one size and print each line as it comes."""
    found = []
    with (
        tempfile.TemporaryDirectory() as name, visitors.opened(Path(name), site.database, site.flags) as engine,
        visitors.signed_in(engine) as everybody,
    ):
        print(f"\n{engine.dialect.name}, {visitors.count_flags(engine):,} flags\n\n{HEAD}", flush=True)
        among = [one for one in everybody if not roles or one.role.value in roles]
        async with _benches(Path(name), site.database, times) as bench:
            async for line in measured(bench, among, only):
                print(line.told(), flush=True)
                found.append(line)
    return found


def summary(lines: Sequence[Line]) -> Iterator[str]:
    """What the table comes to."""
    ratios = sorted(line.ratio for line in lines)
    kept = sum(ratio <= GOAL for ratio in ratios)
    worst = max(lines, key=lambda line: line.ratio)
    middle = statistics.median(ratios)
    yield f"\np95 within {GOAL:.0f} × its floor: {kept} of {len(lines)}; the middle one {middle:.2f} ×."
    yield f"The worst is {worst.ratio:.1f} × ({worst.page}, {worst.who})."
    if unknown := sorted({kind for line in lines for kind in line.unknown}):
        yield f"Left out of floors: {', '.join(unknown)}."
    for line in lines:
        if line.errors:
            yield f"An error was shown on {line.page} to {line.who}: {' '.join(line.errors)}"


def growth(small: Sequence[Line], large: Sequence[Line]) -> Iterator[str]:
    """How much longer pages take at a larger size, in times of their floors: the middle one and the worst three."""
    before = {(line.who, line.page): line.ratio for line in small}
    grown = sorted(
        (line.ratio / before[line.who, line.page], line.page, line.who) for line in large
        if (line.who, line.page) in before
    )  # fmt: skip
    if grown:
        yield f"Growth of p95 over floor: the middle one {grown[len(grown) // 2][0]:.2f} ×, the worst " + ", ".join(
            f"{times:.1f} × ({page}, {who})" for times, page, who in reversed(grown[-3:])
        )


def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    reader.add_argument("--database", nargs="*", default=[], help="databases of sites, the smallest first")
    reader.add_argument("--sizes", type=int, nargs="*", default=[], help="flags of sites to be made, on SQLite")
    reader.add_argument("--times", type=int, default=20, help="reruns of each page that count")
    reader.add_argument("--pages", nargs="*", default=[], help="addresses of pages; without one, all")
    reader.add_argument("--roles", nargs="*", default=[], help="roles; without one, all")
    reader.add_argument("--quick", action="store_true", help="some pages, few times, within about a minute")
    told = reader.parse_args()
    os.environ.setdefault("QINGYUAN_KEYS", Ring.made().written())  # whoever makes a site and whoever shows it
    times, only = (5, told.pages or QUICK) if told.quick else (told.times, told.pages)
    roles = told.roles or (QUICK_ROLES if told.quick else [])
    sites = [*(Site(database) for database in told.database), *(Site(flags=n) for n in told.sizes)] or [Site()]
    begun, found = time.perf_counter(), []
    for site in sites:
        found.append(asyncio.run(run(site, times, only, roles)))
        print("\n".join([*summary(found[-1]), *(growth(found[0], found[-1]) if len(found) > 1 else ())]))
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()

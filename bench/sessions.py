"""How many people work at once, what each costs, and how soon the server is there: `python -m bench.sessions`.

Each session is a tab that runs its page again after a pause, as somebody who reads and clicks; sessions are added
until the p95 of a rerun has doubled; where between two steps it did is read off the straight line between them. What
memory a session takes is what the server grows by from some sessions to many. The floor is Streamlit's own hello page,
with the same settings, driven by the same client in the same run. The goals: at least 70 % of hello's sessions, at most
twice its memory a session and twice its time from the start to the first page; a first start that compiles what was
never run does not count. Between the two stands what Streamlit itself takes for the product's pages: the same elements
from constants (`bench.floor`).
"""

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, AsyncExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import streamlit

from bench import floor, served, visitors
from bench.pages import part
from bench.protocol import Tab
from bench.served import Served
from core.privacy.keys import Ring
from core.words import Role

HELLO = Path(streamlit.__file__).parent / "hello"
PAGES = ("", "register", "measures", "inspect")
"""What a cadre has open: a quarter of the sessions each."""
DOUBLED = 2.0
ALONE, REST = 60, 0.5
"""Reruns of a single session, by which the doubling is told, and the seconds of rest before each: a processor that has
slept takes longer, as it does between the clicks of a few."""
FEW, MANY = 20, 80
"""Sessions between which their memory is told."""
HEAD = "| server | sessions | p50 ms | p95 ms | CPU ms a rerun |\n|---|--:|--:|--:|--:|"


@dataclass(frozen=True)
class Row:
    """How a step went: sessions, seconds of a rerun, and the server's seconds of processor for one."""

    sessions: int
    p50: float
    p95: float
    processor: float = 0.0


@dataclass
class Kind:
    """A server under measurement: how it is started, its sessions' pages, what follows their question mark and the
    token, and what was found."""

    name: str
    start: Callable[[], AbstractContextManager[Served]]
    pages: Sequence[str]
    token: str = ""
    queries: Sequence[str] = ("",)
    started: float = 0.0
    memory: float = 0.0
    rows: list[Row] = field(default_factory=list)

    @property
    def most(self) -> float:
        """The sessions at which the p95 had doubled; where it never did, the most that were tried."""
        limit = DOUBLED * self.rows[0].p95
        for below, above in pairwise(self.rows):
            if above.p95 >= limit:
                share = (limit - below.p95) / (above.p95 - below.p95)
                return below.sessions + (above.sessions - below.sessions) * share
        return self.rows[-1].sessions

    def tab(self, served_: Served, n: int) -> Tab:
        """The n-th tab: pages in turn."""
        page, query = self.pages[n % len(self.pages)], self.queries[n % len(self.queries)]
        return Tab(served_.port, page, query, self.token)

    def is_over(self) -> bool:
        return self.rows[-1].p95 >= DOUBLED * self.rows[0].p95

    def told(self) -> str:
        row = self.rows[-1]
        return (
            f"| {self.name} | {row.sessions} | {row.p50 * 1000:.0f} | {row.p95 * 1000:.0f} "
            f"| {row.processor * 1000:.0f} |"
        )


async def first_page(kind: Kind, served_: Served) -> float:
    """Seconds from the start of the server to the end of the first page's first run."""
    begun = time.perf_counter()
    async with kind.tab(served_, 0) as tab:
        await tab.run()
    return served_.ready + time.perf_counter() - begun


async def working(tab: Tab, pause: float, until: float, times: list[float]) -> None:
    """Somebody who reads for a while (pause in seconds, on average) and clicks, again and again."""
    draw = random.Random(id(tab))
    await asyncio.sleep(draw.uniform(0, pause))
    while time.perf_counter() < until:
        times.append((await tab.run()).seconds)
        await asyncio.sleep(draw.uniform(0.5, 1.5) * pause)


class Tabs(AsyncExitStack):
    """Open tabs of one kind, its pages in turn."""

    def __init__(self, kind: Kind, served_: Served) -> None:
        super().__init__()
        self.kind, self.served, self.all = kind, served_, list[Tab]()

    async def more(self, n: int) -> None:
        """So many in all; each new one has run its page."""
        while len(self.all) < n:
            self.all.append(await self.enter_async_context(self.kind.tab(self.served, len(self.all))))
            await self.all[-1].run()

    async def again(self, rest: float = 0) -> list[float]:
        """Each runs its page once more, one after the other, with so many seconds before each; how long each took."""
        found = []
        for tab in self.all:
            await asyncio.sleep(rest)
            found.append((await tab.run()).seconds)
        return found


async def weigh(kind: Kind, served_: Served, few: int, many: int) -> None:
    """KB of memory for each session above the first few, each having run its page three times."""
    async with Tabs(kind, served_) as tabs:
        for n in (few, many):
            await tabs.more(n)
            await tabs.again()
            await tabs.again()
            kind.memory, before = served_.memory(), kind.memory
    kind.memory = (kind.memory - before) * 1024 / (many - few)


async def drive(kind: Kind, served_: Served, steps: Sequence[int], pause: float, seconds: float) -> None:
    """Add sessions step by step; every step is measured for so many seconds."""
    async with Tabs(kind, served_) as tabs:
        await tabs.more(len(kind.pages))  # every page once, before anything counts
        used, alone = served_.processor(), list[float]()
        while len(alone) < ALONE:
            alone += await tabs.again(REST)
        spent = (served_.processor() - used) / len(alone)
        kind.rows.append(Row(1, part(alone, 0.5), part(alone, 0.95), spent))
        print(kind.told(), flush=True)
        for n in steps:
            await tabs.more(n)
            times, used = list[float](), served_.processor()
            until = time.perf_counter() + seconds
            await asyncio.gather(*(working(tab, pause, until, times) for tab in tabs.all))
            spent = (served_.processor() - used) / len(times)
            kind.rows.append(Row(n, part(times, 0.5), part(times, 0.95), spent))
            print(kind.told(), flush=True)
            if kind.is_over():
                return


async def measure(kinds: Sequence[Kind], steps: Sequence[int], pause: float, seconds: float, *, quick: bool) -> None:
    """One after the other: each start some times, then the sessions."""
    print(HEAD, flush=True)
    starts = 2 if quick else 6
    for kind in kinds:
        taken = []
        for n in range(starts):
            with kind.start() as served_:
                taken.append(await first_page(kind, served_))
                if n == starts - 1:
                    await served.settled(served_)
                    await weigh(kind, served_, FEW // 2 if quick else FEW, MANY // 2 if quick else MANY)
                    await drive(kind, served_, steps, pause, seconds)
        kind.started = statistics.median(taken[1:])


def told(ours: Kind, bare: Kind, hello: Kind) -> str:
    """The table: ours, the same elements from constants, hello's, the ratio of ours to hello's and the goal."""
    rows = (
        ("sessions until the p95 doubles", [one.most for one in (ours, bare, hello)], "≥ 0.70"),
        ("memory a session, kB", [one.memory for one in (ours, bare, hello)], "≤ 2"),
        ("start to first page, s", [one.started for one in (ours, bare, hello)], "≤ 2"),
    )
    lines = [
        f"| {name} | {one:.1f} | {same:.1f} | {other:.1f} | {one / other if other else float('nan'):.2f} | {goal} |"
        for name, (one, same, other), goal in rows
    ]
    never = [kind.name for kind in (ours, bare, hello) if not kind.is_over()]
    if never:
        lines.append(f"\nThe p95 of {' and '.join(never)} had not doubled: the number of sessions is the most tried.")
    return "\n".join(["\n| measure | product | its floor | hello | ratio | goal |\n|---|--:|--:|--:|--:|---|", *lines])


async def draw(product: Kind, folder: Path) -> Kind:
    """The floor of a kind: what its pages send, to be sent from constants."""
    with product.start() as served_:
        for n, page in enumerate(product.pages):
            async with product.tab(served_, n) as tab:
                floor.write(folder, page or "home", floor.floor_of((await tab.run()).messages()))
    queries = [f"floor={page or 'home'}" for page in product.pages]
    return Kind("its floor", lambda: served.bare(folder, "floor.py"), product.pages, queries=queries)


async def run(steps: Sequence[int], pause: float, seconds: float, *, quick: bool) -> None:
    with (
        tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as below,
        tempfile.TemporaryDirectory() as theirs,
        visitors.opened(Path(ours)) as engine, visitors.signed_in(engine) as everybody,
    ):
        token = next(one.token for one in everybody if one.role is Role.CADRE)
        hello = Kind("hello", lambda: served.bare(Path(theirs), str(HELLO / "streamlit_app.py")), ("",))
        product = Kind("product", lambda: served.product(Path(ours), {"QINGYUAN_WORKER": "outside"}), PAGES, token)
        bare = await draw(product, Path(below))
        await measure((hello, bare, product), steps, pause, seconds, quick=quick)
        print(told(product, bare, hello))


def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m bench.sessions", description=__doc__)
    reader.add_argument("--steps", type=int, nargs="*", default=[5, 10, 25, 50, 75, 100, 150, 200, 300, 400])
    reader.add_argument("--pause", type=float, default=4.0, help="seconds between two clicks, on average")
    reader.add_argument("--seconds", type=float, default=30.0, help="how long each step is measured")
    reader.add_argument("--quick", action="store_true", help="few sessions, short, within about a minute")
    chosen = reader.parse_args()
    os.environ.setdefault("QINGYUAN_KEYS", Ring.made().written())
    steps, seconds = ([5, 10, 20, 40], 5.0) if chosen.quick else (chosen.steps, chosen.seconds)
    asyncio.run(run(steps, chosen.pause, seconds, quick=chosen.quick))


if __name__ == "__main__":
    main()

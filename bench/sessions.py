"""How many people work at once, what each costs, and how soon the server is there: `python -m bench.sessions`.

Each session is a tab that runs its page again after a pause, as somebody who reads and clicks; sessions are added
until the p95 of a rerun has doubled. The floor is Streamlit's own hello page, with the same settings, driven by the
same client in the same run. The goals: at least 70 % of hello's sessions, at most twice its memory a session and twice
its time from the start to the first page.
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
from pathlib import Path

import streamlit

from bench import served, visitors
from bench.pages import part
from bench.protocol import Tab
from bench.served import Served
from core.keys import Ring
from core.words import Role

HELLO = Path(streamlit.__file__).parent / "hello"
PAGES = ("", "register", "measures", "inspect")
"""What a cadre has open: a quarter of the sessions each."""
DOUBLED = 2.0
ALONE = 20
"""Reruns of a single session, by which the doubling is told."""


@dataclass
class Kind:
    """A server under measurement: how it is started, its sessions' pages and token, and what was found."""

    name: str
    start: Callable[[], AbstractContextManager[Served]]
    pages: Sequence[str]
    token: str = ""
    started: float = 0.0
    memory: float = 0.0
    rows: list[tuple[int, float, float]] = field(default_factory=list)

    @property
    def most(self) -> int:
        """The most sessions at which the p95 had not doubled."""
        alone = self.rows[0][2]
        return max((n for n, _p50, p95 in self.rows if p95 < DOUBLED * alone), default=0)

    def is_over(self) -> bool:
        return self.rows[-1][2] >= DOUBLED * self.rows[0][2]


async def first_page(kind: Kind, served_: Served) -> float:
    """Seconds from the start of the server to the end of the first page's first run."""
    begun = time.perf_counter()
    async with Tab(served_.port, kind.pages[0], token=kind.token) as tab:
        await tab.run()
    return served_.ready + time.perf_counter() - begun


async def working(tab: Tab, pause: float, until: float, times: list[float]) -> None:
    """Somebody who reads for a while (pause in seconds, on average) and clicks, again and again."""
    draw = random.Random(id(tab))
    await asyncio.sleep(draw.uniform(0, pause))
    while time.perf_counter() < until:
        times.append((await tab.run()).seconds)
        await asyncio.sleep(draw.uniform(0.5, 1.5) * pause)


async def drive(kind: Kind, served_: Served, steps: Sequence[int], pause: float, seconds: float) -> None:
    """Add sessions step by step; every step is measured for so many seconds."""
    async with AsyncExitStack() as stack:
        tabs: list[Tab] = []

        async def more(n: int) -> None:
            while len(tabs) < n:
                tab = Tab(served_.port, kind.pages[len(tabs) % len(kind.pages)], token=kind.token)
                tabs.append(await stack.enter_async_context(tab))
                await tab.run()

        await more(len(kind.pages))  # every page once, before anything counts
        before = served_.memory()
        alone = [(await tabs[n % len(tabs)].run()).seconds for n in range(ALONE)]
        kind.rows.append((1, part(alone, 0.5), part(alone, 0.95)))
        for n in steps:
            await more(n)
            times: list[float] = []
            until = time.perf_counter() + seconds
            await asyncio.gather(*(working(tab, pause, until, times) for tab in tabs))
            kind.rows.append((n, part(times, 0.5), part(times, 0.95)))
            kind.memory = (served_.memory() - before) / (len(tabs) - len(kind.pages)) * 1000
            print(f"| {kind.name} | {n} | {part(times, 0.5) * 1000:.0f} | {part(times, 0.95) * 1000:.0f} |", flush=True)
            if kind.is_over():
                return


async def measure(kinds: Sequence[Kind], steps: Sequence[int], pause: float, seconds: float, starts: int) -> None:
    """One after the other: each start some times, then the sessions."""
    print("| server | sessions | p50 ms | p95 ms |\n|---|--:|--:|--:|", flush=True)
    for kind in kinds:
        taken = []
        for n in range(starts):
            with kind.start() as served_:
                taken.append(await first_page(kind, served_))
                if n == starts - 1:
                    await drive(kind, served_, steps, pause, seconds)
        kind.started = statistics.median(taken)


def told(ours: Kind, hello: Kind) -> str:
    """The table: ours, hello's, their ratio and the goal."""
    rows = (
        ("sessions until the p95 doubles", ours.most, hello.most, "≥ 0.70"),
        ("memory a session, kB", ours.memory, hello.memory, "≤ 2"),
        ("start to first page, s", ours.started, hello.started, "≤ 2"),
    )
    lines = [
        f"| {name} | {one:.1f} | {other:.1f} | {one / other if other else float('nan'):.2f} | {goal} |"
        for name, one, other, goal in rows
    ]
    return "\n".join(["\n| measure | product | hello | ratio | goal |\n|---|--:|--:|--:|---|", *lines])


async def run(steps: Sequence[int], pause: float, seconds: float, starts: int) -> None:
    with (
        tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as theirs,
        visitors.opened(Path(ours)) as engine, visitors.signed_in(engine) as everybody,
    ):
        token = next(one.token for one in everybody if one.role is Role.CADRE)
        hello = Kind("hello", lambda: served.bare(Path(theirs), str(HELLO / "streamlit_app.py")), ("",))
        product = Kind("product", lambda: served.product(Path(ours), QINGYUAN_WORKER="outside"), PAGES, token)
        await measure((hello, product), steps, pause, seconds, starts)
        print(told(product, hello))


def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m bench.sessions", description=__doc__)
    reader.add_argument("--steps", type=int, nargs="*", default=[10, 25, 50, 75, 100, 150, 200, 300, 400])
    reader.add_argument("--pause", type=float, default=4.0, help="seconds between two clicks, on average")
    reader.add_argument("--seconds", type=float, default=30.0, help="how long each step is measured")
    reader.add_argument("--quick", action="store_true", help="few sessions, short, within about a minute")
    chosen = reader.parse_args()
    os.environ.setdefault("QINGYUAN_KEYS", Ring.made().written())
    steps, seconds, starts = ([10, 30], 6.0, 1) if chosen.quick else (chosen.steps, chosen.seconds, 3)
    asyncio.run(run(steps, chosen.pause, seconds, starts))


if __name__ == "__main__":
    main()

"""Half an hour of everything at once: `python -m bench.soak [--minutes 30] [--quick] [--database NAME]`.

Two processes of the product on one database; residents who speak, come back with their receipt and read the board, and
people who are signed in and open their pages over and over by websocket. Each minute: the memory of each process, and
how long each kind took. At the end: what each figure gains in a minute, with its 95 % interval, and whether it is flat.
"""

import argparse
import asyncio
import random
import statistics
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count

from sqlalchemy import Engine

from bench import making
from bench.ledger import lost
from bench.protocol import Failed, Tab
from bench.served import Served
from bench.speaking import Resident, words
from bench.stand import Site, founded, stand
from bench.steady import slope
from core.access import RESIDENT, Actor
from core.organisation import signin
from db.work import work

PROCESSES = 2
PAUSE = 1.0
"""Seconds on average that a person takes before the next click."""
COMMUNITIES, FEW = 60, 8
"""Of a soak, and of one that only tries whether it runs."""
TABS = (("inbox", "watchdog"), ("register", "watchdog"), ("register", "cadre"), ("measures", "cadre"))
SPEAK, FOLLOW, BOARD, PAGE = "speak", "receipt", "board", "page"
SENT = {SPEAK: 3, FOLLOW: 2, BOARD: 2}
"""How many people do what without an account."""


@dataclass
class Load:
    """Everybody at work: what they got, and how long each kind took since the last minute."""

    until: float
    said: list[tuple[str, str]] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    _took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def goes_on(self) -> bool:
        return time.monotonic() < self.until

    def took(self, kind: str, seconds: float, *, well: bool) -> None:
        with self._lock:
            self._took[kind].append(seconds)
            self.failed[kind] += not well

    def minute(self) -> dict[str, list[float]]:
        with self._lock:
            taken, self._took = self._took, defaultdict(list)
        return taken


def residents(load: Load, app: Served, site: Site, kind: str, numbers: "count[int]") -> None:
    """One resident after the other, of one kind, over one connection."""
    line = Resident(app.port)
    while load.goes_on:
        begun = time.perf_counter()
        n = next(numbers)
        code = site.codes[n % len(site.codes)]
        if kind == SPEAK:
            receipt = line.speak(code, words(n))
            if receipt:
                load.said.append((receipt, words(n)))
            well = bool(receipt)
        elif kind == FOLLOW and load.said:
            well = line.ask("POST", "/receipt", code=random.choice(load.said)[0])[0] == 200
        else:
            well = line.ask("GET", f"/b/{code}")[0] == 200
        load.took(kind, time.perf_counter() - begun, well=well)
        time.sleep(random.expovariate(1 / PAUSE))
    line.close()


async def _tab(load: Load, app: Served, page: str, token: str) -> None:
    async with Tab(app.port, page, token=token) as tab:
        while load.goes_on:
            begun, well = time.perf_counter(), True
            try:
                await tab.run()
            except Failed:
                well = False
            load.took(PAGE, time.perf_counter() - begun, well=well)
            await asyncio.sleep(random.expovariate(1 / PAUSE))


def signed_in(load: Load, apps: Sequence[Served], engine: Engine, site: Site) -> None:
    """People of some communities at their pages, each at a tab of their own."""

    async def all_of_them() -> None:
        tabs = []
        for n, (page, role) in enumerate(TABS):
            person: Actor = getattr(site.communities[n], role)
            tabs.append(_tab(load, apps[n % len(apps)], page, _token(engine, person)))
        await asyncio.gather(*tabs)

    asyncio.run(all_of_them())


def _token(engine: Engine, who: Actor) -> str:
    with work(engine, RESIDENT) as doing:
        person = doing.store.person(who.person_id or "")
        person.must_change = False
        return signin.begin(doing, person)


def measure(kind: str, minutes: int, communities: int) -> int:
    """Run it and print; 1 when something acknowledged was lost or a figure rises."""
    with ExitStack() as kept:
        here = kept.enter_context(stand(kind))
        engine = here.engine()
        site = founded(engine, communities)
        for one in site.communities[: len(TABS)]:
            making.ready(engine, one, site.supervisor, 3, 2)
        apps = [kept.enter_context(here.app(QINGYUAN_SPEAKING="1000000")) for _n in range(PROCESSES)]
        load, numbers = Load(time.monotonic() + minutes * 60), count(1)
        deeds: list[Callable[[], None]] = [lambda: signed_in(load, apps, engine, site)]
        for what, people in SENT.items():
            deeds += [
                lambda what=what, n=n: residents(load, apps[n % PROCESSES], site, what, numbers)  # type: ignore[misc]
                for n in range(people)
            ]
        threads = [threading.Thread(target=deed) for deed in deeds]
        for thread in threads:
            thread.start()
        figures = _watched(load, apps, minutes)
        for thread in threads:
            thread.join()
        gone = lost(engine, load.said)
        engine.dispose()
    return _told(figures, load, str(gone)) or int(bool(gone))


def _watched(load: Load, apps: Sequence[Served], minutes: int) -> dict[str, list[float]]:
    """The figures of each minute, printed as they come."""
    kinds = (SPEAK, FOLLOW, BOARD, PAGE)
    print("| minute | " + " | ".join(f"MB {n + 1}" for n in range(len(apps))) + " | "
          + " | ".join(f"{kind} ms median / p95" for kind in kinds) + " | done |")  # fmt: skip
    print("|---|" + "---|" * (len(apps) + len(kinds) + 1))
    figures: dict[str, list[float]] = defaultdict(list)
    for minute in range(1, minutes + 1):
        time.sleep(60)
        taken = load.minute()
        cells = []
        for n, app in enumerate(apps):
            figures[f"memory of process {n + 1} (MB)"].append(app.memory())
            cells.append(f"{app.memory():.0f}")
        for kind in kinds:
            times = sorted(taken.get(kind, [])) or [0.0]
            middle, late = statistics.median(times) * 1000, times[int(len(times) * 0.95)] * 1000
            figures[f"{kind}, median (ms)"].append(middle)
            cells.append(f"{middle:.0f} / {late:.0f}")
        print(f"| {minute} | " + " | ".join(cells) + f" | {sum(map(len, taken.values()))} |", flush=True)
    return figures


def _told(figures: dict[str, list[float]], load: Load, gone: str) -> int:
    failed = ", ".join(f"{n} × {kind}" for kind, n in load.failed.items() if n) or "nothing"
    print(f"\n{len(load.said)} submissions acknowledged, lost: {gone}; failed: {failed}\n")
    rises = False
    for name, values in figures.items():
        if (found := slope(values)) is None:
            print(f"{name}: too few minutes to tell")
            continue
        rises = rises or not found.is_flat
        print(f"{name}: mean {found.mean:.1f}, {found.told(name.rpartition('(')[2].rstrip(')'))}")
    return int(rises)


def main() -> int:
    reader = argparse.ArgumentParser(prog="python -m bench.soak")
    reader.add_argument("--minutes", type=int, default=30)
    reader.add_argument("--quick", action="store_true", help="whether it runs: one minute, which tells no slope")
    reader.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    told = reader.parse_args()
    minutes = 1 if told.quick else told.minutes
    print(f"{PROCESSES} processes, {told.database}, {sum(SENT.values())} residents and {len(TABS)} tabs\n", flush=True)
    return measure(told.database, minutes, FEW if told.quick else COMMUNITIES)


if __name__ == "__main__":
    raise SystemExit(main())

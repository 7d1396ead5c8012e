"""What the audit log costs: `python -m bench.chain [--quick] [--database URL]`.

Checking: lines against seconds at several sizes, and the exponent (1 is linear); what a second check costs, with and
without new lines. Appending: lines a second by one and several writers on one chain and on chains of their own, against
the bare insert of the same row with the same durability, in the same run.

The database has to be empty; without one an SQLite file of its own is made and thrown away.
"""

import argparse
import math
import multiprocessing
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Engine, insert, text

from bench.served import MB
from core.access import FOUNDER
from core.audit import Entry, Head, sealed_entry
from core.organisation import founding, units
from core.witness import Witness
from db import auditing
from db.engine import connect
from db.migrate import upgrade
from db.tables import audit_entries, chain_heads
from db.work import work

SIZES, QUICK = (10_000, 30_000, 100_000, 300_000), (1_000, 3_000, 10_000)
CHAINS = 100
LINES, FEW = 1_000, 100
"""Lines each writer appends."""
WRITERS = (1, 2, 4)
LOT = 1_000
AT = "2026-11-26T03:00:00+00:00"


def lengthen(engine: Engine, heads: dict[str, Head], lines: int) -> None:
    """So many lines more, spread over the chains, written beside the program."""
    with engine.begin() as rows:
        batch: list[Entry] = []
        for n in range(lines):
            chain = f"chain{n % CHAINS}"
            facts = {"name": f"岗位{n}", "reason": "与上一条同一件事"}
            entry = sealed_entry(heads.get(chain, (0, "")), chain, AT, "p", "post_added", f"{n}", facts)
            heads[chain] = entry.n, entry.digest
            batch.append(entry)
            if len(batch) == LOT or n == lines - 1:
                rows.execute(insert(audit_entries), [asdict(one) for one in batch])
                batch = []
        rows.execute(chain_heads.delete().where(chain_heads.c.chain.like("chain%")))
        rows.execute(insert(chain_heads), [
            {"chain": chain, "n": n, "digest": digest} for chain, (n, digest) in heads.items()
        ])  # fmt: skip


def timed(engine: Engine, witness: Witness | None) -> tuple[float, auditing.Audited]:
    """The best of three, for other programs may be running."""
    best = math.inf
    for _turn in range(3):
        start = time.perf_counter()
        found = auditing.look(engine, witness)
        best = min(best, time.perf_counter() - start)
    return best, found


def checking(engine: Engine, sizes: Sequence[int]) -> None:
    heads: dict[str, Head] = {}
    auditing.look(engine, None)  # the first one loads what every one needs
    print(f"\n{'lines':>9} {'whole s':>9} {'lines/s':>9} {'nothing new s':>14} {'1% new s':>9} {'peak MB':>8}")
    points: list[tuple[int, float]] = []
    for size in sizes:
        lengthen(engine, heads, size - sum(n for n, _digest in heads.values()))
        whole, found = timed(engine, None)
        assert not found.broken
        witness = Witness("x", "2026-11-26", dict(found.ends))
        nothing, again = timed(engine, witness)
        assert (again.lines, again.broken) == (0, [])
        lengthen(engine, heads, size // 100)
        some, _found = timed(engine, witness)
        tracemalloc.start()
        auditing.look(engine, None)
        peak = tracemalloc.get_traced_memory()[1] / MB
        tracemalloc.stop()
        points.append((found.lines, whole))
        print(f"{found.lines:>9} {whole:>9.2f} {found.lines / whole:>9.0f} {nothing:>14.3f} {some:>9.3f} {peak:>8.1f}")
    print(f"exponent of a whole check: {exponent(points):.2f}")


def exponent(points: Sequence[tuple[int, float]]) -> float:
    """The slope through the points on paper with logarithms on both sides (least squares)."""
    xs, ys = [math.log(x) for x, _y in points], [math.log(y) for _x, y in points]
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / sum((x - mx) ** 2 for x in xs)


def append(url: str, chain: str, lines: int, bare: bool, ready: "multiprocessing.synchronize.Barrier") -> None:
    """One writer: a line in a transaction of its own, as a deed writes it, or the bare row."""
    engine = connect(url)
    with engine.connect() as first:
        first.execute(text("SELECT 1"))
    ready.wait()
    for n in range(lines):
        if bare:
            entry = sealed_entry((n, ""), chain, AT, "p", "post_added", f"{n}", {"name": "岗位"})
            with engine.begin() as rows:
                rows.execute(insert(audit_entries).values(asdict(entry)))
        else:
            with work(engine, FOUNDER) as doing:
                doing.record("post_added", f"{n}", chain=chain, name="岗位")
    engine.dispose()


def rate(url: str, writers: int, lines: int, name: Callable[[int], str], bare: bool) -> float:
    """Lines a second by so many processes together."""
    ready = multiprocessing.Barrier(writers + 1)
    crowd = [
        multiprocessing.Process(target=append, args=(url, name(n), lines, bare, ready)) for n in range(writers)
    ]
    for one in crowd:
        one.start()
    ready.wait()
    start = time.perf_counter()
    for one in crowd:
        one.join()
    if any(one.exitcode for one in crowd):
        raise SystemExit("a writer failed")
    return writers * lines / (time.perf_counter() - start)


def appending(url: str, lines: int) -> None:
    print(f"\n{'writers':>8} {'chains':>8} {'bare/s':>9} {'as deeds/s':>11} {'of bare':>8}")
    for writers in WRITERS:
        for many in (False, True) if writers > 1 else (False,):
            own = f"{writers}{many}"
            floor = rate(url, writers, lines, lambda n, own=own: f"bare{own}{n}", bare=True)
            ours = rate(url, writers, lines, lambda n, own=own, many=many: f"ours{own}{n if many else ''}", bare=False)
            print(f"{writers:>8} {writers if many else 1:>8} {floor:>9.0f} {ours:>11.0f} {ours / floor:>8.0%}")


@contextmanager
def place(url: str) -> Iterator[str]:
    if url:
        yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'bench.db'}"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--database", default="")
    chosen = parser.parse_args(arguments)
    multiprocessing.set_start_method("spawn")
    with place(chosen.database) as url:
        engine = connect(url)
        upgrade(engine)
        with work(engine, FOUNDER) as doing:
            founding.plant_kinds(doing)
            city = units.plant(None, "city", "清源市")
            doing.store.add(city)
            doing.record("site_founded", city.id, chain=city.id)
        print(f"{engine.dialect.name}: {' '.join(['python -m bench.chain', *arguments])}")
        checking(engine, QUICK if chosen.quick else SIZES)
        engine.dispose()
        appending(url, FEW if chosen.quick else LINES)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

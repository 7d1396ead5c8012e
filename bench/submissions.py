"""How many residents can hand in their words in a second: `python -m bench.submissions [--quick] [--database NAME]`.

Two processes of the product on one database take plain HTML forms for many communities; each answer comes after the
commit. The floor, in turns with it, is the bare insert of a flag with its row in the audit log, by as many connections
from as many processes, on a database of the same kind on the same disk with the same settings. The site's cap on
speaking (QINGYUAN_SPEAKING, 300 in a minute for a process) is set out of reach; the caps of each community stay.
"""

import argparse
import multiprocessing
import secrets
import statistics
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count

from sqlalchemy import make_url

from bench.ledger import Loss, lost
from bench.making import spoken
from bench.served import Served
from bench.speaking import Heard, crowd, words
from bench.stand import Stand, founded, stand
from db.engine import connect

PROCESSES = 2
GOAL = 0.5


@dataclass
class Measured:
    """Acknowledged submissions and bare inserts, each with the seconds they took in all, and what was lost; of the
    submissions also the seconds of processor in the servers and in the client."""

    kind: str
    took: float = 0.0
    served: float = 0.0
    sent: float = 0.0
    floor: int = 0
    floor_took: float = 0.0
    heard: Heard = field(default_factory=Heard)
    loss: Loss = field(default_factory=Loss)

    @property
    def rate(self) -> float:
        return len(self.heard.receipts) / self.took

    @property
    def floor_rate(self) -> float:
        return self.floor / self.floor_took

    @property
    def ratio(self) -> float:
        return self.rate / self.floor_rate

    def row(self) -> str:
        times = sorted(self.heard.seconds)
        middle, late = statistics.median(times) * 1000, times[int(len(times) * 0.95)] * 1000
        return (
            f"| {self.kind} | {self.rate:.0f} | {self.floor_rate:.0f} | {self.ratio:.0%} | {middle:.0f} | {late:.0f} "
            f"| {self.served / len(times) * 1000:.1f} | {self.sent / len(times) * 1000:.1f} "
            f"| {len(times)} | {self.heard.refused.total()} | {self.loss} |"
        )


HEAD = """\
| database | submissions/s | floor/s | ratio | median ms | p95 ms | CPU ms, servers | client | told | refused | lost |
|---|---|---|---|---|---|---|---|---|---|---|"""


def bare(url: str, connections: int, seconds: float) -> int:
    """A flag and its row in the log, committed, over and over on so many connections; how many. By the driver alone."""
    engine = connect(url)
    with engine.connect() as one:
        flag = dict(one.exec_driver_sql("SELECT * FROM flags LIMIT 1").mappings().one())
        line = dict(one.exec_driver_sql(f"SELECT * FROM audit_entries WHERE subject = '{flag['id']}'").mappings().one())
    is_file = engine.dialect.name == "sqlite"
    mark = "?" if is_file else "%s"
    done: list[int] = []
    until = time.perf_counter() + seconds

    def pour() -> None:
        chain, n = secrets.token_hex(10), 0
        flag_in, line_in = _insert("flags", flag, mark), _insert("audit_entries", line, mark)
        one = engine.raw_connection()
        cursor = one.cursor()
        while time.perf_counter() < until:
            n += 1
            key = secrets.token_hex(10)
            if is_file:  # the other driver begins by itself
                cursor.execute("BEGIN IMMEDIATE")
            cursor.execute(flag_in, tuple((flag | {"id": key}).values()))
            cursor.execute(line_in, tuple((line | {"chain": chain, "n": n, "subject": key}).values()))
            one.commit()
        one.close()
        done.append(n)

    threads = [threading.Thread(target=pour) for _n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    return sum(done)


def _insert(table: str, row: Mapping[str, object], mark: str) -> str:
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join([mark] * len(row))})"


def beside(here: Stand) -> str:
    """A database beside the one that is measured: with the same tables, one community and one flag in it."""
    if here.postgres:
        url = here.postgres.database("floor")
    else:
        url = make_url(here.url).set(database=str(here.folder / "floor.db")).render_as_string()
    engine = connect(url)
    site = founded(engine, 1)
    spoken(engine, site.codes[0], words(0))
    engine.dispose()
    return url


def measure(kind: str, communities: int, people: int, rounds: int, seconds: float) -> Measured:
    """Both in turns, so that a busy machine is busy for both."""
    found = Measured(kind)
    numbers = count(1)
    with ExitStack() as kept:
        here = kept.enter_context(stand(kind))
        engine = here.engine()
        site, floor = founded(engine, communities), beside(here)
        apps = [kept.enter_context(here.app(QINGYUAN_SPEAKING="1000000")) for _n in range(PROCESSES)]
        ports = [app.port for app in apps]
        crowd(ports, site.codes, 4, time.perf_counter() + 2, numbers)  # the first ones of a process are the slowest
        pool = kept.enter_context(multiprocessing.get_context("spawn").Pool(PROCESSES))
        for _round in range(rounds):
            each = pool.starmap(bare, [(floor, people // PROCESSES, seconds)] * PROCESSES)
            found.floor, found.floor_took = found.floor + sum(each), found.floor_took + seconds
            begun, served, sent = time.perf_counter(), _processor(apps), time.process_time()
            heard = crowd(ports, site.codes, people, begun + seconds, numbers)
            found.took += time.perf_counter() - begun
            found.served, found.sent = found.served + _processor(apps) - served, found.sent + time.process_time() - sent
            found.heard.receipts += heard.receipts
            found.heard.seconds += heard.seconds
            found.heard.refused += heard.refused
        found.loss = lost(engine, found.heard.receipts)
        engine.dispose()
    return found


def _processor(apps: Sequence[Served]) -> float:
    return sum(app.processor() for app in apps)


def main(arguments: Sequence[str] | None = None) -> int:
    reader = argparse.ArgumentParser(prog="python -m bench.submissions")
    reader.add_argument("--quick", action="store_true", help="a rough figure within a minute")
    reader.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    reader.add_argument("--people", type=int, default=16, help="residents at once, and connections of the floor")
    told = reader.parse_args(arguments)
    communities, rounds, seconds = (40, 2, 4.0) if told.quick else (1000, 6, 10.0)
    kinds = ("sqlite", "postgresql") if told.database == "both" else (told.database,)
    print(f"{PROCESSES} processes, {told.people} residents at once, {communities} communities\n\n{HEAD}", flush=True)
    found = []
    for kind in kinds:
        found.append(measure(kind, communities, told.people, rounds, seconds))
        print(found[-1].row(), flush=True)
    print(f"\ngoal: at least {GOAL:.0%} of the floor, none lost")
    return 1 if any(one.loss for one in found) else 0


if __name__ == "__main__":
    raise SystemExit(main())

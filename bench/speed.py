"""How fast the same matter is found, one text at a time and all at once: `python -m bench.merging speed`.

Everything is timed in a process of its own, ours and the others alike, stopped after ten minutes.
"""

import gc
import resource
import secrets
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from sqlalchemy import create_engine, make_url, text

from bench import rivals
from bench.scaling import community, many
from core import dates
from core.access import FOUNDER, Permission
from core.alike.bunching import bunches
from core.alike.pieces import Said
from core.organisation import units
from core.review import merging, suggesting
from core.voices.flags import Flag
from core.words import Channel, Source
from db.engine import connect
from db.migrate import upgrade
from db.work import reading

LIMIT = 600
"""Seconds after which something is stopped."""
REGISTERS = (2_000, 10_000, 100_000)
"""Voices of the community that is asked for one text."""
HEAPS = (1_000, 10_000, 100_000)
"""Texts that are grouped at once."""
QUERIES, FIRST = 200, 100
"""Texts that are asked for and timed, after some that are not: a server that runs has read most of what it compares."""
AGAIN = {1_000: 3, 10_000: 2}
"""How often grouping is timed; the best counts."""

Timed = dict[str, Sequence[float]]
"""Seconds by what was timed."""


@dataclass(frozen=True)
class Measured:
    """What a process found out: seconds, and the most memory it ever held, in MB."""

    seconds: Timed
    memory: float


def raised(said: Sequence[Said], url: str) -> Timed:
    """Ours through the store: the suggestions for a new flag, and the likely entries shown for it in the inbox."""
    engine = connect(url)
    upgrade(engine)
    start = time.perf_counter()
    unit = community(engine, said[: -QUERIES - FIRST])
    built = time.perf_counter() - start
    gc.freeze()  # as the server does
    now, new, shown = dates.now(), [], []
    for one in said[-QUERIES - FIRST :]:
        flag = Flag(units.new_id(), unit.id, None, Source.RESIDENT, Channel.QR, one.text, now.date(), now.date())
        with reading(engine, FOUNDER, now) as work:
            work.store.register_of(unit.id)  # the transaction stands, as it does when a flag is raised
            new.append(_seconds(suggesting.suggest, work, flag))
        with reading(engine, FOUNDER, now) as work:
            scope = work.actor.require(Permission.FLAG_MERGE)
            shown.append(_seconds(merging.likely_entries, work, flag, scope))
    return {"built": [built], "new": new[FIRST:], "shown": shown[FIRST:]}


def asked(said: Sequence[Said], url: str, name: str) -> Timed:
    """Another way: the time it takes to make its index, and to ask it."""
    start = time.perf_counter()
    ask = rivals.ONE[name](said[: -QUERIES - FIRST], url)
    built = time.perf_counter() - start
    gc.freeze()
    ask(said[0])
    return {"built": [built], "new": [_seconds(ask, one) for one in said[-QUERIES:]]}


def grouped(said: Sequence[Said], _url: str) -> Timed:
    """Ours: all groups, from texts to groups with their reasons."""
    bunches(said[:50])
    return {"all": [_seconds(bunches, said) for _n in range(AGAIN.get(len(said), 1))]}


def held(said: Sequence[Said], _url: str, name: str) -> Timed:
    """Another way: the texts nearest to each, without any decision."""
    return {"all": [_seconds(rivals.ALL[name], said) for _n in range(AGAIN.get(len(said), 1))]}


def _seconds(deed: Callable[..., object], *args: object) -> float:
    start = time.perf_counter()
    deed(*args)
    return time.perf_counter() - start


def measured(what: Callable[..., Timed], size: int, url: str, *args: str) -> Measured | str:
    """What a process of its own finds out about so many texts, or why it does not."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_tell, args=(theirs, what, size, url, *args), daemon=True)
    child.start()
    theirs.close()
    try:
        if not ours.poll(LIMIT):
            return f"stopped after {LIMIT // 60} minutes"
        found: Measured | str = ours.recv()
        return found
    except EOFError:
        return "ended without an answer"
    finally:
        child.kill()
        child.join()


def _tell(to: Connection, what: Callable[..., Timed], size: int, url: str, *args: str) -> None:
    warnings.simplefilter("ignore")  # what packages say to their own developers
    said = many(size)
    try:
        seconds = what(said, url, *args)
        to.send(Measured(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
    except ImportError as missing:
        to.send(f"{missing.name} is missing")
    except MemoryError:
        to.send("out of memory")


@contextmanager
def empty(server: str) -> Iterator[str]:
    """A new database on a PostgreSQL server, or a new file where none is given; gone afterwards."""
    if not server:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'speed.db'}"
        return
    name = f"qingyuan_speed_{secrets.token_hex(4)}"
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as rows:
        rows.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            rows.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def singles(server: str, sizes: Sequence[int]) -> None:
    """Print the table of one text at a time."""
    rows: list[tuple[str, Callable[..., Timed], str, tuple[str, ...]]] = [("**ours, SQLite**", raised, "", ())]
    if server:
        rows.append(("**ours, PostgreSQL**", raised, server, ()))
    for name in rivals.ONE:
        if server or "pg" not in name:
            rows.append((name, asked, server if "pg" in name else "", (name,)))
    print(f"\n| one text among | {' | '.join(f'{size:,}' for size in sizes)} |\n|---|{'---|' * len(sizes)}", flush=True)
    for label, what, where, args in rows:
        print(f"| {label} ", end="", flush=True)
        for size in sizes:
            with empty(where) as url:
                found = measured(what, size + QUERIES + FIRST, url, *args)
            print(f"| {found if isinstance(found, str) else _single(found)} ", end="", flush=True)
        print("|", flush=True)


def _single(found: Measured) -> str:
    parts = [_quantiles(found.seconds["new"])]
    if "shown" in found.seconds:
        parts.append(f"inbox {_quantiles(found.seconds['shown'])}")
    return f"{'; '.join(parts)} ({found.seconds['built'][0]:.1f} s, {found.memory:.0f} MB)"


def _quantiles(seconds: Sequence[float]) -> str:
    half, most = np.quantile(seconds, [0.5, 0.95]) * 1000
    return f"{half:.1f} / {most:.1f}"


def bulk(sizes: Sequence[int]) -> None:
    """Print the table of all texts at once."""
    rows: list[tuple[str, Callable[..., Timed], tuple[str, ...]]] = [("**ours**", grouped, ())]
    rows += [(name, held, (name,)) for name in rivals.ALL]
    print(f"\n| all of | {' | '.join(f'{size:,}' for size in sizes)} | grows with |\n|---|{'---|' * len(sizes)}---|")
    ours: dict[int, float] = {}
    for label, what, args in rows:
        print(f"| {label} ", end="", flush=True)
        best: dict[int, float] = {}
        for size in sizes:
            found = measured(what, size, "", *args)
            if isinstance(found, str):
                print(f"| {found} ", end="", flush=True)
                continue
            best[size] = min(found.seconds["all"])
            ours.setdefault(size, best[size])
            print(f"| {best[size]:.1f} s ({best[size] / ours[size]:.1f}), {found.memory:.0f} MB ", end="", flush=True)
        print(f"| {_exponent(best)} |", flush=True)


def _exponent(best: dict[int, float]) -> str:
    """The power of the number of texts with which the time grows."""
    if len(best) < 2:
        return ""
    return f"n^{np.polyfit(np.log(list(best)), np.log(list(best.values())), 1)[0]:.2f}"


def main(server: str, most: int) -> None:
    """Both tables, up to so many texts."""
    yardstick = min(_seconds(sum, range(10**7)) for _n in range(3))
    print(f"Adding ten million numbers takes this machine {yardstick:.2f} s.")
    singles(server, [size for size in REGISTERS if size <= most])
    bulk([size for size in HEAPS if size <= most])

"""Disks that are full or cannot be written, and a database somebody else holds."""

import os
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from bench.faults.grounds import Grounds
from bench.faults.kinds import NotTried, Outcome
from bench.ledger import lost
from bench.speaking import RECEIPT, Resident, together, words
from bench.stand import App, Postgres, Site, Stand, founded
from db.engine import connect

LIMIT = 400
"""Submissions after which a disk should long be full."""


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of that size in memory."""
    if os.geteuid() != 0:
        raise NotTried("mounting a small disk takes the rights of root")
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", disk]
    if subprocess.run(mount, check=False).returncode:
        raise NotTried("a small disk could not be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk], check=False)


def fill(disk: Path, leave: int) -> Path:
    """Fill a disk but for some bytes; the file that does it."""
    ballast = disk / "ballast"
    with ballast.open("wb") as out:
        while (free := shutil.disk_usage(disk).free) > leave:
            out.write(b"\0" * min(free - leave, 1 << 20))
            out.flush()
    return ballast


Said = list[tuple[str, str]]


def refused_politely(outcome: Outcome, app: App, site: Site, said: Said, numbers: "count[int]") -> None:
    """Speak until nothing more is taken in; the answer must be 503 with a time to come again and the words in it."""
    resident = Resident(app.port)
    for _try in range(LIMIT):
        n = next(numbers)
        status, page = resident.ask("POST", f"/r/{site.codes[n % len(site.codes)]}", text=words(n), do="all")
        if status != 200:
            break
        if found := RECEIPT.search(page):
            said.append((found[1], words(n)))
    else:
        outcome.hold(False, "it went on taking words in")
        return
    outcome.hold(status == 503, f"answered {status} instead of 503")
    outcome.hold(words(n) in page, "the words are not in the answer")
    outcome.hold(resident.retry_after, "no Retry-After")
    resident.close()


def goes_on(outcome: Outcome, app: App, site: Site, said: Said, numbers: "count[int]") -> None:
    resident = Resident(app.port)
    for _try in range(60):
        n = next(numbers)
        if code := resident.speak(site.codes[n % len(site.codes)], words(n)):
            said.append((code, words(n)))
            return
        time.sleep(0.5)
    outcome.hold(False, "it did not go on afterwards")


def full_sqlite(grounds: Grounds) -> Outcome:
    """A disk of 24 MB with the database on it, filled by something else while residents speak."""
    outcome, said, numbers = Outcome(), [], count(1)  # type: ignore[var-annotated]
    with small_disk(_own(grounds, "full-sqlite"), 24) as disk, grounds.copy("sqlite", disk) as (here, site):
        app = App(disk.parent, {**here.settings, "QINGYUAN_DATA": str(disk)})
        try:
            goes_on(outcome, app, site, said, numbers)
            ballast = fill(disk, 200_000)
            refused_politely(outcome, app, site, said, numbers)
            ballast.unlink()
            goes_on(outcome, app, site, said, numbers)
        finally:
            app.stop()
        _nothing_lost(outcome, here, said)
    outcome.tried = f"tmpfs of 24 MB filled up, then emptied; {len(said)} submissions acknowledged"
    return outcome


def limited_sqlite(grounds: Grounds) -> Outcome:
    """The same without the rights of root: a server that may write no file beyond a size, then one that may."""
    outcome, said, numbers = Outcome(), [], count(1)  # type: ignore[var-annotated]
    with grounds.copy("sqlite") as (here, site):
        size = (here.folder / "qingyuan.db").stat().st_size + 400_000
        app = App(here.folder, here.settings, ["prlimit", f"--fsize={size}"])
        try:
            refused_politely(outcome, app, site, said, numbers)
        finally:
            app.stop()
        app = here.app()
        try:
            goes_on(outcome, app, site, said, numbers)
        finally:
            app.stop()
        _nothing_lost(outcome, here, said)
    outcome.tried = f"files limited to {size // 1000} kB by prlimit; {len(said)} submissions acknowledged"
    return outcome


def full_postgresql(grounds: Grounds) -> Outcome:
    """PostgreSQL on a disk of 220 MB that is filled by something else; it may fall and is started again."""
    outcome, said, numbers = Outcome(), [], count(1)  # type: ignore[var-annotated]
    with small_disk(_own(grounds, "full-postgresql"), 220) as disk:
        server = Postgres(disk)
        try:
            url = server.database("qingyuan")
            engine = connect(url)
            site = founded(engine, 2)
            engine.dispose()
            here = Stand(disk.parent, url, {**grounds.settings, "DATABASE_URL": url}, server)
            app = here.app()
            try:
                goes_on(outcome, app, site, said, numbers)
                ballast = fill(disk, 0)
                refused_politely(outcome, app, site, said, numbers)
                ballast.unlink()
                if server.process.poll() is not None:
                    server.start()
                goes_on(outcome, app, site, said, numbers)
            finally:
                app.stop()
            _nothing_lost(outcome, here, said)
        finally:
            server.stop()
    outcome.tried = f"tmpfs of 220 MB filled up, then emptied; {len(said)} submissions acknowledged"
    return outcome


@contextmanager
def _write_protected(file: Path) -> Iterator[str]:
    """A file nobody can write; in which way."""
    file.chmod(0o444)
    if os.geteuid() != 0:
        yield "of mode 444"
        return
    for arguments in (["--bind", str(file), str(file)], ["-o", "remount,ro,bind", str(file)]):
        if subprocess.run(["mount", *arguments], check=False).returncode:
            raise NotTried("a file could not be mounted read-only here")
    try:
        yield "mounted read-only"
    finally:
        subprocess.run(["umount", "-l", str(file)], check=False)


def read_only(grounds: Grounds) -> Outcome:
    """The product is started on a database file that it may only read: as root through a mount, else by its mode."""
    outcome, numbers, said = Outcome(), count(1), []  # type: ignore[var-annotated]
    with grounds.copy("sqlite") as (here, site), _write_protected(here.folder / "qingyuan.db") as how:
        outcome.tried = f"a file that is {how}, the product started on it"
        app = here.app()
        try:
            resident = Resident(app.port)
            for path in (f"/r/{site.codes[0]}", f"/b/{site.codes[0]}", "/receipt"):
                status, _page = resident.ask("GET", path)
                outcome.hold(status == 200, f"{path} answers {status}")
            refused_politely(outcome, app, site, said, numbers)
            resident.close()
        finally:
            app.stop()
    return outcome


def locked_by_backup(grounds: Grounds) -> Outcome:
    """Somebody copies the file under a lock for some seconds, and once more by SQLite's own way; words wait and get in.
    """
    outcome, said, numbers = Outcome(), [], count(1)  # type: ignore[var-annotated]
    seconds = 3.0 if grounds.quick else 20.0
    with grounds.copy("sqlite") as (here, site):
        app = here.app()
        over = threading.Event()
        try:
            goes_on(outcome, app, site, said, numbers)

            def back_up() -> None:
                path = here.folder / "qingyuan.db"
                with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as held:
                    held.execute("BEGIN EXCLUSIVE")
                    shutil.copy(path, here.folder / "copied.db")
                    time.sleep(seconds)
                    held.execute("ROLLBACK")
                with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(here.folder / "online.db")) as two:
                    one.backup(two, pages=10, sleep=0.01)
                over.set()

            def speak() -> None:
                while not over.is_set():
                    goes_on(outcome, app, site, said, numbers)

            together([back_up, speak, speak])
        finally:
            app.stop()
        _nothing_lost(outcome, here, said)
    outcome.tried = f"locked for {seconds:.0f} s, then copied while in use; {len(said)} submissions acknowledged"
    return outcome


def _nothing_lost(outcome: Outcome, here: Stand, said: Said) -> None:
    engine = here.engine()
    found = lost(engine, said)
    engine.dispose()
    outcome.hold(not found, f"submissions lost: {found}")


def _own(grounds: Grounds, name: str) -> Path:
    folder = grounds.folder / name
    folder.mkdir()
    return folder

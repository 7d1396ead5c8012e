"""Disks that are full or cannot be written, and a database somebody else holds."""

import os
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bench.faults.grounds import Grounds
from bench.faults.kinds import NotTried, Outcome
from bench.ledger import lost
from bench.served import Served, product
from bench.speaking import RECEIPT, Resident, together, words
from bench.stand import Postgres, Site, Stand, founded
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


@dataclass
class Trial:
    """Residents who speak while a disk fails: what was acknowledged to them, and what did not hold."""

    site: Site
    outcome: Outcome = field(default_factory=Outcome)
    said: list[tuple[str, str]] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def refused(self, app: Served) -> None:
        """Speak until nothing more is taken in; the answer must be 503 with a time to come again and the words in it.
        """
        resident = Resident(app.port)
        for _try in range(LIMIT):
            n = next(self.numbers)
            code = self.site.codes[n % len(self.site.codes)]
            status, page = resident.ask("POST", f"/r/{code}", text=words(n), do="all")
            if status != 200:
                break
            if found := RECEIPT.search(page):
                self.said.append((found[1], words(n)))
        else:
            self.outcome.hold(False, "it went on taking words in")
            return
        self.outcome.hold(status == 503, f"answered {status} instead of 503")
        self.outcome.hold(words(n) in page, "the words are not in the answer")
        self.outcome.hold(resident.retry_after, "no Retry-After")
        resident.close()

    def goes_on(self, app: Served) -> None:
        resident = Resident(app.port)
        for _try in range(60):
            n = next(self.numbers)
            if code := resident.speak(self.site.codes[n % len(self.site.codes)], words(n)):
                self.said.append((code, words(n)))
                return
            time.sleep(0.5)
        self.outcome.hold(False, "it did not go on afterwards")

    def filled(self, app: Served, disk: Path, leave: int, emptied: Callable[[], None] = lambda: None) -> None:
        """The disk filled but for some bytes while they speak, and emptied again."""
        self.goes_on(app)
        ballast = fill(disk, leave)
        self.refused(app)
        ballast.unlink()
        emptied()
        self.goes_on(app)

    def over(self, here: Stand, tried: str) -> Outcome:
        """What came of it: nothing acknowledged may be lost."""
        engine = here.engine()
        found = lost(engine, self.said)
        engine.dispose()
        self.outcome.hold(not found, f"submissions lost: {found}")
        self.outcome.tried = f"{tried}; {len(self.said)} submissions acknowledged"
        return self.outcome


def full_sqlite(grounds: Grounds) -> Outcome:
    """A disk of 24 MB with the database on it, filled by something else while residents speak."""
    with small_disk(_own(grounds, "full-sqlite"), 24) as disk, grounds.copy("sqlite", disk) as (here, site):
        trial = Trial(site)
        with product(disk.parent, {**here.settings, "QINGYUAN_DATA": str(disk)}) as app:
            trial.filled(app, disk, 200_000)
        return trial.over(here, "tmpfs of 24 MB filled up, then emptied")


def limited_sqlite(grounds: Grounds) -> Outcome:
    """The same without the rights of root: a server that may write no file beyond a size, then one that may."""
    with grounds.copy("sqlite") as (here, site):
        trial, size = Trial(site), (here.folder / "qingyuan.db").stat().st_size + 400_000
        with here.app(["prlimit", f"--fsize={size}"]) as app:
            trial.refused(app)
        with here.app() as app:
            trial.goes_on(app)
        return trial.over(here, f"files limited to {size // 1000} kB by prlimit")


def full_postgresql(grounds: Grounds) -> Outcome:
    """PostgreSQL on a disk of 220 MB that is filled by something else; it may fall and is started again."""
    with small_disk(_own(grounds, "full-postgresql"), 220) as disk:
        server = Postgres(disk)
        try:
            url = server.database("qingyuan")
            engine = connect(url)
            trial = Trial(founded(engine, 2))
            engine.dispose()
            here = Stand(disk.parent, url, {**grounds.settings, "DATABASE_URL": url}, server)
            with here.app() as app:
                trial.filled(app, disk, 0, lambda: None if server.process.poll() is None else server.start())
            return trial.over(here, "tmpfs of 220 MB filled up, then emptied")
        finally:
            server.stop()


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
    with grounds.copy("sqlite") as (here, site), _write_protected(here.folder / "qingyuan.db") as how:
        trial = Trial(site, Outcome(f"a file that is {how}, the product started on it"))
        with here.app() as app:
            resident = Resident(app.port)
            for path in (f"/r/{site.codes[0]}", f"/b/{site.codes[0]}", "/receipt"):
                status, _page = resident.ask("GET", path)
                trial.outcome.hold(status == 200, f"{path} answers {status}")
            trial.refused(app)
            resident.close()
    return trial.outcome


def locked_by_backup(grounds: Grounds) -> Outcome:
    """Somebody copies the file under a lock for some seconds, and once more by SQLite's own way; words wait and get in.
    """
    seconds = 3.0 if grounds.quick else 20.0
    with grounds.copy("sqlite") as (here, site), here.app() as app:
        trial, over = Trial(site), threading.Event()
        trial.goes_on(app)

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
                trial.goes_on(app)

        together([back_up, speak, speak])
        return trial.over(here, f"locked for {seconds:.0f} s, then copied while in use")


def _own(grounds: Grounds, name: str) -> Path:
    folder = grounds.folder / name
    folder.mkdir()
    return folder

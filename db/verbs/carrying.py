"""Verbs that carry everything kept: into another database, into a backup, and out of one."""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from core.audit import Break
from core.errors import Refused
from core.text import N_, _
from db.carrying import backing, moving
from db.carrying.passphrase import passphrase
from db.engine import connect, databases, real_url, spelled
from db.verbs import argument, verb

EVERY = 2.0
"""Seconds between two lines that tell how far it has come."""


@verb(
    "move", N_("Move everything into another, empty database"),
    argument("--to", N_("The address of the other database"), required=True, metavar="URL"),
)  # fmt: skip
def move(*, to: str) -> int:
    """Move the site into an empty database; 1 when a chain does not hold, there as here."""
    source = databases.real()
    if not databases.is_founded():
        raise Refused(N_("There is nothing yet that could be carried anywhere."))
    target = connect(spelled(to))
    try:
        rows, broken = moving.move(source, target, _teller())
    finally:
        target.dispose()
    print(_("{rows} rows are over there, read back and the same. Now set DATABASE_URL to the other database; this one "
            "stays as it was.", rows=rows))  # fmt: skip
    return tell_breaks(broken)


@verb("backup", N_("Write everything into a locked file, while people work"), argument("file", N_("The new file")))
def backup(*, file: str) -> int:
    """Back the site up; 1 when a chain does not hold, which the backup then shows as well."""
    engine = databases.real()
    if not databases.is_founded():
        raise Refused(N_("There is nothing yet that could be carried anywhere."))
    found = backing.backup(engine, Path(file), passphrase(new=True), _teller())
    print(_("{rows} rows are in the backup, which was read back. Keep a copy of the keys apart from it: without them "
            "contacts and originals of files stay locked.", rows=found.rows))  # fmt: skip
    return _tell(found)


@verb(
    "restore", N_("Fill an empty database with a backup"), argument("file", N_("The file of the backup")),
    argument("--to", N_("The address of the database, if not the site's own"), default="", metavar="URL"),
)  # fmt: skip
def restore(*, file: str, to: str = "") -> int:
    """Restore a backup into an empty database; 1 when a chain in it does not hold."""
    target = connect(spelled(to) or real_url())
    try:
        found = backing.restore(Path(file), target, passphrase(), _teller())
    finally:
        target.dispose()
    print(_("{rows} rows of {day} are restored, read back and the same.", rows=found.rows, day=found.manifest.day))
    return tell_breaks(found.broken)


def look_into(file: str) -> int:
    """Read a backup without restoring it; 1 when a chain in it does not hold."""
    found = backing.verify(Path(file), passphrase(), _teller())
    manifest = found.manifest
    print(_("The backup is whole: {rows} rows of {day}, version {version}, {chains} chains.", rows=found.rows,
            day=manifest.day, version=manifest.version, chains=len(manifest.heads)))  # fmt: skip
    return _tell(found)


def _tell(found: backing.Found) -> int:
    for sha256 in found.lost:
        print(_("File {sha256} is not there or is not what it was.", sha256=sha256))
    return max(tell_breaks(found.broken), bool(found.lost))


def tell_breaks(broken: Sequence[Break]) -> int:
    for found in broken:
        print(_("Chain {chain} breaks at line {n}: {why}.", chain=found.chain, n=found.n, why=found.why))
    return 1 if broken else 0


def _teller() -> Callable[[str, int, int], None]:
    """Tells on the console how far it has come: every few seconds, and where a table is done."""
    last = time.monotonic()

    def tell(name: str, done: int, whole: int) -> None:
        nonlocal last
        if done and (done == whole or time.monotonic() - last > EVERY):
            last = time.monotonic()
            print(f"  {name}: {done}" + (f"/{whole}" if whole else ""), file=sys.stderr, flush=True)

    return tell

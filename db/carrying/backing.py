"""Backups: everything of one moment in a locked file, the same for both kinds of server.

Inside, line by line: a manifest; then for each table its name, its rows (db.carrying.lines), and how many there were
with their digest; then the end. The keys that open contacts and originals are not in it: they are kept apart.
"""

import hashlib
import json
import os
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, text

from core import dates
from core.audit import Break, Head
from core.errors import Refused
from core.text import N_
from db import migrate, shelves
from db.carrying import box
from db.carrying.filling import Tell, breaks, heads_of, put, settle, tallied, told
from db.carrying.lines import FORMS, Form, Tally, lines
from db.carrying.moving import counted, plan
from db.carrying.places import OTHER, empty, moment
from db.keyring import settle as settle_folder
from db.tables import audit_entries
from db.tables.file_tables import files

KIND = "qingyuan backup 1"


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself: its kind and version, its day, rows by table, and where each chain ends."""

    kind: str
    version: str
    day: str
    rows: dict[str, int]
    heads: dict[str, Head]


@dataclass(frozen=True)
class Found:
    """What reading a backup found: what it says of itself, the chains in it that do not hold, and the hashes of files
    that it does not have, or not as they were."""

    manifest: Manifest
    broken: list[Break]
    lost: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        return sum(self.manifest.rows.values())


def backup(engine: Engine, path: Path, passphrase: str, tell: Tell) -> Found:
    """Write everything of this moment into a new file while others go on working, and read the file back.

    It has its name only once it is whole on the disk; whoever is killed before leaves a `.part` beside it."""
    if path.exists():
        raise Refused(N_("There is a file of this name already. A backup never takes another one's place."))
    try:
        handle, name = mkstemp(dir=path.parent, prefix=f"{path.name}-", suffix=".part")  # made for its owner alone
        with os.fdopen(handle, "w+b") as file:
            try:
                _write(engine, file, passphrase, tell)
                file.flush()
                os.fsync(file.fileno())
                file.seek(0)
                found = read(file, passphrase, lambda name, n, whole: tell("✓ " + name, n, whole))
            except BaseException:
                Path(name).unlink()
                raise
        Path(name).replace(path)
        settle_folder(path.parent)
    except OSError as fault:
        raise Refused(N_("The backup cannot be written: {why}."), why=fault.strerror or "") from fault
    return found


def _write(engine: Engine, file: BinaryIO, passphrase: str, tell: Tell) -> None:
    writer = box.Writer(file, passphrase)
    day = dates.today(dates.now()).isoformat()
    with moment(engine) as connection:
        rows = counted(connection)
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        _say(writer, asdict(Manifest(KIND, version, day, rows, heads_of(connection))))
        for form in FORMS:
            tally = Tally()
            _say(writer, {"table": form.name, "columns": form.columns})
            for line in told(form.name, tallied(_rows(connection, form), tally), rows[form.name], tell):
                writer.write(line + b"\n")
            _say(writer, {"rows": tally.rows, "digest": tally.digest})
    _say(writer, {"end": True})
    writer.close()


def _rows(connection: Connection, form: Form) -> Iterator[bytes]:
    """The rows of a table; with them the contents of files that lie outside the database, so that a backup needs
    nothing beside it. What is gone from there stays named, and is told when the file is read."""
    for line in lines(connection, form):
        if form.table is files:
            sha256, _content, place, secret = form.values(line)
            if place and (content := shelves.fetched(place, secret)) is not None:
                yield form.line([sha256, content, "", b""])
                continue
        yield line


def _say(writer: box.Writer, fact: dict[str, Any]) -> None:
    writer.write(json.dumps(fact, ensure_ascii=False).encode() + b"\n")


def verify(path: Path, passphrase: str, tell: Tell) -> Found:
    """Read a backup without restoring it, of whichever version: `Refused` where it is not what was written."""
    with _opened(path) as file:
        return read(file, passphrase, tell)


def read(file: BinaryIO, passphrase: str, tell: Tell) -> Found:
    inside = Inside(box.opened(file, passphrase))
    broken: list[Break] = []
    lost: list[str] = []
    for name, rows in inside.tables(tell):
        if name == audit_entries.name:
            broken = breaks(rows, inside.manifest.heads)
        else:
            found = (_wrong(row) if name == files.name else "" for row in rows)
            lost += [sha256 for sha256 in found if sha256]
    return Found(inside.manifest, broken, tuple(lost))


def _wrong(line: bytes) -> str:
    """The hash of a file whose content is not here, or is another; nothing where all is well."""
    sha256, content, *_where = json.loads(line)
    return "" if hashlib.sha256(b64decode(content)).hexdigest() == sha256 else str(sha256)


def restore(path: Path, engine: Engine, passphrase: str, tell: Tell) -> Found:
    """Fill an empty database with a backup, in one transaction that is kept once the file has been read to its end and
    everything was read back; whoever is killed before leaves the database as empty as it was."""
    with _opened(path) as file:
        inside = Inside(box.opened(file, passphrase))
        if inside.manifest.version != (newest := migrate.heads()[0]):
            raise Refused(OTHER, version=inside.manifest.version, newest=newest)
        with empty(engine) as there:
            for name, rows in inside.tables(tell):
                put(there, next(form for form in FORMS if form.name == name), rows)
            broken = settle(there, inside.sent, inside.manifest.heads, tell)
    plan(engine)
    return Found(inside.manifest, broken)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as fault:
        raise Refused(N_("This file cannot be read: {why}."), why=fault.strerror or "") from fault


class Inside:
    """What is in a backup: its manifest at once, then table by table, held against what was said of it."""

    def __init__(self, inside: Iterator[bytes]) -> None:
        self._lines = inside
        said = self._fact(next(inside, b""))
        if said.get("kind") != KIND:
            raise Refused(box.STRANGE)
        self.manifest = Manifest(**said | {"heads": {chain: (n, end) for chain, (n, end) in said["heads"].items()}})
        self.sent: dict[str, Tally] = {}

    def tables(self, tell: Tell) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Each table's name with its rows, which have to be read to the last; `Refused` where one is not as said."""
        rows = self.manifest.rows
        while "table" in (fact := self._fact(next(self._lines, b""))):
            name = str(fact["table"])
            tally = self.sent[name] = Tally()
            yield name, told(name, tallied(self._rows(), tally), rows.get(name, 0), tell)
            if self._said != {"rows": tally.rows, "digest": tally.digest} or rows.get(name) != tally.rows:
                raise Refused(box.DAMAGED)
        if "end" not in fact or next(self._lines, None) is not None or set(self.sent) != set(rows):
            raise Refused(box.DAMAGED)

    def _rows(self) -> Iterator[bytes]:
        for line in self._lines:
            if line.startswith(b"{"):
                self._said = self._fact(line)
                return
            yield line
        raise Refused(box.DAMAGED)

    @staticmethod
    def _fact(line: bytes) -> dict[str, Any]:
        try:
            return dict(json.loads(line))
        except (ValueError, TypeError):
            raise Refused(box.DAMAGED) from None

"""Shelves: where contents of files lie beside the database, in a folder that servers share or at an S3-like place.

What lies there is encrypted, each content with a key of its own that stands in its row: a shelf alone tells nothing,
and what is deleted from the database can be read nowhere any more, old versions and copies of the shelf included.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkstemp
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import Refused
from core.settings import given
from core.text import N_

PLACES = "QINGYUAN_FILES"
"""Variable: a folder or `s3://bucket/prefix` for new files, then others that may still hold some, between blanks;
`database`, or nothing, is the database itself."""
DATABASE = "database"
AWAY = N_("Files cannot be reached at this moment. Please try again in a minute.")
_ONCE = bytes(12)
"""The nonce: each key encrypts one content alone."""


class Shelf(Protocol):
    """A place for contents by name; `Refused` from any of these where it cannot be reached."""

    def put(self, name: str, content: bytes) -> None: ...  # on the disk, or acknowledged, when this returns
    def get(self, name: str) -> bytes | None: ...  # None where there is none
    def drop(self, name: str) -> None: ...  # also where there is none
    def names(self, under: str) -> Iterator[tuple[str, datetime]]: ...  # each with when it was put there


class Folder:
    """A folder on a disk, or one that several servers have mounted. It has to be there: a disk that is not mounted is
    no empty folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        path = self._path(name)
        with _reached():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, beside = mkstemp(dir=path.parent)  # for its owner alone
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            Path(beside).replace(path)
            for folder in (path.parent, *path.parent.parents):  # the names too are on the disk
                _settle(folder)
                if folder == self._folder:
                    break

    def get(self, name: str) -> bytes | None:
        with _reached(), suppress(FileNotFoundError):
            return self._path(name).read_bytes()
        return None

    def drop(self, name: str) -> None:
        path = self._path(name)
        with _reached(), suppress(FileNotFoundError):
            path.unlink()
            _settle(path.parent)

    def names(self, under: str) -> Iterator[tuple[str, datetime]]:
        with _reached():
            for path in self._path(under).rglob("*"):
                if path.is_file():
                    yield path.relative_to(self._folder).as_posix(), datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def _path(self, name: str) -> Path:
        if not self._folder.is_dir():
            raise Refused(AWAY)
        return self._folder / name


class Bucket:
    """An S3-like place. Who may use it and where it is, boto3 finds in its own variables (AWS_…)."""

    def __init__(self, bucket: str, prefix: str) -> None:
        import boto3
        from botocore.config import Config

        patience = {"max_attempts": 3, "mode": "standard"}
        config = Config(
            connect_timeout=5, read_timeout=30, retries=patience, s3={"addressing_style": "path"},
            request_checksum_calculation="when_required", response_checksum_validation="when_required",
        )  # fmt: skip
        self._s3: Any = boto3.client("s3", config=config)
        self._bucket, self._prefix = bucket, f"{prefix}/" if prefix else ""

    def put(self, name: str, content: bytes) -> None:
        with _reached():
            self._s3.put_object(Bucket=self._bucket, Key=self._prefix + name, Body=content)

    def get(self, name: str) -> bytes | None:
        with _reached(), suppress(self._s3.exceptions.NoSuchKey):
            found: bytes = self._s3.get_object(Bucket=self._bucket, Key=self._prefix + name)["Body"].read()
            return found
        return None

    def drop(self, name: str) -> None:
        with _reached():
            self._s3.delete_object(Bucket=self._bucket, Key=self._prefix + name)

    def names(self, under: str) -> Iterator[tuple[str, datetime]]:
        pages = self._s3.get_paginator("list_objects_v2")
        with _reached():
            for page in pages.paginate(Bucket=self._bucket, Prefix=f"{self._prefix}{under}/"):
                for one in page.get("Contents", ()):
                    yield one["Key"].removeprefix(self._prefix), one["LastModified"]


@contextmanager
def _reached() -> Iterator[None]:
    """Turn the faults of disks and networks into `Refused`: a person is told to try again, and nothing is lost."""
    try:
        yield
    except Exception as fault:
        if isinstance(fault, OSError) or type(fault).__module__.startswith(("boto", "urllib3")):
            raise Refused(AWAY) from fault
        raise


def shelves() -> tuple[Shelf | None, ...]:
    """The places in use, the one for new files first; None is the database. `Refused` where they cannot be read."""
    return _opened(given(PLACES, DATABASE))


@cache
def _opened(places: str) -> tuple[Shelf | None, ...]:
    return tuple(_shelf(place) for place in places.split())


def _shelf(place: str) -> Shelf | None:
    if place == DATABASE:
        return None
    if place.startswith("s3://"):
        bucket, _slash, prefix = place.removeprefix("s3://").partition("/")
        try:
            return Bucket(bucket, prefix.strip("/"))
        except ImportError:
            raise Refused(N_("Files at an S3-like place need boto3: pip install -r deploy/s3.txt")) from None
    if not Path(place).is_absolute() or not Path(place).is_dir():
        raise Refused(N_("The variable QINGYUAN_FILES is wrong: it names folders that are there or s3://bucket/prefix."))
    return Folder(Path(place))


def outside() -> tuple[Shelf, ...]:
    """The places in use beside the database."""
    return tuple(shelf for shelf in shelves() if shelf is not None)


def trouble() -> str:
    """Why the places in use cannot be read; nothing when they can."""
    try:
        shelves()
    except Refused as refusal:
        return str(refusal)
    return ""


def locked(content: bytes, secret: bytes) -> bytes:
    """A content as it lies outside."""
    return AESGCM(secret).encrypt(_ONCE, content, None)


def fetched(place: str, secret: bytes) -> bytes | None:
    """What lies under a name, from the first shelf that has it; None where none has, or where it was changed."""
    for shelf in outside():
        if (found := shelf.get(place)) is not None:
            with suppress(InvalidTag):
                return AESGCM(secret).decrypt(_ONCE, found, None)
    return None


def clear(places: Iterable[str]) -> bool:
    """Let names go from every shelf; whether they have. What has not is the sweep's to do again."""
    gone = True
    for place in places:
        try:
            for shelf in outside():
                shelf.drop(place)
        except Refused:
            gone = False
    return gone


def _settle(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

"""Contents of files by their hash, here or on a shelf outside: kept before the deed is committed, gone after it."""

import hashlib
import secrets
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, insert, or_, select, update

from core.errors import Missing
from db import shelves
from db.file_tables import files, spent
from db.scoping import Asking
from db.tables import attachments_, metadata

WEEK = timedelta(days=7)
"""How old a name on a shelf is that no row knows before it goes: the leftover of a server that was killed."""
LOT = 500


def _used() -> ColumnElement[bool]:
    """That some row still has this content."""
    columns = [t.c.sha256 for t in metadata.sorted_tables if "sha256" in t.c and t is not files]
    return or_(*(exists().where(c == files.c.sha256) for c in (*columns, attachments_.c.clean, attachments_.c.sealed)))


class Files(Asking):
    """Contents by hash. No scope: whoever asks has loaded what a content belongs to.

    `session.info` knows what was put outside in this deed, to be taken back should it fail, and what is to go with it.
    """

    def keep_file(self, sha256: str, content: bytes) -> None:
        """Keep a content until nothing has it any more; the row is locked, so that nobody drops it meanwhile."""
        while not self._held(sha256):
            row = self._laid(content)
            put = self._put(files).values(sha256=sha256, **row).on_conflict_do_nothing()
            if not self.session.execute(put.returning(files.c.sha256)).first() and row["place"]:
                shelves.clear([str(row["place"])])  # somebody else has just kept the same one

    def file(self, sha256: str) -> bytes:
        found = self.session.execute(select(files).where(files.c.sha256 == sha256)).one_or_none()
        content = None if found is None else _content(found.content, found.place, found.secret)
        if content is None:
            raise Missing
        return content

    def drop_file(self, sha256: str) -> None:
        """Let a content go, unless something still has it."""
        self.session.flush()
        if self._held(sha256):
            gone = delete(files).where(files.c.sha256 == sha256, ~_used())
            for place in self.session.scalars(gone.returning(files.c.place)):
                self._spend(place)

    def move_file(self, sha256: str, at_home: Collection[str]) -> bool | None:
        """Bring a content to the place for new files, if it is not among the names that are `at_home`; whether it was
        moved, or None where it is lost or spoilt and left as it is."""
        self._held(sha256)
        found = self.session.execute(select(files).where(files.c.sha256 == sha256)).one_or_none()
        shelf = shelves.shelves()[0]
        if found is None or (found.place in at_home if shelf else not found.place):
            return False
        content = _content(found.content, found.place, found.secret)
        if content is None or hashlib.sha256(content).hexdigest() != sha256:
            return None
        self.session.execute(update(files).where(files.c.sha256 == sha256).values(**self._laid(content)))
        self._spend(found.place)
        return True

    def file_hashes(self, after: str = "", most: int = LOT) -> list[str]:
        """The hashes of contents in order, beginning after one."""
        query = select(files.c.sha256).where(files.c.sha256 > after).order_by(files.c.sha256)
        return list(self.session.scalars(query.limit(most)))

    def spent_places(self) -> list[str]:
        return list(self.session.scalars(select(spent.c.place)))

    def forget_places(self, places: Collection[str]) -> None:
        self.session.execute(delete(spent).where(spent.c.place.in_(places)))

    def unknown_places(self, places: Collection[str]) -> set[str]:
        """Names that no content has."""
        return set(places) - set(self.session.scalars(select(files.c.place).where(files.c.place.in_(places))))

    def _held(self, sha256: str) -> bool:
        lock = select(files.c.sha256).where(files.c.sha256 == sha256).with_for_update()
        return self.session.execute(lock).first() is not None

    def _laid(self, content: bytes) -> dict[str, object]:
        """What the row of a content says, which has been put on a shelf under a new name unless the row holds it."""
        if (shelf := shelves.shelves()[0]) is None:
            return {"content": content, "place": "", "secret": b""}
        name, secret = secrets.token_hex(20), secrets.token_bytes(32)
        place = f"{self.top_unit().id}/{name[:2]}/{name}"  # type: ignore[attr-defined]
        self.session.info.setdefault("put", []).append(place)
        shelf.put(place, shelves.locked(content, secret))
        return {"content": b"", "place": place, "secret": secret}

    def _spend(self, place: str) -> None:
        if place:
            self.session.execute(insert(spent).values(place=place))
            self.session.info.setdefault("spent", []).append(place)


def _content(content: bytes, place: str, secret: bytes) -> bytes | None:
    return shelves.fetched(place, secret) if place else content


def left_over(site: str, now: datetime) -> Iterator[tuple[shelves.Shelf, list[str]]]:
    """Names of a site that have lain on a shelf for a week, in lots."""
    for shelf in shelves.outside():
        lot: list[str] = []
        for name, since in shelf.names(site):
            if now - since > WEEK:
                lot.append(name)
            if len(lot) == LOT:
                yield shelf, lot
                lot = []
        yield shelf, lot

"""Contents of files by their hash, here or on a shelf outside.

A deed keeps a content in its row alone, in its own transaction, so that both are there or neither. Once that is
committed the content is brought out (`bring`), with no transaction open while a disk or a network works. What a failure
leaves:

* between the commit and the shelf, or a shelf that is away: the content in its row, brought out by the next sweep;
* on the shelf, and the row not changed: a name no row knows, let go by the sweep after a week (`left_over`);
* a content let go and still on the shelf: its name among the `spent` ones, let go by the next sweep.

A row never names what is not there.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from core.errors import Missing
from db import shelves
from db.scoping import Asking
from db.tables import attachments_, metadata, units_
from db.tables.file_tables import files, spent

WEEK = timedelta(days=7)
"""How old a name on a shelf is that no row knows before it goes: the leftover of a server that was killed."""
LOT = 500


def _used() -> ColumnElement[bool]:
    """That some row still has this content."""
    columns = [t.c.sha256 for t in metadata.sorted_tables if "sha256" in t.c and t is not files]
    return or_(*(exists().where(c == files.c.sha256) for c in (*columns, attachments_.c.clean, attachments_.c.sealed)))


class Files(Asking):
    """Contents by hash. No scope: whoever asks has loaded what a content belongs to.

    `session.info` knows what is to be brought out once this deed is committed, and what is to go with it.
    """

    def keep_file(self, sha256: str, content: bytes) -> None:
        """Keep a content until nothing has it any more; the row is locked, so that nobody drops it meanwhile."""
        while not self._held(sha256):
            row = {"sha256": sha256, "content": content, "place": "", "secret": b""}
            put = self._put(files).values(row).on_conflict_do_nothing()
            if self.session.execute(put.returning(files.c.sha256)).first():
                self.session.info.setdefault("kept", []).append(sha256)

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

    def file_hashes(self, after: str = "", most: int = LOT, *, here: bool = False) -> list[str]:
        """The hashes of contents in order, beginning after one; of those alone that lie `here` in their rows."""
        query = select(files.c.sha256).where(files.c.sha256 > after).order_by(files.c.sha256).limit(most)
        return list(self.session.scalars(query.where(files.c.place == "") if here else query))

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

    def _spend(self, place: str) -> None:
        if place:
            self.session.execute(insert(spent).values(place=place))
            self.session.info.setdefault("spent", []).append(place)


def bring(engine: Engine, sha256: str, at_home: Collection[str] = ()) -> bool | None:
    """Bring a content to the place for new files, if it is not among the names that are `at_home`; whether it was
    brought, or None where it is lost or spoilt and left as it is. `Refused` where a shelf is away.

    It is read, then put there under a name of its own, and then one short transaction lets its row say so, unless the
    row has changed meanwhile: until then it is read where it was.
    """
    shelf = shelves.shelves()[0]
    with Session(engine.execution_options(reading=True)) as asked:
        found = asked.execute(select(files).where(files.c.sha256 == sha256)).one_or_none()
        site = asked.scalars(select(units_.c.id).where(units_.c.parent_id.is_(None))).first()
    if found is None or (found.place in at_home if shelf else not found.place):
        return False
    content = _content(found.content, found.place, found.secret)
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        return None
    place, secret = "", b""
    if shelf:
        name, secret = secrets.token_hex(20), secrets.token_bytes(32)
        place = f"{site}/{name[:2]}/{name}"
        shelf.put(place, shelves.locked(content, secret))
    row: dict[str, object] = {"content": b"" if place else content, "place": place, "secret": secret}
    is_mine = _told(engine, sha256, found.place, row)
    shelves.clear(filter(None, [found.place if is_mine else place]))
    return is_mine


def _told(engine: Engine, sha256: str, before: str, row: dict[str, object]) -> bool:
    """Let a row say where its content lies now, if it still says where it lay before."""
    with Session(engine) as session:
        mine = update(files).where(files.c.sha256 == sha256, files.c.place == before).values(row)
        if session.execute(mine.returning(files.c.sha256)).first() is None:
            return False
        if before:
            session.execute(insert(spent).values(place=before))
        session.commit()
    return True


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

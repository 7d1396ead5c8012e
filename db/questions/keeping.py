"""Questions about what has been kept long enough, and deleting it; sealing anew what is sealed."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, text, update

from core.dates import HERE
from core.lifecycle import ENDED
from core.privacy.keeping import Kept
from core.review.runs import Run
from core.voices.attachments import Attachment
from core.voices.flags import Flag
from core.words import FlagStatus, RunKind, RunStatus, Source
from db.files import Files
from db.kept import among
from db.tables import attachments_, contacts_, drafts_, flags_, holds_, links, openings_, risks_, runs_
from db.tables.message_tables import addresses_

_LOCK = 7_203_311
"""The advisory lock of PostgreSQL under which keys are renewed; any number does."""
_TURNED_AWAY = (FlagStatus.DECLINED, FlagStatus.REFERRED)


def _answered() -> ColumnElement[date | None]:
    """The day on which the sender of a flag was answered: it was declined or passed on, or its entry was closed."""
    closed = (
        select(func.max(risks_.c.closed_on))
        .join(links, links.c.risk_id == risks_.c.id)
        .where(links.c.flag_id == flags_.c.id, links.c.undone_at.is_(None), among(risks_.c.status, ENDED))
        .correlate(flags_)
        .scalar_subquery()
    )
    return case((among(flags_.c.status, _TURNED_AWAY), flags_.c.decided_on), else_=closed)


def _lapsed(kind: Kept, before: date) -> ColumnElement[bool]:
    """That what a flag keeps of a kind has been kept long enough and no hold stands on it."""
    kept = exists().where(holds_.c.flag_id == flags_.c.id, holds_.c.lifted_at.is_(None))
    again = or_(flags_.c.reopening_asked_on.is_(None), flags_.c.reopening_asked_on <= before)
    old = and_(_answered() <= before, again, ~kept)
    if kind is Kept.CONTACT:
        return and_(old, exists().where(contacts_.c.flag_id == flags_.c.id))
    if kind is Kept.ORIGINAL:
        originals = exists().where(attachments_.c.flag_id == flags_.c.id, func.length(attachments_.c.sealed) > 0)
        return and_(old, originals, flags_.c.seal_confirmed.is_(False))
    turned_away = and_(flags_.c.source == Source.RESIDENT, among(flags_.c.status, _TURNED_AWAY), flags_.c.text != "")
    return and_(old, turned_away, flags_.c.seal_confirmed.is_(False))


class Keeping(Files):
    """What is kept for a time, or under a key. No scope: for the program's own bookkeeping."""

    def lapsed(self, kind: Kept, before: date, most: int | None = None) -> list[Flag]:
        query = select(Flag).where(_lapsed(kind, before)).order_by(flags_.c.id).limit(most)
        if not self.session.info.get("reading"):
            query = query.with_for_update()
        return list(self.session.scalars(query))

    def failed_intakes(self, before: date, most: int | None = None) -> list[Run]:
        last = func.coalesce(runs_.c.beat_at, runs_.c.begun_at)
        query = select(Run).where(
            runs_.c.kind == RunKind.INTAKE, runs_.c.status == RunStatus.FAILED,
            last < datetime.combine(before + timedelta(days=1), time(), HERE),
        )  # fmt: skip
        return list(self.session.scalars(query.order_by(runs_.c.id).limit(most)))

    def stale_drafts(self, before: date, most: int | None = None) -> list[tuple[str, str]]:
        query = select(drafts_.c.person_id, drafts_.c.form).where(drafts_.c.saved_on <= before)
        found = self.session.execute(query.order_by(drafts_.c.person_id, drafts_.c.form).limit(most))
        return [(r.person_id, r.form) for r in found]

    def drop_attachment(self, attachment: Attachment) -> None:
        """Delete a file of a sender's with its original; its clean copy too, unless somebody else brought the same
        one."""
        opened = update(openings_).where(openings_.c.attachment_id == attachment.id)
        self.session.execute(opened.values(attachment_id=None))
        self.session.delete(attachment)
        for sha256 in filter(None, (attachment.sealed, attachment.clean)):
            self.drop_file(sha256)

    def drop_original(self, attachment: Attachment) -> None:
        sealed, attachment.sealed = attachment.sealed, ""
        self.drop_file(sealed)

    def hold_keys(self, *, alone: bool) -> None:
        """Let nobody renew the keys until the work is over; with `alone`, let nobody use them either.

        SQLite lets one deed alone write, so to have begun is enough.
        """
        if self._is_sqlite:
            self.session.execute(select(1))
        else:
            lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
            self.session.execute(text(f"SELECT {lock}(:n)"), {"n": _LOCK})

    def each_sealed(self, change: Callable[[bytes], bytes | None]) -> int:
        """Look at everything that is sealed, one thing at a time, and put in its place what comes back, if anything;
        how much it was."""
        count = 0
        for table in (contacts_, attachments_, addresses_):
            for key in self.session.scalars(select(table.c.id).where(func.length(table.c.sealed) > 0)).all():
                kept = self.session.execute(select(table.c.sealed).where(table.c.id == key)).scalar_one()
                in_file = table is attachments_
                if (changed := change(self.file(kept) if in_file else kept)) is not None:
                    new = self._in_file(changed) if in_file else changed
                    self.session.execute(update(table).where(table.c.id == key).values(sealed=new))
                    if in_file:
                        self.drop_file(kept)
                count += 1
        return count

    def _in_file(self, sealed: bytes) -> str:
        sha256 = hashlib.sha256(sealed).hexdigest()
        self.keep_file(sha256, sealed)
        return sha256

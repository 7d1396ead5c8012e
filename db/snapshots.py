"""Whether what was frozen still is what it was: each snapshot against its digest, and both against the chain."""

import json
import zlib
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.events import Event
from core.inspection.snapshots import digest, unpacked
from core.text import N_
from db.tables import audit_entries
from db.tables.round_tables import snapshots_

CHANGED = N_("its content was changed")
UNSAID = N_("the log does not speak of it")
OTHERWISE = N_("the log says something else")
LOST = N_("it is gone")


def check(session: Session, *, whole: bool = True) -> Iterator[tuple[str, str]]:
    """Each snapshot by its id, with what is wrong with it, empty where all is well; of the `whole` log also those that
    it alone still knows."""
    frozen = select(audit_entries.c.chain, audit_entries.c.subject, audit_entries.c.facts).where(
        audit_entries.c.event == Event.REGISTER_FROZEN.value
    )
    if not whole:  # by the index over subjects
        frozen = frozen.where(audit_entries.c.subject.in_(select(snapshots_.c.id)))
    said = {
        (line.chain, line.subject): json.loads(line.facts).get("sha256") for line in session.execute(frozen)
    }
    ids = session.scalars(select(snapshots_.c.id).order_by(snapshots_.c.id)).all()
    for snapshot_id in ids:
        kept = session.execute(select(snapshots_).where(snapshots_.c.id == snapshot_id)).one()
        logged = said.pop((kept.unit_id, kept.id), None)
        if _digest(kept.content) != kept.digest:
            yield kept.id, CHANGED
        elif logged is None:
            yield kept.id, UNSAID
        else:
            yield kept.id, "" if logged == kept.digest else OTHERWISE
    for _chain, snapshot_id in sorted(said):
        yield snapshot_id, LOST


def _digest(content: bytes) -> str:
    try:
        return digest(unpacked(content))
    except (zlib.error, UnicodeDecodeError):
        return ""

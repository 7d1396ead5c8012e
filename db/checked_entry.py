"""One entry as the consistency checks see it, and which other entries it is held against."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core import dates
from core.checked import EntryFact, SignedFact
from core.text import folded
from core.words import Level
from db.tables import evidence, measures_, risks_


def beside(session: Session, entry_id: str) -> set[str]:
    """An entry with those of its community that show the same file or have the same title: what else stands in the
    register changes nothing about what the checks find of it."""
    of_entry = select(evidence.c.sha256).join(measures_, measures_.c.id == evidence.c.measure_id)
    files = of_entry.where(measures_.c.risk_id == entry_id)
    same_file = (
        select(measures_.c.risk_id).join(evidence, evidence.c.measure_id == measures_.c.id)
        .where(evidence.c.sha256.in_(files))
    )  # fmt: skip
    own = session.execute(select(risks_.c.unit_id, risks_.c.title).where(risks_.c.id == entry_id)).one()
    titles = session.execute(select(risks_.c.id, risks_.c.title).where(risks_.c.unit_id == own.unit_id))
    wanted = folded(own.title)
    return {entry_id, *session.scalars(same_file), *(row.id for row in titles if folded(row.title) == wanted)}


def entry_fact(r: Row[Any], described: str | None) -> EntryFact:
    """An entry, and when it was last described anew (an instant as the audit log has it)."""
    return EntryFact(
        r.id, r.number, r.title, r.status, r.level, r.expected_level, r.verified_level, r.dimension, r.item_id,
        r.owner_id, r.leader_id, r.watchdog_id, r.disclosure_class, r.wording, r.announced_on, r.filed_on,
        r.closed_on, r.closed_by, dates.today(datetime.fromisoformat(described)) if described else None,
    )  # fmt: skip


def signed_fact(r: Row[Any], snapshot: dict[str, Any]) -> SignedFact:
    """What was signed, out of what was kept with the signature."""
    level, expected = (Level(snapshot[name]) if snapshot[name] else None for name in ("level", "expected"))
    return SignedFact(r.risk_id, r.stage, snapshot["title"], snapshot["item"], level, expected)

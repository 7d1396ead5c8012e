"""What the facts of the consistency checks are put together from: which entries are looked at, and rows as facts."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, select

from core import dates
from core.consistency.checked import EntryFact, SignedFact
from core.words import Level, RiskStatus, Role
from db.kept import among
from db.tables import assessments, assignments, items_, people_, recusals, risks_
from db.tables.holder_tables import clocks_

_ACTING = (Role.CADRE, Role.WATCHDOG, Role.SUPERVISOR)
"""Who may act for a unit that holds an entry."""


def looked_at(units: Any, entries: Any = None) -> ColumnElement[bool]:
    """That a row of `risks` is looked at: of these communities, or one of these entries there."""
    here = and_(risks_.c.unit_id.in_(units), risks_.c.status != RiskStatus.ARCHIVED)
    return here if entries is None else and_(here, risks_.c.id.in_(entries))


away = recusals.alias()  # `heard` asks for recusals of its own
STAFFED = exists().where(
    assignments.c.unit_id == clocks_.c.holder_id, among(assignments.c.role, _ACTING),
    people_.c.id == assignments.c.person_id, people_.c.left_on.is_(None),
)  # fmt: skip


def entry(r: Row[Any], described: str | None) -> EntryFact:
    return EntryFact(
        r.id, r.number, r.title, r.status, r.level, r.expected_level, r.verified_level, r.dimension, r.item_id,
        r.owner_id, r.leader_id, r.watchdog_id, r.disclosure_class, r.wording, r.announced_on, r.filed_on,
        r.closed_on, r.closed_by, dates.today(datetime.fromisoformat(described)) if described else None,
    )  # fmt: skip


def signature(r: Row[Any], snapshot: dict[str, Any]) -> SignedFact:
    level, expected = (Level(snapshot[name]) if snapshot[name] else None for name in ("level", "expected"))
    return SignedFact(r.risk_id, r.stage, snapshot["title"], snapshot["item"], level, expected)


RATED = select(*[assessments.c[name] for name in (
    "unit_id", "risk_id", "stage", "computed", "level", "reason", "rated_by", "rated_at"
)])  # fmt: skip
LISTED = select(*[items_.c[name] for name in (
    "unit_id", "id", "name", "dimension", "post_id", "major", "retired", "disclosure_class"
)])  # fmt: skip

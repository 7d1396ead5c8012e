"""Indexes of what waits, in the order in which it is told: the first of it is found without reading the rest."""

from sqlalchemy import Index, MetaData, text
from sqlalchemy.sql import ClauseElement

from core.prevention.tasks import STANDING
from core.words import FlagStatus, Source, WarningLevel

_WAITS = f"status IN ('{FlagStatus.NEW}', '{FlagStatus.ASKED}') AND source "
_STANDING = ", ".join(f"'{status}'" for status in STANDING)
_ORDERS = (
    ("ix_flags_inbox", "flags", ("status", "sealed", "due_on", "id"), f"{_WAITS}<> '{Source.SUPERIOR}'"),
    ("ix_flags_urgent", "flags", ("status", "unit_id"), "urgent"),
    ("ix_flags_points", "flags", ("sealed", "due_on", "id"), f"{_WAITS}= '{Source.SUPERIOR}'"),
    ("ix_flags_points_unit_id", "flags", ("unit_id", "due_on"), f"{_WAITS}= '{Source.SUPERIOR}'"),
    ("ix_flags_answered", "flags", ("unit_id", "decided_on"), f"source = '{Source.SUPERIOR}'"),
    ("ix_flags_self", "flags", ("item_id", "raised_on"), f"source = '{Source.SELF}'"),
    ("ix_risks_status", "risks", ("status", "unit_id"), ""),
    ("ix_measures_status", "measures", ("status", "due_on", "unit_id"), ""),
    ("ix_early_warnings_red", "early_warnings", ("risk_id",), f"ended_on IS NULL AND colour = '{WarningLevel.RED}'"),
    ("ix_second_looks_due_on", "second_looks", ("due_on", "id"), "result IS NULL"),
    ("ix_early_warnings_colour", "early_warnings", ("colour", "raised_on", "id"), "ended_on IS NULL"),
    ("ix_flags_sealed_first", "flags", ("seal_confirmed", "raised_on", "id"), "sealed"),
    ("ix_dues_due_on", "dues", ("due_on", "unit_id", "id"), "published_on IS NULL"),
    ("ix_decisions_opened_on", "decisions", ("opened_on",), ""),
    ("ix_declarations_waiting", "declarations", ("relative_id", "unit_id"),
     "ended_on IS NULL AND confirmed_on IS NULL"),
    ("ix_measures_due_on", "measures", ("due_on", "id"), f"status IN ({_STANDING})"),
    ("ix_notices_day", "notices", ("person_id", "day"), ""),
    ("ix_second_looks_looked_on", "second_looks", ("looked_on", "id"), "result IS NOT NULL"),
    ("ix_holdings_since", "holdings", ("since",), ""),
    ("ix_openings_asked_at", "openings", ("asked_at", "id"), ""),
    ("ix_contacts_kept_on", "contacts", ("kept_on", "flag_id"), ""),
    ("ix_attachments_added_on", "attachments", ("added_on", "flag_id"), ""),
    ("ix_holds_set_at", "holds", ("set_at", "flag_id"), "lifted_at IS NULL"),
    ("ix_flags_seal_confirmed", "flags", ("raised_on", "id"), "seal_confirmed"),
    ("ix_inspections_changed", "inspections", ("item_id",), "changed_on IS NOT NULL"),
)
"""Of an area that is nearly everything the first rows are taken in their order, of a small one by its units."""


def index(metadata: MetaData) -> None:
    """Put them to the tables; and one by which what lies under a path is found by how it begins, in whatever language
    the database sorts."""
    for name, table, columns, condition in _ORDERS:
        _index(metadata, name, table, columns, text(condition) if condition else None)
    standing = metadata.tables["signatures"].c.replaced.is_(False)
    _index(metadata, "ix_signatures_standing", "signatures", ("stage", "risk_id", "stale_on", "expires_on"), standing)
    stale = text("replaced IS FALSE AND stale_on IS NOT NULL"), text("replaced IS FALSE AND stale_on IS NULL")
    _index(metadata, "ix_signatures_stale", "signatures", ("stage", "unit_id", "risk_id"), stale[0])
    _index(metadata, "ix_signatures_late", "signatures", ("stage", "expires_on", "unit_id", "risk_id"), stale[1])
    Index("ix_units_path", metadata.tables["units"].c.path, postgresql_ops={"path": "varchar_pattern_ops"})


def _index(
    metadata: MetaData, name: str, table: str, columns: tuple[str, ...], where: ClauseElement | None
) -> None:
    of = [metadata.tables[table].c[column] for column in columns]
    Index(name, *of, sqlite_where=where, postgresql_where=where)

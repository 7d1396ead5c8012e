"""Indexes of what waits, in the order in which it is told: so the first of it is found without reading the rest."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

WAITS = "status IN ('new', 'asked') AND source "
INDEXES = (
    ("ix_flags_inbox", "flags", ["status", "sealed", "due_on", "id"], WAITS + "<> 'superior'"),
    ("ix_flags_urgent", "flags", ["status", "unit_id"], "urgent"),
    ("ix_flags_points", "flags", ["sealed", "due_on", "id"], WAITS + "= 'superior'"),
    ("ix_flags_points_unit_id", "flags", ["unit_id", "due_on"], WAITS + "= 'superior'"),
    ("ix_risks_status", "risks", ["status", "unit_id"], None),
    ("ix_measures_status", "measures", ["status", "due_on", "unit_id"], None),
    ("ix_early_warnings_red", "early_warnings", ["risk_id"], "ended_on IS NULL AND colour = 'red'"),
    ("ix_signatures_standing", "signatures", ["stage", "risk_id", "stale_on", "expires_on"], "replaced IS FALSE"),
    ("ix_second_looks_due_on", "second_looks", ["due_on", "id"], "result IS NULL"),
    ("ix_early_warnings_colour", "early_warnings", ["colour", "raised_on", "id"], "ended_on IS NULL"),
    ("ix_notices_day", "notices", ["person_id", "day"], None),
    ("ix_inspections_changed", "inspections", ["item_id"], "changed_on IS NOT NULL"),
)


def upgrade() -> None:
    for name, table, columns, condition in INDEXES:
        where = sa.text(condition) if condition else None
        lite = sa.text(condition.replace("FALSE", "0")) if condition else None  # in the words questions use there
        op.create_index(name, table, columns, sqlite_where=lite, postgresql_where=where)
    op.create_index("ix_units_path", "units", ["path"], postgresql_ops={"path": "varchar_pattern_ops"})


def downgrade() -> None:
    op.drop_index("ix_units_path", "units")
    for name, table, _columns, _condition in INDEXES:
        op.drop_index(name, table)

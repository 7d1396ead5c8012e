"""Indexes by which lists are read from where a page begins: clocks that run by their day, what is
ordered by community, and claims passed on, which are few among all lines of the log."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

PASSED = "event = 'claim_passed'"


def upgrade() -> None:
    op.create_index("ix_units_name_path", "units", ["name", "path"])
    runs = sa.text("ended_on IS NULL")
    op.create_index("ix_clocks_due_on", "clocks", ["due_on", "risk_id"], sqlite_where=runs, postgresql_where=runs)
    where = sa.text(PASSED)
    op.create_index(
        "ix_audit_entries_claim_passed", "audit_entries", ["event", "subject"], sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    op.drop_index("ix_audit_entries_claim_passed", "audit_entries")
    op.drop_index("ix_clocks_due_on", "clocks")
    op.drop_index("ix_units_name_path", "units")

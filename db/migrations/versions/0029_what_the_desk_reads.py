"""Indexes by which the pages of a discipline desk are read in their order: sealed matters, what is overdue for
disclosure, decisions, declared relatives that wait for a word, and measures with something left to do."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_flags_sealed_first", "flags", ["seal_confirmed", "raised_on", "id"], "sealed"),
    ("ix_dues_due_on", "dues", ["due_on", "unit_id", "id"], "published_on IS NULL"),
    ("ix_decisions_opened_on", "decisions", ["opened_on"], None),
    ("ix_declarations_waiting", "declarations", ["relative_id", "unit_id"], "ended_on IS NULL AND confirmed_on IS NULL"),
    ("ix_measures_due_on", "measures", ["due_on", "id"], "status IN ('open', 'doing', 'verifying', 'returned')"),
)  # fmt: skip


def upgrade() -> None:
    for name, table, columns, condition in INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _columns, _condition in reversed(INDEXES):
        op.drop_index(name, table)

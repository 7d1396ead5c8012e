"""Indexes by which a community's answered points, and what post-holders found themselves, are read without the rest of
what was said."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_flags_answered", ["unit_id", "decided_on"], "source = 'superior'"),
    ("ix_flags_self", ["item_id", "raised_on"], "source = 'self'"),
)


def upgrade() -> None:
    for name, columns, condition in INDEXES:
        where = sa.text(condition)
        op.create_index(name, "flags", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, _columns, _condition in reversed(INDEXES):
        op.drop_index(name, "flags")

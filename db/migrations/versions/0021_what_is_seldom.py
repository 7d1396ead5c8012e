"""Indexes of the few flags that are sealed, and of those whose sender wishes that they be opened again."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

SELDOM = {"ix_flags_sealed": "sealed", "ix_flags_wished": "reopening_asked_on IS NOT NULL"}


def upgrade() -> None:
    for name, condition in SELDOM.items():
        where = sa.text(condition)
        op.create_index(name, "flags", ["unit_id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name in SELDOM:
        op.drop_index(name, "flags")

"""Indexes by which superiors' pages begin: what is to be signed again, second looks that were made, and posts that were
taken over lately."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_signatures_stale", "signatures", ["stage", "unit_id", "risk_id"], "replaced IS FALSE AND stale_on IS NOT NULL"),
    ("ix_signatures_late", "signatures", ["stage", "expires_on", "unit_id", "risk_id"],
     "replaced IS FALSE AND stale_on IS NULL"),
    ("ix_second_looks_looked_on", "second_looks", ["looked_on", "id"], "result IS NOT NULL"),
    ("ix_holdings_since", "holdings", ["since"], ""),
)  # fmt: skip


def upgrade() -> None:
    for name, table, columns, condition in INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _columns, _condition in INDEXES:
        op.drop_index(name, table)

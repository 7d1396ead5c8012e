"""Indexes by which the desk's matters and deeds of two people are read from where a page begins."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_openings_asked_at", "openings", ["asked_at", "id"], None),
    ("ix_contacts_kept_on", "contacts", ["kept_on", "flag_id"], None),
    ("ix_attachments_added_on", "attachments", ["added_on", "flag_id"], None),
    ("ix_holds_set_at", "holds", ["set_at", "flag_id"], "lifted_at IS NULL"),
    ("ix_flags_seal_confirmed", "flags", ["raised_on", "id"], "seal_confirmed"),
)


def upgrade() -> None:
    for name, table, columns, condition in INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _columns, _condition in reversed(INDEXES):
        op.drop_index(name, table)

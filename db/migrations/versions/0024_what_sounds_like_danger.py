"""Whether a flag sounded like danger when it was taken in, so that the inbox need not read what waits; and on SQLite the
index of sealed flags in the words questions use, for in others it serves none."""

import sqlalchemy as sa
from alembic import op

from core.review.danger import is_urgent

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("flags", sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
    connection = op.get_bind()
    waiting = connection.execute(sa.text("SELECT id, text FROM flags WHERE status IN ('new', 'asked')")).all()
    marked = sa.text("UPDATE flags SET urgent = :so WHERE id = :id").bindparams(sa.bindparam("so", type_=sa.Boolean()))
    for flag_id, said in waiting:  # of others nobody has to be told any more
        if is_urgent(said):
            connection.execute(marked, {"id": flag_id, "so": True})
    _sealed("sealed = 1")


def downgrade() -> None:
    _sealed("sealed")
    op.drop_column("flags", "urgent")


def _sealed(condition: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_flags_sealed", "flags")
        op.create_index("ix_flags_sealed", "flags", ["unit_id"], sqlite_where=sa.text(condition))

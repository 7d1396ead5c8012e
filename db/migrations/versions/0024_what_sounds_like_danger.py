"""Whether a flag sounded like danger when it was taken in, so that the inbox need not read what waits."""

import sqlalchemy as sa
from alembic import op

from core.danger import is_urgent

revision = "0024"
down_revision = "0021"
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


def downgrade() -> None:
    op.drop_column("flags", "urgent")

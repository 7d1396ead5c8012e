"""Which common risk a superior's point came from."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("points", sa.Column("group_id", sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column("points", "group_id")

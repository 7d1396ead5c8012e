"""Working days that a site enters itself."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "special_days",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_days")),
        sa.UniqueConstraint("day", name=op.f("uq_special_days_day")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("special_days")

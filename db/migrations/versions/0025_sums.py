"""Sums of each community and each area, so that figures of many communities need not count every flag anew."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def _unit() -> sa.Column[str]:
    return sa.Column("unit_id", sa.String(40), nullable=False)


def _of(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_unit_id"
    return sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name, deferrable=True, initially="DEFERRED")


def upgrade() -> None:
    op.create_table(
        "summed", _unit(), sa.Column("lines", sa.Integer(), nullable=False), sa.Column("day", sa.Date(), nullable=False),
        sa.Column("form", sa.String(40), nullable=False), sa.PrimaryKeyConstraint("unit_id", name="pk_summed"), _of("summed"),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "sums", _unit(), sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("question", sa.String(40), nullable=False), sa.Column("rows", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "whole", "question", name="pk_sums"), _of("sums"), sqlite_with_rowid=False,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("sums")
    op.drop_table("summed")

"""Findings of the consistency checks that were set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=40), nullable=False)


def _ref(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_set_asides_{column}"), initially="DEFERRED", deferrable=True
    )


def upgrade() -> None:
    op.create_table(
        "set_asides",
        _key("id"), _key("unit_id"), _key("code"), _key("subject"), _key("key"),
        sa.Column("reason", sa.Text(), nullable=False), sa.Column("until", sa.Date(), nullable=False),
        _key("set_by"), sa.Column("set_on", sa.Date(), nullable=False), sa.Column("ended_on", sa.Date(), nullable=True),
        _ref("unit_id", "units"), _ref("set_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_asides")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    for column in ("unit_id", "set_by"):
        op.create_index(op.f(f"ix_set_asides_{column}"), "set_asides", [column])
    stands = sa.text("ended_on IS NULL")
    op.create_index(
        "ix_set_asides_standing", "set_asides", ["unit_id", "key"], unique=True, sqlite_where=stands,
        postgresql_where=stands,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("set_asides")

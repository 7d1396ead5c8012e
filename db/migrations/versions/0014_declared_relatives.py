"""Relatives whom people declare, so that they are kept from each other's matters."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

REFS = {
    "unit_id": "units", "person_id": "people", "relative_id": "people", "confirmed_by": "people", "ended_by": "people",
}  # fmt: skip


def upgrade() -> None:
    keys = [
        sa.ForeignKeyConstraint(
            [column], [f"{target}.id"], name=op.f(f"fk_declarations_{column}"), initially="DEFERRED", deferrable=True
        )
        for column, target in REFS.items()
    ]
    op.create_table(
        "declarations",
        *[sa.Column(name, sa.String(length=40), nullable=False)
          for name in ("id", "unit_id", "person_id", "relative_id", "kind")],
        sa.Column("declared_on", sa.Date(), nullable=False), sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=40), nullable=True), sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        *keys, sa.PrimaryKeyConstraint("id", name=op.f("pk_declarations")), sqlite_with_rowid=False,
    )  # fmt: skip
    for column in REFS:
        op.create_index(op.f(f"ix_declarations_{column}"), "declarations", [column])
    stands = sa.text("ended_on IS NULL")
    op.create_index(
        "ix_declarations_standing", "declarations", ["person_id", "relative_id"], unique=True, sqlite_where=stands,
        postgresql_where=stands,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("declarations")

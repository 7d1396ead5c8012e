"""Exchange packs: what other communities have learned, kept as suggestions."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEYS = {"unit_id": "units", "taken_by": "people"}


def upgrade() -> None:
    foreign = [
        sa.ForeignKeyConstraint(
            [column], [f"{target}.id"], name=op.f(f"fk_exchange_packs_{column}"), initially="DEFERRED", deferrable=True
        )
        for column, target in KEYS.items()
    ]
    op.create_table(
        "exchange_packs",
        *[sa.Column(name, sa.String(length=40), nullable=False) for name in ("id", "unit_id")],
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("title", "digest")],
        *[sa.Column(name, sa.Date(), nullable=False) for name in ("made_on", "taken_on")],
        sa.Column("taken_by", sa.String(length=40), nullable=False), sa.Column("points", sa.JSON(), nullable=False),
        *foreign, sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_packs")),
        sa.UniqueConstraint("unit_id", "digest", name=op.f("uq_exchange_packs_unit_id")), sqlite_with_rowid=False,
    )  # fmt: skip
    for column in KEYS:
        op.create_index(op.f(f"ix_exchange_packs_{column}"), "exchange_packs", [column])


def downgrade() -> None:
    for column in KEYS:
        op.drop_index(op.f(f"ix_exchange_packs_{column}"), "exchange_packs")
    op.drop_table("exchange_packs")

"""Signatures and second looks. What is closed already gets its first look; what was decided already is not signed."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from core import dates
from core.organisation.units import new_id

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_looks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("risk_id", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(40), nullable=True),
        sa.Column("verified_level", sa.String(40), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("looked_by", sa.String(length=40), nullable=True),
        sa.Column("looked_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(result IS NULL) = (looked_by IS NULL) AND (result IS NULL) = (looked_on IS NULL)",
            name=op.f("ck_second_looks_made"),
        ),
        sa.ForeignKeyConstraint(
            ["looked_by"], ["people.id"], name=op.f("fk_second_looks_looked_by"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["risk_id"], ["risks.id"], name=op.f("fk_second_looks_risk_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_second_looks_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_looks")),
        sa.UniqueConstraint("risk_id", "n", name=op.f("uq_second_looks_risk_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("second_looks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_second_looks_looked_by"), ["looked_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_second_looks_risk_id"), ["risk_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_second_looks_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "signatures",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("risk_id", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("signed_by", sa.String(length=40), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("stale_on", sa.Date(), nullable=True),
        sa.Column("replaced", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["risk_id"], ["risks.id"], name=op.f("fk_signatures_risk_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["people.id"], name=op.f("fk_signatures_signed_by"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_signatures_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("signatures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signatures_risk_id"), ["risk_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signatures_signed_by"), ["signed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_signatures_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "look_files",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("look_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["people.id"], name=op.f("fk_look_files_added_by"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["look_id"], ["second_looks.id"], name=op.f("fk_look_files_look_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_look_files_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_files")),
        sa.UniqueConstraint("look_id", "sha256", name=op.f("uq_look_files_look_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("look_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_look_files_added_by"), ["added_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_look_files_look_id"), ["look_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_look_files_unit_id"), ["unit_id"], unique=False)

    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("looked_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("look_result", sa.String(40), nullable=True))

    _plan_looks()


def _plan_looks() -> None:
    """The first look at every closed entry: 30 days after its closing, where that has passed 30 days from now."""
    connection, day = op.get_bind(), timedelta(days=30)
    today = dates.today(dates.now())
    risks = sa.table(
        "risks", *[sa.column(name) for name in ("id", "unit_id", "status")], sa.column("closed_on", sa.Date)
    )
    looks = sa.table(
        "second_looks", *[sa.column(name) for name in ("id", "unit_id", "risk_id", "n", "note")],
        sa.column("due_on", sa.Date),
    )  # fmt: skip
    closed = sa.select(risks).where(risks.c.status == "closed", risks.c.closed_on.is_not(None))
    for row in connection.execute(closed).all():
        due = row.closed_on + day
        values = {"id": new_id(), "unit_id": row.unit_id, "risk_id": row.id, "n": 1, "note": ""}
        connection.execute(sa.insert(looks).values(**values, due_on=due if due > today else today + day))


def downgrade() -> None:
    op.execute("ALTER TABLE publications DROP COLUMN look_result")  # in place: what points here stays pointed
    op.execute("ALTER TABLE publications DROP COLUMN looked_on")
    op.drop_table("look_files")
    op.drop_table("second_looks")
    op.drop_table("signatures")

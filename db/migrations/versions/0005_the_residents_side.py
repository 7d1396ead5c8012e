"""The resident's side."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("flag_id", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("original", sa.String(length=64), nullable=False),
        sa.Column("clean", sa.String(length=64), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["flag_id"], ["flags.id"], name=op.f("fk_attachments_flag_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_attachments_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("flag_id", "original", name=op.f("uq_attachments_flag_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_flag_id"), ["flag_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "contacts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("flag_id", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["flag_id"], ["flags.id"], name=op.f("fk_contacts_flag_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_contacts_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("flag_id", name=op.f("uq_contacts_flag_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contacts_flag_id"), ["flag_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contacts_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "holds",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("flag_id", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.String(length=40), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.String(length=40), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["flag_id"], ["flags.id"], name=op.f("fk_holds_flag_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["people.id"], name=op.f("fk_holds_lifted_by"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["people.id"], name=op.f("fk_holds_set_by"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_holds_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holds_flag_id"), ["flag_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_holds_lifted_by"), ["lifted_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_holds_set_by"), ["set_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_holds_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "supports",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("risk_id", sa.String(length=40), nullable=False),
        sa.Column("place_id", sa.String(length=40), nullable=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["units.id"], name=op.f("fk_supports_place_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["risk_id"], ["risks.id"], name=op.f("fk_supports_risk_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_supports_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supports")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("supports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supports_place_id"), ["place_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_supports_risk_id"), ["risk_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_supports_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "openings",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("flag_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attachment_id", sa.String(length=40), nullable=True),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name=op.f("ck_openings_two_people")),
        sa.CheckConstraint(
            "status NOT IN ('granted', 'done') OR decided_by IS NOT NULL", name=op.f("ck_openings_agreed")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["people.id"], name=op.f("fk_openings_asked_by"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachments.id"],
            name=op.f("fk_openings_attachment_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name=op.f("fk_openings_decided_by"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["flag_id"], ["flags.id"], name=op.f("fk_openings_flag_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_openings_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_openings_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_openings_attachment_id"), ["attachment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_openings_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_openings_flag_id"), ["flag_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_openings_unit_id"), ["unit_id"], unique=False)

    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reopening_asked_on", sa.Date(), nullable=True))

    with op.batch_alter_table("receipts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("support_id", sa.String(length=40), nullable=True))
        batch_op.alter_column("flag_id", existing_type=sa.VARCHAR(length=40), nullable=True)
        batch_op.create_check_constraint(batch_op.f("ck_receipts_of_one"), "(flag_id IS NULL) <> (support_id IS NULL)")
        batch_op.create_index(batch_op.f("ix_receipts_support_id"), ["support_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_receipts_support_id"),
            "supports",
            ["support_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )


def downgrade() -> None:
    op.execute("DELETE FROM receipts WHERE flag_id IS NULL")
    with op.batch_alter_table("receipts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_receipts_of_one"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_receipts_support_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_receipts_support_id"))
        batch_op.alter_column("flag_id", existing_type=sa.VARCHAR(length=40), nullable=False)
        batch_op.drop_column("support_id")

    op.execute("ALTER TABLE flags DROP COLUMN reopening_asked_on")  # in place: what points at flags stays pointed

    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_openings_unit_id"))
        batch_op.drop_index(batch_op.f("ix_openings_flag_id"))
        batch_op.drop_index(batch_op.f("ix_openings_decided_by"))
        batch_op.drop_index(batch_op.f("ix_openings_attachment_id"))
        batch_op.drop_index(batch_op.f("ix_openings_asked_by"))

    op.drop_table("openings")
    with op.batch_alter_table("supports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supports_unit_id"))
        batch_op.drop_index(batch_op.f("ix_supports_risk_id"))
        batch_op.drop_index(batch_op.f("ix_supports_place_id"))

    op.drop_table("supports")
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_holds_unit_id"))
        batch_op.drop_index(batch_op.f("ix_holds_set_by"))
        batch_op.drop_index(batch_op.f("ix_holds_lifted_by"))
        batch_op.drop_index(batch_op.f("ix_holds_flag_id"))

    op.drop_table("holds")
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contacts_unit_id"))
        batch_op.drop_index(batch_op.f("ix_contacts_flag_id"))

    op.drop_table("contacts")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachments_unit_id"))
        batch_op.drop_index(batch_op.f("ix_attachments_flag_id"))

    op.drop_table("attachments")

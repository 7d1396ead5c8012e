"""Decisions in six steps, the disclosure catalogue with its dues, requests for disclosure, and what the board shows."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OF_ONE = (
    "CASE WHEN flag_id IS NULL THEN 0 ELSE 1 END + CASE WHEN support_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN request_id IS NULL THEN 0 ELSE 1 END = 1"
)
TABLES = (
    "shown_answers", "shown_dues", "shown_decisions", "requests", "due_proofs", "dues", "subjects", "decision_files",
    "decision_steps", "decisions",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "shown_answers",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_shown_answers_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown_answers")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("shown_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shown_answers_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "shown_decisions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("steps", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("shown_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_shown_decisions_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown_decisions")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("shown_decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shown_decisions_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "shown_dues",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("disclosure_class", sa.String(40), nullable=False),
        sa.Column("disclosure_when", sa.String(40), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_shown_dues_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown_dues")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("shown_dues", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shown_dues_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("raised", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_decisions_item_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_decisions_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "subjects",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=True),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("disclosure_class", sa.String(40), nullable=False),
        sa.Column("disclosure_when", sa.String(40), nullable=False),
        sa.Column("counts_from", sa.Date(), nullable=False),
        sa.Column("elements", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("manner", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("masked", sa.Boolean(), nullable=False),
        sa.Column("item_version", sa.Integer(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_subjects_item_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_subjects_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subjects")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("subjects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subjects_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_subjects_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "decision_files",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("decision_id", sa.String(length=40), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["people.id"], name=op.f("fk_decision_files_added_by"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decisions.id"],
            name=op.f("fk_decision_files_decision_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_decision_files_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_files")),
        sa.UniqueConstraint("decision_id", "step", "sha256", name=op.f("uq_decision_files_decision_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("decision_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_files_added_by"), ["added_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_files_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_files_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "decision_steps",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("decision_id", sa.String(length=40), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("present", sa.Integer(), nullable=True),
        sa.Column("agreed", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("said_by", sa.String(length=40), nullable=False),
        sa.CheckConstraint("agreed <= present", name=op.f("ck_decision_steps_consented")),
        sa.CheckConstraint("present <= expected", name=op.f("ck_decision_steps_came")),
        sa.CheckConstraint("skipped = (held_on IS NULL)", name=op.f("ck_decision_steps_taken_or_skipped")),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decisions.id"],
            name=op.f("fk_decision_steps_decision_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["said_by"], ["people.id"], name=op.f("fk_decision_steps_said_by"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_decision_steps_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_steps")),
        sa.UniqueConstraint("decision_id", "step", name=op.f("uq_decision_steps_decision_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("decision_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_steps_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_steps_said_by"), ["said_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_steps_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "dues",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published_by", sa.String(length=40), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(published_on IS NULL) = (published_by IS NULL)", name=op.f("ck_dues_published_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["people.id"], name=op.f("fk_dues_published_by"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subjects.id"], name=op.f("fk_dues_subject_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_dues_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dues")),
        sa.UniqueConstraint("subject_id", "key", name=op.f("uq_dues_subject_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("dues", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dues_published_by"), ["published_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_dues_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dues_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index("ix_dues_unit_id_due_on", ["unit_id", "due_on"], unique=False)

    op.create_table(
        "requests",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("kept_from", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.String(length=40), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["people.id"], name=op.f("fk_requests_answered_by"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subjects.id"], name=op.f("fk_requests_subject_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_requests_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requests_answered_by"), ["answered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "due_proofs",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("due_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["people.id"], name=op.f("fk_due_proofs_added_by"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["due_id"], ["dues.id"], name=op.f("fk_due_proofs_due_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_due_proofs_unit_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_proofs")),
        sa.UniqueConstraint("due_id", "sha256", name=op.f("uq_due_proofs_due_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("due_proofs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_due_proofs_added_by"), ["added_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_due_proofs_due_id"), ["due_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_due_proofs_unit_id"), ["unit_id"], unique=False)

    with op.batch_alter_table("receipts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("request_id", sa.String(length=40), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_receipts_of_one"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_receipts_of_one"), OF_ONE)
        batch_op.create_index(batch_op.f("ix_receipts_request_id"), ["request_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_receipts_request_id"), "requests", ["request_id"], ["id"], initially="DEFERRED",
            deferrable=True,
        )  # fmt: skip


def downgrade() -> None:
    op.execute("DELETE FROM receipts WHERE request_id IS NOT NULL")
    with op.batch_alter_table("receipts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_receipts_of_one"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_receipts_request_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_receipts_request_id"))
        batch_op.create_check_constraint(batch_op.f("ck_receipts_of_one"), "(flag_id IS NULL) <> (support_id IS NULL)")
        batch_op.drop_column("request_id")

    for table in TABLES:
        op.drop_table(table)

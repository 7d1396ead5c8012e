"""Clocks of whoever holds an entry, and early warnings. Entries that are open already get a clock from their opening."""

import secrets

import sqlalchemy as sa
from alembic import op

from core.organisation.calendar import Calendar

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FINISH = 60
"""Working days an entry had when this was written."""


def _ref(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), initially="DEFERRED", deferrable=True
    )


def upgrade() -> None:
    op.create_table(
        "clocks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("risk_id", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.String(length=40), nullable=False),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("handed_by", sa.String(length=40), nullable=True),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.Column("extended_by", sa.String(length=40), nullable=True),
        sa.Column("extension_reason", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        _ref("clocks", "unit_id", "units"),
        _ref("clocks", "risk_id", "risks"),
        _ref("clocks", "holder_id", "units"),
        _ref("clocks", "handed_by", "people"),
        _ref("clocks", "extended_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clocks")),
        sa.UniqueConstraint("risk_id", "n", name=op.f("uq_clocks_risk_id")),
        sqlite_with_rowid=False,
    )
    for column in ("unit_id", "risk_id", "holder_id", "handed_by", "extended_by"):
        op.create_index(op.f(f"ix_clocks_{column}"), "clocks", [column])
    runs = sa.text("ended_on IS NULL")
    op.create_index("ix_clocks_running", "clocks", ["risk_id"], unique=True, sqlite_where=runs, postgresql_where=runs)
    op.create_table(
        "early_warnings",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("colour", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("risk_id", sa.String(length=40), nullable=True),
        sa.Column("flag_id", sa.String(length=40), nullable=True),
        sa.Column("person_id", sa.String(length=40), nullable=True),
        sa.Column("to_unit_id", sa.String(length=40), nullable=True),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("noted_by", sa.String(length=40), nullable=True),
        sa.Column("noted_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (to_unit_id IS NULL)", name=op.f("ck_early_warnings_one_addressee")
        ),
        _ref("early_warnings", "unit_id", "units"),
        _ref("early_warnings", "risk_id", "risks"),
        _ref("early_warnings", "flag_id", "flags"),
        _ref("early_warnings", "person_id", "people"),
        _ref("early_warnings", "to_unit_id", "units"),
        _ref("early_warnings", "noted_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_early_warnings")),
        sqlite_with_rowid=False,
    )
    for column in ("unit_id", "risk_id", "flag_id", "person_id", "to_unit_id", "noted_by"):
        op.create_index(op.f(f"ix_early_warnings_{column}"), "early_warnings", [column])
    op.create_index(
        "ix_early_warnings_running", "early_warnings", ["subject", "rule"], unique=True, sqlite_where=runs,
        postgresql_where=runs,
    )  # fmt: skip
    op.add_column("risks", sa.Column("resolve_level", sa.String(length=40), nullable=True))
    _start_clocks()


def _start_clocks() -> None:
    connection, calendar = op.get_bind(), Calendar()
    risks = sa.table(
        "risks", sa.column("id", sa.String), sa.column("unit_id", sa.String), sa.column("opened_on", sa.Date),
        sa.column("status", sa.String),
    )  # fmt: skip
    clocks = sa.table(
        "clocks", *(sa.column(name, sa.String) for name in ("id", "unit_id", "risk_id", "holder_id", "how", "reason")),
        sa.column("extension_reason", sa.String), sa.column("n", sa.Integer), sa.column("extended", sa.Integer),
        sa.column("started_on", sa.Date), sa.column("due_on", sa.Date),
    )  # fmt: skip
    open_ones = connection.execute(sa.select(risks).where(risks.c.status.not_in(("closed", "archived")))).all()
    rows = [
        {
            "id": secrets.token_hex(10), "unit_id": risk.unit_id, "risk_id": risk.id, "holder_id": risk.unit_id,
            "how": "begun", "reason": "", "extension_reason": "", "n": 1, "extended": 0, "started_on": risk.opened_on,
            "due_on": calendar.after(risk.opened_on, FINISH),
        }
        for risk in open_ones
    ]  # fmt: skip
    if rows:
        connection.execute(sa.insert(clocks), rows)


def downgrade() -> None:
    op.drop_column("risks", "resolve_level")
    op.drop_table("early_warnings")
    op.drop_table("clocks")

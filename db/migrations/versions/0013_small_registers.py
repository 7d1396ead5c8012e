"""Small registers and meetings; who has taken a measure on."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NAMES = (
    "commitments", "vettings", "vetting_answers", "mentorships", "mentor_visits", "meetings", "meeting_decisions",
)  # fmt: skip


def _key(name: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=40), nullable=optional)


def _day(name: str, *, optional: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=optional)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _table(name: str, refs: dict[str, str], *parts: sa.schema.SchemaItem) -> None:
    """A table of a unit with its keys, each of `refs` pointing to a table and indexed."""
    refs = {"unit_id": "units", **refs}
    keys = [
        sa.ForeignKeyConstraint(
            [column], [f"{target}.id"], name=op.f(f"fk_{name}_{column}"), initially="DEFERRED", deferrable=True
        )
        for column, target in refs.items()
    ]
    op.create_table(
        name, _key("id"), _key("unit_id"), *parts, *keys, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    for column in refs:
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def upgrade() -> None:
    _table(
        "commitments", {"person_id": "people", "post_id": "posts", "kept_by": "people"},
        _key("kind"), _key("person_id"), _key("post_id"), _day("done_on"), _key("kept_by"),
        _day("checked_on", optional=True),
        sa.UniqueConstraint("post_id", "person_id", "kind", "done_on", name=op.f("uq_commitments_post_id")),
    )  # fmt: skip
    _table("vettings", {"kept_by": "people"}, _text("title"), _day("held_on"), _key("kept_by"))
    _table(
        "vetting_answers", {"vetting_id": "vettings"}, _key("vetting_id"), sa.Column("n", sa.Integer(), nullable=False),
        _text("department"), _day("answered_on", optional=True),
        sa.UniqueConstraint("vetting_id", "n", name=op.f("uq_vetting_answers_vetting_id")),
    )  # fmt: skip
    _table(
        "mentorships", {"mentor_id": "people", "marked_by": "people"},
        _key("mentor_id"), _day("since"), _key("marked_by"), _day("until", optional=True),
    )  # fmt: skip
    _table(
        "mentor_visits", {"mentorship_id": "mentorships"},
        _key("mentorship_id"), _day("visited_on"), _text("seen"), _text("advised"),
    )  # fmt: skip
    _table(
        "meetings", {"held_by": "people"}, _day("held_on"), sa.Column("present", sa.Integer(), nullable=False),
        _key("held_by"),
    )  # fmt: skip
    _table(
        "meeting_decisions",
        {"meeting_id": "meetings", "owner_id": "people", "risk_id": "risks", "measure_id": "measures"},
        _key("meeting_id"), _text("text"), _key("owner_id"), _day("due_on"), _key("risk_id", optional=True),
        _key("measure_id", optional=True),
    )  # fmt: skip
    with op.batch_alter_table("measures") as measures:
        measures.add_column(_key("claimed_by", optional=True))
        measures.add_column(_day("claimed_on", optional=True))
        measures.create_index(op.f("ix_measures_claimed_by"), ["claimed_by"])
        measures.create_foreign_key(
            op.f("fk_measures_claimed_by"), "people", ["claimed_by"], ["id"], initially="DEFERRED", deferrable=True
        )


def downgrade() -> None:
    with op.batch_alter_table("measures") as measures:
        measures.drop_constraint(op.f("fk_measures_claimed_by"), type_="foreignkey")
        measures.drop_index(op.f("ix_measures_claimed_by"))
        measures.drop_column("claimed_on")
        measures.drop_column("claimed_by")
    for name in reversed(NAMES):
        op.drop_table(name)

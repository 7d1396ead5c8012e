"""An index of things by their names, beside the one over what is said; lists of the register that are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEPT = (
    ("entry", "risks", "unit_id", "title, manifestation", "id", ""),
    ("measure", "measures", "unit_id", "text, indicator", "risk_id", ""),
    ("item", "items", "unit_id", "name, basis, body", "id", "WHERE NOT retired"),
    ("subject", "subjects", "unit_id", "name, heading, elements", "id", "WHERE retired_on IS NULL"),
    ("decision", "decisions", "unit_id", "title", "id", ""),
    ("unit", "units", "id", "name", "id", "WHERE closed_on IS NULL"),
    ("post", "posts", "unit_id", "name", "unit_id", ""),
    ("published", "publications", "unit_id", "wording, item", "id", ""),
    ("published", "shown_decisions", "unit_id", "title, item", "id", ""),
    ("published", "shown_dues", "unit_id", "subject, text", "id", ""),
    ("published", "shown_answers", "unit_id", "wording, answer", "id", ""),
)
"""Kind, table, unit, words, what it leads to, and which of them stand."""


def upgrade() -> None:
    _index()
    _views()


def _index() -> None:
    connection = op.get_bind()
    op.execute(
        "CREATE TABLE said_things (kind varchar(20) NOT NULL, subject varchar(40) NOT NULL, "
        "unit_id varchar(40) NOT NULL, title text NOT NULL, words text NOT NULL, head integer NOT NULL, "
        "leads varchar(40) NOT NULL, PRIMARY KEY (kind, subject))"
        + (" WITHOUT ROWID" if connection.dialect.name == "sqlite" else "")
    )
    op.execute("CREATE INDEX said_things_unit ON said_things (unit_id)")
    if connection.dialect.name != "sqlite":
        op.execute("CREATE INDEX said_index_unit ON said_index (unit_id)")
        op.execute(
            "CREATE INDEX said_things_words ON said_things USING gin (words gin_trgm_ops) WITH (fastupdate = off)"
        )
    from core.entries.searching import Found
    from db.questions.finding import put_thing

    for kind, table, unit, words, leads, standing in KEPT:
        query = f"SELECT id, {unit}, {leads}, {words} FROM {table} {standing}"  # noqa: S608 - our own names alone
        for subject, unit_id, lead, *said in connection.execute(sa.text(query)).all():
            put_thing(connection, Found(kind), subject, unit_id, said, lead)


def _views() -> None:
    op.create_table(
        "saved_views", _key("id"), _key("unit_id"), sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False), _key("made_by"), sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False), sa.Column("version_id", sa.Integer(), nullable=False),
        _foreign("saved_views", "unit_id", "units"), _foreign("saved_views", "made_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")), sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "default_views", _key("person_id"), _key("view_id"),
        _foreign("default_views", "person_id", "people"), _foreign("default_views", "view_id", "saved_views"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_default_views")), sqlite_with_rowid=False,
    )  # fmt: skip
    for table, column in (("saved_views", "unit_id"), ("saved_views", "made_by"), ("default_views", "view_id")):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=40), nullable=False)


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), initially="DEFERRED", deferrable=True
    )


def downgrade() -> None:
    op.drop_table("default_views")
    op.drop_table("saved_views")
    op.execute("DROP TABLE said_things")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP INDEX said_index_unit")

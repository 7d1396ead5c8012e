"""An index over everything said, by which like texts are found."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        from db.questions.near import index_row

        op.execute(
            "CREATE VIRTUAL TABLE said_index USING fts5(said, subject UNINDEXED, tokenize='trigram', detail=none)"
        )
        op.execute("CREATE VIRTUAL TABLE said_terms USING fts5vocab(said_index, row)")
        flags = connection.execute(sa.text("SELECT unit_id, id, text FROM flags"))
        risks = connection.execute(sa.text("SELECT unit_id, id, title || '\u3002' || manifestation FROM risks"))
        for unit_id, subject, said in (*flags.all(), *risks.all()):
            index_row(connection, unit_id, subject, said)
    else:
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute("CREATE INDEX ix_flags_said ON flags USING gin (text gin_trgm_ops)")
        op.execute("CREATE INDEX ix_risks_said ON risks USING gin (title gin_trgm_ops)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE said_terms")
        op.execute("DROP TABLE said_index")
    else:
        op.execute("DROP INDEX ix_risks_said")
        op.execute("DROP INDEX ix_flags_said")

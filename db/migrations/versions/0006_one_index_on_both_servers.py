"""The index over everything said is one table on PostgreSQL as well, in plain words, and nothing counts its terms."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute("DROP TABLE said_terms")
        return
    from db.questions.near import index_row

    op.execute(
        "CREATE TABLE said_index (subject varchar(40) PRIMARY KEY, unit_id varchar(40) NOT NULL, said text NOT NULL)"
    )
    flags = connection.execute(sa.text("SELECT unit_id, id, text FROM flags"))
    risks = connection.execute(sa.text("SELECT unit_id, id, title || '\u3002' || manifestation FROM risks"))
    for unit_id, subject, said in (*flags.all(), *risks.all()):
        index_row(connection, unit_id, subject, said)
    # What is written goes into the index itself: from a list of what waits, each of many look-ups would read it all.
    op.execute("CREATE INDEX said_index_said ON said_index USING gin (said gin_trgm_ops) WITH (fastupdate = off)")
    op.execute("DROP INDEX ix_risks_said")
    op.execute("DROP INDEX ix_flags_said")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE said_terms USING fts5vocab(said_index, row)")
    else:
        op.execute("DROP TABLE said_index")
        op.execute("CREATE INDEX ix_flags_said ON flags USING gin (text gin_trgm_ops)")
        op.execute("CREATE INDEX ix_risks_said ON risks USING gin (title gin_trgm_ops)")

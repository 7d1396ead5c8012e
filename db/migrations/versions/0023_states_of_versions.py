"""State and level of each version beside its fields, and in the index by which figures over time are counted; entries
by the day they were opened."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

FILL = {
    "postgresql": "UPDATE versions SET status = coalesce(fields ->> 'status', 'unrated'), level = fields ->> 'level'",
    "sqlite": "UPDATE versions SET status = coalesce(json_extract(fields, '$.status'), 'unrated'),"
              " level = json_extract(fields, '$.level')",
}  # fmt: skip
TURNS = ("unit_id", "risk_id", "day", "status", "level")


def upgrade() -> None:
    server = op.get_bind().dialect.name
    if server == "postgresql":  # a step before may have written versions, to be checked before tables are altered
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.add_column("versions", sa.Column("status", sa.String(length=40), nullable=False, server_default="unrated"))
    op.add_column("versions", sa.Column("level", sa.String(length=40), nullable=True))
    op.execute(FILL[server])
    op.drop_index(op.f("ix_versions_unit_id"), "versions")
    op.create_index("ix_versions_turns", "versions", list(TURNS))
    op.create_index("ix_risks_opened_on", "risks", ["opened_on"])
    if server == "postgresql":
        op.execute("SET CONSTRAINTS ALL DEFERRED")


def downgrade() -> None:
    op.drop_index("ix_risks_opened_on", "risks")
    op.drop_index("ix_versions_turns", "versions")
    op.create_index(op.f("ix_versions_unit_id"), "versions", ["unit_id"])
    op.drop_column("versions", "level")
    op.drop_column("versions", "status")

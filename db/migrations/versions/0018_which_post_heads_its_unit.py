"""Which post heads its unit: until now its name told, from now on a mark that the administrator can change."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

LEADS, SECONDS = re.compile("书记|主任"), re.compile("副|监|纪")
"""The names that told it."""


def upgrade() -> None:
    op.add_column("posts", sa.Column("leads", sa.Boolean(), nullable=False, server_default=sa.false()))
    posts = sa.table("posts", sa.column("id"), sa.column("name"), sa.column("leads", sa.Boolean()))
    rows = op.get_bind().execute(sa.select(posts.c.id, posts.c.name)).all()
    heads = [row.id for row in rows if LEADS.search(row.name) and not SECONDS.search(row.name)]
    for post_id in heads:
        op.execute(posts.update().where(posts.c.id == post_id).values(leads=True))


def downgrade() -> None:
    op.drop_column("posts", "leads")

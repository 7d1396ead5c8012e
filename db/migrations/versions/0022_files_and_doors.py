"""Files that may lie outside the database, originals among them; doors that wrong tries close on every server."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

HASHED = ("evidence", "decision_files", "due_proofs", "look_files")


def upgrade() -> None:
    op.add_column("files", sa.Column("place", sa.String(length=120), nullable=False, server_default=""))
    op.add_column("files", sa.Column("secret", sa.LargeBinary(), nullable=False, server_default=""))
    op.add_column("attachments", sa.Column("sealed_as", sa.String(length=64), nullable=False, server_default=""))
    connection = op.get_bind()
    for key in connection.execute(sa.text("SELECT id FROM attachments WHERE length(sealed) > 0")).scalars().all():
        sealed = connection.execute(sa.text("SELECT sealed FROM attachments WHERE id = :id"), {"id": key}).scalar_one()
        sha256 = hashlib.sha256(sealed).hexdigest()
        put = sa.text("INSERT INTO files (sha256, content) VALUES (:sha256, :content) ON CONFLICT DO NOTHING")
        connection.execute(put, {"sha256": sha256, "content": sealed})
        said = sa.text("UPDATE attachments SET sealed_as = :sha256 WHERE id = :id")
        connection.execute(said, {"sha256": sha256, "id": key})
    op.drop_column("attachments", "sealed")
    op.execute("ALTER TABLE attachments RENAME COLUMN sealed_as TO sealed")
    for column in ("clean", "sealed"):
        op.create_index(op.f(f"ix_attachments_{column}"), "attachments", [column])
    for table in HASHED:
        op.create_index(op.f(f"ix_{table}_sha256"), table, ["sha256"])
    op.create_table(
        "spent_places", sa.Column("place", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_spent_places")), sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "doors", sa.Column("mark", sa.String(length=64), nullable=False), sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_doors")), sqlite_with_rowid=False,
    )  # fmt: skip


def downgrade() -> None:
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT 1 FROM files WHERE place <> ''")).first():
        raise RuntimeError("There are files outside the database. Bring them back first: see deploy/README.md.")
    op.drop_table("doors")
    op.drop_table("spent_places")
    for table in HASHED:
        op.drop_index(op.f(f"ix_{table}_sha256"), table_name=table)
    for column in ("clean", "sealed"):
        op.drop_index(op.f(f"ix_attachments_{column}"), table_name="attachments")
    op.execute("ALTER TABLE attachments RENAME COLUMN sealed TO sealed_as")
    op.add_column("attachments", sa.Column("sealed", sa.LargeBinary(), nullable=False, server_default=""))
    op.execute(
        "UPDATE attachments SET sealed = (SELECT content FROM files WHERE sha256 = sealed_as) WHERE sealed_as <> ''"
    )
    op.execute(
        "DELETE FROM files WHERE sha256 IN (SELECT sealed_as FROM attachments)"
    )
    for name in ("secret", "place"):
        op.drop_column("files", name)
    op.drop_column("attachments", "sealed_as")

"""An index of the flags by day, so that what came in today is counted without reading what came before."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_flags_raised_on_unit_id", "flags", ["raised_on", "unit_id"])


def downgrade() -> None:
    op.drop_index("ix_flags_raised_on_unit_id", "flags")

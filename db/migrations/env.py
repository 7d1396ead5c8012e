"""How Alembic reaches the database: through the connection it is handed."""

from typing import Literal

from alembic import context

from db.tables import metadata
from db.tables.types import Code, Instant


def _render(kind: str, thing: object, _context: object) -> str | Literal[False]:
    """Migrations name plain column types, so that they stay true when the vocabulary grows."""
    if kind == "type" and isinstance(thing, Code):
        return "sa.String(40)"
    if kind == "type" and isinstance(thing, Instant):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, render_item=_render)
with context.begin_transaction():
    context.run_migrations()

"""The table of findings that were set aside."""

from sqlalchemy import Column, Index, String, Table

from core.consistency import findings
from db.tables.columns import day, ident, person, table, text, unit

set_asides = table(
    "set_asides", ident(), unit(), Column("code", String(40), nullable=False),
    Column("subject", String(40), nullable=False), Column("key", String(40), nullable=False), text("reason"),
    day("until"), person("set_by"), day("set_on"), day("ended_on", optional=True),
)  # fmt: skip
Index(
    "ix_set_asides_standing", set_asides.c.unit_id, set_asides.c.key, unique=True,
    sqlite_where=set_asides.c.ended_on.is_(None), postgresql_where=set_asides.c.ended_on.is_(None),
)  # fmt: skip

KEPT: dict[type[object], Table] = {findings.SetAside: set_asides}

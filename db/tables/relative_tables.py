"""The table of declared relatives."""

from sqlalchemy import Index, Table

from core import words as w
from core.organisation import relatives
from db.tables.columns import code, day, ident, person, table, unit

declarations_ = table(
    "declarations", ident(), unit(), person("person_id"), person("relative_id"), code("kind", w.Kinship),
    day("declared_on"), day("confirmed_on", optional=True), person("confirmed_by", optional=True),
    day("ended_on", optional=True), person("ended_by", optional=True),
)  # fmt: skip
Index(
    "ix_declarations_standing", declarations_.c.person_id, declarations_.c.relative_id, unique=True,
    sqlite_where=declarations_.c.ended_on.is_(None), postgresql_where=declarations_.c.ended_on.is_(None),
)  # fmt: skip

KEPT: dict[type[object], Table] = {relatives.Declaration: declarations_}

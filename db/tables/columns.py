"""How tables are written down: names of constraints, and the kinds of column that recur."""

from sqlalchemy import JSON, Boolean, Column, Date, Float, ForeignKey, Integer, MetaData, String, Table, Text
from sqlalchemy.orm import registry
from sqlalchemy.sql.schema import SchemaItem

from core.text import Term
from db.tables.types import Code, Instant

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
mapper = registry(metadata=MetaData(naming_convention=NAMES))


def table(name: str, *parts: SchemaItem) -> Table:
    return Table(name, mapper.metadata, *parts, sqlite_with_rowid=False)


def ident() -> Column[str]:
    return Column("id", String(40), primary_key=True)


def foreign(target: str) -> ForeignKey:
    """Checked at the end of a transaction, so that a deed may write in the order it thinks."""
    return ForeignKey(target, deferrable=True, initially="DEFERRED")


def ref(name: str, target: str, *, optional: bool = False, index: bool = True) -> Column[str]:
    return Column(name, String(40), foreign(f"{target}.id"), nullable=optional, index=index)


def unit() -> Column[str]:
    return ref("unit_id", "units")


def person(name: str, *, optional: bool = False) -> Column[str]:
    return ref(name, "people", optional=optional)


def code(name: str, terms: type[Term], *, optional: bool = False) -> Column[Term]:
    return Column(name, Code(terms), nullable=optional)


def text(name: str = "text") -> Column[str]:
    return Column(name, Text, nullable=False, default="")


def flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, default=False)


def number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, default=0)


def share(name: str) -> Column[float]:
    """A number from 0 to 1."""
    return Column(name, Float, nullable=False, default=0.0)


def instant(name: str, *, optional: bool = False) -> Column[object]:
    return Column(name, Instant, nullable=optional)


def day(name: str, *, optional: bool = False) -> Column[object]:
    return Column(name, Date, nullable=optional)


def json(name: str, *, optional: bool = False) -> Column[object]:
    return Column(name, JSON(none_as_null=True), nullable=optional)


def version() -> Column[int]:
    return Column("version_id", Integer, nullable=False)

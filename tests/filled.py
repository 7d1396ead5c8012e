"""A row in every table, made from what the tables say of themselves: for what has to carry all of them."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Date, Float, Integer, LargeBinary, Table, insert

from core.text import Term
from db.tables import metadata
from db.tables.types import Code, Instant

PEOPLE = ("p1", "p2")
OWN: dict[str, dict[str, object]] = {
    "receipts": {"flag_id": "flags"}, "units": {"parent_id": None, "path": "/x/", "code": "x"},
    "flags": {"text": "公章外借"}, "posts": {"name": "社区党组织书记"},
    "attachments": {"sealed": ""}, "files": {"place": "", "secret": b""}, "decision_steps": {"skipped": False},
    "dues": {"published_by": "p1"}, "early_warnings": {"person_id": "p1"},
    "second_looks": {"result": None, "looked_on": None, "verified_level": None},
}  # fmt: skip
"""What a table wants besides what its columns say."""


def fill(connection: Connection) -> None:
    """One row in each table and two people, all pointing at one another."""
    for table in metadata.sorted_tables:
        row = {column.name: _value(table, column) for column in table.columns} | OWN.get(table.name, {})
        rows = [row | {"id": key, "account": key} for key in PEOPLE] if table.name == "people" else [row]
        connection.execute(insert(table), rows)


def _value(table: Table, column: Column[Any]) -> object:
    kind = column.type
    if column.foreign_keys:
        people = [other.name for other in table.columns if other.references(metadata.tables["people"].c.id)]
        if column.nullable:
            return None
        [target] = column.foreign_keys
        return PEOPLE[people.index(column.name) % 2] if column.name in people else target.column.table.name
    if column.name in ("id", "code") and column.primary_key:
        return table.name
    for known, value in (
        (Boolean, True), (Integer, 1), (Float, 0.5), (Date, date(2026, 11, 2)), (JSON, {"公": ["章", 1, 0.5, None]}),
        (Instant, datetime(2026, 11, 2, 3, 4, 5, 678901, UTC)), (LargeBinary, bytes(range(256))),
    ):  # fmt: skip
        if isinstance(kind, known):
            return value
    if isinstance(kind, Code):
        terms: type[Term] = kind.terms
        return next(iter(terms))
    return "x"

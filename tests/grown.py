"""A site grown to several times its size: each row of what pages list once more, for what size may not change."""

import secrets
from typing import Any

from sqlalchemy import Connection, Engine, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from db import tables
from db.tables import check_tables, holder_tables, openly, round_tables, vouching
from db.tables.message_tables import notices_

COPIED: tuple[Table, ...] = (
    tables.items_, tables.points_, tables.runs_, tables.flags_, tables.messages, tables.readings, openly.requests_,
    tables.risks_, tables.supports_, tables.receipts_, tables.contacts_, tables.attachments_, tables.openings_,
    tables.holds_, tables.recusals, tables.links, tables.distinctions_, tables.suggestions_, tables.judgements,
    tables.run_rows, tables.groups_, tables.members, tables.assessments, tables.statements, tables.measures_,
    tables.progress, tables.evidence, tables.publications, round_tables.versions_, round_tables.inspections,
    holder_tables.clocks_, holder_tables.early_warnings, vouching.signatures, vouching.second_looks,
    openly.decisions_, openly.decision_steps, openly.subjects_, openly.dues_, openly.shown_dues, openly.shown_answers,
    check_tables.set_asides, notices_,
)  # fmt: skip
"""What lists are made of. Units, people, posts and rounds stay, and so does the log, which nobody may write into."""


def grow(engine: Engine, copies: int) -> None:
    """Add so many copies of every row, with ids and numbers of their own; what points at a row points at its copy."""
    with engine.begin() as connection:
        found = {table: [dict(row._mapping) for row in connection.execute(select(table))] for table in COPIED}
        for _copy in range(copies):
            _add(connection, found, secrets.token_hex(3), 1 + secrets.randbelow(10**6))


def _add(connection: Connection, found: dict[Table, list[dict[str, Any]]], mark: str, first: int) -> None:
    """One copy of all that was found; what is there already under another key stays as it is."""
    new = {row["id"]: f"{row['id'][:30]}~{mark}" for rows in found.values() for row in rows if "id" in row}
    for table, rows in found.items():
        for row in rows:
            copied = {name: new.get(value, value) if isinstance(value, str) else value for name, value in row.items()}
            copied |= {"locator": f"{row['locator'][:9]}~{mark}"} if "locator" in row else {}
            copied |= {"number": row["number"] + 1000 * first} if "number" in row else {}
            put = sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
            connection.execute(put.values(copied).on_conflict_do_nothing())

"""The table of the log: one row a line, hash-chained, never changed."""

from sqlalchemy import Column, Index, Integer, String, literal_column

from core.events import Event
from db.tables.columns import table, text

# fmt: off
audit_entries = table(
    "audit_entries", Column("chain", String(80), primary_key=True), Column("n", Integer, primary_key=True),
    Column("at", String(40), nullable=False), Column("actor", String(40), nullable=False),
    Column("event", String(40), nullable=False), Column("subject", String(40), nullable=False, index=True),
    text("facts"), Column("previous", String(64), nullable=False), Column("digest", String(64), nullable=False),
)
claim_passed = audit_entries.c.event == literal_column(f"'{Event.CLAIM_PASSED}'")
"""That a line of the log tells of a claim passed on, in the very words of its index; they are few among all lines."""
Index(
    "ix_audit_entries_claim_passed", audit_entries.c.event, audit_entries.c.subject, sqlite_where=claim_passed,
    postgresql_where=claim_passed,
)

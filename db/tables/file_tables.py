"""The tables of files, and of doors that too many wrong tries have closed."""

from sqlalchemy import Column, Integer, LargeBinary, String

from db.tables.columns import day, instant, table

# fmt: off
files = table(
    "files", Column("sha256", String(64), primary_key=True), Column("content", LargeBinary, nullable=False),
    Column("place", String(120), nullable=False, default=""),
    Column("secret", LargeBinary, nullable=False, default=b""),
)
"""Contents by their hash. `place` is the name under which one lies on a shelf outside, encrypted with `secret`; both
are empty where `content` is here."""
spent = table("spent_places", Column("place", String(120), primary_key=True))
"""Names whose content is to go from every shelf; kept until it has."""
doors = table(
    "doors", Column("mark", String(64), primary_key=True), Column("wrong", Integer, nullable=False),
    instant("closed_until", optional=True), day("tried_on"),
)
"""Wrong tries at what is opened by a secret, by a mark that tells nobody what was tried."""
# fmt: on

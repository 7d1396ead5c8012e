"""The tables of rounds, and of what was: the snapshots a closed round leaves, and each entry day by day."""

from sqlalchemy import Column, Date, Index, LargeBinary, String, UniqueConstraint

from core import words as w
from db.tables.columns import code, day, foreign, ident, json, number, person, ref, table, text, unit

# fmt: off
rounds_ = table(
    "rounds", ident(), unit(), text("title"), day("starts_on"), day("ends_on"), day("filing_from"),
    day("control_from"), day("evaluation_from"), day("closed_on", optional=True),
    Column("closed_by", String(40)), text("reason"), Column("run_id", String(40)),
)
round_posts = table(
    "round_posts", ident(), unit(), ref("round_id", "rounds"), text("name"),
)
inspections = table(
    "inspections", ident(), unit(), ref("round_id", "rounds"), ref("item_id", "items"), person("person_id"),
    code("answer", w.Answer), text("note"), day("said_on"), day("changed_on", optional=True),
    UniqueConstraint("round_id", "item_id"),
)
snapshots_ = table(
    "snapshots", ident(), unit(), ref("round_id", "rounds"), day("taken_on"),
    Column("digest", String(64), nullable=False), number("entries"),
    Column("content", LargeBinary, nullable=False), UniqueConstraint("round_id", "unit_id"),
)
versions_ = table(
    "versions", Column("risk_id", String(40), foreign("risks.id"), primary_key=True),
    Column("day", Date, primary_key=True), ref("unit_id", "units", index=False), json("fields"),
    code("status", w.RiskStatus), code("level", w.Level, optional=True),
    Index("ix_versions_turns", "unit_id", "risk_id", "day", "status", "level"),
)  # fmt: skip

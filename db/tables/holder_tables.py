"""The tables of who holds an entry, of early warnings, and of working days."""

from sqlalchemy import CheckConstraint, Column, Index, String, Table, UniqueConstraint

from core import words as w
from core.alerts import warnings
from core.entries import clocks
from core.organisation import calendar
from db.tables.columns import code, day, flag, ident, number, person, ref, table, text, unit

# fmt: off
special_days = table(
    "special_days", ident(), day("day"), flag("works"), text("note"), UniqueConstraint("day"),
)
clocks_ = table(
    "clocks", ident(), unit(), ref("risk_id", "risks"), number("n"), ref("holder_id", "units"), code("how", w.Handing),
    day("started_on"), day("due_on"), text("reason"), person("handed_by", optional=True), number("extended"),
    person("extended_by", optional=True), text("extension_reason"), day("ended_on", optional=True),
    UniqueConstraint("risk_id", "n"),
)
Index(
    "ix_clocks_running", clocks_.c.risk_id, unique=True, sqlite_where=clocks_.c.ended_on.is_(None),
    postgresql_where=clocks_.c.ended_on.is_(None),
)
Index(
    "ix_clocks_due_on", clocks_.c.due_on, clocks_.c.risk_id, sqlite_where=clocks_.c.ended_on.is_(None),
    postgresql_where=clocks_.c.ended_on.is_(None),
)
early_warnings = table(
    "early_warnings", ident(), unit(), Column("rule", String(40), nullable=False), code("colour", w.WarningLevel),
    Column("subject", String(40), nullable=False), ref("risk_id", "risks", optional=True),
    ref("flag_id", "flags", optional=True), person("person_id", optional=True),
    ref("to_unit_id", "units", optional=True), day("raised_on"), day("told_on"), day("ended_on", optional=True),
    text("note"), person("noted_by", optional=True),
    day("noted_on", optional=True),
    CheckConstraint("(person_id IS NULL) <> (to_unit_id IS NULL)", name="one_addressee"),
)
Index(
    "ix_early_warnings_running", early_warnings.c.subject, early_warnings.c.rule, unique=True,
    sqlite_where=early_warnings.c.ended_on.is_(None), postgresql_where=early_warnings.c.ended_on.is_(None),
)  # fmt: skip

KEPT: dict[type[object], Table] = {
    clocks.Clock: clocks_, warnings.EarlyWarning: early_warnings, calendar.SpecialDay: special_days,
}

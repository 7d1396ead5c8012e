"""The tables of what is told and of what is done by time: notices, addresses, messages, leases and marks."""

from sqlalchemy import Column, Index, LargeBinary, String, UniqueConstraint

from core.alerts.addresses import Outlet
from core.alerts.deliveries import DeliveryState, Purpose
from core.alerts.notices import Kind
from db.tables.columns import code, day, flag, ident, instant, number, person, ref, table, text, unit

# fmt: off
notices_ = table(
    "notices", ident(), unit(), person("person_id"), code("kind", Kind), Column("subject", String(40), nullable=False),
    day("day"), flag("is_read"), flag("is_red"), flag("is_sent"),
    UniqueConstraint("person_id", "kind", "subject", "day"),
)
addresses_ = table(
    "addresses", ident(), unit(), person("person_id"), code("outlet", Outlet),
    Column("sealed", LargeBinary, nullable=False), text("mask"), number("hour"), flag("at_once"),
    day("digested_on", optional=True),
)
deliveries_ = table(
    "deliveries", ident(), unit(), person("person_id"), ref("address_id", "addresses", optional=True),
    code("outlet", Outlet), code("purpose", Purpose), Column("key", String(120), nullable=False, unique=True),
    day("made_on"), instant("due_at"), number("tries"), code("state", DeliveryState), text("trouble"),
    Index("ix_deliveries_state_due_at", "state", "due_at"),
)
leases = table("leases", Column("name", String(40), primary_key=True), text("holder"), instant("until"))
marks_ = table(
    "marks", Column("job", String(40), primary_key=True), Column("lot", String(40), primary_key=True), day("day"),
)  # fmt: skip

"""The tables, and which entity of core each one keeps.

Random keys and no row numbers: the order of rows on disk tells nothing about when a resident spoke.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import registry
from sqlalchemy.sql.schema import SchemaItem

from core import (
    audit,
    board,
    drafts,
    flags,
    items,
    measures,
    merging,
    people,
    points,
    posts,
    rating,
    receipts,
    recusal,
    risks,
    rounds,
    signin,
    units,
)
from core import words as w
from core.text import Term
from db.types import Code, Instant

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
mapper = registry(metadata=MetaData(naming_convention=NAMES))
metadata = mapper.metadata


def _table(name: str, *parts: SchemaItem) -> Table:
    return Table(name, metadata, *parts, sqlite_with_rowid=False)


# fmt: off
def _id() -> Column[str]:
    return Column("id", String(40), primary_key=True)


def _foreign(target: str) -> ForeignKey:
    """Checked at the end of a transaction, so that a deed may write in the order it thinks."""
    return ForeignKey(target, deferrable=True, initially="DEFERRED")


def _ref(name: str, target: str, *, optional: bool = False, index: bool = True) -> Column[str]:
    return Column(name, String(40), _foreign(f"{target}.id"), nullable=optional, index=index)


def _unit() -> Column[str]:
    return _ref("unit_id", "units")


def _person(name: str, *, optional: bool = False) -> Column[str]:
    return _ref(name, "people", optional=optional)


def _code(name: str, terms: type[Term], *, optional: bool = False) -> Column[Term]:
    return Column(name, Code(terms), nullable=optional)


def _text(name: str = "text") -> Column[str]:
    return Column(name, Text, nullable=False, default="")


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, default=False)


def _day(name: str, *, optional: bool = False) -> Column[object]:
    return Column(name, Date, nullable=optional)


def _json(name: str, *, optional: bool = False) -> Column[object]:
    return Column(name, JSON(none_as_null=True), nullable=optional)


def _version() -> Column[int]:
    return Column("version_id", Integer, nullable=False)


unit_kinds = _table(
    "unit_kinds", Column("code", String(40), primary_key=True), _text("name"),
    Column("rank", Integer, nullable=False), _flag("holds_register"),
)
units_ = _table(
    "units", _id(), _ref("parent_id", "units", optional=True),
    Column("kind", String(40), _foreign("unit_kinds.code"), nullable=False), _text("name"),
    Column("path", String(400), nullable=False, unique=True), Column("code", String(16), nullable=False, unique=True),
    _day("closed_on", optional=True),
)
people_ = _table(
    "people", _id(), _unit(), Column("account", String(40), nullable=False, unique=True), _text("name"),
    _text("password"), _flag("must_change"), Column("failures", Integer, nullable=False, default=0),
    Column("locked_until", Instant), _day("left_on", optional=True),
)
assignments = _table(
    "assignments", _id(), _unit(), _person("person_id"), _code("role", w.Role),
    UniqueConstraint("person_id", "role", "unit_id"),
)
sessions = _table(
    "sessions", Column("id", String(64), primary_key=True), _person("person_id"),
    Column("begun_at", Instant, nullable=False), Column("seen_at", Instant, nullable=False), _flag("ended"),
)
posts_ = _table("posts", _id(), _unit(), _text("name"))
holdings = _table(
    "holdings", _id(), _unit(), _ref("post_id", "posts"), _person("person_id"), _day("since"),
    _day("until", optional=True),
)
items_ = _table(
    "items", _id(), _unit(), _text("name"), _code("dimension", w.Dimension), _text("basis"), _text("body"),
    _ref("post_id", "posts", optional=True), _text("procedure"), _text("time_limit"), _text("supervision"),
    _flag("major"), _code("disclosure_class", w.DisclosureClass),
    _code("disclosure_when", w.DisclosureWhen, optional=True), _flag("masked"),
    Column("version", Integer, nullable=False, default=1), _flag("retired"),
)
rounds_ = _table("rounds", _id(), _unit(), _text("title"), _day("starts_on"), _day("ends_on"))
inspections = _table(
    "inspections", _id(), _unit(), _ref("round_id", "rounds"), _ref("item_id", "items"), _person("person_id"),
    _code("answer", w.Answer), _text("note"), _day("said_on"), UniqueConstraint("round_id", "item_id"),
)
points_ = _table(
    "points", _id(), _unit(), _text(), _person("raised_by"), _day("raised_on"), _day("due_on"),
)
flags_ = _table(
    "flags", _id(), _unit(), _ref("place_id", "units", optional=True), _code("source", w.Source),
    _code("channel", w.Channel), _text(), _day("raised_on"), _day("due_on"), _ref("item_id", "items", optional=True),
    _code("dimension", w.Dimension, optional=True), _code("risk_type", w.RiskType, optional=True),
    _code("level", w.Level, optional=True), _json("factors", optional=True), _person("raised_by", optional=True),
    _ref("point_id", "points", optional=True), _code("status", w.FlagStatus), _code("triage", w.Triage, optional=True),
    _text("reason"), _day("decided_on", optional=True), _flag("sealed"), _flag("seal_confirmed"),
    Column("response", Integer), Column("solved", Integer), Column("satisfied", Integer), _version(),
    Index("ix_flags_unit_id_status", "unit_id", "status"),
)
messages = _table(
    "messages", _id(), _unit(), _ref("flag_id", "flags"), _flag("from_sender"), _text(), _day("said_on"),
    Column("n", Integer, nullable=False),
)
readings = _table(
    "readings", _id(), _unit(), _ref("flag_id", "flags"), Column("role", String(40), nullable=False), _day("read_on"),
    UniqueConstraint("flag_id", "role", "read_on"),
)
receipts_ = _table(
    "receipts", Column("locator", String(16), primary_key=True), _ref("flag_id", "flags"), _text("secret"),
)
recusals = _table(
    "recusals", _id(), _unit(), _ref("flag_id", "flags"), _person("person_id"), _text("reason"),
    UniqueConstraint("flag_id", "person_id"),
)
risks_ = _table(
    "risks", _id(), _unit(), Column("number", Integer, nullable=False), _text("title"),
    _ref("item_id", "items", optional=True), _code("dimension", w.Dimension), _code("risk_type", w.RiskType),
    _day("opened_on"), _text("manifestation"), _code("status", w.RiskStatus), _code("level", w.Level, optional=True),
    _code("expected_level", w.Level, optional=True), _code("verified_level", w.Level, optional=True),
    _person("owner_id", optional=True), _person("leader_id", optional=True), _person("watchdog_id", optional=True),
    _code("disclosure_class", w.DisclosureClass), _code("disclosure_when", w.DisclosureWhen, optional=True),
    _text("secret_reason"), _text("wording"), _day("announced_on", optional=True), _day("filed_on", optional=True),
    _person("closing_asked_by", optional=True), _text("closing_note"), _day("closed_on", optional=True),
    _person("closed_by", optional=True), _version(), UniqueConstraint("unit_id", "number"),
)
links = _table(
    "links", _id(), _unit(), _ref("flag_id", "flags"), _ref("risk_id", "risks"), _code("before", w.FlagStatus),
    _person("linked_by"), Column("linked_at", Instant, nullable=False), _text("reason"), _flag("founding"),
    Column("undone_at", Instant), _person("undone_by", optional=True), _text("undone_reason"),
)
assessments = _table(
    "assessments", _id(), _unit(), _ref("risk_id", "risks"), _code("stage", w.RatingStage), _json("factors"),
    _json("overrides"), _code("computed", w.Level), _code("level", w.Level), _text("reason"), _person("rated_by"),
    Column("rated_at", Instant, nullable=False), Column("thresholds", Integer, nullable=False),
)
statements = _table(
    "statements", _id(), _unit(), _ref("risk_id", "risks"), _person("person_id"), _flag("objection"), _text(),
    Column("said_at", Instant, nullable=False),
)
measures_ = _table(
    "measures", _id(), _unit(), _ref("risk_id", "risks"), _text(), _code("measure_type", w.MeasureType),
    _code("stage", w.MeasureStage), _code("actor_kind", w.ActorKind), _person("owner_id"), _person("watchdog_id"),
    _day("starts_on"), _day("due_on"), _text("indicator"), _code("status", w.MeasureStatus),
    Column("percent", Integer, nullable=False, default=0), _day("done_on", optional=True),
    _person("verified_by", optional=True), _version(),
    CheckConstraint("owner_id <> watchdog_id", name="two_people"),
    CheckConstraint("verified_by IS NULL OR verified_by <> owner_id", name="verified_by_another"),
)
progress = _table(
    "progress", _id(), _unit(), _ref("measure_id", "measures"), _code("status", w.MeasureStatus),
    Column("percent", Integer, nullable=False), _text(), _person("said_by"),
    Column("said_at", Instant, nullable=False),
)
evidence = _table(
    "evidence", _id(), _unit(), _ref("measure_id", "measures"), _text("name"), _text("media_type"),
    Column("size", Integer, nullable=False), Column("sha256", String(64), nullable=False), _person("added_by"),
    Column("added_at", Instant, nullable=False), UniqueConstraint("measure_id", "sha256"),
)
publications = _table(
    "publications", _id(), _unit(), Column("number", Integer, nullable=False), _text("item"), _text("wording"),
    _code("level", w.Level, optional=True), _code("status", w.RiskStatus), _json("measures"), _day("published_on"),
    _day("closed_on", optional=True),
)
drafts_ = _table(
    "drafts", Column("person_id", String(40), _foreign("people.id"), primary_key=True),
    Column("form", String(120), primary_key=True), _json("fields"), _day("saved_on"),
)
files = _table("files", Column("sha256", String(64), primary_key=True), Column("content", LargeBinary, nullable=False))
chain_heads = _table(
    "chain_heads", Column("chain", String(80), primary_key=True), Column("n", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
)
audit_entries = _table(
    "audit_entries", Column("chain", String(80), primary_key=True), Column("n", Integer, primary_key=True),
    Column("at", String(40), nullable=False), Column("actor", String(40), nullable=False),
    Column("event", String(40), nullable=False), Column("subject", String(40), nullable=False, index=True),
    _text("facts"), Column("previous", String(64), nullable=False), Column("digest", String(64), nullable=False),
)  # fmt: skip

VERSIONED = (flags_, risks_, measures_)
KEPT: dict[type[object], Table] = {
    units.UnitKind: unit_kinds, units.Unit: units_, people.Person: people_, people.Assignment: assignments,
    signin.Session: sessions, posts.Post: posts_, posts.Holding: holdings, items.Item: items_, rounds.Round: rounds_,
    rounds.Inspection: inspections, points.Point: points_, flags.Flag: flags_, flags.Message: messages,
    flags.Reading: readings, receipts.Receipt: receipts_, recusal.Recusal: recusals, risks.Risk: risks_,
    merging.Link: links, rating.Assessment: assessments, rating.Statement: statements, measures.Measure: measures_,
    measures.Progress: progress, measures.Evidence: evidence, board.Publication: publications, drafts.Draft: drafts_,
    audit.Entry: audit_entries,
}  # fmt: skip


def _map() -> None:
    for entity, table in KEPT.items():
        if table in VERSIONED:
            mapper.map_imperatively(
                entity, table, properties={"_version": table.c.version_id}, version_id_col=table.c.version_id
            )
        else:
            mapper.map_imperatively(entity, table)


_map()

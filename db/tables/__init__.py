"""The tables, and which entity of core each one keeps.

Random keys and no row numbers: the order of rows on disk tells nothing about when a resident spoke.
"""

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, String, Table, UniqueConstraint
from sqlalchemy.orm import deferred

from core import items
from core import words as w
from core.alerts.addresses import Address
from core.alerts.deliveries import Delivery
from core.alike import calibration, vocabulary
from core.entries import rating, risks
from core.inspection import rounds, snapshots
from core.openness import board
from core.organisation import people, posts, recusal, signin, units
from core.prevention import measures
from core.review import distinctions, merging, runs, suggesting
from core.voices import attachments, contacts, drafts, flags, openings, points, receipts, retention, supports
from db.tables import (
    check_tables,
    file_tables,
    holder_tables,
    ledger_tables,
    log_tables,
    openly,
    relative_tables,
    sum_tables,
    view_tables,
    vouching,
    waiting,
)
from db.tables.columns import (
    code,
    day,
    flag,
    foreign,
    ident,
    instant,
    json,
    mapper,
    number,
    person,
    ref,
    share,
    table,
    text,
    unit,
    version,
)
from db.tables.message_tables import addresses_, deliveries_
from db.tables.round_tables import inspections, round_posts, rounds_, snapshots_

metadata = mapper.metadata

# fmt: off
unit_kinds = table(
    "unit_kinds", Column("code", String(40), primary_key=True), text("name"),
    Column("rank", Integer, nullable=False), flag("holds_register"),
)
units_ = table(
    "units", ident(), ref("parent_id", "units", optional=True),
    Column("kind", String(40), foreign("unit_kinds.code"), nullable=False), text("name"),
    Column("path", String(400), nullable=False, unique=True), Column("code", String(16), nullable=False, unique=True),
    day("closed_on", optional=True), Index("ix_units_name_path", "name", "path"),
)
people_ = table(
    "people", ident(), unit(), Column("account", String(40), nullable=False, unique=True), text("name"),
    text("password"), flag("must_change"), number("failures"),
    instant("locked_until", optional=True), day("left_on", optional=True),
)
assignments = table(
    "assignments", ident(), unit(), person("person_id"), code("role", w.Role),
    UniqueConstraint("person_id", "role", "unit_id"),
)
sessions = table(
    "sessions", Column("id", String(64), primary_key=True), person("person_id"),
    instant("begun_at"), instant("seen_at"), flag("ended"),
)
posts_ = table("posts", ident(), unit(), text("name"), flag("leads"))
holdings = table(
    "holdings", ident(), unit(), ref("post_id", "posts"), person("person_id"), day("since"), day("until", optional=True)
)
items_ = table(
    "items", ident(), unit(), text("name"), code("dimension", w.Dimension), text("basis"), text("body"),
    ref("post_id", "posts", optional=True), text("procedure"), text("time_limit"), text("supervision"),
    flag("major"), code("disclosure_class", w.DisclosureClass),
    code("disclosure_when", w.DisclosureWhen, optional=True), flag("masked"),
    Column("version", Integer, nullable=False, default=1), flag("retired"),
)
points_ = table(
    "points", ident(), unit(), text(), person("raised_by"), day("raised_on"), day("due_on"),
    Column("group_id", String(40)),
)
flags_ = table(
    "flags", ident(), unit(), ref("place_id", "units", optional=True), code("source", w.Source),
    code("channel", w.Channel), text(), day("raised_on"), day("due_on"), ref("item_id", "items", optional=True),
    code("dimension", w.Dimension, optional=True), code("risk_type", w.RiskType, optional=True),
    code("level", w.Level, optional=True), json("factors", optional=True), person("raised_by", optional=True),
    ref("point_id", "points", optional=True), code("status", w.FlagStatus), code("triage", w.Triage, optional=True),
    text("reason"), day("decided_on", optional=True), flag("sealed"), flag("seal_confirmed"),
    Column("response", Integer), Column("solved", Integer), Column("satisfied", Integer),
    day("reopening_asked_on", optional=True), flag("urgent"), version(),
    Index("ix_flags_unit_id_status", "unit_id", "status"), Index("ix_flags_raised_on_unit_id", "raised_on", "unit_id"),
)
for seldom, condition in (("sealed", flags_.c.sealed), ("wished", flags_.c.reopening_asked_on.is_not(None))):
    Index(f"ix_flags_{seldom}", flags_.c.unit_id, sqlite_where=condition, postgresql_where=condition)
messages = table(
    "messages", ident(), unit(), ref("flag_id", "flags"), flag("from_sender"), text(), day("said_on"),
    Column("n", Integer, nullable=False),
)
readings = table(
    "readings", ident(), unit(), ref("flag_id", "flags"), Column("role", String(40), nullable=False), day("read_on"),
    UniqueConstraint("flag_id", "role", "read_on"),
)
receipts_ = table(
    "receipts", Column("locator", String(16), primary_key=True), ref("flag_id", "flags", optional=True),
    text("secret"), ref("support_id", "supports", optional=True), ref("request_id", "requests", optional=True),
    CheckConstraint(
        "CASE WHEN flag_id IS NULL THEN 0 ELSE 1 END + CASE WHEN support_id IS NULL THEN 0 ELSE 1 END"
        " + CASE WHEN request_id IS NULL THEN 0 ELSE 1 END = 1", name="of_one",
    ),
)
supports_ = table(
    "supports", ident(), unit(), ref("risk_id", "risks"), ref("place_id", "units", optional=True),
    code("channel", w.Channel), day("said_on"),
)
contacts_ = table(
    "contacts", ident(), unit(), ref("flag_id", "flags"), Column("sealed", LargeBinary, nullable=False),
    day("kept_on"), UniqueConstraint("flag_id"),
)
attachments_ = table(
    "attachments", ident(), unit(), ref("flag_id", "flags"), number("n"), text("media_type"), number("size"),
    Column("original", String(64), nullable=False), Column("clean", String(64), nullable=False, index=True),
    day("added_on"), Column("sealed", String(64), nullable=False, index=True), UniqueConstraint("flag_id", "original"),
)
openings_ = table(
    "openings", ident(), unit(), ref("flag_id", "flags"), code("kind", w.OpeningKind), text("reason"),
    person("asked_by"), instant("asked_at"), code("status", w.OpeningStatus), person("decided_by", optional=True),
    instant("decided_at", optional=True), text("answer"), instant("done_at", optional=True),
    ref("attachment_id", "attachments", optional=True),
    CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="two_people"),
    CheckConstraint("status NOT IN ('granted', 'done') OR decided_by IS NOT NULL", name="agreed"),
)
holds_ = table(
    "holds", ident(), unit(), ref("flag_id", "flags"), text("reason"), person("set_by"), instant("set_at"),
    person("lifted_by", optional=True), instant("lifted_at", optional=True),
)
recusals = table(
    "recusals", ident(), unit(), ref("flag_id", "flags"), person("person_id"), text("reason"),
    UniqueConstraint("flag_id", "person_id"),
)
risks_ = table(
    "risks", ident(), unit(), Column("number", Integer, nullable=False), text("title"),
    ref("item_id", "items", optional=True), code("dimension", w.Dimension), code("risk_type", w.RiskType),
    day("opened_on"), text("manifestation"), code("status", w.RiskStatus), code("level", w.Level, optional=True),
    code("expected_level", w.Level, optional=True), code("verified_level", w.Level, optional=True),
    person("owner_id", optional=True), person("leader_id", optional=True), person("watchdog_id", optional=True),
    code("disclosure_class", w.DisclosureClass), code("disclosure_when", w.DisclosureWhen, optional=True),
    text("secret_reason"), text("wording"), day("announced_on", optional=True), day("filed_on", optional=True),
    person("closing_asked_by", optional=True), text("closing_note"), day("closed_on", optional=True),
    person("closed_by", optional=True), code("resolve_level", w.ResolveLevel, optional=True), version(),
    UniqueConstraint("unit_id", "number"), Index("ix_risks_opened_on", "opened_on"),
)
links = table(
    "links", ident(), unit(), ref("flag_id", "flags"), ref("risk_id", "risks"), code("before", w.FlagStatus),
    person("linked_by"), instant("linked_at"), text("reason"), flag("founding"),
    instant("undone_at", optional=True), person("undone_by", optional=True), text("undone_reason"),
    Column("came_from", String(40)), Column("deed_id", String(40)),
)
distinctions_ = table(
    "distinctions", ident(), unit(), ref("flag_id", "flags"), ref("risk_id", "risks"), person("said_by"),
    instant("said_at"), text("reason"), instant("undone_at", optional=True), person("undone_by", optional=True),
    text("undone_reason"),
)
suggestions_ = table(
    "suggestions", ident(), unit(), ref("flag_id", "flags"), ref("risk_id", "risks"), share("probability"),
    UniqueConstraint("flag_id", "risk_id"),
)
judgements = table(
    "judgements", ident(), unit(), ref("flag_id", "flags"), ref("risk_id", "risks"), flag("same"), day("judged_on"),
    json("signs"),
)
weights_ = table(
    "weights", ident(), unit(), person("made_by", optional=True), instant("made_at"), json("model"), json("figures"),
    instant("undone_at", optional=True),
)
vocabularies = table(
    "vocabularies", ident(), number("texts"), day("made_on"), Column("counts", LargeBinary, nullable=False),
)
runs_ = table(
    "runs", ident(), unit(), code("kind", w.RunKind), text("title"), person("begun_by"), instant("begun_at"),
    code("status", w.RunStatus), number("done"), number("total"), instant("beat_at", optional=True), text("trouble"),
)
run_rows = table(
    "run_rows", ident(), unit(), ref("run_id", "runs"), number("n"), json("fields"), text("trouble"),
    ref("flag_id", "flags", optional=True), UniqueConstraint("run_id", "n"),
)
groups_ = table(
    "groups", ident(), unit(), ref("run_id", "runs"), number("n"), share("strength"),
    ref("risk_id", "risks", optional=True), flag("weak"), code("status", w.GroupStatus),
    person("decided_by", optional=True), instant("decided_at", optional=True),
)
members = table(
    "members", ident(), unit(), ref("group_id", "groups"), share("strength"), json("because"),
    ref("flag_id", "flags", optional=True), ref("risk_id", "risks", optional=True), flag("left_out"),
)
assessments = table(
    "assessments", ident(), unit(), ref("risk_id", "risks"), code("stage", w.RatingStage), json("factors"),
    json("overrides"), code("computed", w.Level), code("level", w.Level), text("reason"), person("rated_by"),
    instant("rated_at"), Column("thresholds", Integer, nullable=False),
)
statements = table(
    "statements", ident(), unit(), ref("risk_id", "risks"), person("person_id"), flag("objection"), text(),
    instant("said_at"),
)
measures_ = table(
    "measures", ident(), unit(), ref("risk_id", "risks"), text(), code("measure_type", w.MeasureType),
    code("stage", w.MeasureStage), code("actor_kind", w.ActorKind), person("owner_id"), person("watchdog_id"),
    day("starts_on"), day("due_on"), text("indicator"), code("status", w.MeasureStatus),
    number("percent"), day("done_on", optional=True),
    person("verified_by", optional=True), person("claimed_by", optional=True), day("claimed_on", optional=True),
    version(), CheckConstraint("owner_id <> watchdog_id", name="two_people"),
    CheckConstraint("verified_by IS NULL OR verified_by <> owner_id", name="verified_by_another"),
)
progress = table(
    "progress", ident(), unit(), ref("measure_id", "measures"), code("status", w.MeasureStatus),
    Column("percent", Integer, nullable=False), text(), person("said_by"), instant("said_at"),
)
evidence = table(
    "evidence", ident(), unit(), ref("measure_id", "measures"), text("name"), text("media_type"),
    number("size"), Column("sha256", String(64), nullable=False, index=True), person("added_by"),
    instant("added_at"), UniqueConstraint("measure_id", "sha256"),
)
publications = table(
    "publications", ident(), unit(), Column("number", Integer, nullable=False), text("item"), text("wording"),
    code("level", w.Level, optional=True), code("status", w.RiskStatus), json("measures"), day("published_on"),
    day("closed_on", optional=True), day("looked_on", optional=True),
    code("look_result", w.ReviewResult, optional=True),
)
drafts_ = table(
    "drafts", Column("person_id", String(40), foreign("people.id"), primary_key=True),
    Column("form", String(120), primary_key=True), json("fields"), day("saved_on"),
)
files = file_tables.files
sums, summed = sum_tables.sums, sum_tables.summed
chain_heads = table(
    "chain_heads", Column("chain", String(80), primary_key=True), Column("n", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
)
audit_entries = log_tables.audit_entries

waiting.index(metadata)

VERSIONED = (flags_, risks_, measures_, *openly.VERSIONED, *view_tables.VERSIONED)
HEAVY = {snapshots_: "content"}
KEPT: dict[type[object], Table] = {
    units.UnitKind: unit_kinds, units.Unit: units_, people.Person: people_, people.Assignment: assignments,
    signin.Session: sessions, posts.Post: posts_, posts.Holding: holdings, items.Item: items_, rounds.Round: rounds_,
    rounds.Inspection: inspections, rounds.RoundPost: round_posts, snapshots.Snapshot: snapshots_,
    points.Point: points_, flags.Flag: flags_, flags.Message: messages,
    flags.Reading: readings, receipts.Receipt: receipts_, recusal.Recusal: recusals, risks.Risk: risks_,
    merging.Link: links, rating.Assessment: assessments, rating.Statement: statements, measures.Measure: measures_,
    measures.Progress: progress, measures.Evidence: evidence, board.Publication: publications, drafts.Draft: drafts_,
    distinctions.Distinction: distinctions_, suggesting.Suggestion: suggestions_,
    calibration.Judgement: judgements, calibration.Weights: weights_, vocabulary.Vocabulary: vocabularies,
    supports.Support: supports_, contacts.Contact: contacts_, attachments.Attachment: attachments_,
    **holder_tables.KEPT,
    Address: addresses_, Delivery: deliveries_,
    openings.Opening: openings_, retention.Hold: holds_,
    runs.Run: runs_, runs.RunRow: run_rows, runs.Group: groups_, runs.Member: members,
    **vouching.KEPT, **openly.KEPT, **ledger_tables.KEPT, **relative_tables.KEPT, **check_tables.KEPT,
    **view_tables.KEPT,
}  # fmt: skip


def _map() -> None:
    for entity, kept in KEPT.items():
        if kept in VERSIONED:
            mapper.map_imperatively(
                entity, kept, properties={"_version": kept.c.version_id}, version_id_col=kept.c.version_id
            )
        else:
            heavy = HEAVY.get(kept)  # megabytes, seldom asked for
            mapper.map_imperatively(entity, kept, properties={heavy: deferred(kept.c[heavy])} if heavy else {})


_map()

"""The tables of what a community decides and makes public, and which entity of core each one keeps."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, UniqueConstraint

from core import words as w
from core.ledgers import decisions, steps
from core.openness import disclosure, dues, requests, showing, subjects
from db.tables.columns import code, day, flag, ident, instant, json, number, person, ref, table, text, unit, version

# fmt: off
decisions_ = table(
    "decisions", ident(), unit(), text("title"), ref("item_id", "items", optional=True), day("opened_on"),
    json("raised"), version(),
)
decision_steps = table(
    "decision_steps", ident(), unit(), ref("decision_id", "decisions"), code("step", w.DecisionStep),
    day("held_on", optional=True), Column("expected", Integer), Column("present", Integer), Column("agreed", Integer),
    text("note"), flag("skipped"), person("said_by"), UniqueConstraint("decision_id", "step"),
    CheckConstraint("present <= expected", name="came"), CheckConstraint("agreed <= present", name="consented"),
    CheckConstraint("skipped = (held_on IS NULL)", name="taken_or_skipped"),
)
decision_files = table(
    "decision_files", ident(), unit(), ref("decision_id", "decisions"), code("step", w.DecisionStep), text("name"),
    text("media_type"), number("size"), Column("sha256", String(64), nullable=False, index=True), person("added_by"),
    instant("added_at"), UniqueConstraint("decision_id", "step", "sha256"),
)
subjects_ = table(
    "subjects", ident(), unit(), ref("item_id", "items", optional=True), text("heading"), text("name"),
    code("disclosure_class", w.DisclosureClass), code("disclosure_when", w.DisclosureWhen), day("counts_from"),
    text("elements"), text("basis"), text("body"), text("channel"), text("audience"), text("manner"), text("tier"),
    flag("masked"), number("item_version"), day("retired_on", optional=True), version(),
)
dues_ = table(
    "dues", ident(), unit(), ref("subject_id", "subjects"), Column("key", String(40), nullable=False), day("first"),
    day("last"), day("due_on"), text("occasion"), day("published_on", optional=True), text("place"), text(),
    person("published_by", optional=True), version(), UniqueConstraint("subject_id", "key"),
    CheckConstraint("(published_on IS NULL) = (published_by IS NULL)", name="published_by_somebody"),
    Index("ix_dues_unit_id_due_on", "unit_id", "due_on"),
)
due_proofs = table(
    "due_proofs", ident(), unit(), ref("due_id", "dues"), text("name"), text("media_type"), number("size"),
    Column("sha256", String(64), nullable=False, index=True), person("added_by"), instant("added_at"),
    UniqueConstraint("due_id", "sha256"),
)
requests_ = table(
    "requests", ident(), unit(), ref("subject_id", "subjects", optional=True), text(), day("asked_on"), day("due_on"),
    json("kept_from"), text("answer"), flag("withheld"), day("answered_on", optional=True),
    person("answered_by", optional=True), version(),
)
shown_decisions = table(
    "shown_decisions", ident(), unit(), text("title"), text("item"), json("steps"), day("shown_on"),
)
shown_dues = table(
    "shown_dues", ident(), unit(), text("subject"), code("disclosure_class", w.DisclosureClass),
    code("disclosure_when", w.DisclosureWhen), day("first"), day("due_on"), text("occasion"),
    day("published_on", optional=True), text("place"), text(),
)
shown_answers = table(
    "shown_answers", ident(), unit(), text("wording"), text("answer"), flag("withheld"), day("answered_on"),
)

VERSIONED = (decisions_, subjects_, dues_, requests_)
KEPT: dict[type[object], Table] = {
    decisions.Decision: decisions_, steps.Step: decision_steps, steps.Attached: decision_files,
    subjects.Subject: subjects_, dues.Due: dues_, disclosure.Proof: due_proofs, requests.Request: requests_,
    showing.ShownDecision: shown_decisions, showing.ShownDue: shown_dues, showing.ShownAnswer: shown_answers,
}
# fmt: on

"""The tables of the small registers and of meetings."""

from sqlalchemy import Table, UniqueConstraint

from core import words as w
from core.ledgers import commitments, meetings, mentoring, vettings
from core.tables import exchange
from db.tables.columns import code, day, ident, json, number, person, ref, table, text, unit

# fmt: off
commitments_ = table(
    "commitments", ident(), unit(), code("kind", w.CommitmentKind), person("person_id"), ref("post_id", "posts"),
    day("done_on"), person("kept_by"), day("checked_on", optional=True),
    UniqueConstraint("post_id", "person_id", "kind", "done_on"),
)
vettings_ = table("vettings", ident(), unit(), text("title"), day("held_on"), person("kept_by"))
vetting_answers = table(
    "vetting_answers", ident(), unit(), ref("vetting_id", "vettings"), number("n"), text("department"),
    day("answered_on", optional=True), UniqueConstraint("vetting_id", "n"),
)
mentorships = table(
    "mentorships", ident(), unit(), person("mentor_id"), day("since"), person("marked_by"), day("until", optional=True),
)
mentor_visits = table(
    "mentor_visits", ident(), unit(), ref("mentorship_id", "mentorships"), day("visited_on"), text("seen"),
    text("advised"),
)
meetings_ = table("meetings", ident(), unit(), day("held_on"), number("present"), person("held_by"))
decisions = table(
    "meeting_decisions", ident(), unit(), ref("meeting_id", "meetings"), text(), person("owner_id"), day("due_on"),
    ref("risk_id", "risks", optional=True), ref("measure_id", "measures", optional=True),
)
exchange_packs = table(
    "exchange_packs", ident(), unit(), text("title"), text("digest"), day("made_on"), day("taken_on"),
    person("taken_by"), json("points"), UniqueConstraint("unit_id", "digest"),
)  # fmt: skip

KEPT: dict[type[object], Table] = {
    commitments.Commitment: commitments_, vettings.Vetting: vettings_, vettings.VettingAnswer: vetting_answers,
    mentoring.Mentorship: mentorships, mentoring.MentorVisit: mentor_visits, meetings.Meeting: meetings_,
    meetings.Decision: decisions, exchange.TakenPack: exchange_packs,
}  # fmt: skip

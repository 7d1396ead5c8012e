"""The tables of signatures and second looks, and which entity each one keeps."""

from sqlalchemy import CheckConstraint, Column, String, Table, UniqueConstraint

from core import words as w
from core.entries import signed
from core.prevention import looks
from db.tables.columns import code, day, flag, ident, instant, json, number, person, ref, table, text, unit

# fmt: off
signatures = table(
    "signatures", ident(), unit(), ref("risk_id", "risks"), code("stage", w.SignedStage), person("signed_by"),
    instant("signed_at"), Column("digest", String(64), nullable=False), json("snapshot"),
    day("expires_on", optional=True), day("stale_on", optional=True), flag("replaced"),
)
second_looks = table(
    "second_looks", ident(), unit(), ref("risk_id", "risks"), number("n"), day("due_on"),
    code("result", w.ReviewResult, optional=True), code("verified_level", w.Level, optional=True), text("note"),
    person("looked_by", optional=True), day("looked_on", optional=True), UniqueConstraint("risk_id", "n"),
    CheckConstraint("(result IS NULL) = (looked_by IS NULL) AND (result IS NULL) = (looked_on IS NULL)", name="made"),
)
look_files = table(
    "look_files", ident(), unit(), ref("look_id", "second_looks"), text("name"), text("media_type"), number("size"),
    Column("sha256", String(64), nullable=False, index=True), person("added_by"), instant("added_at"),
    UniqueConstraint("look_id", "sha256"),
)  # fmt: skip

KEPT: dict[type[object], Table] = {
    signed.Signature: signatures, looks.SecondLook: second_looks, looks.LookFile: look_files,
}  # fmt: skip

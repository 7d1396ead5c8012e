"""The tables of saved views, and which entity of core each one keeps."""

from sqlalchemy import Column, String, Table

from core.entries.views import SavedView
from db.tables.columns import day, flag, foreign, ident, json, person, ref, table, text, unit, version

saved_views = table(
    "saved_views", ident(), unit(), text("name"), json("query"), person("made_by"), day("made_on"), flag("shared"),
    version(),
)  # fmt: skip
default_views = table(
    "default_views", Column("person_id", String(40), foreign("people.id"), primary_key=True),
    ref("view_id", "saved_views"),
)  # fmt: skip
VERSIONED = (saved_views,)
KEPT: dict[type[object], Table] = {SavedView: saved_views}

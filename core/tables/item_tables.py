"""The catalogue of power items as a table: handed out, filled in and taken in again; each row is known by its name."""

from collections.abc import Mapping, Sequence
from typing import Any

from core import items
from core.access import Permission
from core.formats.books import Value
from core.formats.cells import named, one_of, yes_or_no
from core.formats.tabular import Field, Table
from core.items import ItemForm
from core.rows import ItemRow
from core.store import Work
from core.tables.importing import Before, Kind, Plan, compare, shown
from core.text import N_, _, folded
from core.words import Dimension, DisclosureClass, DisclosureWhen


def _fields(work: Work, unit_id: str) -> tuple[Field, ...]:
    posts = {post.id: post.name for post in items.posts_for(work, unit_id)}
    labels = {kind: tuple(term.label for term in kind) for kind in (Dimension, DisclosureClass, DisclosureWhen)}
    both = (_("Yes"), _("No"))
    words = {name: info.title or "" for name, info in ItemForm.model_fields.items()} | {"major": N_("Major matter")}
    right = _("No such post here, or several of this name. Use one of: {names}; or leave it empty.",
              names=_(", ").join(sorted(posts.values())[:20]))  # fmt: skip
    more: dict[str, dict[str, Any]] = {
        "name": {"required": True, "width": 24},
        "dimension": {"required": True, "read": one_of(*Dimension), "choices": labels[Dimension]},
        "post_id": {"read": named(posts, right), "choices": tuple(dict.fromkeys(posts.values()))},
        "procedure": {"width": 40}, "basis": {"width": 28}, "supervision": {"width": 20},
        "major": {"read": yes_or_no, "choices": both}, "masked": {"read": yes_or_no, "choices": both},
        "disclosure_class": {"read": one_of(*DisclosureClass), "choices": labels[DisclosureClass]},
        "disclosure_when": {"read": one_of(*DisclosureWhen), "choices": labels[DisclosureWhen]},
    }
    return tuple(Field(name, words[name], ABOUT.get(name, ""), **more.get(name, {})) for name in words)


ABOUT = {
    "name": N_("What may be decided, in the community's own words; each row is known by it. 2 to 80 characters."),
    "dimension": N_("Which part of clean community work it belongs to."),
    "basis": N_("The rule it stands on."),
    "body": N_("Which body handles it."),
    "post_id": N_("The post that answers for it, by its name here. Posts are added by the system administrator."),
    "procedure": N_("The steps, one after the other."),
    "time_limit": N_("By when it is done."),
    "supervision": N_("Who watches it, and how."),
    "major": N_("Whether it is a major decision, appointment, project or large sum."),
    "disclosure_class": N_("Under which class it is made public, or not at all."),
    "disclosure_when": N_("How often or when it is made public."),
    "masked": N_("Whether personal data are covered when it is made public."),
}


def _values(row: ItemRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ItemForm.model_fields}


def _made(values: Mapping[str, Any]) -> ItemForm:
    if values.get("disclosure_class", DisclosureClass.NONE) is DisclosureClass.NONE:
        values = {**values, "disclosure_when": None, "masked": False}
    made = ItemForm.model_validate(values)
    items.check(made, ())
    return made


def _plan(work: Work, unit_id: str, found: Table) -> Plan:
    kept = {folded(row.name): Before(row.id, _values(row), row.version) for row in items.catalogue(work, unit_id)}
    posts = {post.id: post.name for post in items.posts_for(work, unit_id)}
    return compare(found, _fields(work, unit_id), kept, _made,
                   lambda name, value: posts.get(value, "") if name == "post_id" else value)  # fmt: skip


def _save(work: Work, unit_id: str, plan: Plan) -> None:
    fresh = [change.form for change in plan.changes if change.new]
    if fresh:
        items.add_items(work, unit_id, fresh)
    for change in plan.changes:
        if not change.new:
            items.change_item(work, change.key, change.form, seen=change.version)


def _now(work: Work, unit_id: str) -> Sequence[Sequence[Value]]:
    rows = items.catalogue(work, unit_id)
    names = [one.name for one in _fields(work, unit_id)]
    return [[shown((_values(row) | {"post_id": row.post})[name]) for name in names] for row in rows]


KIND = Kind(
    "items", N_("Catalogue of power items"), Permission.ITEM_EDIT, _fields, _plan, _save, _now,
    notes=(N_("A power item that does not stand in the file stays in the catalogue."),),
)  # fmt: skip

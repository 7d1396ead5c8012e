"""The disclosure catalogue as a table: handed out, filled in and taken in again; each row is known by its item."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.access import Permission
from core.formats.books import Value
from core.formats.cells import one_of, yes_or_no
from core.formats.tabular import Field, Table
from core.openness import subjects
from core.openness.subjects import SubjectForm
from core.store import Work
from core.tables.importing import Before, Kind, Plan, compare, shown
from core.text import N_, _, folded
from core.words import PUBLIC_CLASSES, DisclosureWhen

ORDER = ("name", "heading", *(name for name in SubjectForm.model_fields if name not in ("name", "heading")))
"""The item first: a row is known by it."""
ABOUT = {
    "name": N_("What is made public; each row is known by it. 2 to 80 characters, without people."),
    "heading": N_("Under which larger item it stands. 2 to 60 characters, without people."),
    "elements": N_("What is to be read there."),
    "basis": N_("The rule it stands on."),
    "disclosure_class": N_("Under which class it is made public."),
    "disclosure_when": N_("How often or when it is made public. From this come the days on which it is due."),
    "body": N_("Which body makes it public."),
    "channel": N_("Where it can be read."),
    "audience": N_("For whom it is meant."),
    "manner": N_("Of its own accord, or when somebody asks."),
    "tier": N_("Which level of the administration makes it public."),
    "masked": N_("Whether personal data are covered when it is made public."),
}


def _fields(_work: Work, _unit_id: str) -> tuple[Field, ...]:
    more: dict[str, dict[str, Any]] = {
        "name": {"required": True, "width": 26}, "heading": {"required": True}, "elements": {"width": 36},
        "disclosure_class": {
            "required": True, "read": one_of(*PUBLIC_CLASSES), "choices": tuple(kind.label for kind in PUBLIC_CLASSES),
        },
        "disclosure_when": {
            "required": True, "read": one_of(*DisclosureWhen), "choices": tuple(when.label for when in DisclosureWhen),
        },
        "masked": {"read": yes_or_no, "choices": (_("Yes"), _("No"))},
    }  # fmt: skip
    return tuple(
        Field(name, SubjectForm.model_fields[name].title or "", ABOUT[name], **more.get(name, {})) for name in ORDER
    )


def _plan(work: Work, unit_id: str, found: Table) -> Plan:
    names = SubjectForm.model_fields
    kept = {
        folded(row.name): Before(row.id, {name: getattr(row, name) for name in names})
        for row in subjects.catalogue(work, unit_id)
    }
    known = work.store.known_people(unit_id)

    def made(values: Mapping[str, Any]) -> SubjectForm:
        one = SubjectForm.model_validate(values)
        subjects.check(one, (), known)
        return one

    return compare(found, _fields(work, unit_id), kept, made)


def _save(work: Work, unit_id: str, plan: Plan) -> None:
    fresh = [change.form for change in plan.changes if change.new]
    if fresh:
        subjects.add_all(work, unit_id, fresh)
    for change in plan.changes:
        if not change.new:
            subjects.change(work, change.key, change.form)


def _now(work: Work, unit_id: str) -> Sequence[Sequence[Value]]:
    return [[shown(getattr(row, name)) for name in ORDER] for row in subjects.catalogue(work, unit_id)]


KIND = Kind(
    "subjects", N_("Disclosure catalogue"), Permission.DISCLOSURE_EDIT, _fields, _plan, _save, _now,
    notes=(N_("A disclosure item that does not stand in the file stays in the catalogue."),),
)  # fmt: skip

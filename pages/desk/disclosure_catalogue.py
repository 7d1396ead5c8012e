"""The disclosure catalogue of one community: read by the office, kept by its cadres."""

import streamlit as st

from core.openness import subjects
from core.openness.subjects import SubjectForm, SubjectRow
from core.rows import UnitRow
from core.tables import subject_tables
from core.text import _, day, literal
from core.words import PUBLIC_CLASSES
from pages.ui import deeds, gate, importing, shell, tables, turning
from pages.ui.forms import Form


def show(unit: UnitRow, may: bool) -> None:
    """The catalogue, or one of its items."""
    if wanted := st.query_params.get("item"):
        row = next((row for row in gate.ask(subjects.catalogue, unit.id) if row.id == wanted), None)
        if row is not None:
            _one(row, unit, may)
            return
    key = f"disclosure:catalogue:{unit.id}"
    rows = gate.ask(subjects.listed, unit.id, turning.kept(key))
    if may:
        _fill(unit)
    if not rows:
        st.info(
            _("The disclosure catalogue is still empty. It says what is made public, how often and where; from it come "
              "the days by which something is to be published.")
        )  # fmt: skip
    else:
        tables.table(
            [_("Second-level item"), _("First-level item"), _("How often"), _("Where it is disclosed"), _("Next due")],
            [
                [
                    tables.Link(row.name, "disclosure", {"unit": unit.id, "view": "catalogue", "item": row.id}),
                    row.heading, row.disclosure_when.label, row.channel or "—",
                    day(row.next_due) if row.next_due else "—",
                ]
                for row in rows
            ],
        )  # fmt: skip
        turning.under(rows, key)
    if may:
        with st.expander(_("Add a disclosure item")):
            if _form(f"subject:new:{unit.id}", {}).send(_("Add this item"), subjects.add, unit.id):
                deeds.done(_("The disclosure item has been added."))
        with st.expander(_("Import and export")):
            importing.forms(subject_tables.KIND, unit.id)
            importing.taken_in(subject_tables.KIND, unit.id)


def _fill(unit: UnitRow) -> None:
    """Power items with a disclosure class that are not in the catalogue yet are taken in at once."""
    left = gate.ask(subjects.left_to_fill, unit.id)
    if not left:
        return
    st.info(_("{n} power items are to be disclosed and do not stand in the disclosure catalogue yet.", n=left))
    label = _("Take in {n} items", n=left)
    if st.button(label, type="primary", key="disclosure:fill") and (done := gate.do(subjects.fill, unit.id)):
        deeds.done(_("{n} items have been taken in, and their days are set.", n=done.value))


def _form(name: str, start: dict[str, object]) -> Form[SubjectForm]:
    left, right = st.columns(2)
    places = dict.fromkeys(("heading", "name", "elements", "basis", "disclosure_class", "disclosure_when"), left)
    places |= dict.fromkeys(set(SubjectForm.model_fields) - set(places), right)
    words = {kind: kind.label for kind in PUBLIC_CLASSES}
    return Form(name, SubjectForm, options={"disclosure_class": words}, start=start, columns=places)


def _one(row: SubjectRow, unit: UnitRow, may: bool) -> None:
    st.subheader(literal(row.name))
    shell.link("disclosure", _("All disclosure items"), unit=unit.id, view="catalogue")
    if not may:
        yes, no = _("Yes"), _("No")
        facts = [
            (_("First-level item"), row.heading), (_("Power item"), row.item), (_("What it holds"), row.elements),
            (_("Basis"), row.basis), (_("Class"), row.disclosure_class.label),
            (_("How often"), row.disclosure_when.label), (_("Who discloses"), row.body),
            (_("Where it is disclosed"), row.channel), (_("For whom"), row.audience),
            (_("Of its own accord or on request"), row.manner), (_("Level of the administration"), row.tier),
            (_("Personal data masked when disclosed"), yes if row.masked else no),
        ]  # fmt: skip
        tables.table([_("Column"), _("What the catalogue says")], [[name, fact or "—"] for name, fact in facts])
        return
    start = {name: getattr(row, name) for name in SubjectForm.model_fields}
    if _form(f"subject:{row.id}", start).send(_("Save"), subjects.change, row.id):
        deeds.done(_("Saved."))
    consequence = _("Nothing more falls due by it. What is overdue stays to be published; what was published stays on record.")  # fmt: skip  # noqa: E501
    if deeds.sure(_("Retire this disclosure item"), consequence, _("Retire it"), row.id) and gate.do(
        subjects.retire, row.id
    ):
        deeds.say(_("“{name}” has been retired.", name=row.name))
        shell.go("disclosure", unit=unit.id, view="catalogue")

"""Units: the tree, adding, renaming and closing places, and the public addresses that go on notices."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.access import Permission
from core.organisation import units
from core.rows import UnitRow
from core.tables import unit_tables
from core.text import _, literal
from pages.ui import deeds, gate, importing, tables
from pages.ui.forms import Form

gate.require(Permission.UNIT_EDIT)


def main() -> None:
    st.title(_("Units"))
    st.markdown(
        _("Whoever holds a role at a unit sees what lies below it. The addresses go on notices and QR codes: one to "
          "speak up, one to the public board.")
    )  # fmt: skip
    deeds.tell()
    rows, kinds = gate.ask(units.tree), gate.ask(units.kinds)
    open_ = {row.id: row.trail for row in rows if row.closed_on is None}
    words = {"add": _("Add a unit"), "rename": _("Rename a unit"), "close": _("Close a unit"), "kind": _("Add a kind"),
             "table": _("Import a table")}  # fmt: skip
    chosen = deeds.choose(words, "units:deed")
    if chosen == "add":
        _add(open_, kinds)
    elif chosen == "rename":
        _rename(open_)
    elif chosen == "close":
        _close(open_)
    elif chosen == "kind":
        _add_kind(kinds)
    else:
        importing.forms(unit_tables.KIND)
        importing.taken_in(unit_tables.KIND)
    _list(rows, kinds)


def _list(rows: Sequence[UnitRow], kinds: Mapping[str, str]) -> None:
    st.subheader(_("All units"))
    wanted = st.text_input(_("Find a unit"), key="units:find", placeholder=_("Part of a name")).strip()
    found = [row for row in rows if wanted in row.trail]
    if not found:
        st.info(_("No unit has this in its name."))
        return
    top = min(row.path.count("/") for row in found)
    holding = tuple(row.path for row in rows if row.holds_register)
    tables.table(
        [_("Unit"), _("Kind"), _("State"), _("To speak up"), _("Public board"), _("Notice to hang up")],
        [
            [
                tables.indented(row.name, row.path.count("/") - top), kinds[row.kind], _state(row),
                *_addresses(row, holding),
            ]
            for row in tables.page(found, "units:page")
        ],
    )  # fmt: skip


def _addresses(row: UnitRow, holding: tuple[str, ...]) -> tuple[tables.Cell, ...]:
    """What the public can open of a community and the places in it; nothing of the units above."""
    if row.closed_on or not row.path.startswith(holding):
        return "", "", ""
    notice = tables.Link(_("Print with QR codes"), f"n/{row.code}", {})
    return tables.code(f"/r/{row.code}"), tables.code(f"/b/{row.code}"), notice


def _state(row: UnitRow) -> str:
    return _("closed on {day}", day=row.closed_on) if row.closed_on else _("in use")


def _add(places: Mapping[str, str], kinds: Mapping[str, str]) -> None:
    form = Form("unit", units.NewUnit, options={"parent_id": places, "kind": kinds}, columns=3)
    if form.send(_("Add this unit"), units.add_unit):
        deeds.done(_("The unit was added. Its addresses stand in the list."))


def _rename(places: Mapping[str, str]) -> None:
    form = Form("unit-name", units.NewName, options={"unit_id": places}, columns=2)
    st.caption(_("Addresses and QR codes stay as they are."))
    if form.send(_("Rename this unit"), units.rename_unit):
        deeds.done(_("The unit has its new name."))


def _close(places: Mapping[str, str]) -> None:
    unit_id = st.selectbox(
        _("Unit"), list(places), index=None, format_func=places.__getitem__, placeholder=_("Please choose"),
        key="units:closing",
    )  # fmt: skip
    if unit_id is None:
        st.caption(_("Close the units below it first. Nothing is deleted: the register and the log stay."))
        return
    consequence = _(
        "“{unit}” will be closed. Its addresses and QR codes then lead to the list of communities. Its register and "
        "its log stay. This cannot be taken back.",
        unit=literal(places[unit_id]),
    )
    if deeds.sure(_("Close this unit"), consequence, _("Close it"), f"close:{unit_id}") and gate.do(
        units.close_unit, unit_id
    ):
        deeds.done(_("The unit is closed."))


def _add_kind(kinds: Mapping[str, str]) -> None:
    st.caption(_("Kinds from the highest to the lowest: {kinds}.", kinds=literal(" → ".join(kinds.values()))))
    form = Form("kind", units.NewKind, options={"above": kinds}, columns=2)
    if form.send(_("Add this kind"), units.add_kind):
        deeds.done(_("The kind was added. Units of this kind can be added now."))


main()

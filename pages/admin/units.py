"""Units: the tree, adding, renaming and closing places, and the public addresses that go on notices."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.access import Permission
from core.organisation import places, units
from core.organisation.places import Reach
from core.rows import UnitRow
from core.tables import unit_tables
from core.text import _, literal
from pages.ui import deeds, gate, importing, shell, tables
from pages.ui.forms import Form
from pages.ui.places import Ground, choose

gate.require(Permission.UNIT_EDIT)
OPEN, EVERY = Ground(Permission.UNIT_EDIT, Reach.OPEN), Ground(Permission.UNIT_EDIT, Reach.ALL)


def main() -> None:
    st.title(_("Units"))
    st.markdown(
        _("Whoever holds a role at a unit sees what lies below it. The addresses go on notices and QR codes: one to "
          "speak up, one to the public board.")
    )  # fmt: skip
    deeds.tell()
    kinds = gate.ask(units.kinds)
    words = {"add": _("Add a unit"), "rename": _("Rename a unit"), "close": _("Close a unit"), "kind": _("Add a kind"),
             "table": _("Import a table")}  # fmt: skip
    chosen = deeds.choose(words, "units:deed")
    if chosen == "add":
        _add(kinds)
    elif chosen == "rename":
        _rename()
    elif chosen == "close":
        _close()
    elif chosen == "kind":
        _add_kind(kinds)
    else:
        importing.forms(unit_tables.KIND)
        importing.taken_in(unit_tables.KIND)
    _list(kinds)


def _list(kinds: Mapping[str, str]) -> None:
    """All units where they are few; else those with some words in their names, or one step of the tree."""
    st.subheader(_("All units"))
    wanted = st.text_input(_("Find a unit"), key="units:find", placeholder=_("Part of a name")).strip()
    few = gate.ask(places.offer, EVERY.permission, EVERY.reach).few
    if few is None:
        _step(kinds, wanted)
    elif found := [row for row in few if wanted in row.trail]:
        top = min(row.path.count("/") for row in found)
        shown = tables.page(found, "units:page")
        _table(kinds, few, shown, [tables.indented(row.name, row.path.count("/") - top) for row in shown])
    else:
        st.info(_("No unit has this in its name."))


def _step(kinds: Mapping[str, str], wanted: str) -> None:
    """What lies below a unit or was found there, each leading on to what lies below it."""
    step = gate.ask(places.step, EVERY.permission, EVERY.reach, st.query_params.get("at", ""), wanted)
    with st.container(horizontal=True):
        for row in step.line:
            shell.link("units", literal(row.name) + " ›", at=row.id)
    if not step.rows:
        st.info(_("No unit has this in its name.") if wanted else _("Nothing lies below it."))
        return
    shown = tables.page(step.rows, "units:page")
    names = [tables.Link(row.trail if wanted else row.name, "units", {"at": row.id}) for row in shown]
    _table(kinds, (*step.line, *step.rows), shown, names)
    if step.more:
        st.caption(_("There are more. Type a part of the name."))


def _table(
    kinds: Mapping[str, str], known: Sequence[UnitRow], shown: Sequence[UnitRow], names: Sequence[tables.Cell]
) -> None:
    holding = tuple(row.path for row in known if row.holds_register)
    tables.table(
        [_("Unit"), _("Kind"), _("State"), _("To speak up"), _("Public board"), _("Notice to hang up")],
        [[name, kinds[row.kind], _state(row), *_addresses(row, holding)]
         for name, row in zip(names, shown, strict=True)],
    )  # fmt: skip


def _addresses(row: UnitRow, holding: tuple[str, ...]) -> tuple[tables.Cell, ...]:
    """What the public can open of a community and the places in it; nothing of the units above."""
    if row.closed_on or not row.path.startswith(holding):
        return "", "", ""
    notice = tables.Link(_("Print with QR codes"), f"n/{row.code}", {})
    return tables.code(f"/r/{row.code}"), tables.code(f"/b/{row.code}"), notice


def _state(row: UnitRow) -> str:
    return _("closed on {day}", day=row.closed_on) if row.closed_on else _("in use")


def _add(kinds: Mapping[str, str]) -> None:
    form = Form("unit", units.NewUnit, options={"parent_id": OPEN, "kind": kinds}, columns=3)
    if form.send(_("Add this unit"), units.add_unit):
        deeds.done(_("The unit was added. Its addresses stand in the list."))


def _rename() -> None:
    form = Form("unit-name", units.NewName, options={"unit_id": OPEN}, columns=2)
    st.caption(_("Addresses and QR codes stay as they are."))
    if form.send(_("Rename this unit"), units.rename_unit):
        deeds.done(_("The unit has its new name."))


def _close() -> None:
    unit = choose(_("Unit"), OPEN, key="units:closing", blank=True).unit
    if unit is None:
        st.caption(_("Close the units below it first. Nothing is deleted: the register and the log stay."))
        return
    consequence = _(
        "“{unit}” will be closed. Its addresses and QR codes then lead to the list of communities. Its register and "
        "its log stay. This cannot be taken back.",
        unit=literal(unit.trail),
    )
    if deeds.sure(_("Close this unit"), consequence, _("Close it"), f"close:{unit.id}") and gate.do(
        units.close_unit, unit.id
    ):
        deeds.done(_("The unit is closed."))


def _add_kind(kinds: Mapping[str, str]) -> None:
    st.caption(_("Kinds from the highest to the lowest: {kinds}.", kinds=literal(" → ".join(kinds.values()))))
    form = Form("kind", units.NewKind, options={"above": kinds}, columns=2)
    if form.send(_("Add this kind"), units.add_kind):
        deeds.done(_("The kind was added. Units of this kind can be added now."))


main()

"""The register as a table to take away, and to bring back changed."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core import dates, schedule, schedule_tables, schedule_word
from core.access import Permission
from core.register import Filter
from core.rows import UnitRow
from core.text import _
from pages.ui import gate, importing
from pages.ui.downloads import EXCEL, document

MANY = 1000
"""Rows from which making the table is shown as it goes on."""
CHANGING = (
    Permission.RISK_DESCRIBE, Permission.RISK_ASSIGN, Permission.MEASURE_PLAN, Permission.FLAG_RAISE,
    Permission.FLAG_INSPECT,
)  # fmt: skip
STATE = st.session_state


def show(wanted: Filter, total: int, units: Sequence[UnitRow]) -> None:
    """Hand the filtered register out as Excel or CSV, and take it in again where the actor may change something."""
    actor = gate.actor()
    with st.expander(_("Take away and bring back as a table")):
        if total:
            _hand_out(wanted, total)
        if any(actor.may(right) for right in CHANGING):
            st.caption(_("Change the Excel file and choose it here. What would change is shown first."))
            here = {unit.id for unit in units}
            unit_id = next(iter(here)) if len(here) == 1 else wanted.unit_id if wanted.unit_id in here else ""
            importing.taken_in(schedule_tables.KIND, unit_id or "")


def _hand_out(wanted: Filter, total: int) -> None:
    name = " ".join((_("Register"), dates.today(dates.now()).isoformat()))
    with st.container(horizontal=True, key="register_table"):
        if total > MANY:
            _made(wanted, total, name)
        else:
            excel = gate.later(schedule.workbook, wanted)
            document(
                _("Schedule as Excel ({n} entries)", n=total), f"{name}.xlsx", lambda _noted: excel(),
                schedule_word.note, wanted, total,
            )  # fmt: skip
        listed = gate.later(schedule.text_table, wanted)
        document(_("As CSV"), f"{name}.csv", lambda _noted: listed(), schedule_word.note, wanted, total)
        for paper in ("a3", "a4"):
            document(
                _("As Word, {paper}", paper=paper.upper()), f"{name} {paper.upper()}.docx",
                partial(schedule_word.written, paper=paper), schedule_word.taken, wanted,
            )  # fmt: skip


def _made(wanted: Filter, total: int, name: str) -> None:
    """A long table, made while one can see how far it is, then saved."""
    key = f"{wanted}|{total}"
    if STATE.get("schedule:made", ("",))[0] == key:
        st.download_button(
            _("Save the schedule ({n} entries)", n=total), STATE["schedule:made"][1], f"{name}.xlsx", EXCEL,
            key="schedule:save", on_click="ignore",
        )  # fmt: skip
    elif st.button(_("Make the schedule as Excel ({n} entries)", n=total), key="schedule:make"):
        bar = st.progress(0.0, text=_("Writing row by row"))
        content = gate.ask(schedule.workbook, wanted, bar.progress)
        if gate.do(schedule_word.note, wanted, total):
            STATE["schedule:made"] = (key, content)
            st.rerun()

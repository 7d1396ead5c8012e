"""The register as a table to take away, and to bring back changed."""

from collections.abc import Callable, Sequence

import streamlit as st

from core import dates, documents
from core.access import Permission
from core.documents import Document
from core.entries.register import Filter
from core.tables import schedule, schedule_tables, schedule_word
from core.text import _
from core.words import RiskStatus
from pages.ui import gate, importing
from pages.ui.downloads import Unnoted, noted, unnoted
from pages.ui.places import Chosen

MANY = 1000
"""Rows from which making the table is shown as it goes on."""
CHANGING = (
    Permission.RISK_DESCRIBE, Permission.RISK_ASSIGN, Permission.MEASURE_PLAN, Permission.FLAG_RAISE,
    Permission.FLAG_INSPECT,
)  # fmt: skip
STATE = st.session_state


def show(wanted: Filter, total: int, place: Chosen) -> None:
    """Hand the filtered register out as Excel or CSV, and take it in again where the actor may change something."""
    actor = gate.actor()
    shown = st.expander(_("Take away and bring back as a table"), on_change="rerun", key="register:table")
    STATE["register:table:met"] = shown.open or STATE.get("register:table:met", False)
    if not STATE["register:table:met"]:  # once unfolded it stays drawn: folding it loses no chosen file
        return
    with shown:
        if total:
            _hand_out(wanted, total)
        if any(actor.may(right) for right in CHANGING):
            st.caption(_("Change the Excel file and choose it here. What would change is shown first."))
            one = place.unit or place.only
            importing.taken_in(schedule_tables.KIND, one.id if one and one.holds_register else "")


def chosen(wanted: Filter, ids: Sequence[str]) -> None:
    """Hand out the entries that were chosen one by one, whatever their state."""
    _hand_out(Filter(statuses=tuple(RiskStatus), unit_id=wanted.unit_id, sort=wanted.sort), len(ids), tuple(ids))


def _hand_out(wanted: Filter, total: int, ids: Sequence[str] | None = None) -> None:
    name = " ".join((_("Register"), dates.today(dates.now()).isoformat()))

    def take(label: str, file: str, content: Callable[[], bytes]) -> None:
        noted(label, file, content, Document.REGISTER, wanted.unit_id or "", total)

    with st.container(horizontal=True, key=f"register_table{'' if ids is None else '_chosen'}"):
        if total > MANY and ids is None:
            _made(wanted, total, name)
        else:
            excel = gate.later(schedule.workbook, wanted, ids)
            take(_("Schedule as Excel ({n} entries)", n=total), f"{name} ({total}).xlsx", excel)
        take(_("As CSV"), f"{name} ({total}).csv", gate.later(schedule.text_table, wanted, ids))
        for paper in ("a3", "a4"):
            found = gate.later(schedule_word.loaded, wanted, ids)
            take(_("As Word, {paper}", paper=paper.upper()), f"{name} {paper.upper()} ({total}).docx",
                 lambda found=found, paper=paper: schedule_word.written(found(), paper))  # type: ignore[misc]


def _made(wanted: Filter, total: int, name: str) -> None:
    """A long table, made while one can see how far it is, then saved."""
    key = f"{wanted}|{total}"
    if STATE.get("schedule:made", ("",))[0] == key:
        unnoted(_("Save the schedule ({n} entries)", n=total), STATE["schedule:made"][1], f"{name}.xlsx", Unnoted.TOLD)
    elif st.button(_("Make the schedule as Excel ({n} entries)", n=total), key="schedule:make"):
        bar = st.progress(0.0, text=_("Writing row by row"))
        content = gate.ask(schedule.workbook, wanted, tell=bar.progress)
        if gate.do(documents.note, Document.REGISTER, wanted.unit_id or "", total):
            STATE["schedule:made"] = (key, content)
            st.rerun()

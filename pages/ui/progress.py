"""Long work on the screen: how far it is, stopping it, and what became of it; one can leave and come back."""

from collections.abc import Sequence

import streamlit as st

from core.review import runs
from core.review.runs import RunState
from core.text import _, day, literal
from core.words import RunKind, RunStatus
from pages.ui import deeds, gate, tables

EVERY = 2.0
"""Seconds between two looks."""


def follow(kind: RunKind, run_id: str) -> RunState:
    """Show how far a run is as long as it goes on; gives how it stands."""
    state = gate.ask(runs.state, kind, run_id)
    if kind is RunKind.INTAKE or state.is_live:
        name = state.title if state.title == state.unit else tables.at(state.title, state.unit)
        st.markdown(f"**{literal(name)}**")
    if state.is_live:
        _live(kind, run_id)
        st.caption(_("You can leave this page: the work goes on, and you find it here again."))
        if kind not in runs.UNSTOPPED:
            _stop(state)
    elif state.status is RunStatus.FAILED:
        st.error(state.why)
        if st.button(_("Go on where it stopped"), type="primary") and gate.do(runs.go_on, kind, run_id):
            st.rerun()
    return state


@st.fragment(run_every=EVERY)
def _live(kind: RunKind, run_id: str) -> None:
    state = gate.ask(runs.state, kind, run_id)
    if not state.is_live:
        st.rerun()
    st.progress(state.share, text=_told(state))


def _told(state: RunState) -> str:
    if state.status is RunStatus.WAITING:
        return _("Waits for its turn")
    if state.kind is RunKind.FREEZING:
        return _("{n} of {all} registers frozen", n=state.done, all=state.total)
    if state.is_grouping:
        return _("Comparing what was said: {n} %", n=round(100 * state.share))
    dealt = state.taken + state.refused
    return _("{n} of {all} rows dealt with", n=dealt, all=dealt + state.left)


def _stop(state: RunState) -> None:
    what = _("What has been taken in stays. The words of rows that have not been are dropped; choose the same file "
             "again to go on.") if state.kind is RunKind.INTAKE else _("Nothing is kept of this search.")  # fmt: skip
    if deeds.sure(_("Stop"), what, _("Stop it"), f"stop:{state.id}") and gate.do(runs.cancel, state.kind, state.id):
        st.rerun()


def earlier(states: Sequence[RunState], address: str) -> None:
    """The runs there have been, each leading to how it stands."""
    shown = tables.page(states, f"runs:{address}")
    apart = any(state.title != state.unit for state in states)
    rows: list[list[tables.Cell]] = [
        [tables.Link(state.title, address, {"run": state.id}), *([state.unit] if apart else []), state.begun_by,
         day(state.begun_at.astimezone().date()), state.status.label]
        for state in shown
    ]  # fmt: skip
    names = [_("Name"), _("Unit")] if apart else [_("Unit")]
    tables.table([*names, _("Begun by"), _("On"), _("State")], rows)

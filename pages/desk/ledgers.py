"""Small registers: pledges and visits, joint vetting, demo sites; one list each, as dates and never as a ranking."""

from datetime import date
from functools import partial

import streamlit as st

from core import dates
from core.access import Permission
from core.formats import fonts
from core.ledgers import commitments, vettings
from core.ledgers.commitments import Checked, CommitmentForm, CommitmentRow, CommitmentState
from core.ledgers.vettings import Answered, VettingForm, VettingRow
from core.organisation.places import Reach
from core.printed import pledges
from core.text import N_, _, day, literal
from core.turning import ROWS, counted
from core.words import CommitmentKind
from pages.desk import ledger_sites
from pages.ui import deeds, gate, marks, tables, turning
from pages.ui.downloads import Unnoted, unnoted
from pages.ui.forms import Form
from pages.ui.places import Ground
from pages.ui.tables import Cell, Mark

VIEWS = {
    "commitments": N_("Pledges and visits"), "vettings": N_("Joint vetting"), "sites": N_("Demo sites"),
}  # fmt: skip
DEPARTMENTS = N_("Discipline inspection\nOrganisation\nPublic security\nProcuratorate\nCourt\nPetitions\nCivil affairs")


def main() -> None:
    st.title(_("Small registers"))
    deeds.tell()
    wanted = st.query_params.get("view", "commitments")
    view = st.segmented_control(
        _("View"), list(VIEWS), default=wanted if wanted in VIEWS else "commitments",
        format_func=lambda key: _(VIEWS[key]), required=True, key=f"ledgers:{wanted}", label_visibility="collapsed",
    )  # fmt: skip
    today = dates.today(dates.now())
    {"vettings": _vettings, "sites": ledger_sites.sites}.get(view or "", _commitments)(today)


def _commitments(today: date) -> None:
    st.caption(_("Only dates are kept here, nothing of what was said or found. Each is looked at again after half a "
                 "year."))  # fmt: skip
    with st.container(horizontal=True):
        for kind in CommitmentKind:
            st.link_button(_("Print: {what}", what=kind), f"/print/{kind}")
        if fonts.is_there():
            for kind in CommitmentKind:
                pdf = partial(pledges.written, kind)
                unnoted(_("{what} as PDF", what=kind), pdf, f"{kind.label}.pdf", Unnoted.BLANK)
    counts = gate.ask(commitments.states)
    if gate.actor().may(Permission.LEDGER_KEEP):
        _enter(not counts, today)
    _unsigned()
    if counts == {}:
        st.info(_("Nothing has been entered yet. Pledges and home visits stand here with their dates."))
        return
    chosen = st.segmented_control(
        _("Which"), [state for state in CommitmentState if counts is None or state in counts],
        format_func=lambda state: f"{state.label} {counts[state]}" if counts else state.label, key="ledgers:state",
        label_visibility="collapsed",
    )  # fmt: skip
    rows = gate.ask(commitments.commitments, chosen, turning.kept(f"ledgers:{chosen}"))
    if not rows:
        st.caption(_("Nothing stands like this."))
        return
    several = len({row.unit_id for row in rows}) > 1
    place = [_("Community")] if several else []
    tables.table(
        [_("Person in a post"), *place, _("Post"), _("Kind"), _("Signed or visited on"), _("Checked on"), _("State")],
        [[row.person, *([row.unit] if several else []), row.post, row.kind.label, day(row.done_on),
          day(row.checked_on) if row.checked_on else "—", _state(row, today)]
         for row in rows],
    )  # fmt: skip
    total = sum(n for state, n in (counts or {}).items() if chosen in (None, state))
    turning.buttons(rows.turned, -(-total // ROWS), f"ledgers:{chosen}", kept=True)


def _unsigned() -> None:
    """Who has no pledge yet: by name within one community, as a number over several."""
    found, total = gate.ask(commitments.unsigned)
    if total > len(found) or len({one.unit_id for one in found}) > 1:
        st.caption(_("{n} people in a post have no integrity pledge yet.", n=counted(total)))
    elif found:
        st.caption(_("No integrity pledge yet: {names}", names="、".join(literal(one.person) for one in found)))


def _state(row: CommitmentRow, today: date) -> Cell:
    if row.state(today) is CommitmentState.LEFT:
        return CommitmentState.LEFT.label
    return Mark(marks.lamp(row.due_on, today, marks.due_words(row.due_on, today)))


def _enter(is_first: bool, today: date) -> None:
    with st.expander(_("Enter a date"), expanded=is_first):
        words = {"new": _("Signed or visited"), "check": _("Half-year self-check")}
        pledges = {row.id: f"{row.person} · {row.post} · {row.kind.label} · {day(row.done_on)}"
                   for row in gate.ask(commitments.to_check)}  # fmt: skip
        deed = deeds.choose(words if pledges else {"new": words["new"]}, "ledgers:deed", _("What would you enter?"))
        if deed == "new":
            signers = {one.holding_id: f"{one.person} · {one.post}" for one in gate.ask(commitments.signers)}
            form = Form("commitment", CommitmentForm, options={"holding_id": signers}, start={"done_on": today},
                        draft=False, columns=3)  # fmt: skip
            if form.send(_("Keep this date"), commitments.keep):
                deeds.done(_("The date has been kept."))
            return
        which = st.selectbox(_("Which one"), list(pledges), format_func=pledges.__getitem__, key="ledgers:which")
        checking = Form("checked", Checked, start={"checked_on": today}, draft=False)
        if checking.send(_("Keep this date"), commitments.check, which):
            deeds.done(_("The date has been kept."))


def _vettings(today: date) -> None:
    st.caption(_("Only whether and when each department has answered; neither what it answered nor about whom."))
    keeps = gate.actor().may(Permission.LEDGER_KEEP)
    rows = gate.ask(vettings.vettings, turning.kept("ledgers:vettings"))
    if keeps:
        with st.expander(_("Begin a joint vetting"), expanded=not rows):
            form = Form(
                "vetting", VettingForm, options={"unit_id": Ground(Permission.LEDGER_KEEP, Reach.COMMUNITIES)},
                start={"held_on": today, "departments": _(DEPARTMENTS)}, draft=False,
            )  # fmt: skip
            if form.send(_("Begin this vetting"), vettings.begin):
                deeds.done(_("The vetting has begun."))
    if not rows:
        st.info(_("No joint vetting has been entered yet."))
    for row in rows:
        _vetting(row, today, keeps)
    turning.under(rows, "ledgers:vettings")


def _vetting(row: VettingRow, today: date, keeps: bool) -> None:
    state = _("complete") if row.is_complete else _("open")
    told = _("{n} of {all} answered", n=row.answered, all=len(row.answers))
    with st.container(border=True):
        st.markdown(f"**{literal(row.title)}** · {literal(row.unit)} · {day(row.held_on)}")
        st.caption(f"{state} · {told}")
        tables.table(
            [_("Department"), _("Answered"), _("Answered on")],
            [
                [one.department, _("Yes"), day(one.answered_on)] if one.answered_on else [one.department, _("No"), "—"]
                for one in row.answers
            ],
        )
        left = {one.id: one.department for one in row.answers if one.answered_on is None}
        if keeps and left:
            form = Form(f"answered:{row.id}", Answered, options={"answer_id": left}, start={"answered_on": today},
                        draft=False, columns=2)  # fmt: skip
            if form.send(_("Keep this answer's date"), vettings.answer):
                deeds.done(_("The date has been kept."))


gate.require(Permission.LEDGER_READ)
main()

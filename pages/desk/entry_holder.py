"""Who holds an entry and until when, everybody who held it before, and the deeds of passing it on."""

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from core import dates
from core.entries import escalation
from core.entries.clocks import ClockRow
from core.entries.entry import EntryRow
from core.entries.escalation import Extension, HandingDown, Settling
from core.text import _
from pages.ui import gate, marks
from pages.ui.forms import Form


def holder(row: EntryRow) -> None:
    """The present holder with its clock in one line; the others folded below."""
    clocks = gate.ask(escalation.clocks_of, row.id)
    if not clocks:
        return
    today, last = dates.today(dates.now()), clocks[-1]
    if last.ended_on is None:
        words = marks.working_words(last.due_on, today)
        lamp = marks.lamp(last.due_on, today, words)
        line = _("Held by {unit} since {day}, by {due}", unit=last.holder, day=last.started_on, due=last.due_on)
        st.html(f"<p class='qy-holder'>{escape(line)} {lamp}</p>")
    if row.resolve_level:
        st.caption(_("Where it is solved: {level}", level=row.resolve_level))
    if len(clocks) > 1:
        with st.expander(_("Everybody who held it: {n}", n=len(clocks))):
            st.html(spells(clocks))


def spells(clocks: Sequence[ClockRow]) -> str:
    """Every spell of holding as a list, the first one first."""
    today = dates.today(dates.now())
    return f"<ol class='qy-facts qy-tall'>{''.join(_spell(clock, today) for clock in clocks)}</ol>"


def _spell(clock: ClockRow, today: date) -> str:
    told = [
        _("{unit}: {how} on {day}", unit=clock.holder, how=clock.how, day=clock.started_on),
        _("held for {n} days", n=clock.held(today)),
        _("limit {day}", day=clock.due_on),
    ]
    if clock.ended_on and clock.ended_on > clock.due_on:
        told.append(_("{n} {n:day|days} late", n=(clock.ended_on - clock.due_on).days))
    if clock.extended:
        told.append(_("extended by {n} working days: {why}", n=clock.extended, why=clock.extension_reason))
    said = [_("{name}: {note}", name=clock.handed_by, note=clock.reason)] if clock.reason else []
    return f"<li>{escape('，'.join(told))}{''.join('<br>' + escape(line) for line in said)}</li>"


def hand_down(row: EntryRow) -> bool:
    """To which unit below, and what is to be done there."""
    below = gate.ask(escalation.below, row.id)
    if not below:
        st.info(_("There is no unit below that may take it."))
        return False
    form = Form(f"down:{row.id}", HandingDown, options={"unit_id": below}, start={"unit_id": next(iter(below))})
    return form.send(_("Hand this entry down"), escalation.hand_down, row.id) is not None


def extend(row: EntryRow) -> bool:
    st.caption(_("A limit is extended once, by at most {n} working days.", n=dates.EXTENSION))
    form = Form(f"extend:{row.id}", Extension)
    return form.send(_("Extend this limit"), escalation.extend, row.id) is not None


def settle(row: EntryRow) -> bool:
    form = Form(f"settle:{row.id}", Settling, start={"resolve_level": row.resolve_level}, draft=False)
    return form.send(_("Keep where it is solved"), escalation.settle, row.id) is not None

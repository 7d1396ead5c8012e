"""Early warnings: what a rule sees, why it matters, what to do, and what was done about it."""

from html import escape

import streamlit as st

from core import dates
from core.access import Permission
from core.alerts import warnings
from core.alerts.rules import RULES
from core.alerts.warnings import WarningRow
from core.orders import Reason
from core.text import _, literal
from core.turning import counted
from core.words import WarningLevel
from pages.ui import deeds, gate, marks, shell, turning
from pages.ui.forms import Form

STATE = st.session_state


def main() -> None:
    st.title(_("Early warnings"))
    deeds.tell()
    st.caption(
        _("A warning says how prevention is carried out, not how great a risk is. It ends by itself when its cause "
          "does. The software reminds and calls for supervision; it orders nothing.")
    )  # fmt: skip
    everyone = st.toggle(_("All in my area, not only those addressed to me"), key="all", bind="query-params")
    counts, picked = gate.ask(warnings.counts, everyone), None
    colours = [colour for colour in reversed(WarningLevel) if colour in counts]
    if not counts:
        st.success(_("No warning is addressed to you.") if not everyone else _("No warning runs in your area."))
    if len(colours) > 1:
        picked = st.segmented_control(
            _("Which"), colours, format_func=lambda colour: f"{colour.label} {counted(counts[colour])}",
            key="warnings:colour", label_visibility="collapsed",
        )  # fmt: skip
    key = f"warnings:{everyone}:{picked}"
    found = gate.ask(warnings.warnings, everyone, picked, turning.kept(key))
    for row in found:
        _card(row)
    turning.buttons(found.turned, 0, key, kept=True)
    _rules()


def _card(row: WarningRow) -> None:
    today = dates.today(dates.now())
    with st.container(border=True, key=f"qyw_{row.id}", gap="xsmall"):
        to = _("To {who}", who=row.addressee)
        days = (today - row.raised_on).days
        since = _("since {day}, {n} {n:day|days}", day=row.raised_on, n=days) if days else _("since today")
        about, what, todo = "　".join(filter(None, (row.unit, row.title))), _(row.of.what), _(row.of.todo)
        st.html(
            f"<p>{marks.warning_mark(row.colour)} <b>{escape(what)}</b></p><p class='qy-muted'>{escape(about)}</p>"
            f"<p class='qy-muted'>{escape(to)} · {escape(since)}</p><p>{escape(todo)}</p>"
        )
        if row.noted_on:
            said = {"name": literal(row.noted_by), "day": row.noted_on, "note": literal(row.note)}
            st.markdown(_("{name} on {day}: {note}", **said))
        with st.container(horizontal=True):
            _way(row)
            if row.mine and st.button(
                _("Say what is done") if not row.noted_on else _("Say it anew"), key=f"warnings:say:{row.id}"
            ):
                STATE["warnings:open"] = row.id
        if STATE.get("warnings:open") == row.id:
            form = Form(f"warning:{row.id}", Reason)
            if form.send(_("Keep what is done"), lambda work, key, said: warnings.note(work, key, said.reason), row.id):
                STATE.pop("warnings:open")
                deeds.done(_("Kept. The warning goes on until its cause is over."))


def _way(row: WarningRow) -> None:
    if row.risk_id:
        shell.link("entry", _("Open entry no. {n}", n=row.number), id=row.risk_id)
    elif row.flag_id and row.rule.startswith("review"):
        shell.link("inbox", _("Open the inbox"))
    elif row.flag_id:
        actor = gate.actor()
        shell.link("points" if actor.may(Permission.POINT_ANSWER) else "inbox", _("See the point"))
    elif row.rule.startswith("disclosure"):
        shell.link("disclosure", _("See the disclosures"))
    elif row.rule.startswith("request"):
        shell.link("disclosure", _("See the requests"), view="asked")
    else:
        shell.link("catalogue", _("See vacant posts"), show="vacant")


def _rules() -> None:
    """Every rule in words, folded."""
    shown = st.expander(_("All rules"), on_change="rerun", key="warnings:rules")
    with shown:
        if shown.open:
            for rule in RULES:
                told = "<br>".join(escape(_(text)) for text in (rule.why, rule.todo, rule.exceptions))
                what = _(rule.what)
                st.html(f"<p>{marks.warning_mark(rule.colour)} <b>{escape(what)}</b><br>{told}</p>")


gate.require(Permission.WARNING_READ)
main()

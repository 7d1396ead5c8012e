"""The matters that have something to open or to keep: asking for a second person, and holds."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

import streamlit as st

from core.text import _, day, literal
from core.voices import openings, retention
from core.voices.openings import Ground, MatterRow
from core.words import OpeningKind
from pages.ui import gate, marks, turning

STATE = st.session_state
Told = Callable[[str], None]

EFFECT: Mapping[OpeningKind, Callable[[], str]] = {
    OpeningKind.CONTACT: lambda: _("You see how to reach the sender. The sender is told that the contact was opened."),
    OpeningKind.ORIGINAL: lambda: _("You get the file as it came in, which may tell who made it, where and when."),
    OpeningKind.DISPOSAL: lambda: _(
        "The sender's words, answers, files and contact are deleted for good. That the matter was handed in, and this "
        "deed, stay on record, and the receipt says so. This cannot be undone."
    ),
}
"""What each deed does, said before it is done."""


def matters(grounds: Sequence[Ground], told: Told) -> None:
    """The list for one of the grounds there are, with the panel of the chosen matter right below it."""
    if not grounds:
        return
    heading = _("Matters")
    st.html(f"<h2 class='qy-group'>{escape(heading)}</h2>")
    ground = grounds[0]
    if len(grounds) > 1:
        ground = st.segmented_control(
            heading, grounds, default=ground, format_func=lambda one: one.label, key="openings:ground", required=True,
            label_visibility="collapsed",
        )
    key = f"openings:{ground}"
    rows = gate.ask(openings.matters, ground, turning.kept(key))
    with st.container(key="qy_matters", gap=None):
        for row in rows:
            on = "on" if row.id == STATE.get("openings:matter") else "off"
            with st.container(horizontal=True, vertical_alignment="center", key=f"qys_{on}_{row.id}"):
                st.html(_line(row))
                if st.button(_("Choose"), key=f"choose:{row.id}"):
                    STATE["openings:matter"] = row.id
                    st.rerun()
            if on == "on":
                _panel(row, told)
    turning.buttons(rows.turned, 0, key, kept=True)


def _line(row: MatterRow) -> str:
    parts = [day(row.raised_on), marks.matter(row.id)]
    if row.sealed:
        parts.append(_("seal confirmed") if row.confirmed else _("to confirm or lift"))
    if row.contact_since:
        parts.append(_("contact since {day}", day=row.contact_since))
    if row.files:
        parts.append(_("{n} {n:file|files}", n=len(row.files)))
    if row.hold:
        parts.append(_("kept from deletion"))
    if row.empty:
        parts.append(_("words deleted"))
    told = "".join(f"<span>{escape(part)}</span>" for part in parts)
    return f"<div class='qy-matter'><b>{escape(row.unit)}</b>{told}</div>"


def _choices(row: MatterRow) -> dict[tuple[OpeningKind, str | None], str]:
    found: dict[tuple[OpeningKind, str | None], str] = {}
    if row.contact_since:
        found[OpeningKind.CONTACT, None] = OpeningKind.CONTACT.label
    for file_id, n in row.files:
        found[OpeningKind.ORIGINAL, file_id] = _("{kind} no. {n}", kind=OpeningKind.ORIGINAL, n=n)
    if row.confirmed and not row.empty and not row.hold:
        found[OpeningKind.DISPOSAL, None] = OpeningKind.DISPOSAL.label
    return found


def _panel(row: MatterRow, told: Told) -> None:
    with st.container(border=True, key="qy_panel"):
        title = _("The matter of {day}", day=row.raised_on)
        st.markdown(f"**{title}**　{marks.matter(row.id)}　{literal(row.unit)}")
        if choices := _choices(row):
            _ask(row, choices, told)
        _hold(row, told)


def _ask(row: MatterRow, choices: Mapping[tuple[OpeningKind, str | None], str], told: Told) -> None:
    kind, file_id = st.radio(_("What is it for?"), list(choices), format_func=choices.__getitem__, key=f"for:{row.id}")
    st.caption(EFFECT[kind]())
    with st.form(f"ask:{row.id}", border=False):
        reason = st.text_area(_("Why it is needed, without names"), max_chars=500, height=80)
        asked = st.form_submit_button(_("Ask for a second person"))
    if asked and gate.do(openings.ask, row.id, kind, reason, file_id):
        told(_("Asked. It stands above until somebody agrees."))


def _hold(row: MatterRow, told: Told) -> None:
    with st.form(f"hold:{row.id}", border=False):
        if row.hold:
            st.markdown(_("Kept from deletion: {reason}", reason=literal(row.hold)))
            reason = st.text_area(_("Why this ends"), max_chars=500, height=80)
            if st.form_submit_button(_("Let the terms of keeping count again")) and gate.do(
                retention.lift, row.id, reason
            ):
                told(_("The terms of keeping count again for this matter."))
            return
        st.caption(_("Contacts and originals are deleted by themselves 90 days after the sender was answered."))
        reason = st.text_area(_("Why it must be kept longer"), max_chars=500, height=80)
        if st.form_submit_button(_("Keep from deletion")) and gate.do(retention.hold, row.id, reason):
            told(_("Nothing of this matter is deleted until the hold is lifted."))

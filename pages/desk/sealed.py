"""Sealed matters: for the discipline desk alone, opened one by one, each opening with a reason."""

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from core import dates
from core.access import Permission
from core.review import inbox
from core.review.triage import Reason
from core.rows import SealedRow
from core.text import _, day, literal
from core.voices import sealing
from pages.ui import gate, lit, marks, turning
from pages.ui.forms import Form

gate.require(Permission.SEALED_OPEN)
TODAY = dates.today(dates.now())
STATE = st.session_state


def main() -> None:
    rows = gate.ask(inbox.sealed, turning.kept("sealed"))
    st.title(_("Sealed matters"))
    if told := STATE.pop("sealed:told", ""):
        st.html(f"<p class='qy-told' role='status'>✓ {escape(told)}</p>")
    if not rows:
        st.info(
            _("Nothing is sealed. What sounds like a lead on somebody's misconduct is kept here, away from everybody "
              "else, until you confirm the seal or lift it.")
        )  # fmt: skip
        return
    st.caption(_("No words stand in this list. Opening a matter needs a reason, and both are kept in the audit log."))
    _list(rows)
    turning.buttons(rows.turned, 0, "sealed", kept=True)


def _list(rows: Sequence[SealedRow]) -> None:
    """The matters, with what is to be done about the chosen one right below it."""
    with st.container(key="qy_sealed", gap=None):
        for row in rows:
            on = "on" if row.id == STATE.get("sealed:matter") else "off"
            with st.container(horizontal=True, vertical_alignment="center", key=f"qys_{on}_{row.id}"):
                st.html(_line(row))
                if st.button(_("Choose"), key=f"choose:{row.id}"):
                    STATE["sealed:matter"], STATE["sealed:opened"] = row.id, False
                    st.rerun()
            if on == "on":
                _matter(row)


def _line(row: SealedRow) -> str:
    words = _("seal confirmed") if row.confirmed else _("to confirm or lift")
    left = "" if row.confirmed else marks.lamp(row.due_on, TODAY, marks.working_words(row.due_on, TODAY))
    state = f"<span>{escape(words)}</span>{left}"
    opened = _("opened {n} {n:time|times}", n=row.openings) if row.openings else _("never opened")
    return (
        f"<div class='qy-matter'><b>{escape(row.unit)}</b><span>{day(row.raised_on)}</span>"
        f"<span>{escape(marks.matter(row.id))}</span>{state}"
        f"<span class='qy-muted'>{escape(opened)}</span></div>"
    )


def _matter(row: SealedRow) -> None:
    with st.container(border=True, key="qy_panel"):
        title = _("The matter of {day}", day=row.raised_on)
        st.markdown(f"**{title}**　{marks.matter(row.id)}　{literal(row.unit)}")
        if STATE.get("sealed:opened"):
            st.caption(_("The words are shown once and not kept on this page. Open it again to read them again."))
        _open(row)
        if STATE.get("sealed:opened"):
            _decide(row)


def _open(row: SealedRow) -> None:
    key = f"sealed:lit:{row.id}"
    held = lit.holder(key)
    form = Form(f"opening:{row.id}", Reason, draft=False)
    opening = form.send(
        _("Open and log it"), lambda work, typed: sealing.open_sealed(work, row.id, typed.reason)
    )  # fmt: skip
    if opening:
        lit.show(held, partial(_words, opening.value))
    else:
        lit.again(key)


def _words(words: str) -> None:
    STATE["sealed:opened"] = True
    label = escape(_("The words"))
    st.html(f"<section class='qy-flag' aria-label='{label}'>{marks.words(words)}</section>")


def _decide(row: SealedRow) -> None:
    """Both verdicts in one form, so that the words stay on the screen while the reason is being typed."""
    with st.form(f"verdict:{row.id}", border=False):
        reason = st.text_area(_("Reason of the verdict, without names"), max_chars=500, height=80)
        with st.container(horizontal=True):
            keep = not row.confirmed and st.form_submit_button(_("Confirm the seal"))
            lift = st.form_submit_button(_("Lift the seal"))
        st.caption(
            _("Confirmed, it stays with the discipline desk and goes its way there. Lifted, it goes to the inbox of "
              "the community; whoever it names stays kept away from it.")
        )  # fmt: skip
    if keep and gate.do(sealing.confirm_seal, row.id, reason):
        _told(_("The seal is confirmed."))
    if lift and gate.do(sealing.lift_seal, row.id, reason):
        _told(_("The seal is lifted. The matter is in the inbox."))


def _told(sentence: str) -> None:
    STATE["sealed:told"], STATE["sealed:matter"], STATE["sealed:opened"] = sentence, None, False
    st.rerun()


main()

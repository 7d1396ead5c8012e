"""Senders who do not agree with an answer: look once more, or keep it and say why."""

from html import escape

import streamlit as st

from core import dates
from core.review.triage import Reason
from core.text import _, day
from core.voices import flags, reopenings
from core.voices.reopenings import Wish
from pages.ui import gate, marks, shell
from pages.ui.forms import Form


def wishes() -> None:
    """Who asks again, above the queue; nothing where nobody does."""
    asked = gate.ask(reopenings.wishes)
    if not asked:
        return
    shown = st.expander(
        _("{n} ask to take their matter up again", n=len(asked)), expanded=len(asked) == 1, on_change="rerun",
        key="inbox:again",
    )  # fmt: skip
    with shown:
        for wish in asked if shown.open else ():
            _noted(wish)
            with st.container(border=True):
                _wish(wish)


def _noted(wish: Wish) -> None:
    """Keep once a day that somebody of this role opened a resident's words; without that they are not shown."""
    key = f"inbox:again:{wish.flag_id}:{dates.today(dates.now())}"
    if key not in st.session_state:
        if gate.do(flags.note_reading, wish.flag_id) is None:
            st.stop()
        st.session_state[key] = True


def _wish(wish: Wish) -> None:
    entry = _("No. {n}", n=wish.number) if wish.number else ""
    st.caption(" · ".join(part for part in (wish.unit, wish.status.label, entry, day(wish.asked_on)) if part))
    st.html(marks.words(wish.text))
    if wish.reason:
        st.caption(_("Answered on {day}: {reason}", day=wish.answered_on, reason=wish.reason))
    why = escape(_("Why they ask again"))
    st.html(f"<b>{why}</b>{marks.words(wish.why)}")
    if wish.risk_id:
        shell.link("entry", _("Open the entry"), id=wish.risk_id)
    deeds = {_("Take it up again"): reopenings.take_up, _("Keep the answer and tell them why"): reopenings.keep_answer}
    deed = st.radio(_("What becomes of it"), list(deeds), horizontal=True, key=f"again:{wish.flag_id}:deed")
    form = Form(f"again:{wish.flag_id}", Reason, draft=False)
    if form.send(deed, lambda work, typed: deeds[deed](work, wish.flag_id, typed.reason)):
        st.rerun()

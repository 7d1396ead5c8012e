"""What is written and reported, as Word: the register as a table, the year report, notices and papers of meetings."""

from datetime import timedelta

import streamlit as st

from core import dates
from core.access import Actor, Permission
from core.entries import register
from core.entries.register import Filter
from core.printed import letters
from core.printed.letters import LetterForm
from core.text import N_, _
from pages.insight import year
from pages.ui import gate, shell
from pages.ui.downloads import document
from pages.ui.forms import Form

DAYS = 30
"""Calendar days offered until a notice is to be done."""
STATE = st.session_state


def show(actor: Actor) -> None:
    st.subheader(_("Register as a table"))
    st.caption(_("Filter the register as you need it; below it stands the way to take it as Word, Excel or CSV."))
    shell.link("register", _("Open the register") + " ›")
    year.show()
    if actor.may(Permission.RISK_HAND_DOWN):
        _notice()
    if actor.may(Permission.MEETING_HOLD):
        st.subheader(_("Papers for a meeting"))
        shell.link("meetings", _("Choose the unit that meets") + " ›")


def _notice() -> None:
    st.subheader(_("Rectification notice"))
    st.caption(_("A draft to a community or a post, never to a person. Whoever issues it reads, signs and stamps it; "
                 "it is no formal act of discipline."))  # fmt: skip
    with st.container(horizontal=True):
        asked = st.query_params.get("entry", "")[: register.LONGEST_TEXT]
        text = st.text_input(_("Find the entry"), asked, key=f"letter:text:{asked}", width=260,
                             placeholder=_("Number or words"), max_chars=register.LONGEST_TEXT)  # fmt: skip
        page = gate.ask(register.register, Filter(text=(text or "").strip(), statuses=letters.DRAFTABLE))
        said = N_("{unit} no. {n}: {title}")
        words = {row.id: _(said, unit=row.unit, n=row.number, title=row.title) for row in page.rows}
        alone = 0 if asked and len(words) == 1 else None
        risk_id = st.selectbox(_("Entry"), list(words), alone, format_func=words.__getitem__, key="letter:entry",
                               placeholder=_("Please choose"))  # fmt: skip
    if risk_id is None:
        return
    entry, asked = gate.ask(letters.proposed, risk_id)
    basis = _("The register of integrity risks of {unit}, entry no. {n}, and what was decided about it",
              unit=entry.unit, n=entry.number)  # fmt: skip
    due = dates.today(dates.now()) + timedelta(days=DAYS)
    form = Form(f"letter:{risk_id}", LetterForm, start={"asked": asked, "basis": basis, "answer_by": due}, columns=2)
    if form.send(_("Check the wording"), letters.draft, risk_id, keep=True):
        STATE["letter:checked"] = (risk_id, dict(form.fields))
    if STATE.get("letter:checked") == (risk_id, dict(form.fields)) and (checked := form.value()):
        st.success(_("Nobody is named. The draft can be saved."))
        name = _("Rectification notice {unit} no. {n}", unit=entry.unit, n=entry.number)
        document(_("Save as Word"), f"{name}.docx", letters.written, letters.taken, risk_id, checked)

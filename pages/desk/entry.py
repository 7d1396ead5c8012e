"""One entry: what three voices say, what was agreed, who does what by when, and what may be done now."""

import streamlit as st

from core.access import Permission
from core.entries import entry
from core.entries.actions import actions
from core.prevention import tasks
from core.review import merging
from core.text import _
from pages.desk import (
    entry_checks,
    entry_deeds,
    entry_head,
    entry_holder,
    entry_looks,
    entry_measures,
    entry_rating,
    entry_signed,
    entry_voices,
)
from pages.ui import gate, shell

gate.require(Permission.REGISTER_READ)
risk_id = st.query_params.get("id", "")
if not risk_id:
    st.title(_("Entry"))
    st.info(_("Choose an entry in the register to open it here."))
    shell.link("register", _("Open the register"))
    st.stop()

row = gate.ask(entry.entry, risk_id)
open_now = gate.ask(actions, risk_id)
voices = gate.ask(merging.voices, risk_id)
work = gate.ask(tasks.of_entry, risk_id)

shell.link("register", _("← Register"))
entry_head.head(row)
entry_deeds.buttons(row, open_now, work)
entry_deeds.panel(row, open_now, voices)
entry_holder.holder(row)
entry_checks.line(row)

entry_head.contents(len(work))
st.subheader(_("What the three voices say"), anchor="voices")
entry_voices.columns(row, voices)
entry_rating.agreed(row, voices)
st.subheader(_("Preventive measures"), anchor="measures")
entry_measures.of_entry(work)
st.subheader(_("Disclosure and closing"), anchor="outcome")
entry_head.outcome(row)
entry_signed.panel(row)
entry_looks.panel(row)
entry_head.history(row)

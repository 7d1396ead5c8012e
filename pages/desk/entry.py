"""One entry: what three voices say, what was agreed, who does what by when, and what may be done now."""

import streamlit as st

from core import entry, merging, tasks
from core.access import Permission
from core.actions import actions
from core.text import _
from pages.desk import entry_deeds, entry_head, entry_measures, entry_rating, entry_voices
from pages.ui import gate, shell

gate.require(Permission.REGISTER_READ)
risk_id = st.query_params.get("id", "")
if not risk_id:
    st.info(_("Choose an entry in the register to open it here."))
    shell.link("register", _("Open the register"))
    st.stop()

row = gate.ask(entry.entry, risk_id)
open_now = gate.ask(actions, risk_id)
voices = gate.ask(merging.voices, risk_id)
work = gate.ask(tasks.of_entry, risk_id)

shell.link("register", _("← Register"))
left, right = st.columns([3, 1], gap="medium")
with left:
    entry_head.head(row)
with right:
    entry_deeds.buttons(row, open_now, work)
entry_deeds.panel(row, open_now, voices)

st.header(_("What the three voices say"))
entry_voices.columns(row, voices)
st.header(_("Agreed rating"))
entry_rating.agreed(row, voices)
st.header(_("Who answers for it"))
entry_head.people(row)
st.header(_("Preventive measures"))
entry_measures.of_entry(work)
st.header(_("Disclosure and closing"))
entry_head.outcome(row)
entry_head.history(row)

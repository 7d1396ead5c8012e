"""Recording for a resident: what was said on paper, at a meeting or at the door, with the receipt to hand over."""

import streamlit as st

from core import doorstep, flags, hinting, items
from core.access import Permission
from core.text import _
from pages.ui import already, gate, hints, receipt, shell
from pages.ui.forms import Form

gate.require(Permission.FLAG_RECORD)
st.title(_("Record for a resident"))
receipt.show("record", _("Written down. Please hand this receipt to the resident."), _("I have handed it over"))

steps = {step.community_id: step for step in gate.ask(doorstep.recording)}
if not steps:
    st.info(_("You have no community to record for. The security administrator can give you the role."))
    st.stop()
with st.container(width=720):
    st.caption(_("Write it as the resident says it, without their name. You will not be able to read it again here."))
    unit_id = next(iter(steps))
    if len(steps) > 1:
        unit_id = st.selectbox(_("Community"), list(steps), format_func=lambda key: steps[key].community)
    step = steps[unit_id]
    ways = {way: way.label for way in flags.RECORDED}
    said, about, chips = (st.container() for _n in range(3))
    form = Form(
        f"record:{unit_id}", flags.RecordedFlag, start={"place_id": step.community_id},
        options={"item_id": step.item_words(), "place_id": step.place_words(), "channel": ways},
        columns={"text": said, "item_id": about},
    )  # fmt: skip
    text, item_id = form.fields["text"], form.fields["item_id"]
    with chips:
        likely = hinting.likely_items(text, gate.ask(items.catalogue, unit_id))
        if hinted := hints.item(likely, item_id, "record"):
            form.fill(item_id=hinted)
    if already.shown((unit_id,), text, item_id):
        st.caption(_("You can still write it down: the resident's voice counts, and the first review joins it."))
    if sent := form.send(_("Write it down and give the receipt"), flags.record_for, unit_id):
        receipt.keep("record", sent.value, step.code)
    shell.link("posters", _("Notices to hang up, with the form on paper"))
    st.caption(_("The resident sees what becomes of it with the receipt code, until {day} at the latest for the first review.", day=step.answer_by))  # fmt: skip  # noqa: E501

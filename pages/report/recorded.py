"""Recording for a resident: what was said on paper, at a meeting or at the door, with the receipt to hand over."""

import streamlit as st

from core import items
from core.access import Permission
from core.evidence import Upload
from core.organisation.places import Reach
from core.review import hinting, recording
from core.text import _
from core.voices import attachments, doorstep, telling
from core.words import RECORDED
from pages.ui import already, gate, hints, places, receipt, shell, uploads
from pages.ui.forms import Form
from pages.ui.places import Ground

gate.require(Permission.FLAG_RECORD)
st.title(_("Record for a resident"))
receipt.show("record", _("Written down. Please hand this receipt to the resident."), _("I have handed it over"))

ground = Ground(Permission.FLAG_RECORD, Reach.COMMUNITIES)
with st.container(width=720):
    st.caption(_("Write it as the resident says it, without their name. You will not be able to read it again here."))
    unit_id = places.one(_("Community"), ground, key="record:unit").id
    step = gate.ask(doorstep.recording, unit_id)
    ways = {way: way.label for way in RECORDED}
    said, seen, about, chips, rest = (st.container() for _n in range(5))
    scan = f"scan:{unit_id}"
    form = Form(
        f"record:{unit_id}", recording.RecordedFlag, start={"place_id": step.community_id},
        options={"item_id": step.item_words(), "place_id": step.place_words(), "channel": ways},
        columns={"text": said, "item_id": about} | dict.fromkeys(("place_id", "channel"), rest),
    )  # fmt: skip
    text, item_id = form.fields["text"], form.fields["item_id"]
    with seen:
        hints.cautions(telling.cautions(str(text or ""), recorded=True))
    with rest:
        hint = _("At most {n} files, photos or PDF. They are shown to those alone who may read the words, without when, where and with what they were made. What one sees in them stays: please cover names, telephones and doors first.", n=attachments.MOST)  # fmt: skip  # noqa: E501
        scans = uploads.chosen_files(scan, hint, _("Scan or photo of the paper form (optional)"))
    with chips:
        likely = hinting.likely_items(text, gate.ask(items.catalogue, unit_id))
        if hinted := hints.item(likely, item_id, "record"):
            form.fill(item_id=hinted)
    if already.shown((unit_id,), text, item_id):
        st.caption(_("You can still write it down: the resident's voice counts, and the first review joins it."))
    sent = form.send(
        _("Write it down and give the receipt"), recording.record_for, unit_id,
        ready=lambda: {"files": [attachments.prepared(Upload("", one.content)) for one in scans]},
    )  # fmt: skip
    if sent:
        uploads.forget_files(scan)
        receipt.keep("record", sent.value, step.code)
    shell.link("occasion", _("Several matters from one talk or visit"))
    shell.link("posters", _("Notices to hang up, with the form on paper"))
    st.caption(_("The resident sees what becomes of it with the receipt code, until {day} at the latest for the first review.", day=step.answer_by))  # fmt: skip  # noqa: E501

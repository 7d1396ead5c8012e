"""A talk, a visit or a meeting entered once: what was said there, each matter as a flag of its own."""

from collections.abc import Callable
from functools import cache

import streamlit as st

from core import dates, items
from core.access import Permission
from core.organisation.places import Reach
from core.review import hinting, recording
from core.review.recording import MOST, Matter, Occasion
from core.rows import ItemRow
from core.text import _
from core.voices import doorstep, telling
from core.voices.doorstep import Doorstep
from pages.ui import gate, hints, places, slips
from pages.ui.forms import Form
from pages.ui.places import Ground

FIRST = 2
"""Matters there is room for at first."""


def page() -> None:
    gate.require(Permission.FLAG_RECORD)
    st.title(_("Talks and visits"))
    slips.show("occasion")
    ground = Ground(Permission.FLAG_RECORD, Reach.COMMUNITIES)
    with st.container(width=720):
        st.caption(_("Enter the occasion once; each matter becomes a flag of its own. Write it as residents say it, without names. You will not be able to read it again here. What you type is kept until you send it."))  # fmt: skip  # noqa: E501
        unit_id = places.one(_("Community"), ground, key="occasion:unit").id
        _enter(unit_id, gate.ask(doorstep.recording, unit_id))


def _enter(unit_id: str, step: Doorstep) -> None:
    name = f"occasion:{unit_id}"
    st.subheader(_("The occasion"))
    left, right = st.columns(2)
    below, end = st.container(), st.container()
    held = Form(
        name, Occasion, start={"held_on": dates.today(dates.now()), "place_id": step.community_id},
        options={"place_id": step.place_words(), "channel": {way: way.label for way in recording.OCCASIONS}},
        columns={"channel": left, "held_on": right, "place_id": left, "present": right, "consent": end},
    )  # fmt: skip
    with below:
        st.subheader(_("What residents said"))
        known = cache(lambda: gate.ask(items.catalogue, unit_id))  # asked once, and only when there are words
        matters = [_matter(f"{name}:{n}", n, known, step) for n in range(_room(name))]
        _more(name)
    count = sum(_is_said(one) for one in matters)
    label = _("Write down {n} matters", n=count) if count else _("Write it down")
    if end.button(label, type="primary", key=f"{name}:send"):
        _send(name, unit_id, step, held, matters)


def _room(name: str) -> int:
    """For how many matters there is room, as it was left the last time."""
    kept = f"{name}:room"
    if kept not in st.session_state:
        st.session_state[kept] = int(str(gate.draft_of(kept).get("n", FIRST)))
    return int(st.session_state[kept])


def _more(name: str) -> None:
    room = _room(name)
    st.caption(_("What is left empty is not kept."))
    if room < MOST and st.button(_("Room for another matter"), key=f"{name}:more"):
        st.session_state[f"{name}:room"] = room + 1
        gate.keep_draft(f"{name}:room", {"n": room + 1})
        st.rerun()


def _matter(name: str, n: int, known: Callable[[], list[ItemRow]], step: Doorstep) -> Form[Matter]:
    with st.container(border=True):
        title = _("Matter {n}", n=n + 1)
        st.markdown(f"**{title}**")
        said, seen, about, chips = (st.container() for _n in range(4))
        form = Form(
            name, Matter, options={"item_id": step.item_words()}, columns={"text": said, "item_id": about}
        )
        text, item_id = str(form.fields["text"] or ""), form.fields["item_id"]
        with seen:
            hints.cautions(telling.cautions(text, recorded=True))
        with chips:
            likely = hinting.likely_items(text, known()) if text else []
            if hinted := hints.item(likely, item_id, name):
                form.fill(item_id=hinted)
    return form


def _is_said(form: Form[Matter]) -> bool:
    return bool(str(form.fields["text"] or "").strip())


def _send(name: str, unit_id: str, step: Doorstep, held: Form[Occasion], matters: list[Form[Matter]]) -> None:
    said = [one for one in matters if _is_said(one)] or matters[:1]
    occasion, typed = held.value(), [one.value() for one in said]
    given = [one for one in typed if one is not None]
    if occasion is None or len(given) < len(typed):
        return
    if done := gate.do(recording.record_occasion, unit_id, occasion, given):
        held.clear()
        for one in matters:
            one.clear()
        gate.drop_draft(f"{name}:room")
        del st.session_state[f"{name}:room"]
        slips.keep("occasion", [matter.text for matter in given], done.value, step.code)


page()

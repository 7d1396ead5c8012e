"""What the board says of the same matter, shown before words are kept: join it, or send them as they are."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from core.doorstep import Doorstep
from core.flags import ResidentFlag
from core.supports import Alike
from core.text import _
from pages.ui import gate, marks, receipt


def hold(step: Doorstep, typed: Mapping[str, Any], alike: tuple[Alike, ...]) -> None:
    """Keep what was typed in this tab and show the question in place of the form from the next run on."""
    st.session_state[f"typed:{step.code}"] = dict(typed)
    st.session_state[f"alike:{step.code}"] = (dict(typed), alike)
    st.rerun()


def forget(step: Doorstep) -> None:
    """What was typed has been sent, or was left for an entry."""
    for kind in ("typed", "alike"):
        st.session_state.pop(f"{kind}:{step.code}", None)


def ask(step: Doorstep, typed: dict[str, Any], alike: tuple[Alike, ...]) -> None:
    """The question; the page ends with it."""
    draft = ResidentFlag.model_validate(typed)
    st.subheader(_("Has this been said already?"))
    st.text(_("The public board has something that looks the same. Please have a look. What you wrote has not been sent yet."))  # fmt: skip  # noqa: E501
    for one in alike:
        _offer(step, one, draft)
    st.caption(_("“This is mine too” counts you in without your own words, and gives you a receipt of its own."))
    wrote = escape(_("What you wrote"))
    st.html(f"<b>{wrote}</b>{marks.words(draft.text)}")
    with st.container(horizontal=True):
        if st.button(_("None of these, send my words"), type="primary") and (
            sent := gate.do(receipt.speak, step, draft)
        ):
            forget(step)
            receipt.keep("speak", sent.value, step.code)
        if st.button(_("Go back and change it")):
            del st.session_state[f"alike:{step.code}"]
            st.rerun()
    st.stop()


def _offer(step: Doorstep, one: Alike, draft: ResidentFlag) -> None:
    with st.container(border=True):
        st.caption(" · ".join(part for part in (_("No. {n}", n=one.number), one.item, one.status.label) if part))
        st.html(marks.words(one.wording, one.shared))
        if one.shared:
            st.caption(_("Marked: words you say too, or say in other words."))
        elif one.same_item:
            st.caption(_("It is about the same power item."))
        if st.button(_("This is mine too"), key=f"join:{one.number}") and (
            sent := gate.do(receipt.join, step, one.number, draft.place_id)
        ):
            forget(step)
            receipt.keep("speak", sent.value, step.code, one.number)

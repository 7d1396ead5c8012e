"""What the board says of the same matter, shown before words are kept: join it, or send them as they are."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from core.text import _
from core.voices import telling
from core.voices.doorstep import Doorstep
from core.voices.flags import ResidentFlag
from core.voices.supports import Alike
from core.voices.telling import Concern
from pages.ui import gate, marks, receipt
from pages.ui.receipt import Question


def hold(step: Doorstep, typed: Mapping[str, Any], question: Question) -> None:
    """Keep what was typed in this tab and show the question in place of the form from the next run on."""
    st.session_state[f"typed:{step.code}"] = dict(typed)
    st.session_state[f"alike:{step.code}"] = (dict(typed), question)
    st.rerun()


def forget(step: Doorstep) -> None:
    """What was typed has been sent, or was left for an entry."""
    for kind in ("typed", "alike"):
        st.session_state.pop(f"{kind}:{step.code}", None)


def ask(step: Doorstep, typed: dict[str, Any], question: Question) -> None:
    """The question; the page ends with it."""
    draft, found = ResidentFlag.model_validate(typed), question.cautions
    st.header(_("Please look once more") if found else _("Has this been said already?"))
    st.text(_("What you wrote has not been sent yet.") if found else _("The public board has something that looks the same. Please have a look. What you wrote has not been sent yet."))  # fmt: skip  # noqa: E501
    for one in found:
        st.warning(one.sentence)
    if question.alike and found:
        st.subheader(_("Has this been said already?"))
    for alike in question.alike:
        _offer(step, alike, draft)
    if question.alike:
        st.caption(_("“This is mine too” counts you in without your own words, and gives you a receipt of its own."))
    wrote, pieces = escape(_("What you wrote")), [piece for one in found for piece in one.pieces]
    st.html(f"<b>{wrote}</b>{marks.words(draft.text, pieces)}")
    may_cover = telling.can_cover(draft.text)
    with st.container(horizontal=True):
        if may_cover or any(one.concern is Concern.NUMBER for one in found):
            covered = draft.model_copy(update={"text": telling.covered(draft.text)})
            _sending(_("Cover and send"), step, covered, first=True)
        if not found:
            _sending(_("None of these, send my words"), step, draft, first=True)
        elif may_cover or not any(one.concern is Concern.NUMBER for one in found):
            _sending(_("Send as it is"), step, draft, first=not may_cover)
        if st.button(_("Go back and change it")):
            del st.session_state[f"alike:{step.code}"]
            st.rerun()
    if may_cover:
        st.caption(_("Numbers are covered in any case. “Cover and send” covers your name and door as well."))
    st.stop()


def _sending(label: str, step: Doorstep, draft: ResidentFlag, *, first: bool) -> None:
    """A button that sends the words, and the receipt once they are kept."""
    if st.button(label, type="primary" if first else "secondary") and (sent := gate.do(receipt.speak, step, draft)):
        forget(step)
        receipt.keep("speak", sent.value, step.code, concerns=telling.urgent(telling.cautions(draft.text)))


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

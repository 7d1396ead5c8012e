"""Hints on the screen: what the machine takes a text for, how sure it is, and one click that fills in the form."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.alike.hints import Hint
from core.review.danger import URGENT
from core.review.hinting import LikelyItem, percent
from core.text import N_, _, literal
from core.voices.telling import Caution
from core.words import Triage

LOOKS = (
    (0.8, N_("looks very much like “{kind}” (certainty {n}%)")), (0.6, N_("looks like “{kind}” (certainty {n}%)")),
    (0.0, N_("looks somewhat like “{kind}” (certainty {n}%)")),
)  # fmt: skip
"""Words for a confidence of at least so much."""
REASONS = 3


def triage(hint: Hint) -> None:
    """Where a flag may belong, as a hint; what is urgent or secret says how it is dealt with."""
    pieces = "、".join(f"“{' '.join(piece.split())}”" for piece in hint.because[:REASONS])
    why = "　" + _("because of {pieces}", pieces=pieces) if pieces else ""
    told = _("Hint of the system: {looks}; it is for you to judge.", looks=_looks(hint))
    st.html(f"<div class='qy-muted'>{escape(told + why)}</div>")
    if hint.triage in URGENT:
        st.warning(_("Is somebody in danger, or is a crime going on? Call 110, 119 or 120 now; this page does not."))
    if hint.triage is Triage.ACCUSATION:
        st.warning(_("A lead on a person's misconduct is not decided here: “Seal” hands it to the discipline desk."))


def _looks(hint: Hint) -> str:
    words = next(words for least, words in LOOKS if hint.confidence >= least)
    return _(words, kind=hint.triage, n=percent(hint.confidence))


def item(likely: Sequence[LikelyItem], chosen: str | None, key: str) -> str | None:
    """The power items a text may be about, other than the one that is chosen; the one that was clicked."""
    others = [one for one in likely if one.item_id != chosen]
    if not others:
        return None
    st.caption(_("The system thinks it may be about (click to fill it in; it is for you to judge):"))
    with st.container(horizontal=True, gap="small", key=f"qyh_{key}"):
        for one in others:
            label = literal(_("{name} ({n}%)", name=one.name, n=percent(one.confidence)))
            why = literal(_("because of {pieces}", pieces="、".join(f"“{piece}”" for piece in one.because[:REASONS])))
            if st.button(label, key=f"hint:{key}:{one.item_id}", help=why):
                return one.item_id
    return None


def cautions(found: Sequence[Caution]) -> None:
    """What there is to tell about words before they are kept, while they are typed."""
    for one in found:
        st.info(one.sentence)

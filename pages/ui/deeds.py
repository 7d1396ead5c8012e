"""Deeds on a page of tables: one form at a time, a second question before what cannot be undone, and what was done."""

from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn, TypeVar

import streamlit as st

from core.entries.bulk import sentence
from core.errors import Refused
from core.store import Work
from core.text import _
from pages.ui import gate

T = TypeVar("T")


def choose(words: Mapping[str, str], key: str, label: str = "") -> str:
    """Which of several deeds to do; only its form is drawn."""
    deeds = list(words)
    chosen = st.segmented_control(
        label or _("What would you like to do?"), deeds, default=deeds[0], required=True,
        format_func=words.__getitem__, key=key,
    )  # fmt: skip
    return chosen or deeds[0]


def sure(label: str, consequence: str, yes: str, key: str) -> bool:
    """Ask for a deed, say what it will do, and ask again; True when it was asked for twice."""
    asked = f"sure:{key}"
    if not st.session_state.get(asked):
        if st.button(label, key=f"{asked}:ask"):
            st.session_state[asked] = True
            st.rerun()
        return False
    st.warning(consequence)
    with st.container(horizontal=True):
        agreed = st.button(yes, type="primary", key=f"{asked}:yes")
        kept = st.button(_("Leave it as it is"), key=f"{asked}:no")
    if agreed or kept:
        del st.session_state[asked]
    if kept:
        st.rerun()
    return agreed


def each(rows: Sequence[T], deed: Callable[[Work, T], object]) -> list[str]:
    """Do the same with each row, every one for itself; gives for each why it was not done, or nothing."""
    told = []
    for row in rows:
        try:
            gate.attempt(deed, row)
        except Refused as refusal:
            told.append(sentence(refusal))
        else:
            told.append("")
    return told


def say(message: str) -> None:
    """Keep what was done for the top of the next page."""
    st.session_state["deeds:done"] = message


def done(message: str) -> NoReturn:
    """Draw the page anew with what was done at its top."""
    say(message)
    st.rerun()


def tell() -> None:
    """What was done just now; said once."""
    if message := st.session_state.pop("deeds:done", ""):
        st.success(message)

"""Choosing a person: one list where they are few; where they are many, by a part of a name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.organisation.people import Found
from core.text import _
from pages.ui import gate

STATE = st.session_state


@dataclass(frozen=True)
class Persons:
    """Among whom one chooses: a question of core that takes what is looked for as its last argument."""

    question: Callable[..., Found]
    given: tuple[Any, ...] = ()


def choose(label: str, persons: Persons, start: str | None = None, *, key: str) -> tuple[str | None, str]:
    """Let somebody choose a person, and how they are worded; whoever was chosen stays so while another name is looked
    for."""
    wanted = str(STATE.get(f"{key}:find") or "")
    found: Found = gate.ask(persons.question, *persons.given, wanted)
    if found.more or wanted:
        st.text_input(_("Find a person"), key=f"{key}:find", placeholder=_("Part of a name, account or unit"))
    names = STATE.get(f"{key}:chosen", {}) | found.names
    one: str | None = st.selectbox(
        label, list(names), list(names).index(start) if start in names else None, format_func=names.__getitem__,
        key=key, placeholder=_("Please choose") if names or not found.more else _("Type a part of a name above"),
    )  # fmt: skip
    if wanted and found.more:
        st.caption(_("There are more. Type a longer part of the name."))
    STATE[f"{key}:chosen"] = {one: names[one]} if one else {}
    return one, names[one] if one else ""

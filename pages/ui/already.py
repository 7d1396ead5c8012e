"""While somebody writes: what the register may have already, with the words both share marked."""

from collections.abc import Sequence

import streamlit as st

from core.review import resembling
from core.review.resembling import Already
from core.text import _
from pages.ui import gate, voices


def shown(unit_ids: Sequence[str], text: str, item_id: str | None = None) -> list[Already]:
    """Draw at most three entries a text may be about, and give them; nothing is merged by it."""
    found = gate.ask(resembling.resembling, unit_ids, text, item_id)
    if not found:
        return []
    st.html(voices.legend(_("The register may have it already"), [one.likeness for one in found]))
    for one, cell in zip(found, st.columns(len(found)), strict=True):
        with cell.container(border=True):
            voices.glance(one.likeness, text, one.unit if len(unit_ids) > 1 else "")
    return found

"""Registers of a former day, where several communities are meant: which ones, and how many entries were open there."""

from datetime import date

import streamlit as st

from core.entries import register
from core.entries.register import LEVELS
from core.insight import trends
from core.text import _
from core.words import Level
from pages.ui import gate, marks, tables


def show(unit_id: str, when: date) -> None:
    """The communities in a unit, or in sight, each leading to its register; where they are many, the way to them."""
    units = gate.ask(register.below, unit_id)
    above = any(not unit.holds_register for unit in units)
    st.caption(
        _("Go down to a community to read its register of {day}, or find it by its name above.", day=when) if above
        else _("Open entries at the end of {day}, by community. Choose one to read its register.", day=when)
    )  # fmt: skip
    shown = tables.page(units, "past:communities")
    counts = gate.ask(trends.open_on, [unit.id for unit in shown if unit.holds_register], when)
    levels = [] if above else [*(marks.SHAPES[level] + level.label for level in Level), marks.level_words(None)]
    tables.table([_("Unit") if above else _("Community"), *levels], [
        [tables.Link(unit.name, "past", {"unit": unit.id, "asof": when.isoformat()}),
         *(counts[unit.id].counts[level] for level in LEVELS if not above)]
        for unit in shown
    ])  # fmt: skip

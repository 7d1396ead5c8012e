"""Registers of a former day, where several communities are meant: which ones, and how many entries were open there."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core.entries.register import LEVELS
from core.insight import trends
from core.rows import UnitRow
from core.text import _
from core.words import Level
from pages.ui import gate, marks, tables


def show(units: Sequence[UnitRow], when: date) -> None:
    """The communities, each leading to its register."""
    st.caption(_("Open entries at the end of {day}, by community. Choose one to read its register.", day=when))
    shown = tables.page(units, "past:communities")
    counts = gate.ask(trends.open_on, [unit.id for unit in shown], when)
    heads = [_("Community"), *(marks.SHAPES[level] + level.label for level in Level), marks.level_words(None)]
    tables.table(heads, [
        [tables.Link(unit.name, "past", {"unit": unit.id, "asof": when.isoformat()}),
         *(counts[unit.id].counts[level] for level in LEVELS)]
        for unit in shown
    ])  # fmt: skip

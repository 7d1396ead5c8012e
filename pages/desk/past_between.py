"""What became of a register between two days: new, changed and gone, in words."""

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape

import streamlit as st

from core.documents import Document
from core.entries import between
from core.entries.between import Became, Span, Turn
from core.text import _
from pages.ui import folding, gate, tables
from pages.ui.downloads import noted

ASKED = st.query_params
MONTH = 30
"""Days before the last one, where the address says no other."""


def since(last: date) -> date:
    """The first of the two days; it stands in the address."""
    try:
        asked = date.fromisoformat(ASKED.get("since", ""))
    except ValueError:
        asked = last - timedelta(days=MONTH)
    first = st.date_input(
        _("Since the end of"), min(asked, last), max_value=last, format="YYYY-MM-DD", width=200
    )  # fmt: skip
    if first != asked:
        ASKED["since"] = first.isoformat()
    return first


def show(unit_id: str, last: date) -> None:
    """What became of the register of a community; all of it is compared, when that is asked for."""
    folding.part(
        _("What became different"), lambda: _compared(unit_id, last), key="past:compared",
        expanded="since" in ASKED or "change" in ASKED,
    )


def _compared(unit_id: str, last: date) -> None:
    first = since(last)
    found = gate.ask(between.between, unit_id, first, last)
    if found.first > first:
        st.caption(_("The register has been kept day by day since {day}; it is compared from that day on.",
                     day=found.first))  # fmt: skip
    if not found.turns:
        st.caption(_("Nothing became different between the two days."))
        return
    change, title = _which(found), _("Changes of the register")
    noted(
        _("Save as Excel"), f"{title} {found.unit} {found.first} {found.last}.xlsx",
        gate.later(between.sheet, unit_id, first, last, change), Document.CHANGES, unit_id,
    )  # fmt: skip
    turns = [turn for turn in found.turns if change in (None, turn.change)]
    _rows(tables.page(turns, f"past:between:{change}"), {"unit": unit_id, "asof": last.isoformat()}, first)


def _which(found: Span) -> Became | None:
    """All of them, or those that are new, changed or gone; the address says which."""
    words = {change: f"{change.label} {found.counts[change]}" for change in Became if found.counts[change]}
    asked = next((change for change in words if change.value == ASKED.get("change")), None)
    if len(words) < 2:
        st.caption("".join(words.values()))
        return asked
    picked = st.segmented_control(
        _("Which"), list(words), default=asked, format_func=words.__getitem__, key=f"past:change:{asked}",
        label_visibility="collapsed",
    )  # fmt: skip
    if picked != asked:
        ASKED.from_dict({name: ASKED[name] for name in ASKED if name != "change"} | _named(picked))
    return picked


def _named(change: Became | None) -> dict[str, str]:
    return {"change": change.value} if change else {}


def _rows(turns: Sequence[Turn], address: dict[str, str], first: date) -> None:
    tables.table(
        [_("Entry"), _("How it changed"), _("In words")],
        [[tables.Link(f"{turn.number}　{turn.title}", "past",
                      {**address, "entry": turn.risk_id, "since": first.isoformat()}),
          turn.change.label, tables.Mark("<br>".join(map(escape, turn.said)))] for turn in turns],
        blocks=True,
    )  # fmt: skip

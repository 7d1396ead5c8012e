"""What is overdue for disclosure in several communities at once, and the choice of one class."""

from collections import Counter

import streamlit as st

from core import dates
from core.openness import disclosure
from core.openness.disclosure import DueRow
from core.text import _
from core.words import DisclosureClass
from pages.ui import gate, marks, tables


def show(unit_id: str | None) -> None:
    """The list for everything the reader looks after, or for what lies below a unit."""
    rows = of_class(gate.ask(disclosure.overdue, unit_id))
    if not rows:
        st.success(_("Nothing is overdue."))
        return
    today = dates.today(dates.now())
    tables.table(
        [_("Disclosure item"), _("Community"), _("Period"), _("Class"), _("Day it is due")],
        [
            [
                tables.Link(row.subject, "disclosure", {"unit": row.unit_id, "view": "late"}), row.unit, row.period,
                row.disclosure_class.label,
                tables.Mark(marks.limit(row.due_on, today)),
            ]
            for row in tables.page(rows, f"disclosure:everywhere:{unit_id}")
        ],
    )  # fmt: skip


def of_class(rows: list[DueRow]) -> list[DueRow]:
    """Those of the class that was chosen or that the address asks for, where there is a choice."""
    counts = Counter(row.disclosure_class for row in rows)
    asked = next((one for one in DisclosureClass if one.value == st.query_params.get("class")), None)
    if len(counts) > 1 or asked:
        there = [one for one in DisclosureClass if counts[one] or one is asked]
        chosen = st.pills(
            _("Class"), there, default=asked, format_func=lambda one: f"{one.label} {counts[one]}",
            key=f"disclosure:class:{asked}", label_visibility="collapsed",
        )  # fmt: skip
        if chosen is not asked:
            st.query_params.from_dict({name: st.query_params[name] for name in st.query_params if name != "class"}
                                      | ({"class": chosen.value} if chosen else {}))  # fmt: skip
        return [row for row in rows if chosen in (None, row.disclosure_class)]
    return rows

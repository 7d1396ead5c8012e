"""What is overdue for disclosure in several communities at once, and the choice of one class."""

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from core import dates
from core.openness import disclosure
from core.openness.disclosure import DueRow
from core.text import _
from core.turning import COUNTED
from core.words import DisclosureClass
from pages.ui import gate, marks, tables, turning


def show(unit_id: str | None) -> None:
    """The list for everything the reader looks after, or for what lies below a unit."""
    of = _class(gate.ask(disclosure.overdue_classes, unit_id))
    key = f"disclosure:everywhere:{unit_id}:{of}"
    rows = gate.ask(disclosure.overdue, unit_id, of, turning.kept(key))
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
            for row in rows
        ],
    )  # fmt: skip
    turning.buttons(rows.turned, 0, key, kept=True)


def of_class(rows: list[DueRow]) -> list[DueRow]:
    """Those of the class that was chosen or that the address asks for, where there is a choice."""
    chosen = _class(Counter(row.disclosure_class for row in rows))
    return [row for row in rows if chosen in (None, row.disclosure_class)]


def _class(counts: Mapping[DisclosureClass, int]) -> DisclosureClass | None:
    """The class that was chosen or that the address asks for. Where more is overdue than is counted, each can be chosen
    and none has a number."""
    asked = next((one for one in DisclosureClass if one.value == st.query_params.get("class")), None)
    is_much = sum(counts.values()) > COUNTED
    if len(counts) < 2 and not asked and not is_much:
        return None
    owed = [one for one in DisclosureClass if (is_much and one is not DisclosureClass.NONE) or counts.get(one)]
    chosen: DisclosureClass | None = st.pills(
        _("Class"), [one for one in DisclosureClass if one in owed or one is asked], default=asked,
        format_func=lambda one: one.label if is_much else f"{one.label} {counts.get(one, 0)}",
        key=f"disclosure:class:{asked}", label_visibility="collapsed",
    )  # fmt: skip
    if chosen is not asked:
        st.query_params.from_dict({name: st.query_params[name] for name in st.query_params if name != "class"}
                                  | ({"class": chosen.value} if chosen else {}))  # fmt: skip
    return chosen

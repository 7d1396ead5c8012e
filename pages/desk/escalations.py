"""Raised and handed down: what came to this desk, what it sent on, and how long each holder has had it."""

import streamlit as st

from core import dates
from core.access import Permission
from core.entries import escalation
from core.entries.escalation import Passing
from core.text import N_, _
from pages.ui import gate, marks, tables, turning
from pages.ui.tables import Link, Mark

VIEWS = {
    Passing.CAME_UP: (N_("Came up to us"), N_("Nothing that was raised lies with you.")),
    Passing.GIVEN: (N_("Handed to us"), N_("Nothing has been handed to you by a level above.")),
    Passing.SENT_UP: (N_("We raised"), N_("Nothing you raised lies with a level above now.")),
    Passing.SENT_DOWN: (N_("We handed down"), N_("Nothing you handed down lies with a unit below now.")),
}


def main() -> None:
    st.title(_("Raised and handed down"))
    st.caption(
        _("Whoever holds an entry holds its clock. It is raised, given back, handed down or objected to on its own "
          "page.")
    )  # fmt: skip
    counts = gate.ask(escalation.counts)
    first = next((key for key in VIEWS if counts[key]), Passing.CAME_UP)
    chosen = st.segmented_control(
        _("Which"), list(VIEWS), default=first, format_func=lambda key: f"{_(VIEWS[key][0])} {counts[key]}",
        key="escalations:view", label_visibility="collapsed", required=True,
    ) or first  # fmt: skip
    _rows(chosen)


def _rows(view: Passing) -> None:
    rows = gate.ask(escalation.passed, view, turning.kept(f"escalations:{view}"))
    if not rows:
        st.info(_(VIEWS[view][1]))
        return
    today = dates.today(dates.now())
    tables.table(
        [_("Number"), _("Risk point"), _("Community"), _("Holder of the entry"), _("Since"), _("Limit"),
         _("Before it"), _("Why")],
        [
            [Link(_("No. {n}", n=row.number), "entry", {"id": row.risk_id}), row.title, row.unit, row.running.holder,
             _("{day} ({n} {n:day|days})", day=row.running.started_on, n=row.running.held(today)),
             Mark(marks.lamp(row.running.due_on, today, marks.working_words(row.running.due_on, today))),
             "；".join(_("{unit} {n} {n:day|days}", unit=c.holder, n=c.held(today)) for c in row.clocks[:-1]),
             row.running.reason or row.running.how.label]
            for row in rows
        ],
    )  # fmt: skip
    turning.under(rows, f"escalations:{view}")


gate.require(Permission.RISK_ESCALATE)
main()

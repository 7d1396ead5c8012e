"""The form that plans a measure, with what worked elsewhere and what the library suggests for the power item."""

from datetime import timedelta

import streamlit as st

from core import dates
from core.entries import entry
from core.entries.entry import EntryRow
from core.insight import lessons
from core.prevention.measures import MeasureForm
from core.tables import exchange
from core.text import _, literal
from pages.desk import lessons as worked
from pages.ui import gate
from pages.ui.forms import Form

DAYS = 30
"""Calendar days offered until a new measure is due; the planner changes them at will."""


def plan_form(row: EntryRow) -> Form[MeasureForm]:
    """The form, begun with the suggestion that was picked and the people of the entry."""
    points = gate.ask(exchange.known_elsewhere, row.unit_id, row.item) if row.item else []
    learnt = gate.ask(lessons.for_entry, row.id)
    library = list(dict.fromkeys(text for point in points for text in point.measures))
    offered = list(dict.fromkeys([*worked.chips(learnt), *library]))
    picked = None
    if learnt:
        with st.expander(_("What worked elsewhere") + f" {len(learnt)}"):
            worked.listed(learnt)
    if offered:
        library_alone = _("From the library, to start with")
        label = _("From elsewhere and from the library, to start with") if learnt else library_alone
        picked = st.pills(label, offered, format_func=literal, key=f"plan:pick:{row.id}")
    name = f"plan:{row.id}" + (f":{offered.index(picked)}" if picked else "")
    fits = gate.ask(entry.fitting, row.id)
    today = dates.today(dates.now())
    start = {
        "text": picked or "", "owner_id": row.owner_id, "watchdog_id": row.watchdog_id, "starts_on": today,
        "due_on": today + timedelta(days=DAYS),
    }  # fmt: skip
    options = {"owner_id": fits.doers, "watchdog_id": fits.checkers}
    return Form(name, MeasureForm, options=options, start=start, columns=2)

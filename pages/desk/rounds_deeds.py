"""What whoever may open a round does with it: open one, move its calendar, close it."""

from datetime import date
from typing import Any

import streamlit as st
from pydantic import ValidationError

from core.access import Permission
from core.inspection import campaigns, completion, rounds
from core.inspection.campaigns import CalendarForm
from core.inspection.quarters import A_YEAR, Phase, begins
from core.inspection.rounds import RoundForm
from core.orders import Reason
from core.organisation.places import Reach
from core.rows import RoundRow
from core.text import _, day
from pages.ui import deeds, gate, tables
from pages.ui.forms import Form, Options
from pages.ui.places import Ground


def open_one(today: date) -> None:
    """The form of a new round: a year in four parts is proposed, and each day can be changed."""
    names = gate.ask(rounds.posts)
    options: Options = {"unit_id": Ground(Permission.ROUND_OPEN, Reach.REGISTERS), "posts": {n: n for n in names}}
    start = {"title": _("Self-inspection {year}", year=today.year), "starts_on": today, "ends_on": today + A_YEAR}
    form = Form("round", RoundForm, options=options, draft=False, columns=2, start=start)
    st.caption(_("A day left open is proposed: four parts of equal length. Without a choice of posts all are asked."))
    _proposal(form.fields)
    if form.send(_("Open the round"), rounds.open_round):
        deeds.done(_("The round is open. Whoever has power items finds them on the page of the self-inspection."))


def _proposal(fields: dict[str, Any]) -> None:
    """The four parts as they would be opened with what is typed now."""
    try:
        days = begins(RoundForm.model_validate(fields).calendar())
    except ValidationError:
        return
    st.caption(tables.listed(_("{phase} from {day}", phase=phase, day=day(days[phase])) for phase in Phase))


def steer(row: RoundRow, today: date) -> None:
    """Move the calendar of a round that is not closed, or close it."""
    if row.closed_on is not None:
        return
    with st.expander(_("Change the calendar")):
        start = {name: getattr(row, name) for name in CalendarForm.model_fields}
        form = Form(f"calendar:{row.id}", CalendarForm, draft=False, columns=2, start=start)
        if form.send(_("Save the calendar"), campaigns.change_calendar, row.id):
            deeds.done(_("The calendar is changed."))
    if row.starts_on <= today:
        with st.expander(_("Close this round"), expanded=row.ends_on < today):
            _close(row)


def _close(row: RoundRow) -> None:
    total = gate.ask(completion.completion, row.id).total
    st.markdown(
        _("After this nothing more can be said in this round, and it is not opened again. The registers of {n} "
          "communities are frozen as they stand today: read-only, with a digest in the audit log. "
          "Entries that are open or under control are carried over and go on as they are.", n=total.communities)
    )  # fmt: skip
    if total.left:
        st.warning(_("{n} of {all} posts have not finished their self-inspection.", n=total.left, all=total.posts))
    form = Form(f"close:{row.id}", Reason, draft=False)
    if form.send(_("Close and freeze"), lambda work, given: campaigns.close_round(work, row.id, given.reason)):
        deeds.done(_("The round is closed."))

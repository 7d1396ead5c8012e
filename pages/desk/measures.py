"""Measures: mine to carry out, mine to verify, and all that may be seen."""

from datetime import date

import streamlit as st

from core import dates
from core.access import Permission
from core.entries import bulk
from core.insight.timely import Age
from core.prevention import tasks
from core.prevention.measures import Measure
from core.prevention.tasks import STANDING, About
from core.rows import MeasureRow
from core.text import N_, _, day, literal
from core.turning import COUNTED_IN_LIST, counted
from core.words import MeasureStatus
from pages.desk import many
from pages.desk.entry_measures import card
from pages.ui import gate, marks, shell, turning
from pages.ui.tables import Cell, Link, Mark, listed, table

MINE, VERIFY, ALL = "mine", "verify", "all"
VIEWS = {MINE: N_("Mine to do"), VERIFY: N_("Mine to verify"), ALL: N_("All measures")}
EVERY = "every"
LONGEST = 30
"""Characters of a title in a line that leads to an entry."""


def _mine() -> None:
    found = gate.ask(tasks.mine, turning.kept("mine"))
    if not found:
        st.info(_("No measure of yours is open. When somebody names you as owner of a measure, it stands here with its"
                  " day."))  # fmt: skip
    _cards(found)
    turning.under(found, "mine")
    if n := gate.ask(tasks.count_done):
        shown = st.expander(_("Verified: {n}", n=counted(n)), on_change="rerun", key="measures:done")
        if shown.open:
            with shown:
                done = gate.ask(tasks.done, turning.kept("done"))
                _table(done)
                turning.under(done, "done")


def _verify() -> None:
    found = gate.ask(tasks.to_verify, turning.kept("verify"))
    if not found:
        st.info(_("Nothing waits for your verdict. When an owner asks for verification, the measure stands here."))
    _cards(found)
    turning.under(found, "verify")


def _cards(found: list[tasks.Task]) -> None:
    """Cards under the entry each belongs to, the entry named once, with its community where there are several."""
    several = len({task.row.unit_id for task in found}) > 1
    for risk_id in dict.fromkeys(task.row.risk_id for task in found):
        own = [task for task in found if task.row.risk_id == risk_id]
        title = own[0].row.title
        title = title if len(title) <= LONGEST else title[:LONGEST] + "…"
        place = literal(own[0].row.unit) + " · " if several else ""
        shell.link("entry", place + _("No. {n}", n=own[0].row.number) + " " + literal(title), id=risk_id)
        for task in own:
            card(task)


def _all() -> None:
    left, right = st.columns([3, 1])
    states = {"": _("Not yet verified")} | {s.value: s.label for s in MeasureStatus} | {EVERY: _("Every state")}
    with left:
        picked = st.selectbox(_("State"), list(states), format_func=states.__getitem__, key="state",
                              bind="query-params")  # fmt: skip
    with right:
        late = st.toggle(_("Overdue only"), key="overdue", bind="query-params")
    some = {"": STANDING, EVERY: None}
    statuses = some[picked] if picked in some else (MeasureStatus(picked),)
    about = _about()
    rows = gate.ask(tasks.listed, statuses, late, turning.wanted(), about)
    st.caption(_("{n} measures", n=counted(rows.total, COUNTED_IN_LIST)))
    if rows and many.wanted(Measure, "measures"):
        many.work(Measure, "measures", rows.total, lambda: gate.ask(bulk.measures_of_filter, statuses, late, about))
        for row in rows:
            many.box("measures", row.id, _line(row))
    elif rows:
        _table(rows)
    else:
        st.info(_("No measure matches. Measures are planned on the page of an entry, after its rating."))
    turning.buttons(rows.turned, rows.pages if rows.total <= COUNTED_IN_LIST else 0, "measures")


def _about() -> About:
    """What a chart has asked for: said above the list, with the way to all measures."""
    asked = st.query_params
    age = next((age for age in Age if age.value == asked.get("age")), None)
    about = About(asked.get("unit") or None, asked.get("post") or None, age)
    if about != About():
        said = [about.age.label] if about.age else []
        said += [_("{what}: {values}", what=_("post"), values=about.post)] if about.post else []
        said += [_("The chosen area")] if about.unit_id else []
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_("Only measures: {what}.", what=literal(listed(said))), width="content")
            shell.link("measures", _("All measures"), view=ALL)
    return about


def _line(row: MeasureRow) -> str:
    parts = (_("No. {n}", n=row.number), row.unit, row.text, row.owner, day(row.due_on), row.status.label)
    return literal(" · ".join(parts))


def _table(rows: list[MeasureRow]) -> None:
    today = dates.today(dates.now())
    several = len({row.unit_id for row in rows}) > 1
    place = [_("Community")] if several else []
    table(
        [_("Entry"), *place, _("Level"), _("Measure"), _("Owner"), _("Verifier"), _("State"), _("Progress"), _("Due")],
        [
            [Link(_("No. {n}", n=r.number), "entry", {"id": r.risk_id}), *([r.unit] if several else []),
             Mark(marks.level_mark(r.level)), r.text, r.owner, r.watchdog, r.status.label, f"{r.percent}%",
             _due(r, today)]
            for r in rows
        ],
    )  # fmt: skip


def _due(row: MeasureRow, today: date) -> Cell:
    if row.status is MeasureStatus.VERIFIED or row.done_on:
        return day(row.due_on)
    return Mark(marks.lamp(row.due_on, today, marks.due_words(row.due_on, today)))


actor = gate.require(Permission.REGISTER_READ)
st.title(_("Measures"))
open_views = [
    view for view, permission in (
        (MINE, Permission.MEASURE_REPORT), (VERIFY, Permission.MEASURE_VERIFY), (ALL, Permission.REGISTER_READ),
    ) if actor.may(permission)
]  # fmt: skip
wanted = st.query_params.get("view")
chosen = wanted if wanted in open_views else open_views[0]
if len(open_views) > 1:
    chosen = st.segmented_control(
        _("Which"), open_views, default=chosen, format_func=lambda view: _(VIEWS[view]), key=f"view:{wanted}",
        label_visibility="collapsed", required=True,
    ) or chosen  # fmt: skip
{MINE: _mine, VERIFY: _verify, ALL: _all}[chosen]()

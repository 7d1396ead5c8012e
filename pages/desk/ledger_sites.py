"""Demo sites on the page of small registers: mentor, visits, and the way to raise what the mentor sees."""

from datetime import date

import streamlit as st

from core.access import Permission
from core.ledgers import mentoring
from core.ledgers.mentoring import SiteForm, SiteRow, VisitForm, VisitRow
from core.orders import Reason
from core.organisation.places import Reach
from core.text import _, day, literal
from pages.ui import deeds, gate, shell, turning
from pages.ui.forms import Form
from pages.ui.persons import Persons
from pages.ui.places import Ground

STATE = st.session_state
OPEN = "sites:open"
COMMUNITIES = Ground(Permission.DEMO_SITE_KEEP, Reach.COMMUNITIES)


def sites(today: date) -> None:
    """Every demo site with its mentor and visits."""
    st.caption(_("A demo site leads the way with one superior as its mentor. Visits are written down without people."))
    marks = gate.actor().may(Permission.DEMO_SITE_KEEP)
    rows = gate.ask(mentoring.sites, turning.kept("sites"))
    if marks:
        _mark()
    if not rows:
        st.info(_("No community is a demo site yet. A superior marks it."))
    for row in rows:
        _site(row, today, marks)
    turning.under(rows, "sites")


def _mark() -> None:
    with st.expander(_("Mark a demo site")):
        form = Form(
            "site", SiteForm, draft=False, columns=2,
            options={"unit_id": COMMUNITIES, "mentor_id": Persons(mentoring.mentors)},
        )  # fmt: skip
        if form.send(_("Mark this demo site"), mentoring.mark):
            deeds.done(_("The demo site has been marked."))


def _site(row: SiteRow, today: date, marks: bool) -> None:
    with st.container(border=True):
        st.markdown(f"**{literal(row.unit)}** · " + _("Mentor: {name}", name=literal(row.mentor)))
        since = _("since {day}", day=row.since)
        st.caption(since if row.until is None else _("{since}, ended on {day}", since=since, day=row.until))
        if row.until is None and marks:
            _deeds(row, today)
        for visit in row.visits[:3]:
            _visit(visit)
        if row.visits[3:]:
            with st.expander(_("Earlier visits: {n}", n=len(row.visits) - 3)):
                for visit in row.visits[3:]:
                    _visit(visit)
        if not row.visits:
            st.caption(_("No visit has been entered yet."))


def _visit(visit: VisitRow) -> None:
    seen, advised = _("Seen: {what}", what=literal(visit.seen)), _("Advised: {what}", what=literal(visit.advised))
    st.markdown(f"{day(visit.visited_on)}  \n{seen}  \n{advised}")


def _deeds(row: SiteRow, today: date) -> None:
    mine = row.mentor_id == gate.actor().person_id
    with st.container(horizontal=True):
        if mine and st.button(_("Enter a visit"), key=f"sites:visit:{row.id}"):
            STATE[OPEN] = f"visit:{row.id}"
        if st.button(_("End as a demo site"), key=f"sites:end:{row.id}"):
            STATE[OPEN] = f"end:{row.id}"
        shell.link("raise", _("Raise a point with it"), unit=row.unit_id)
    if STATE.get(OPEN) == f"visit:{row.id}":
        form = Form(f"visit:{row.id}", VisitForm, start={"visited_on": today})
        if form.send(_("Keep this visit"), mentoring.visit, row.id):
            STATE.pop(OPEN)
            deeds.done(_("The visit has been kept."))
    if STATE.get(OPEN) == f"end:{row.id}":
        why = Form(f"site-end:{row.id}", Reason)
        if why.send(_("End the mentoring"), lambda work, key, said: mentoring.end(work, key, said.reason), row.id):
            STATE.pop(OPEN)
            deeds.done(_("It is no demo site any more; its visits stay."))

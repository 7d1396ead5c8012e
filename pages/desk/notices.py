"""Notices: what has come up for whoever is here, by day, each with the way to the matter."""

from html import escape
from itertools import groupby

import streamlit as st

from core import dates
from core.access import Permission
from core.alerts import notices
from core.alerts.notices import READ_BY, About, Kind, NoticeRow
from core.text import _, day
from pages.ui import deeds, gate, shell, turning

WAYS = {
    Kind.REVIEW: "inbox", Kind.SEALED: "sealed", Kind.POINT: "points", Kind.POINT_ANSWERED: "raise",
    Kind.SENDER: "inbox", Kind.AGAIN: "inbox", Kind.MEASURE: "measures", Kind.VERIFY: "measures",
    Kind.VERIFIED: "measures", Kind.RETURNED: "measures", Kind.ROUND: "inspect", Kind.OPENING: "openings",
    Kind.WARNING: "warnings", Kind.WARNING_RED: "warnings",
    Kind.OPENING_DECIDED: "openings", Kind.REQUEST: "disclosure", Kind.DISCLOSURE_DUE: "disclosure",
    Kind.HANDED: "home", Kind.UNDELIVERED: "addresses",
}  # fmt: skip
"""Where each kind leads, entries apart; those that are missing lead nowhere."""


def page() -> None:
    actor = gate.require(Permission.NOTICE_READ)
    st.title(_("Notices"))
    deeds.tell()
    rows = gate.ask(notices.mine, turning.wanted())
    with st.container(horizontal=True):
        unread = any(not row.is_read for row in rows)
        if unread and st.button(_("Mark all as read"), type="primary") and gate.do(notices.mark_read):
            deeds.done(_("All notices are marked as read."))
        shell.link("addresses", _("Be told outside as well"))
    if not rows.total:
        st.info(_("No notices. Work that is given to you, sent back or waits for your decision will stand here."))
    intake = actor.may(Permission.FLAG_RECORD)
    today = dates.today(dates.now())
    for when, found in groupby(rows, key=lambda row: row.day):
        st.subheader(_("Today") if when == today else day(when))
        for row in found:
            _row(row, "intake" if intake else "recurrence")
    turning.buttons(rows.turned, 0, "notices")


def _row(row: NoticeRow, runs: str) -> None:
    """One notice: what it says, the matter, and the button that leads there and marks it as read."""
    with st.container(horizontal=True, key=f"qyn_{row.id}", vertical_alignment="center"):
        fresh, lamp = escape(_("new")), escape(_("Red"))
        state = "" if row.is_read else f"<span class='qy-new'>{fresh}</span> "
        red = f"<span class='qy-lamp qy-red'>{lamp}</span> " if row.is_red else ""
        weight = "" if row.is_read else " qy-unread"
        said, about = escape(row.kind.label), escape(row.about)
        st.html(f"<p class='qy-news{weight}'>{state}{red}{said}<br><span class='qy-muted'>{about}</span></p>")
        address, query = _way(row, runs)
        if address and st.button(_("Look at it"), key=f"look:{row.id}"):
            gate.do(notices.mark_read, [row.id])
            shell.go(address, **query)
        if not address and not row.is_read and st.button(_("Mark as read"), key=f"read:{row.id}"):
            gate.do(notices.mark_read, [row.id])
            st.rerun()


def _way(row: NoticeRow, runs: str) -> tuple[str, dict[str, str]]:
    about = READ_BY[row.kind][0]
    if about is About.ENTRY and row.entry_id:
        return "entry", {"id": row.entry_id}
    if about is About.DECISION:
        return "decisions", {"id": row.subject}
    if about is About.RUN:
        return runs, {}
    if row.kind is Kind.POINT:
        return "points", {"flag": row.subject}
    return WAYS.get(row.kind, ""), {"view": "answers"} if row.kind is Kind.POINT_ANSWERED else {}


page()

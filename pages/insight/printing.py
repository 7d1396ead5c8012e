"""What is hung up, as PDF: a sheet for each power item, the bulletin of some days, and notices with QR codes."""

from datetime import date, timedelta

import streamlit as st

from core import dates
from core.access import Actor, Permission
from core.documents import Document
from core.organisation.places import Reach
from core.printed import bulletins, walls
from core.printed.walls import PaperSize
from core.text import _, day, literal
from pages.ui import gate, places, shell
from pages.ui.downloads import document, site
from pages.ui.places import Ground, Look

MONTH = timedelta(days=30)


def show(actor: Actor) -> None:
    ground = Ground(Permission.ITEM_READ, Reach.COMMUNITIES)
    unit = places.one(_("Community"), ground, key="print:unit", look=Look(260))
    left, right = st.columns(2, gap="large")
    with left:
        _wall(unit.id, unit.name)
    with right:
        _bulletin(unit.id, unit.name)
        if actor.may(Permission.FLAG_RECORD):
            st.subheader(_("Notices with QR codes"))
            st.caption(_("For doors, counters and each power item, with the form on paper on the back."))
            shell.link("posters", _("Choose notices to hang up") + " ›")


def _wall(unit_id: str, unit: str) -> None:
    st.subheader(_("Sheets for the wall"))
    st.caption(_("One sheet for each power item: what it stands on, who handles it, its steps and limits, how it is "
                 "watched, and a QR code to the public board."))  # fmt: skip
    rows = {row.id: row.name for row in gate.ask(walls.offered, unit_id)}
    if not rows:
        st.info(_("No power item of this community is for the public yet. How an item is disclosed stands in the "
                  "catalogue of power items."))  # fmt: skip
        return
    whole = st.checkbox(_("All {n} power items", n=len(rows)), value=True, key=f"wall:all:{unit_id}")
    chosen = list(rows) if whole else st.multiselect(
        _("Power items"), list(rows), format_func=rows.__getitem__, placeholder=_("Please choose"),
        key=f"wall:items:{unit_id}",
    )  # fmt: skip
    size = st.segmented_control(
        _("Paper"), list(PaperSize), default=PaperSize.A4, format_func=str.upper, required=True, key="wall:size"
    )
    if not chosen:
        st.caption(_("Choose at least one power item."))
        return
    paper = PaperSize(size or PaperSize.A4)
    document(
        _("Save {n} sheets as PDF", n=len(chosen)), " ".join((unit, Document.WALL.label, f"{paper.upper()}.pdf")),
        lambda wall: walls.written(wall, paper), walls.taken, unit_id, chosen, site(),
    )  # fmt: skip


def _bulletin(unit_id: str, unit: str) -> None:
    st.subheader(_("Bulletin"))
    st.caption(_("What was put on the public board in these days: risk points, measures carried out, disclosures, "
                 "decisions and answers."))  # fmt: skip
    today = dates.today(dates.now())
    with st.container(horizontal=True):
        first = st.date_input(_("From"), today - MONTH, format="YYYY-MM-DD", key="bulletin:first", width=160)
        last = st.date_input(_("Until"), today, format="YYYY-MM-DD", key="bulletin:last", width=160)
    if not isinstance(first, date) or not isinstance(last, date) or last < first:
        st.caption(_("The last day lies before the first."))
        return
    found = gate.ask(bulletins.bulletin, unit_id, first, last)
    told = [f"{literal(part.title)} {len(part.rows)}" for part in found.parts if part.rows]
    st.markdown(" · ".join(told) if told else _("Nothing was made public in these days."))
    name = " ".join((unit, Document.BULLETIN.label, f"{day(first)}-{day(last)}.pdf"))
    document(
        _("Save the bulletin as PDF"), name, bulletins.written, bulletins.taken, unit_id, first, last, site()
    )

"""Notices to hang up: one for the community, each grid and building, and each power item, with the form on paper."""

import streamlit as st

from core.access import Permission
from core.documents import Document
from core.organisation.places import Reach
from core.printed import posters
from core.printed.posters import Poster, Posters
from core.text import _
from pages.ui import gate, places, tables
from pages.ui.downloads import document, site
from pages.ui.places import Ground

ONE_FILE = 60
"""Sheets of one file; more are printed in several."""


def save(sheets: Posters) -> None:
    """Some or all sheets of a community as one file, each with its back."""
    every = {one.about if one.item_id else _("Place: {name}", name=one.about): one
             for one in (*sheets.places, *sheets.items)}  # fmt: skip
    names = st.multiselect(
        _("Which sheets to save as one PDF"), list(every), list(every)[:1], placeholder=_("Please choose"),
        key=f"posters:chosen:{sheets.community_id}", max_selections=ONE_FILE,
    )  # fmt: skip
    chosen: list[Poster] = [every[name] for name in names]
    if chosen:
        document(
            _("Save {n} notices as PDF", n=len(chosen)), f"{sheets.community} {Document.POSTER.label}.pdf",
            posters.written, posters.taken, sheets.community_id, chosen, site(),
        )  # fmt: skip


gate.require(Permission.FLAG_RECORD)
st.title(_("Notices to hang up"))
st.markdown(
    _("Each sheet has a QR code and a short address on its front and the form on paper on its back. Print it on both "
      "sides. The code on a door leads to that building, the code at a counter to that matter.")
)  # fmt: skip
ground = Ground(Permission.FLAG_RECORD, Reach.COMMUNITIES)
sheets = gate.ask(posters.posters, places.one(_("Community"), ground, key="posters:unit").id)
save(sheets)
for kind, title, rows in (("places", _("Place"), sheets.places), ("items", _("Power item"), sheets.items)):
    if rows:
        tables.table(
            [title, _("Notice to hang up"), _("Short address")],
            [
                [
                    row.about,
                    tables.Link(_("Print with QR codes"), f"n/{row.code}", row.query()),
                    tables.code(f"/r/{row.code}"),
                ]
                for row in tables.page(rows, f"posters:{kind}")
            ],
        )  # fmt: skip

"""Participation on the overview: from where and by which ways residents are heard, and which places are not."""

import streamlit as st

from core import participation
from core.text import _
from pages.ui import gate, tables

NAMED = 8
"""Places without a voice that are named in the sentence; all stand in the table."""


def show(unit_id: str | None, note: str) -> None:
    """The section for a unit, or for everything the reader looks after."""
    found = gate.ask(participation.participation, unit_id)
    if not found.places:
        return
    st.subheader(_("Where residents are heard from"))
    st.markdown(_sentence(found))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        tables.table(
            [_("Place"), _("Said or joined in a year"), _("State")],
            [
                [tables.indented(row.place, row.depth), row.said, _("not heard yet") if row.silent else _("heard")]
                for row in tables.page(found.places, "heard:page")
            ],
        )  # fmt: skip
    with right:
        if found.ways:
            tables.table([_("Way"), _("Said or joined in a year")], [[way.label, n] for way, n in found.ways])
    st.caption(_("Small numbers are not told, larger ones in steps of five. A grid counts what is said in its buildings. {note}", note=note))  # fmt: skip  # noqa: E501


def _sentence(found: participation.Participation) -> str:
    if not found.silent:
        return _("Every place has been heard within a year.")
    names = _(", ").join(found.silent[:NAMED])
    if len(found.silent) > NAMED:
        return _("Nobody has been heard within a year from {n} places, among them {names}. A notice at the door or a visit may help.", n=len(found.silent), names=names)  # fmt: skip  # noqa: E501
    return _("Nobody has been heard within a year from: {names}. A notice at the door or a visit may help.", names=names)  # fmt: skip  # noqa: E501

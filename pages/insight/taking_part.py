"""Participation on the overview: from where and by which ways residents are heard, and which places are not."""

from html import escape

import streamlit as st

from core.insight import participation
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
            [_("Place"), _("Within a year")],
            [[tables.indented(row.name, row.depth), _state(row)]
             for row in tables.page(found.places, "heard:page")],
        )  # fmt: skip
    with right:
        ways = [[way.label, _used(n, found.communities)] for way, n in found.ways]
        tables.table([_("Way"), _("Within a year")], ways)
    st.caption(_("Said or joined within a year; a grid is heard when one of its buildings is. How many is told of a "
                 "community as a whole alone, so that nobody can be made out. {note}", note=note))  # fmt: skip


def _state(row: participation.Place) -> tables.Mark:
    """Whether a place was heard; the silent ones stand out, for they are the ones to go to."""
    return _marked(_("not heard yet") if row.silent else _("heard"), there=not row.silent)


def _marked(word: str, *, there: bool) -> tables.Mark:
    return tables.Mark(f"<span class='qy-muted'>● {escape(word)}</span>" if there else f"○ {escape(word)}")


def _used(n: int, communities: int) -> tables.Mark | str:
    """In how many communities a way was used, or of one whether it was."""
    if n and communities > 1:
        return _("in {n} of {all} communities", n=n, all=communities)
    return _marked(_("used") if n else _("not used"), there=n > 0)


def _sentence(found: participation.Participation) -> str:
    if not found.silent:
        return _("Every place has been heard within a year.")
    names = _(", ").join(found.silent[:NAMED])
    if len(found.silent) > NAMED:
        return _("Nobody has been heard within a year from {n} places, among them {names}. A notice at the door or a visit may help.", n=len(found.silent), names=names)  # fmt: skip  # noqa: E501
    return _("Nobody has been heard within a year from: {names}. A notice at the door or a visit may help.", names=names)  # fmt: skip  # noqa: E501

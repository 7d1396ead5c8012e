"""Participation on the overview: from where and by which ways residents are heard, and which places are not."""

from html import escape

import streamlit as st

from core.insight import participation
from core.insight.participation import Below, Participation, Place
from core.text import _
from pages.ui import gate, tables

NAMED = 8
"""Places without a voice that are named in the sentence; all stand in the table."""


def show(unit_id: str | None, note: str) -> None:
    """The section for a unit, or for everything the reader looks after."""
    found = gate.ask(participation.participation, unit_id)
    if not found.reached.places:
        return
    st.subheader(_("Where residents are heard from"))
    st.markdown(_sentence(found))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        rows = [_place(row) for row in tables.page(found.places, "heard:page")]
        rows += [_below(row) for row in tables.page(found.below, "heard:below")]
        tables.table([_("Place"), _("Within a year")], rows)
        if found.more:
            st.caption(_("There are more units than these; choose one by its name above."))
    with right:
        ways = [[way.label, _used(n, found.communities)] for way, n in found.ways]
        tables.table([_("Way"), _("Within a year")], ways)
    st.caption(_("Said or joined within a year; a grid is heard when one of its buildings is. How many is told of a "
                 "community as a whole alone, so that nobody can be made out. {note}", note=note))  # fmt: skip


def _place(row: Place) -> list[tables.Cell]:
    """Whether a place was heard; the silent ones stand out, for they are the ones to go to."""
    state = _marked(_("not heard yet") if row.silent else _("heard"), there=not row.silent)
    return [tables.indented(row.name, row.depth), state]


def _below(row: Below) -> list[tables.Cell]:
    """How many places of a unit are silent, with the way to them."""
    words = _("{n} of {all} places not heard yet", n=row.silent, all=row.places) if row.silent else _("heard")
    way = tables.Link(row.name, "overview", {"unit": row.id, "view": "sources"})
    return [way, _marked(words, there=not row.silent)]


def _marked(word: str, *, there: bool) -> tables.Mark:
    return tables.Mark(f"<span class='qy-muted'>● {escape(word)}</span>" if there else f"○ {escape(word)}")


def _used(n: int, communities: int) -> tables.Mark | str:
    """In how many communities a way was used, or of one whether it was."""
    if n and communities > 1:
        return _("in {n} of {all} communities", n=n, all=communities)
    return _marked(_("used") if n else _("not used"), there=n > 0)


def _sentence(found: Participation) -> str:
    reached = found.reached
    if not reached.silent:
        return _("Every place has been heard within a year.")
    if not found.places:
        return _("Nobody has been heard within a year from {n} of {all} places. A notice at the door or a visit may help.", n=reached.silent, all=reached.places)  # fmt: skip  # noqa: E501
    names = _(", ").join(found.silent[:NAMED])
    if len(found.silent) > NAMED:
        return _("Nobody has been heard within a year from {n} places, among them {names}. A notice at the door or a visit may help.", n=len(found.silent), names=names)  # fmt: skip  # noqa: E501
    return _("Nobody has been heard within a year from: {names}. A notice at the door or a visit may help.", names=names)  # fmt: skip  # noqa: E501

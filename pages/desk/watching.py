"""What a superior's home shows beyond their own work: where to look, what only residents saw, and how it stands."""

from collections.abc import Sequence

import streamlit as st

from core import dates
from core.insight import attention, blindspots, figures, trends
from core.insight.attention import Attention, Concern, Spot
from core.insight.blindspots import Week
from core.text import N_, _, literal
from core.turning import counted
from core.words import Source
from pages.ui import charts, gate, shell, standing, tables

INLINE = 10
"""Communities up to which the figures are drawn at once; counting them for more takes longer than the whole page."""
NAMED = 3
"""Power items named in the sentence of the week."""
WAYS = {
    Concern.RED: ("register", {"warning": "red"}), Concern.CAME: ("escalations", {}),
    Concern.CLOSE: ("register", {"status": "verifying"}), Concern.SIGN: ("register", {"lapsed": "1"}),
}  # fmt: skip


def map_of(found: Attention) -> None:
    """The places in which something wants to be looked at, in the order of their names."""
    st.subheader(_("Where to look"))
    if found.spots is None and st.toggle(_("Show what is red, came up or awaits a signature, place by place"),
                                         key="home:map"):  # fmt: skip
        found = gate.ask(attention.attention, True)
    red = found.count(Concern.RED)
    if found.spots is None:
        st.markdown(_("Warned in red: {red}.", red=counted(red)) if red else _("Nothing is warned in red."))
        if red:
            shell.link("register", _("See what is warned in red") + " ›", warning="red")
        return
    if not any(found.counts.values()):
        st.markdown(_("Nothing is red, nothing came up to you, nothing awaits your signature."))
        return
    came, sign = found.count(Concern.CAME), found.count(Concern.CLOSE) + found.count(Concern.SIGN)
    st.markdown(
        _("Warned in red: {red}; came up to you: {came}; awaiting your signature: {sign}.", red=red, came=came,
          sign=sign)
    )  # fmt: skip
    _map(found, found.spots)


def _map(found: Attention, spots: Sequence[Spot]) -> None:
    shown = [concern for concern in Concern if found.counts.get(concern)]
    rows: list[list[tables.Cell]] = [
        [spot.unit, *(_count(spot.counts[concern], concern, spot.unit_id) for concern in shown)] for spot in spots
    ]
    tables.table([_("Place"), *(concern.label for concern in shown)], rows, blocks=True)
    st.caption(_("Only places in which there is something, in the order of their names: where to look, not who is "
                 "better."))  # fmt: skip


def _count(n: int, concern: Concern, unit_id: str) -> tables.Cell:
    address, query = WAYS[concern]
    if not n:
        return "—"
    return tables.Link(n, address, query | ({"unit": unit_id} if address == "register" else {}))


def figures_of(found: Attention) -> None:
    """Where risks crowd and how it goes over time."""
    if found.communities > INLINE and not st.toggle(_("Show where risks crowd and how it goes over time"),
                                                    key="home:figures"):  # fmt: skip
        return
    cells = gate.ask(figures.crowding)
    if not any(cells.values()):
        return
    note = _("Source: integrity risk register · as of {day}", day=dates.today(dates.now()))
    standing.heat(cells, note)
    standing.over_time(gate.ask(trends.levels), note, {})


def week() -> None:
    """What only residents saw this week, in a sentence."""
    st.subheader(_("Blind spots of this week"))
    _week(gate.ask(blindspots.week))


def _of(found: Week) -> str:
    every = N_("Of {n} entries opened within the last seven days, residents alone saw {alone}.")
    newest = N_("Of the {n} newest entries, all of the last seven days, residents alone saw {alone}.")
    return _(newest if found.more else every, n=found.total, alone=found.alone)


def _week(found: Week) -> None:
    if not found.total:
        st.markdown(_("No entry was opened within the last seven days."))
        return
    if not found.alone:
        every = N_("Of {n} entries opened within the last seven days, cadres or superiors saw every one.")
        newest = N_("Of the {n} newest entries, all of the last seven days, cadres or superiors saw every one.")
        st.markdown(_(newest if found.more else every, n=found.total))
        return
    told = _of(found)
    about = _(" They are about: {items}.", items=tables.listed(found.items[:NAMED])) if found.items else ""
    st.markdown(literal(told + about))
    shell.link("register", _("See what only residents saw") + " ›", whole="1", since=found.first.isoformat(),
               voices=charts.voices_key(frozenset({Source.RESIDENT})))  # fmt: skip

"""What a superior's home shows beyond their own work: where to look, what only residents saw, and how it stands."""

import streamlit as st

from core import dates
from core.insight import blindspots, figures, trends
from core.insight.attention import Attention, Concern
from core.insight.blindspots import Week
from core.text import _, literal
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
    if not found.spots:
        st.markdown(_("Nothing is red, nothing came up to you, nothing awaits your signature."))
        return
    counts = {concern: found.count(concern) for concern in Concern}
    st.markdown(
        _("Warned in red: {red}; came up to you: {came}; awaiting your signature: {sign}.", red=counts[Concern.RED],
          came=counts[Concern.CAME], sign=counts[Concern.CLOSE] + counts[Concern.SIGN])
    )  # fmt: skip
    shown = [concern for concern in Concern if counts[concern]]
    rows: list[list[tables.Cell]] = [
        [spot.unit, *(_count(spot.counts[concern], concern, spot.unit_id) for concern in shown)] for spot in found.spots
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


def _week(found: Week) -> None:
    if not found.total:
        st.markdown(_("No entry was opened within the last seven days."))
        return
    if not found.alone:
        st.markdown(_("Of {n} entries opened within the last seven days, cadres or superiors saw every one.",
                      n=found.total))  # fmt: skip
        return
    told = _("Of {n} entries opened within the last seven days, residents alone saw {alone}.", n=found.total,
             alone=found.alone)  # fmt: skip
    about = _(" They are about: {items}.", items=tables.listed(found.items[:NAMED])) if found.items else ""
    st.markdown(literal(told + about))
    shell.link("register", _("See what only residents saw") + " ›", whole="1", since=found.first.isoformat(),
               voices=charts.voices_key(frozenset({Source.RESIDENT})))  # fmt: skip

"""Where a round stands: its four parts as a line of steps, and in words."""

from datetime import date
from html import escape

import streamlit as st

from core.access import Permission
from core.inspection import completion, quarters
from core.inspection.quarters import Phase
from core.rows import RoundRow
from core.text import _, day, literal
from core.turning import COUNTED
from pages.ui import gate, shell

SHOWN = 3
"""Rounds that are named before the rest is left to their page."""


def steps(row: RoundRow, today: date) -> None:
    """The four parts of a round with their days; the one that today lies in stands out."""
    now, firsts, lasts = quarters.phase(row, today), quarters.begins(row), quarters.ends(row)
    cells = []
    for phase in Phase:
        look = "qy-here" if phase is now and row.closed_on is None else "qy-past" if lasts[phase] < today else ""
        current = " aria-current='step'" if look == "qy-here" else ""
        span = f"{day(firsts[phase])} – {day(lasts[phase])}"
        cells.append(f"<li class='{look}'{current}>{escape(phase.label)} <small>{span}</small></li>")
    st.html(f"<ol class='qy-steps'>{''.join(cells)}</ol>")


def lines(today: date, *, news: bool = False) -> bool:
    """The rounds that run today, with `news` also those just closed or about to begin, each in one line that leads to
    its page; whether there are any."""
    found, actor = gate.ask(completion.of_note if news else completion.running), gate.actor()
    # over a large area it takes a while to count, and a discipline desk has no part in a round
    told_left = actor.may(Permission.FLAG_INSPECT) or (news and actor.may(Permission.INBOX_READ))
    left = gate.ask(completion.left, found) if told_left and len(found) <= SHOWN else {}
    if sum(left.values()) > COUNTED:  # which round has how many is not known then
        left = {}
    for row in found[:SHOWN]:
        told, n = quarters.told(row, today), left.get(row.id)
        missing = " · " + _("{n} posts are still missing", n=n) if n else ""
        shell.link("rounds", f"{literal(row.title)} · {told}{missing} ›", round=row.id)
    if len(found) > SHOWN:
        shell.link("rounds", _("and {n} more rounds", n=len(found) - SHOWN) + " ›")
    return bool(found)

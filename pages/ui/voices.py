"""What was said, on the screen: one flag as a card, and an entry beside it with the words both share."""

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from core import dates, matching
from core.merging import Likeness, Voice
from core.rows import InboxRow
from core.text import _, day
from core.triage import Said
from core.words import FlagStatus
from pages.ui import marks

SHOWN = 3
"""Voices of a candidate that are quoted; the others are counted."""


def lamp_of(row: InboxRow, today: date) -> str:
    """The lamp of a flag that waits: yellow from two working days before its limit."""
    if row.status is FlagStatus.ASKED:
        return "none"
    if row.due_on < today:
        return "orange" if (today - row.due_on).days <= 15 else "red"
    return "yellow" if dates.working_days_left(today, row.due_on) <= 2 else "none"


def left_of(row: InboxRow, today: date) -> str:
    """How long a flag may still wait, in words."""
    return _("awaits an answer") if row.status is FlagStatus.ASKED else marks.working_words(row.due_on, today)


def flag_card(row: InboxRow, shared: Sequence[str], thread: Sequence[Said], today: date) -> None:
    """One flag with its words, where they come from, and what was asked and answered."""
    colour, left = lamp_of(row, today), escape(left_of(row, today))
    lamp = f"<span class='qy-lamp qy-{colour}' title='{day(row.due_on)}'>{left}</span>"
    facts = [
        (_("Power item"), row.item or _("not said")), (_("Where"), " · ".join(filter(None, (row.unit, row.place)))),
        (_("Said by"), row.speaker), (_("On"), day(row.raised_on)),
    ]  # fmt: skip
    cells = "".join(f"<span><b>{escape(name)}</b> {escape(value)}</span>" for name, value in facts if value)
    own = marks.level_mark(row.level) if row.level else escape(_("none given"))
    rating, label = escape(_("Own rating")), escape(_("The flag"))
    st.html(
        f"<section class='qy-flag' aria-label='{label}'><header>{marks.voice_mark(row.source)}"
        f"<b>{escape(row.source.label)}</b><span>{escape(row.channel.label)}</span>{lamp}</header>"
        f"<div class='qy-long' tabindex='0'>{marks.words(row.text, shared)}</div>"
        f"<footer>{cells}<span><b>{rating}</b> {own}</span></footer>{_thread(thread)}</section>"
    )


def _thread(said: Sequence[Said]) -> str:
    lines = ""
    for one in said:
        who = escape(_("The sender") if one.from_sender else _("We"))
        lines += f"<li><b>{who}</b> <span class='qy-muted'>{day(one.day)}</span>{marks.words(one.text)}</li>"
    return f"<ol class='qy-thread'>{lines}</ol>" if lines else ""


def candidate_card(likeness: Likeness, voices: Sequence[Voice], flag_text: str) -> None:
    """An entry a flag may belong to: why, and what its voices say, with the words both share marked."""
    match = likeness.match
    why = [_("same power item")] if match.same_item else []
    if match.words_alike:
        why.append(_("very alike in words") if match.very_like else _("somewhat alike in words"))
    title = marks.words(likeness.title, matching.shared(likeness.title, [flag_text]))
    said = "".join(f"<li>{marks.voice_mark(v.source)}{_heard(v.text, flag_text)}</li>" for v in voices[:SHOWN])
    rest = len(voices) - SHOWN
    more = "<p class='qy-muted'>" + escape(_("and {n} more", n=rest)) + "</p>" if rest > 0 else ""
    number = escape(_("No. {n}", n=likeness.number))
    st.html(
        f"<div class='qy-like'><b>{number}</b>{title}"
        f"<p class='qy-muted'>{escape(' · '.join([*why, likeness.status.label]))}</p><ul>{said}</ul>{more}</div>"
    )


def _heard(text: str | None, flag_text: str) -> str:
    if text is None:
        return "<span class='qy-muted'>" + escape(_("These words are not for you to read.")) + "</span>"
    return marks.words(text, matching.shared(text, [flag_text]))

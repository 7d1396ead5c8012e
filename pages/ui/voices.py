"""What was said, on the screen: one flag as a card, and an entry beside it with the words both share."""

import re
from collections.abc import Collection, Sequence
from datetime import date
from html import escape
from itertools import groupby

import streamlit as st

from core.alike import sharing
from core.review.groups import Certainty, certainty
from core.review.merging import Choice, Likeness
from core.review.quoting import Quote
from core.review.triage import Said
from core.rows import InboxRow
from core.text import N_, _, day
from core.words import FlagStatus
from pages.ui import marks, workdays
from pages.ui.tables import Link

SHOWN = 3
"""Voices of a candidate that are quoted; the others are counted."""
SHARED = 4
"""Shared words that are named where the voices themselves are not quoted."""


def waits(row: InboxRow, today: date) -> tuple[str, str]:
    """How long a flag may still wait: its lamp, yellow from two working days before the limit, and the words."""
    if row.status is FlagStatus.ASKED:
        return "none", _("awaits an answer")
    left = workdays.calendar().left(today, row.due_on)
    if row.due_on < today:
        lamp = "orange" if (today - row.due_on).days <= 15 else "red"
    else:
        lamp = "yellow" if left <= 2 else "none"
    return lamp, marks.workdays_left(left)


SURE = {
    Certainty.SURE: N_("very probably No. {n}"), Certainty.LIKELY: N_("probably No. {n}"),
    Certainty.POSSIBLE: N_("perhaps No. {n}"),
}  # fmt: skip


def sure_of(row: InboxRow) -> str:
    """Which entry a flag very likely belongs to, in words."""
    if row.certainty is None or row.likely_number is None:
        return _("nothing like it")
    return _(SURE[certainty(row.certainty)], n=row.likely_number)


def flag_card(row: InboxRow, likely: Sequence[Likeness], thread: Sequence[Said], today: date) -> None:
    """One flag with its words, those it shares with its candidates marked, and what was asked and answered."""
    shared = {run for likeness in likely for run in likeness.match.shared}
    places = {run for likeness in likely for run in likeness.match.places}
    colour, left = waits(row, today)
    lamp = f"<span class='qy-lamp qy-{colour}' title='{day(row.due_on)}'>{escape(left)}</span>"
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
        f"<div class='qy-long' tabindex='0'>{marked(row.text, shared, places)}</div>"
        f"<footer>{cells}<span><b>{rating}</b> {own}</span></footer>{_thread(thread)}</section>"
    )


def _thread(said: Sequence[Said]) -> str:
    lines = ""
    for one in said:
        who = escape(_("The sender") if one.from_sender else _("We"))
        lines += f"<li><b>{who}</b> <span class='qy-muted'>{day(one.day)}</span>{marks.words(one.text)}</li>"
    return f"<ol class='qy-thread'>{lines}</ol>" if lines else ""


def marked(text: str, shared: Collection[str], places: Collection[str] = ()) -> str:
    """What a person said, as HTML: words that are shared marked, places in another way; never as markup of its own."""
    kinds = [""] * len(text)
    for kind, runs in (("word", shared), ("place", places)):
        for found in (found for run in runs if run for found in re.finditer(re.escape(run), text)):
            kinds[found.start() : found.end()] = [kind] * len(found[0])
    pieces = groupby(zip(text, kinds, strict=True), key=lambda one: one[1])
    safe = "".join(_run("".join(letter for letter, _kind in piece), kind) for kind, piece in pieces)
    return f"<div class='qy-words' dir='auto'>{safe}</div>"


def _run(words: str, kind: str) -> str:
    if not kind:
        return escape(words)
    return f"<mark class='qy-place'>{escape(words)}</mark>" if kind == "place" else f"<mark>{escape(words)}</mark>"


def legend(title: str, likely: Sequence[Likeness]) -> str:
    """A title, and what the marks under it mean, as far as there are any."""
    said = _run(_("words both share"), "word") if any(one.match.shared for one in likely) else ""
    if any(one.match.places for one in likely):
        said += " " + _run(_("the same place"), "place")
    return f"<p class='qy-words qy-legend'><b>{escape(title)}</b> <span class='qy-muted'>{said}</span></p>"


def candidate_card(likeness: Likeness, voices: Sequence[Quote], flag_text: str) -> None:
    """An entry a flag may belong to: how sure, why, and what its voices say, with what both share marked."""
    match = likeness.match
    why = [_("same power item")] if match.same_item else []
    ready = "<span class='qy-ready'>" + escape(_("suggested")) + "</span>" if match.preselected else ""
    number = escape(_("No. {n}", n=likeness.number))
    head = f"<b>{number}</b>{ready}{_meter(match.probability)}"
    st.html(_entry(head, likeness.title, [*why, likeness.status.label], voices, flag_text))


def choice_card(choice: Choice, voices: Sequence[Quote], flag_text: str) -> None:
    """An entry that somebody chose although it was not suggested, to be read beside the flag."""
    number = escape(_("No. {n}", n=choice.number))
    st.html(_entry(f"<b>{number}</b>", choice.title, [choice.item], voices, flag_text))


def glance(likeness: Likeness, text: str, unit: str) -> None:
    """An entry that may speak already of what somebody is writing, in few lines, with the way to it."""
    link = Link(_("No. {n}", n=likeness.number), "entry", {"id": likeness.match.risk_id}).html()
    match = likeness.match
    why = _("same power item") if match.same_item else ""
    both = _("both say: {words}", words="、".join(match.shared[:SHARED])) if match.shared else ""
    head = f"<b>{link}</b>{_meter(match.probability)}"
    st.html(_entry(head, likeness.title, [unit, why, likeness.status.label, both], (), text))


def _entry(head: str, title: str, facts: Sequence[str], voices: Sequence[Quote], flag_text: str) -> str:
    said = "".join(f"<li>{marks.voice_mark(v.source)}{_heard(v.text, flag_text)}</li>" for v in voices[:SHOWN])
    rest = len(voices) - SHOWN
    more = "<p class='qy-muted'>" + escape(_("and {n} more", n=rest)) + "</p>" if rest > 0 else ""
    told = escape(" · ".join(filter(None, facts)))
    return (
        f"<div class='qy-like'><p class='qy-sure'>{head}</p>{_alike(title, flag_text)}"
        f"<p class='qy-muted'>{told}</p><ul>{said}</ul>{more}</div>"
    )


def _meter(probability: float) -> str:
    """How sure it is that both are one matter: the words, and a small bar for the eye."""
    words = escape(certainty(probability).label)
    return f"<meter min='0' max='1' value='{probability:.2f}' title='{words}'></meter><span>{words}</span>"


def _heard(text: str | None, flag_text: str) -> str:
    if text is None:
        return "<span class='qy-muted'>" + escape(_("These words are not for you to read.")) + "</span>"
    return _alike(text, flag_text)


def _alike(text: str, flag_text: str) -> str:
    return marked(text, sharing.shared(text, [flag_text]), sharing.common_places(text, flag_text))

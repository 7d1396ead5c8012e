"""Second looks at an entry: what they found, what residents say since the closing, and the look that is due."""

from html import escape

import streamlit as st

from core import dates
from core.entries.entry import EntryRow
from core.evidence import ACCEPTED
from core.prevention import looking
from core.prevention.looking import LookForm, Mark, Past, Since
from core.text import _, day
from core.words import RiskStatus
from pages.ui import gate, marks
from pages.ui.downloads import downloads
from pages.ui.forms import Form
from pages.ui.uploads import chosen_files, forget_files


def panel(row: EntryRow) -> None:
    """Every look with what it found, and when the next one is due."""
    st.subheader(_("Second looks"), anchor="looks")
    found = gate.ask(looking.looks_at, row.id)
    if not found:
        st.caption(_("After the closing somebody who had no part in it looks again, after 30 and after 90 days."))
    for one in found:
        st.html(_made(one) if one.result else _planned(row, one))
        downloads(one.files, looking.file_content)
    if row.status is RiskStatus.CLOSED:
        shown = st.expander(_("Do residents still raise it?"), on_change="rerun", key=f"entry:since:{row.id}")
        with shown:
            if shown.open:
                residents(gate.ask(looking.since, row.id))


def _planned(row: EntryRow, one: Past) -> str:
    today = dates.today(dates.now())
    lamp = marks.lamp(one.due_on, today, marks.due_words(one.due_on, today))
    somebody = gate.ask(looking.somebody_may, row.id)
    who = _("Made by a watchdog or supervisor who had no part in this entry.") if somebody else _(
        "Nobody here may make it: all had a part in it. Somebody else needs the right."
    )
    head = escape(_("Look no. {n}", n=one.n))
    return (
        f"<div class='qy-speech'><p><b>{head}</b> {lamp} <span class='qy-muted'>{day(one.due_on)}</span></p>"
        f"<p class='{'qy-muted' if somebody else 'qy-lapsed'}'>{escape(who)}</p></div>"
    )


def _made(one: Past) -> str:
    word = escape(_("Verified level"))
    level = f" · {word} {marks.level_mark(one.verified_level)}" if one.verified_level else ""
    result = one.result.label if one.result else ""
    who = _("{name}, {day}", name=one.looker, day=one.looked_on)
    head = escape(_("Look no. {n}", n=one.n))
    return (
        f"<div class='qy-speech'><p><b>{head}</b> <strong>{escape(result)}</strong>{level}"
        f"</p>{marks.words(one.note)}<p class='qy-muted'>{escape(who)}</p></div>"
    )


def residents(found: Since) -> None:
    """Whether residents still raise it, in a sentence, and the numbers under it."""
    again = _("No. Nothing of it was raised since the closing.") if found.quiet else ""
    facts = (
        (_("Voices that joined since the closing"), found.joined), (_("New flags that sound like it"), found.alike),
        (_("Senders who ask for it to be taken up again"), found.again),
    )  # fmt: skip
    counts = "".join(f"<li><b>{escape(word)}</b>{escape(value)}</li>" for word, value in facts)
    given = "".join(f"<li><b>{escape(mark.kind.label)}</b>{escape(_rated(mark))}</li>" for mark in found.marks)
    title = escape(_("Do residents still raise it?"))
    st.html(
        f"<div class='qy-notice'><p><b>{title}</b> {escape(again)}</p><ul class='qy-facts qy-tall'>{counts}</ul>"
        f"<ul class='qy-facts'>{given}</ul></div>"
    )


def _rated(mark: Mark) -> str:
    count = _("{n} ratings", n=mark.count)
    return count if mark.mean is None else _("{count}, mean {mean} of 5", count=count, mean=mark.mean)


def form(row: EntryRow) -> bool:
    """The look that is due; whether it was made. What residents say stands beside it."""
    name = f"look:{row.id}"
    left, right = st.columns([3, 2], gap="medium")
    with right:
        residents(gate.ask(looking.since, row.id))
    with left:
        st.caption(_("Ineffective opens the entry again. What cannot be told is looked at once more in 30 days."))
        files = chosen_files(f"files:{name}", _(ACCEPTED))
        drawn = Form(name, LookForm)
        done = drawn.send(
            _("Keep this second look"), lambda work, said: looking.look(work, row.id, said, files)
        )
    if done is not None:
        forget_files(f"files:{name}")
    return done is not None

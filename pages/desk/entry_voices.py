"""The three voices of an entry side by side: agreement, and where one of them is silent."""

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from core.access import Permission
from core.entries import entry
from core.entries.entry import EntryRow
from core.review import regrouping
from core.review.merging import Voice
from core.review.regrouping import Open
from core.text import N_, _, day
from core.voices import supports
from core.words import Channel, Level, Source
from pages.desk import entry_regroup
from pages.ui import attached, gate, marks

NAMES = {
    Source.SELF: N_("Found by the cadres"), Source.SUPERIOR: N_("Raised by superiors"),
    Source.RESIDENT: N_("Residents help"),
}  # fmt: skip
SILENT = {
    Source.SELF: N_("The posts themselves have not named this. Is it a blind spot of the self-inspection?"),
    Source.SUPERIOR: N_("No superior has raised this."),
    Source.RESIDENT: N_("No resident has spoken about this. Have the buildings concerned been asked?"),
}
SHOWN = 4


def columns(row: EntryRow, voices: Sequence[Voice]) -> None:
    """One column a voice, with what was taken out folded under it and what may be done with each voice now."""
    entry_regroup.begin(row)
    can = gate.ask(regrouping.open_now, row.id)
    for column, source in zip(st.columns(3, gap="small"), Source, strict=True):
        own = [voice for voice in voices if voice.source == source]
        with column, st.container(border=True):
            _column(row, source, own, can)
    entry_regroup.splitting(row, voices, can)
    _note_heard(row, voices)


def _column(row: EntryRow, source: Source, voices: Sequence[Voice], can: Open) -> None:
    standing, taken = [v for v in voices if not v.undone_on], [v for v in voices if v.undone_on]
    withheld = [voice for voice in standing if voice.text is None]
    count = " · " + _("{n} voices", n=len(standing)) if standing and not withheld else ""
    joined = gate.ask(supports.joined, row.id) if source is Source.RESIDENT else ""
    letter = marks.voice_mark(source, spoke=bool(standing or joined))
    name = escape(_(NAMES[source]))
    st.html(f"<div>{letter} <strong>{name}</strong><span class='qy-muted'>{escape(count)}</span></div>")
    if joined:
        st.caption(_("{n} more residents say on the board that it is theirs too.", n=joined))
    if not standing and not joined:
        st.caption(_(SILENT[source]))
    heard = [voice for voice in standing if voice.text is not None]
    if withheld:
        st.html(_withheld(withheld))
    if heard:
        _speak(row, heard[:SHOWN], can)
    if heard[SHOWN:]:
        with st.expander(_("{n} more", n=len(heard) - SHOWN)):
            _speak(row, heard[SHOWN:], can)
    if taken:
        with st.expander(_("Taken out again: {n}", n=len(taken))):
            for voice in taken:
                st.html(_taken(voice))
                entry_regroup.under(row, voice, can)


def _speak(row: EntryRow, voices: Sequence[Voice], can: Open) -> None:
    for voice in voices:
        st.html(_speech(voice))
        attached.listed(voice.files)
        entry_regroup.under(row, voice, can)


def _speech(voice: Voice) -> str:
    level = _own([voice])
    return f"<div class='qy-speech qy-{voice.source}'>{marks.words(voice.text or '')}{level}{_meta(voice)}</div>"


def _meta(voice: Voice) -> str:
    said = [Channel(voice.channel).label, day(date.fromisoformat(voice.raised_on)), voice.speaker]
    if voice.moved.came_from is not None:
        linked = _("moved here from No. {n} by {name}", n=voice.moved.came_from, name=voice.linked_by)
    else:
        linked = _("opened the entry") if voice.founding else _("merged by {name}", name=voice.linked_by)
    why = f"：{voice.reason}" if voice.reason else ""
    return f"<p class='qy-muted'>{escape(' · '.join([*filter(None, said), linked]) + why)}</p>"


def _withheld(voices: Sequence[Voice]) -> str:
    said = _("Residents spoke. Neither their words nor their number is shown to the posts concerned.")
    return f"<div class='qy-speech qy-resident'><p>{escape(said)}</p>{_own(voices)}</div>"


def _own(voices: Sequence[Voice]) -> str:
    """The voices' own ratings, each distinct level once."""
    levels = dict.fromkeys(marks.level_mark(Level(voice.level)) for voice in voices if voice.level)
    return "<p>" + escape(_("Own rating")) + " " + " ".join(levels) + "</p>" if levels else ""


def _taken(voice: Voice) -> str:
    words = marks.words(voice.text) if voice.text is not None else ""
    facts = {"name": voice.undone_by, "day": date.fromisoformat(voice.undone_on), "reason": voice.undone_reason or "—"}
    if voice.moved.went_to is not None:
        why = _("{name} moved this to No. {n} on {day}: {reason}", n=voice.moved.went_to, **facts)
    else:
        why = _("{name} took this out on {day}: {reason}", **facts)
    return f"<div class='qy-speech'>{words}<p class='qy-muted'>{escape(why)}</p></div>"


def _note_heard(row: EntryRow, voices: Sequence[Voice]) -> None:
    """Residents may see by role who read their words, so showing them here is kept, once in this tab and day."""
    heard = sorted(v.flag_id for v in voices if v.source == Source.RESIDENT and v.text is not None)
    if not heard or not gate.actor().may(Permission.FLAG_READ_RAW):
        return
    key = f"entry:heard:{row.id}"
    if st.session_state.get(key) != heard and gate.do(entry.hear, row.id):
        st.session_state[key] = heard

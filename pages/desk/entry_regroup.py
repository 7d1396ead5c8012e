"""Moving a voice, taking it out or back, and splitting an entry: each says what will change and asks why."""

from collections.abc import Callable, Sequence
from typing import NoReturn

import streamlit as st

from core import items
from core.entries import entry
from core.entries.entry import EntryRow
from core.entries.risks import RiskForm
from core.orders import Reason
from core.review import merging, previewing, regrouping
from core.review.merging import Voice
from core.review.regrouping import MoveForm, Open, SplitForm
from core.text import N_, _, clean, literal
from core.words import Source
from pages.desk.entry_deeds import OPEN
from pages.ui import changes, deeds, gate
from pages.ui.forms import Form

STATE = st.session_state
CHOSEN = "entry:voice"
LABELS = {
    "move": N_("Move to another entry…"), "out": N_("Take out…"), "back": N_("Take the move back…"),
    "together": N_("Take the splitting back…"),
}  # fmt: skip


def begin(row: EntryRow) -> None:
    """Let one panel be open on the page, here or among the deeds on the entry: the one that was chosen last."""
    if OPEN in STATE:
        STATE.pop(CHOSEN, None)
    elif STATE.get(CHOSEN, "").startswith(f"{row.id}:"):
        STATE[OPEN] = CHOSEN


def under(row: EntryRow, voice: Voice, can: Open) -> None:
    """The quiet buttons of a voice, and the panel of the one that was chosen."""
    offered = _offered(voice, can)
    if not offered:
        return
    with st.container(horizontal=True, gap="small", key=f"qyv_{voice.link_id}"):
        for deed in offered:
            if st.button(_(LABELS[deed]), key=f"voice:{deed}:{voice.link_id}", type="tertiary"):
                _choose(row, deed, voice.link_id)
    for deed in offered:
        if _is_chosen(row, deed, voice.link_id):
            with st.container(border=True, key=f"qyv_panel_{voice.link_id}"):
                PANELS[deed](row, voice)
                _not_now()


def _offered(voice: Voice, can: Open) -> list[str]:
    """What may be done with a voice now, standing or moved away."""
    back = ["together" if voice.moved.together else "back"] if voice.moved.back in can.take_back else []
    if voice.undone_on:
        return back
    standing = {"move": can.move, "out": can.take_out}
    return [*(deed for deed, links in standing.items() if voice.link_id in links), *back]


def splitting(row: EntryRow, voices: Sequence[Voice], can: Open) -> None:
    """The button that splits an entry, and its panel."""
    if not can.split:
        return
    if not _is_chosen(row, "split"):
        if st.button(_("Split this entry…"), key="entry:split", type="tertiary"):
            _choose(row, "split")
        return
    with st.container(border=True):
        st.markdown("**" + _("Split this entry") + "**")
        _split(row, [voice for voice in voices if voice.link_id in can.move])
        _not_now()


def _choose(row: EntryRow, deed: str, link_id: str = "") -> None:
    STATE[CHOSEN], STATE[OPEN] = f"{row.id}:{deed}:{link_id}", CHOSEN
    st.rerun()


def _is_chosen(row: EntryRow, deed: str, link_id: str = "") -> bool:
    return bool(STATE.get(CHOSEN) == f"{row.id}:{deed}:{link_id}")


def _close() -> None:
    STATE.pop(CHOSEN, None)
    STATE.pop(OPEN, None)


def _not_now() -> None:
    if st.button(_("Not now"), key="voice:not_now"):
        _close()
        st.rerun()


def _finish(sentence: str) -> NoReturn:
    _close()
    deeds.done(sentence)


def _move(row: EntryRow, voice: Voice) -> None:
    others = [c for c in gate.ask(merging.open_entries, voice.flag_id) if c.risk_id != row.id]
    if not others:
        st.caption(_("This register has no other open entry."))
        return
    words = {c.risk_id: _("No. {n} {title}", n=c.number, title=c.title) for c in others}
    form = Form(f"move:{voice.link_id}", MoveForm, options={"risk_id": words}, draft=False)
    if wanted := form.fields["risk_id"]:
        found = gate.ask(previewing.preview_move, voice.link_id, wanted)
        told = [sentence for change in found for sentence in changes.sentences(change)]
        changes.listed([*told, *_sender(voice)])
    sent = form.send(_("Move it"), lambda work, to: regrouping.move(work, voice.link_id, to.risk_id, to.reason))
    if sent:
        _finish(_("Moved to {entry}. It can be taken back.", entry=words[wanted]))


def _sender(voice: Voice) -> list[str]:
    if voice.source != Source.RESIDENT:
        return []
    return [_("The sender reads the number of the new entry with the receipt.")]


def _out(_row: EntryRow, voice: Voice) -> None:
    st.caption(_("The flag goes back to where it was before the merge. Nothing is deleted."))
    form = Form(f"out:{voice.link_id}", Reason, draft=False)
    if form.send(_("Take this voice out"), lambda work, why: merging.unmerge(work, voice.link_id, why.reason)):
        _finish(_("This voice has been taken out."))


def _back(_row: EntryRow, voice: Voice) -> None:
    st.caption(
        _("All voices of the splitting go back, and the entry it founded is withdrawn. Nothing is deleted.")
        if voice.moved.together
        else _("The flag goes back to the entry it came from, exactly as it was. Nothing is deleted.")
    )
    form = Form(f"back:{voice.moved.back}", Reason, draft=False)
    if form.send(_("Take it back"), lambda work, why: regrouping.take_back(work, voice.moved.back, why.reason)):
        _finish(_("This has been taken back; everything is as it was before."))


PANELS: dict[str, Callable[[EntryRow, Voice], None]] = {"move": _move, "out": _out, "back": _back, "together": _back}


def _split(row: EntryRow, voices: Sequence[Voice]) -> None:
    st.caption(_("Tick the voices that are another matter, and describe it. They found an entry of their own."))
    ticked = [v.link_id for v in voices if st.checkbox(_words(v), key=f"split:{row.id}:{v.link_id}")]
    catalogue = {item.id: item.name for item in gate.ask(items.catalogue, row.unit_id) if not item.retired}
    start = {"item_id": row.item_id, "dimension": row.dimension, "risk_type": row.risk_type}
    form = Form(f"split:{row.id}", SplitForm, options={"item_id": catalogue}, start=start, columns=2)
    if ticked:
        found = gate.ask(previewing.preview_split, row.id, ticked)
        changes.listed([sentence for change in found for sentence in changes.sentences(change)])
    sent = form.send(_("Split"), lambda work, new: regrouping.split(work, row.id, ticked, _described(new), new.reason))
    if sent:
        number = gate.ask(entry.entry, sent.value).number
        _finish(_("Split off as entry No. {n}. It can be taken back.", n=number))


def _described(form: SplitForm) -> RiskForm:
    return RiskForm.model_validate(form.model_dump(include=set(RiskForm.model_fields)))


def _words(voice: Voice) -> str:
    """A voice on one line, to be ticked."""
    said = " ".join(clean(voice.text or _("words withheld")).split())
    short = said if len(said) <= 60 else said[:59] + "…"
    return f"{Source(voice.source).label} · {literal(short)}"

"""What may become of a group: merged into an entry, opened as one, or set aside; each says first what will change."""

from collections.abc import Sequence
from html import escape
from typing import NoReturn

import streamlit as st

from core import items
from core.entries.risks import RiskForm
from core.orders import Reason
from core.review import groups
from core.review.groups import Choosing, GroupRow, MemberRow, Near
from core.review.merging import MergeForm
from core.text import N_, _
from pages.desk.inbox_match import named
from pages.ui import gate, shell, tables
from pages.ui.forms import Form

STATE = st.session_state
ACTS: dict[str, tuple[str, str | None]] = {
    "open": (N_("Open as one entry"), "2"), "aside": (N_("Set it aside"), "3"),
}  # fmt: skip


def turn_to(group_id: str | None) -> NoReturn:
    STATE["groups:current"], STATE["groups:act"] = group_id, ""
    st.rerun()


def acts(near: Sequence[Near], following: str) -> None:
    """The buttons; `following` is the group one may turn to instead."""
    with st.container(horizontal=True, key="qy_acts"):
        for n, entry in enumerate(one.entry for one in near[:2]):
            if st.button(_("Merge into No. {n}", n=entry.number), key=f"near:{entry.risk_id}",
                         shortcut=None if n else "1", help=entry.title):  # fmt: skip
                STATE["groups:into"], STATE["groups:act"] = entry.risk_id, "join"
        other = (N_("Merge into another entry"), None) if near else (N_("Merge into an entry"), "1")
        for act, (words, shortcut) in {"join": other, **ACTS}.items():
            if st.button(_(words), key=f"groups:{act}", shortcut=shortcut):
                STATE["groups:into"], STATE["groups:act"] = None, act
        if following and st.button(_("Next group"), key="groups:next", shortcut="4", type="tertiary"):
            turn_to(following)


def panel(group: GroupRow, members: Sequence[MemberRow], near: Sequence[Near], chosen: Choosing) -> None:
    """The form of the deed that was chosen."""
    act = STATE.get("groups:act", "")
    if act in ("join", "open") and not chosen.flag_ids:
        st.info(_("Please tick at least one flag."))
    elif act == "join":
        _join(group, chosen, STATE.get("groups:into") or (near[0].entry.risk_id if near else None))
    elif act == "open":
        _open(group, members, chosen)
    elif act == "aside":
        _aside(group)


def like(near: Sequence[Near]) -> None:
    """The entries the group may belong to."""
    for one in near[:2]:
        entry = tables.Link(named(one.entry), "entry", {"id": one.entry.risk_id}).html()
        told = escape(_("May belong to"))
        st.html(f"<p class='qy-near'>{told} {entry} <span class='qy-muted'>{escape(one.certainty.label)}</span></p>")


def _happens(chosen: Choosing, sentence: str) -> None:
    lines = [sentence]
    if chosen.out_ids:
        lines.append(_("{n} that are not ticked leave the group and wait in the inbox.", n=len(chosen.out_ids)))
    lines.append(_("Each can be taken back by itself, from the entry or the inbox."))
    st.caption(" ".join(lines))


def _join(group: GroupRow, chosen: Choosing, first: str | None) -> None:
    choices = {choice.risk_id: choice for choice in gate.ask(groups.entries, group.id)}
    if not choices:
        st.info(_("This register has no open entry yet. Open the group as an entry of its own."))
        return
    words = {risk_id: named(choice) for risk_id, choice in choices.items()}
    with st.container(border=True, key="qy_panel"):
        sentence = _("{n} flags become voices of the entry; words, source and date stay.", n=len(chosen.flag_ids))
        _happens(chosen, sentence)
        start = {"risk_id": first if first in choices else None}
        form = Form(f"join:{group.id}:{first}", MergeForm, options={"risk_id": words}, start=start, draft=False)
        label = _("Merge {n} flags", n=len(chosen.flag_ids))
        if form.send(label, lambda work, to: groups.join_entry(work, group.id, chosen, to.risk_id, to.reason)):
            choice = choices[form.fields["risk_id"]]
            _done(_("{n} flags merged into entry No. {number}.", n=len(chosen.flag_ids), number=choice.number),
                  choice.risk_id)  # fmt: skip


def _open(group: GroupRow, members: Sequence[MemberRow], chosen: Choosing) -> None:
    catalogue = {item.id: item for item in gate.ask(items.catalogue, group.unit_id)}
    ids = [row.item_id or "" for row in members if row.flag_id in chosen.flag_ids]
    named = [item_id for item_id in ids if item_id in catalogue]
    item = catalogue[max(named, key=named.count)] if named else None
    known = items.suggestions(item.name) if item else ()
    with st.container(border=True, key="qy_panel"):
        _happens(chosen, _("One new entry of the register with {n} voices, to be rated. Describe the condition, not "
                           "people.", n=len(chosen.flag_ids)))  # fmt: skip
        wordings = tuple(point.risk_point for point in known)
        wording = st.pills(_("Common wordings"), wordings, key=f"wording:{group.id}") if wordings else None
        start = {
            "title": wording or "", "item_id": item.id if item else None, "dimension": item.dimension if item else None,
            "risk_type": known[0].risk_type if known else None,
        }  # fmt: skip
        number = wordings.index(wording) + 1 if wording else 0
        names = {key: one.name for key, one in catalogue.items()}
        form = Form(f"found:{group.id}:{number}", RiskForm, options={"item_id": names}, start=start, columns=2)
        label = _("Open one entry with {n} voices", n=len(chosen.flag_ids))
        if sent := form.send(label, lambda work, typed: groups.found_entry(work, group.id, chosen, typed)):
            _done(_("One entry was opened with {n} voices.", n=len(chosen.flag_ids)), sent.value)


def _aside(group: GroupRow) -> None:
    with st.container(border=True, key="qy_panel"):
        st.caption(_("The flags wait in the inbox, one by one. The group can be taken up again."))
        form = Form(f"aside:{group.id}", Reason, draft=False)
        if form.send(_("Set aside"), lambda work, typed: groups.set_aside(work, group.id, typed.reason)):
            _done(_("Set aside."), "")


def _done(sentence: str, risk_id: str) -> NoReturn:
    STATE["groups:done"] = {"sentence": sentence, "risk_id": risk_id}
    turn_to(None)


def told() -> None:
    """What was done last, and the way to the entry, where each voice can be taken back."""
    done = STATE.get("groups:done")
    if not done:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="qy_told"):
        st.html(f"<p class='qy-told' role='status'>✓ {escape(done['sentence'])}</p>", width="content")
        if done["risk_id"]:
            shell.link("entry", _("Look at the entry"), id=done["risk_id"])

"""The inbox: flags that wait, the longest waiting first, each beside the entries it may belong to."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import streamlit as st

from core import dates, flags, inbox, items, merging, sealing, triage
from core.access import Permission
from core.merging import Likeness, MergeForm
from core.risks import RiskForm
from core.rows import InboxRow
from core.text import N_, _, literal
from core.triage import Question, Reason, Referral
from core.words import FlagStatus, Source, Triage
from pages.ui import gate, marks, shell, voices
from pages.ui.forms import Form

actor = gate.require(Permission.INBOX_READ)
TODAY = dates.today(dates.now())
STATE = st.session_state
QUEUE = 40  # flags shown in the queue at once; the others move up


def main() -> None:
    rows = gate.ask(inbox.inbox)
    st.title(_("Inbox"))
    _told()
    rows = _of_community(rows)
    if not rows:
        _teach()
        return
    current = _current(rows)
    left, right = st.columns([1, 2.7], gap="medium")
    with left:
        _queue(rows, current)
    with right:
        _noted(current)
        likely = gate.ask(merging.candidates, current.id)
        shared = {run for likeness in likely for run in likeness.match.shared}
        voices.flag_card(current, tuple(shared), gate.ask(inbox.thread, current.id), TODAY)
        _candidates(current, likely)
        _actions(current)
        PANELS.get(STATE.get("inbox:act", ""), _nothing)(current, likely)


def _of_community(rows: list[InboxRow]) -> list[InboxRow]:
    names: dict[str, str] = dict(sorted({row.unit_id: row.unit for row in rows}.items(), key=lambda unit: unit[1]))
    if len(names) < 2:
        return rows
    counts = {unit_id: sum(row.unit_id == unit_id for row in rows) for unit_id in names}
    chosen = st.selectbox(
        _("Community"), [None, *names], key="inbox:unit", width=320,
        format_func=lambda unit_id: _("{name} ({n})", name=names[unit_id], n=counts[unit_id]) if unit_id
        else _("All communities ({n})", n=len(rows)),
    )  # fmt: skip
    return [row for row in rows if chosen in (None, row.unit_id)]


def _teach() -> None:
    st.info(
        _("Nothing waits. What residents say by QR code, on paper or at the door, and what cadres find themselves, "
          "arrives here and is looked at within {n} working days.", n=dates.FIRST_REVIEW)
    )  # fmt: skip
    shell.link("register", _("Look at the register"))
    if actor.may(Permission.FLAG_RECORD):
        shell.link("record", _("Record for a resident"))


def _current(rows: list[InboxRow]) -> InboxRow:
    """The flag that was chosen; when it is gone, the one that has moved into its place."""
    ids = [row.id for row in rows]
    wanted = STATE.get("inbox:flag") or st.query_params.get("flag")
    at = ids.index(wanted) if wanted in ids else min(STATE.get("inbox:at", 0), len(rows) - 1)
    if STATE.get("inbox:flag") not in (None, ids[at]):
        STATE["inbox:act"] = ""
    STATE["inbox:flag"], STATE["inbox:at"] = ids[at], at
    return rows[at]


def _queue(rows: list[InboxRow], current: InboxRow) -> None:
    st.caption(_("{n} waiting, the longest first", n=len(rows)))
    with st.container(key="qy_queue", gap=None):
        for row in rows[:QUEUE]:
            colour = "on" if row.id == current.id else "off"
            with st.container(key=f"qyq_{voices.lamp_of(row, TODAY)}_{colour}_{row.id}"):
                if st.button(_line(row), key=f"pick:{row.id}", width="stretch") and row.id != current.id:
                    _turn_to(row.id)
    if len(rows) > QUEUE:
        st.caption(_("{n} more move up as these are done.", n=len(rows) - QUEUE))


def _line(row: InboxRow) -> str:
    words = " ".join(row.text.split())
    short = words if len(words) <= 26 else words[:25] + "…"
    where = [part for part in (row.item, row.place) if part]
    rest = " · ".join([marks.LETTERS[row.source], voices.left_of(row, TODAY), *where])
    return f"{literal(short)}  \n:small[{literal(rest)}]"


def _turn_to(flag_id: str | None) -> None:
    STATE["inbox:flag"], STATE["inbox:act"], STATE["inbox:undo"] = flag_id, "", False
    st.rerun()


def _noted(row: InboxRow) -> None:
    """Keep once a day that somebody of this role opened a resident's words; without that they are not shown."""
    read = STATE.setdefault("inbox:read", [])
    mark = f"{row.id}:{TODAY}"
    if row.source is Source.RESIDENT and mark not in read:
        if gate.do(flags.note_reading, row.id) is None:
            st.stop()
        read.append(mark)


def _candidates(row: InboxRow, likely: Sequence[Likeness]) -> None:
    if not likely:
        st.caption(_("No entry of this register resembles it. It may be a new one."))
        return
    st.markdown("**" + _("May be the same as") + "**")
    for likeness, cell in zip(likely, st.columns(max(2, len(likely))), strict=False):
        with cell, st.container(border=True, key=f"qyc_{likeness.match.risk_id}"):
            said = gate.ask(merging.voices, likeness.match.risk_id)
            voices.candidate_card(likeness, [v for v in said if not v.undone_on], row.text)
            label = _("Merge into No. {n}…", n=likeness.number)
            if st.button(label, key=f"into:{likeness.match.risk_id}", width="stretch"):
                STATE["inbox:into"] = likeness.match.risk_id
                _act("merge")


ACTS = {
    "merge": (N_("Merge"), "1"), "open": (N_("Open as an entry"), "2"), "ask": (N_("Ask the sender"), "3"),
    "refer": (N_("Refer elsewhere"), "4"), "decline": (N_("Do not adopt"), "5"), "seal": (N_("Seal"), None),
}  # fmt: skip
HAPPENS = {
    "merge": N_("It becomes one more voice of the entry; words, source and own rating stay. It can be undone."),
    "open": N_("A new entry of the register, to be rated. Describe the condition, not people. It can be undone."),
    "ask": N_("The sender reads the question with the receipt code and can answer. Until then the flag stands last."),
    "refer": N_("For what is no integrity risk point. The sender reads where it went and why. It can be undone."),
    "decline": N_("The sender reads this reason word for word. It can be undone."),
    "seal": N_(
        "For a lead on somebody's misconduct. From then on only the discipline desk can read it, you no longer, and "
        "only the desk can lift it. The reason is logged: please leave names out of it."
    ),
    "undo": N_("The flag awaits its first review again, exactly as it was."),
}  # fmt: skip


def _actions(row: InboxRow) -> None:
    with st.container(horizontal=True, key="qy_acts"):
        for act, (label, shortcut) in ACTS.items():
            if act == "ask" and (row.source is not Source.RESIDENT or row.status is FlagStatus.ASKED):
                continue
            if st.button(_(label), key=f"act:{act}", shortcut=shortcut):
                STATE["inbox:into"] = None
                _act(act)


def _act(act: str) -> None:
    STATE["inbox:act"], STATE["inbox:undo"] = act, False
    st.rerun()


def _nothing(_row: InboxRow, _likely: Sequence[Likeness]) -> None:
    st.caption(_("Choose what becomes of it. Each step says what will happen before it is done."))


def _merge(row: InboxRow, likely: Sequence[Likeness]) -> None:
    choices = {c.risk_id: c for c in gate.ask(merging.open_entries, row.id)}
    if not choices:
        st.info(_("This register has no open entry yet. Open the flag as an entry of its own."))
        return
    first = [likeness.match.risk_id for likeness in likely if likeness.match.risk_id in choices]
    words = {risk_id: _named(choices[risk_id]) for risk_id in dict.fromkeys([*first, *choices])}
    into = STATE.get("inbox:into") or (first[0] if first else None)
    with _panel("merge"):
        name, start = f"merge:{row.id}:{into}", {"risk_id": into}
        form = Form(name, MergeForm, options={"risk_id": words}, start=start, draft=False)
        if form.send(_("Merge"), lambda work, to: merging.merge(work, row.id, to.risk_id, to.reason)):
            number = choices[form.fields["risk_id"]].number
            _done(row, _("Merged into entry No. {n}.", n=number))


def _named(choice: merging.Choice) -> str:
    label = _("No. {n} {title}", n=choice.number, title=choice.title)
    return f"{label}（{choice.item}）" if choice.item else label


def _open(row: InboxRow, _likely: Sequence[Likeness]) -> None:
    draft = gate.ask(inbox.draft, row.id)
    catalogue = {item.id: item.name for item in gate.ask(items.catalogue, row.unit_id) if not item.retired}
    with _panel("open"):
        wording = None
        if draft.wordings:
            wording = st.pills(_("Common wordings"), draft.wordings, key=f"wording:{row.id}")
        start = {"title": wording or draft.title, "item_id": draft.item_id, "dimension": draft.dimension,
                 "risk_type": draft.risk_type}  # fmt: skip
        number = draft.wordings.index(wording) + 1 if wording else 0
        form = Form(f"open:{row.id}:{number}", RiskForm, options={"item_id": catalogue}, start=start, columns=2)
        if form.send(_("Open as an entry"), merging.open_entry, row.id):
            _done(row, _("Opened as an entry of its own."))


def _ask(row: InboxRow, _likely: Sequence[Likeness]) -> None:
    with _panel("ask"):
        form = Form(f"ask:{row.id}", Question)
        if form.send(_("Ask the sender"), lambda work, typed: triage.ask_sender(work, row.id, typed.question)):
            _done(row, _("The sender has been asked."), undoable=False)


def _refer(row: InboxRow, _likely: Sequence[Likeness]) -> None:
    places = {t: f"{t.label} · {_(where)}" for t, where in triage.CHANNELS.items() if t is not Triage.ACCUSATION}
    with _panel("refer"):
        form = Form(f"refer:{row.id}", Referral, options={"triage": places})
        if form.send(_("Refer elsewhere"), lambda work, to: triage.refer(work, row.id, to.triage, to.reason)):
            _done(row, _("Referred elsewhere."))


def _decline(row: InboxRow, _likely: Sequence[Likeness]) -> None:
    with _panel("decline"):
        form = Form(f"decline:{row.id}", Reason)
        if form.send(_("Do not adopt"), lambda work, typed: triage.decline(work, row.id, typed.reason)):
            _done(row, _("Not adopted."))


def _seal(row: InboxRow, _likely: Sequence[Likeness]) -> None:
    with _panel("seal"):
        form = Form(f"seal:{row.id}", Reason, draft=False)
        if form.send(_("Seal"), lambda work, typed: sealing.seal(work, row.id, typed.reason)):
            _done(row, _("Sealed and handed to the discipline desk."), undoable=False)


Panel = Callable[[InboxRow, Sequence[Likeness]], None]
PANELS: dict[str, Panel] = {
    "merge": _merge, "open": _open, "ask": _ask, "refer": _refer, "decline": _decline, "seal": _seal,
}  # fmt: skip


def _panel(act: str) -> Any:
    panel = st.container(border=True, key="qy_panel")
    title = ACTS[act][0] if act in ACTS else N_("Undo")
    panel.markdown(f"**{_(title)}**　{_(HAPPENS[act])}")
    return panel


def _done(row: InboxRow, sentence: str, *, undoable: bool = True) -> None:
    """Say quietly what was done and turn to the next flag."""
    STATE["inbox:done"] = {"sentence": sentence, "undo": row.id if undoable else ""}
    _turn_to(None)


def _told() -> None:
    done = STATE.get("inbox:done")
    if not done:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="qy_told"):
        st.html(f"<p class='qy-told' role='status'>✓ {escape(done['sentence'])}</p>", width="content")
        if done["undo"] and st.button(_("Undo"), key="inbox:undo_button", type="tertiary"):
            STATE["inbox:undo"], STATE["inbox:act"] = True, ""
    if STATE.get("inbox:undo"):
        _undo(done["undo"])


def _undo(flag_id: str) -> None:
    with _panel("undo"):
        form = Form(f"undo:{flag_id}", Reason, draft=False)
        if form.send(_("Undo"), lambda work, typed: inbox.take_back(work, flag_id, typed.reason)):
            STATE["inbox:done"] = {"sentence": _("Undone."), "undo": ""}
            _turn_to(flag_id)


main()

"""The inbox: flags that wait, the surest first, each beside the entries it may belong to."""

import streamlit as st

from core import dates, flags, hinting, inbox, merging
from core.access import Permission
from core.rows import InboxRow
from core.text import _, literal
from core.words import FlagStatus, Source
from pages.desk import inbox_again, inbox_match, inbox_turn
from pages.desk.inbox_panels import PANELS
from pages.desk.inbox_turn import STATE
from pages.ui import attached, gate, hints, marks, shell, voices

actor = gate.require(Permission.INBOX_READ)
TODAY = dates.today(dates.now())
QUEUE = 40  # flags shown in the queue at once; the others move up


def main() -> None:
    rows = gate.ask(inbox.inbox)
    st.title(_("Inbox"))
    inbox_turn.told()
    inbox_turn.overtaken(rows)
    inbox_again.wishes()
    rows = _of_community(rows)
    if not rows:
        _teach()
        return
    current = inbox_turn.current(rows)
    left, right = st.columns([1, 2.7], gap="medium")
    with left:
        _queue(rows, current)
    with right:
        _noted(current)
        likely = gate.ask(merging.candidates, current.id)
        voices.flag_card(current, likely, gate.ask(inbox.thread, current.id), TODAY)
        if current.source is Source.RESIDENT:
            attached.files(current.id)
        hinted = gate.ask(hinting.hinted, current.id)
        if hinted.triage:
            hints.triage(hinted.triage)
        act = STATE.get("inbox:act", "")
        if act == "merge":
            inbox_match.merge_beside(current, likely)
        else:
            inbox_match.candidates(current, likely)
        _actions(current)
        if act in PANELS:
            PANELS[act](current, hinted)
        elif act != "merge":
            st.caption(_("Choose what becomes of it. Each step says what will happen before it is done."))


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


def _queue(rows: list[InboxRow], current: InboxRow) -> None:
    st.caption(_("{n} waiting: late ones first, then the surest", n=len(rows)))
    _urgent(rows, current)
    with st.container(key="qy_queue", gap=None):
        for row in rows[:QUEUE]:
            colour = "on" if row.id == current.id else "off"
            with st.container(key=f"qyq_{voices.lamp_of(row, TODAY)}_{colour}_{row.id}"):
                if st.button(_line(row), key=f"pick:{row.id}", width="stretch") and row.id != current.id:
                    inbox_turn.to(row.id)
    if len(rows) > QUEUE:
        st.caption(_("{n} more move up as these are done.", n=len(rows) - QUEUE))


def _urgent(rows: list[InboxRow], current: InboxRow) -> None:
    """Point to flags that sound like an emergency or a crime, wherever they stand: these do not wait for their turn."""
    known = STATE.setdefault("inbox:urgent", {})
    known.update({row.id: hinting.is_urgent(row.text) for row in rows if row.id not in known})
    urgent = [row.id for row in rows if known[row.id]]
    if not urgent:
        return
    st.warning(_("{n} of these sound like an emergency or a crime, as the system takes them.", n=len(urgent)))
    following = [*urgent[urgent.index(current.id) + 1 :], *urgent] if current.id in urgent else urgent
    if following[0] != current.id and st.button(_("Look at it first"), key="inbox:urgent_button", width="stretch"):
        inbox_turn.to(following[0])


def _line(row: InboxRow) -> str:
    words = " ".join(row.text.split())
    short = words if len(words) <= 26 else words[:25] + "…"
    where = [part for part in (row.item, row.place) if part]
    rest = " · ".join([marks.LETTERS[row.source], voices.left_of(row, TODAY), voices.sure_of(row), *where])
    return f"{literal(short)}  \n:small[{literal(rest)}]"


def _noted(row: InboxRow) -> None:
    """Keep once a day that somebody of this role opened a resident's words; without that they are not shown."""
    read = STATE.setdefault("inbox:read", [])
    mark = f"{row.id}:{TODAY}"
    if row.source is Source.RESIDENT and mark not in read:
        if gate.do(flags.note_reading, row.id) is None:
            st.stop()
        read.append(mark)


def _actions(row: InboxRow) -> None:
    with st.container(horizontal=True, key="qy_acts"):
        for act, (label, shortcut) in inbox_turn.ACTS.items():
            if act == "ask" and (row.source is not Source.RESIDENT or row.status is FlagStatus.ASKED):
                continue
            if st.button(_(label), key=f"act:{act}", shortcut=shortcut):
                inbox_turn.act(act)


main()

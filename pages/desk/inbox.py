"""The inbox: flags that wait, the surest first, each beside the entries it may belong to."""

import streamlit as st

from core import dates
from core.access import Permission
from core.organisation.places import Reach
from core.review import hinting, inbox, merging
from core.review.inbox import Queue
from core.rows import InboxRow
from core.text import _, literal
from core.turning import COUNTED, counted
from core.voices import flags
from core.words import FlagStatus, Source
from pages.desk import inbox_again, inbox_match, inbox_turn
from pages.desk.inbox_panels import PANELS
from pages.desk.inbox_turn import STATE
from pages.ui import attached, gate, hints, marks, places, shell, voices
from pages.ui.places import Ground, Look

actor = gate.require(Permission.INBOX_READ)
TODAY = dates.today(dates.now())
GROUND = Ground(Permission.INBOX_READ, Reach.COMMUNITIES)
QUEUE = 40  # flags shown in the queue at once; the others move up


def main() -> None:
    unit_id = STATE.get("inbox:unit:taken") or STATE.get("inbox:unit")
    found = gate.ask(inbox.queue, QUEUE, unit_id, inbox_turn.wanted())
    st.title(_("Inbox"))
    inbox_turn.told()
    inbox_turn.overtaken(found.rows)
    inbox_again.wishes()
    unit_id, total = _of_community(found)
    rows = [row for row in found.rows if unit_id in (None, row.unit_id)]
    if not rows:
        _teach()
        return
    current = inbox_turn.current(rows)
    left, right = st.columns([1, 2.7], gap="medium")
    with left:
        _queue(rows, current, total, found.urgent(unit_id))
    with right:
        _noted(current)
        likely = gate.ask(merging.candidates, current.id)
        voices.flag_card(current, likely, gate.ask(inbox.thread, current.id), TODAY)
        if current.source is Source.RESIDENT:
            attached.files(current.id)
        hinted = gate.ask(hinting.hinted, current.id)
        if hinted:
            hints.triage(hinted)
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


def _of_community(found: Queue) -> tuple[str | None, int]:
    """Which community is looked at, None for all, and how many flags wait there."""
    if found.sums:
        chosen = places.choose(_("Community"), GROUND, key="inbox:unit", every=_("All communities"), look=Look(320))
        return chosen.id or None, found.total
    names = {unit_id: (name, n) for unit_id, name, n, _urgent in found.counts}
    if len(names) < 2:
        return None, found.total

    def words(unit_id: str | None) -> str:
        if unit_id:
            return _("{name} ({n})", name=names[unit_id][0], n=names[unit_id][1])
        return _("All communities ({n})", n=found.total)

    one = st.selectbox(_("Community"), [None, *names], key="inbox:unit", width=320, format_func=words)
    return one, names[one][1] if one else found.total


def _teach() -> None:
    st.info(
        _("Nothing waits. What residents say by QR code, on paper or at the door, and what cadres find themselves, "
          "arrives here and is looked at within {n} working days.", n=dates.FIRST_REVIEW)
    )  # fmt: skip
    shell.link("register", _("Look at the register"))
    if actor.may(Permission.FLAG_RECORD):
        shell.link("record", _("Record for a resident"))


def _queue(rows: list[InboxRow], current: InboxRow, total: int, urgent: int) -> None:
    st.caption(_("{n} waiting: late ones first, then the surest", n=counted(total)))
    if urgent:
        _urgent(rows, current, urgent)
    with st.container(key="qy_queue", gap=None):
        for row in rows[:QUEUE]:
            colour = "on" if row.id == current.id else "off"
            lamp, left = voices.waits(row, TODAY)
            with st.container(key=f"qyq_{lamp}_{colour}_{row.id}"):
                if st.button(_line(row, left), key=f"pick:{row.id}", width="stretch") and row.id != current.id:
                    inbox_turn.to(row.id)
    if total > QUEUE:
        more = total - QUEUE if total <= COUNTED else f"{COUNTED - QUEUE}+"
        st.caption(_("{n} more move up as these are done.", n=more))


def _urgent(rows: list[InboxRow], current: InboxRow, n: int) -> None:
    """Point to flags that sound like an emergency or a crime: these do not wait for their turn, and stand first."""
    st.warning(_("{n} of these sound like an emergency or a crime, as the system takes them.", n=counted(n)))
    urgent = [row.id for row in rows if row.urgent and row.status is FlagStatus.NEW]
    following = [*urgent[urgent.index(current.id) + 1 :], *urgent] if current.id in urgent else urgent
    if following[0] != current.id and st.button(_("Look at it first"), key="inbox:urgent_button", width="stretch"):
        inbox_turn.to(following[0])


def _line(row: InboxRow, left: str) -> str:
    words = " ".join(row.text.split())
    short = words if len(words) <= 26 else words[:25] + "…"
    where = [part for part in (row.item, row.place) if part]
    rest = " · ".join([marks.LETTERS[row.source], left, voices.sure_of(row), *where])
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

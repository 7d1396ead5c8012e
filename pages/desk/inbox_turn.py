"""The turn of the inbox: which flag is looked at, what is done with it, and what was done just now."""

from collections.abc import Sequence
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.review import distinctions, inbox
from core.review.triage import Reason
from core.rows import InboxRow
from core.text import N_, _
from pages.ui import gate
from pages.ui.forms import Form

STATE = st.session_state
ACTS = {
    "merge": (N_("Merge"), "1"), "open": (N_("Open as an entry"), "2"), "ask": (N_("Ask the sender"), "3"),
    "refer": (N_("Refer elsewhere"), "4"), "decline": (N_("Do not adopt"), "5"), "seal": (N_("Seal"), None),
}  # fmt: skip
"""The deeds with their keys; 0 says of the first candidate that it is not the same."""
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


def wanted() -> str | None:
    """The flag that was chosen, here or by a link."""
    return STATE.get("inbox:flag") or st.query_params.get("flag")


def current(rows: list[InboxRow]) -> InboxRow:
    """The flag that was chosen; when it is gone, the one that has moved into its place."""
    ids = [row.id for row in rows]
    chosen = wanted()
    at = ids.index(chosen) if chosen in ids else min(STATE.get("inbox:at", 0), len(rows) - 1)
    if STATE.get("inbox:flag") not in (None, ids[at]):  # another community was chosen
        STATE["inbox:act"] = ""
    STATE["inbox:flag"], STATE["inbox:at"] = ids[at], at
    return rows[at]


def overtaken(rows: Sequence[InboxRow]) -> None:
    """Say that the flag one was at waits no more: a colleague was quicker, and what was typed on it is not done."""
    at = STATE.get("inbox:flag")
    if at and at not in {row.id for row in rows}:
        STATE["inbox:flag"], STATE["inbox:act"] = None, ""
        st.info(_("The flag you were at was decided by a colleague in the meantime. Nothing of yours was done to it."))


def to(flag_id: str | None) -> None:
    """Look at a flag, or at whichever comes next."""
    STATE["inbox:flag"], STATE["inbox:act"], STATE["inbox:undo"] = flag_id, "", False
    st.rerun()


def act(name: str, into: str | None = None) -> None:
    """Open the panel of a deed; `into` is the entry to merge into."""
    STATE["inbox:act"], STATE["inbox:into"], STATE["inbox:undo"] = name, into, False
    st.rerun()


def panel(name: str) -> DeltaGenerator:
    """The frame of a deed: what it is called and what will happen."""
    frame = st.container(border=True, key="qy_panel")
    title = ACTS[name][0] if name in ACTS else N_("Undo")
    frame.markdown(f"**{_(title)}**　{_(HAPPENS[name])}")
    return frame


def done(row: InboxRow, sentence: str, *, undoable: bool = True) -> None:
    """Say quietly what was done and turn to the next flag."""
    STATE["inbox:done"] = {"sentence": sentence, "flag": row.id if undoable else "", "risk": ""}
    to(None)


def tell_apart(row: InboxRow, risk_id: str, number: int) -> None:
    """Keep that an entry is another matter, and stay at the flag."""
    if gate.do(distinctions.tell_apart, row.id, risk_id):
        sentence = _("No. {n} is another matter. This is remembered, and it is not suggested again.", n=number)
        STATE["inbox:done"] = {"sentence": sentence, "flag": row.id, "risk": risk_id}
        to(row.id)


def suggest_again(flag_id: str, risk_id: str) -> None:
    """Take back that an entry is another matter."""
    if gate.do(distinctions.take_back_distinction, flag_id, risk_id):
        STATE["inbox:done"] = {"sentence": _("Undone."), "flag": "", "risk": ""}
        to(flag_id)


def told() -> None:
    """What was done just now, with its undoing."""
    last = STATE.get("inbox:done")
    if not last:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="qy_told"):
        st.html(f"<p class='qy-told' role='status'>✓ {escape(last['sentence'])}</p>", width="content")
        if last["flag"] and st.button(_("Undo"), key="inbox:undo_button", type="tertiary"):
            if last["risk"]:
                suggest_again(last["flag"], last["risk"])
            else:
                STATE["inbox:undo"], STATE["inbox:act"] = True, ""
    if STATE.get("inbox:undo"):
        _undo(last["flag"])


def _undo(flag_id: str) -> None:
    with panel("undo"):
        form = Form(f"undo:{flag_id}", Reason, draft=False)
        if form.send(_("Undo"), lambda work, typed: inbox.take_back(work, flag_id, typed.reason)):
            STATE["inbox:done"] = {"sentence": _("Undone."), "flag": "", "risk": ""}
            to(flag_id)

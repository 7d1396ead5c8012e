"""The panels of the inbox: open as an entry, ask, refer, decline, seal; each says first what will happen."""

from collections.abc import Callable, Mapping

import streamlit as st

from core import items
from core.alike.hints import Hint
from core.entries.risks import RiskForm
from core.review import hinting, inbox, merging, triage
from core.review.triage import Question, Reason, Referral
from core.rows import InboxRow
from core.text import _
from core.voices import sealing
from core.words import Triage
from pages.desk.inbox_turn import act, done, panel
from pages.ui import gate, hints
from pages.ui.forms import Form


def _open(row: InboxRow, _hinted: Hint | None) -> None:
    draft, likely = gate.ask(inbox.draft, row.id), gate.ask(hinting.hinted_items, row.id)
    catalogue = {item.id: item.name for item in gate.ask(items.catalogue, row.unit_id) if not item.retired}
    with panel("open"):
        wording = None
        if draft.wordings:
            wording = st.pills(_("Common wordings"), draft.wordings, key=f"wording:{row.id}")
        start = {"title": wording or draft.title, "item_id": draft.item_id, "dimension": draft.dimension,
                 "risk_type": draft.risk_type}  # fmt: skip
        number = draft.wordings.index(wording) + 1 if wording else 0
        above = st.container()
        form = Form(f"open:{row.id}:{number}", RiskForm, options={"item_id": catalogue}, start=start, columns=2)
        with above:
            if item_id := hints.item(likely, form.fields["item_id"], row.id):
                form.fill(item_id=item_id)
        if form.send(_("Open as an entry"), merging.open_entry, row.id):
            done(row, _("Opened as an entry of its own."))


def _ask(row: InboxRow, _hinted: Hint | None) -> None:
    with panel("ask"):
        form = Form(f"ask:{row.id}", Question)
        if form.send(_("Ask the sender"), lambda work, typed: triage.ask_sender(work, row.id, typed.question)):
            done(row, _("The sender has been asked."), undoable=False)


def _refer(row: InboxRow, hinted: Hint | None) -> None:
    places: dict[Triage, str] = {
        t: f"{t.label} · {_(where)}" for t, where in triage.CHANNELS.items() if t is not Triage.ACCUSATION
    }  # fmt: skip
    with panel("refer"):
        st.caption(
            _("Danger and crime go to 110, 119 or 120 at once; daily needs to 12345. Nothing is called from here.")
        )
        above, where = st.container(), st.container()
        form = Form(f"refer:{row.id}", Referral, options={"triage": places}, columns={"triage": where})
        with above:
            _hint(form, hinted, places)
        if form.send(_("Refer elsewhere"), lambda work, to: triage.refer(work, row.id, to.triage, to.reason)):
            done(row, _("Referred elsewhere."))


def _hint(form: Form[Referral], hinted: Hint | None, places: Mapping[Triage, str]) -> None:
    """One click takes the hint over into the form, or turns to sealing where it is an accusation."""
    kind = hinted.triage if hinted else Triage.RISK_POINT
    if kind is Triage.ACCUSATION and st.button(_("Seal it instead…"), key="hint:seal"):
        act("seal")
    offered = kind in places and form.fields["triage"] != kind
    if offered and st.button(_("Fill in the hint: {place}", place=places[kind]), key="hint:triage"):
        form.fill(triage=kind)


def _decline(row: InboxRow, _hinted: Hint | None) -> None:
    with panel("decline"):
        form = Form(f"decline:{row.id}", Reason)
        if form.send(_("Do not adopt"), lambda work, typed: triage.decline(work, row.id, typed.reason)):
            done(row, _("Not adopted."))


def _seal(row: InboxRow, _hinted: Hint | None) -> None:
    with panel("seal"):
        form = Form(f"seal:{row.id}", Reason, draft=False)
        if form.send(_("Seal"), lambda work, typed: sealing.seal(work, row.id, typed.reason)):
            done(row, _("Sealed and handed to the discipline desk."), undoable=False)


PANELS: dict[str, Callable[[InboxRow, Hint | None], None]] = {
    "open": _open, "ask": _ask, "refer": _refer, "decline": _decline, "seal": _seal,
}  # fmt: skip

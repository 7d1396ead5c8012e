"""One step of a decision in its timeline: what was entered, its files, and the form of whoever may enter it."""

from html import escape

import streamlit as st

from core import dates
from core.evidence import ACCEPTED
from core.ledgers import steps
from core.ledgers.decisions import DecisionRow, StepRow
from core.ledgers.doubts import MEETINGS
from core.ledgers.steps import StepForm
from core.orders import Reason
from core.text import N_, _
from core.words import DecisionStep
from pages.ui import deeds, gate
from pages.ui.downloads import Unnoted, short, unnoted
from pages.ui.forms import Form
from pages.ui.uploads import chosen_files, forget_files

STATE = st.session_state


def step(row: DecisionRow, which: DecisionStep, may_edit: bool) -> None:
    """One step, with what may be done about it."""
    taken = row.taken.get(which)
    with st.container(key=f"qyl_{which}"):
        st.html(_line(which, taken))
        if taken and taken.files:
            with st.container(horizontal=True):
                for file_id, name, media_type in taken.files:
                    unnoted(short(name), gate.later(steps.file_content, file_id), name, Unnoted.GIVEN, media_type,
                          f"decision:file:{file_id}")  # fmt: skip
        if may_edit:
            _edit(row, which, taken)


def _line(which: DecisionStep, taken: StepRow | None) -> str:
    kind = "qy-skipped" if taken and taken.skipped else "qy-done" if taken else ""
    head = f"<p><b>{escape(which.label)}</b> <span class='qy-muted'>{escape(_when(taken))}</span></p>"
    more = ""
    if taken:
        counts = _counts(taken)
        more = "".join(f"<p class='qy-muted'>{escape(line)}</p>" for line in (counts, taken.note, _who(taken)) if line)
    return f"<ol class='qy-line'><li class='{kind}'>{head}{more}</li></ol>"


def _when(taken: StepRow | None) -> str:
    if taken is None:
        return _("not yet")
    return _("skipped") if taken.held_on is None else _("on {day}", day=taken.held_on)


def _counts(taken: StepRow) -> str:
    known = [
        _(word, n=number)
        for word, number in (
            (N_("{n} had to come"), taken.expected), (N_("{n} came"), taken.present), (N_("{n} agreed"), taken.agreed),
        )
        if number is not None
    ]  # fmt: skip
    return _(", ").join(known)


def _who(taken: StepRow) -> str:
    return _("entered by {name}", name=taken.said_by)



def _edit(row: DecisionRow, which: DecisionStep, taken: StepRow | None) -> None:
    key = f"step:{row.id}:{which}"
    opened = STATE.get(key)
    with st.container(horizontal=True):
        label = _("Change") if taken else _("Enter this step")
        first = which is row.next_step and not opened
        if st.button(label, key=f"{key}:take", type="primary" if first else "secondary"):
            STATE[key] = None if opened == "take" else "take"
            st.rerun()
        if not (taken and taken.skipped) and st.button(_("It was skipped"), key=f"{key}:skip", type="tertiary"):
            STATE[key] = None if opened == "skip" else "skip"
            st.rerun()
    if opened == "skip":
        form = Form(f"{key}:reason", Reason)
        if form.send(_("Enter as skipped"), steps.skip, row.id, which):
            STATE[key] = None
            deeds.done(_("Entered as skipped, with the reason."))
    elif opened == "take":
        _take(row, which, taken, key)


def _take(row: DecisionRow, which: DecisionStep, taken: StepRow | None, key: str) -> None:
    start: dict[str, object] = {"held_on": dates.today(dates.now())}
    if taken and not taken.skipped:
        start = {name: getattr(taken, name) for name in StepForm.model_fields}
    counted = which in MEETINGS
    top, cells, rest = st.container(), st.columns(3) if counted else None, st.container()
    places = {"held_on": top, "note": rest}
    if cells:
        places |= dict(zip(("expected", "present", "agreed"), cells, strict=True))
    skip = () if counted else ("expected", "present", "agreed")
    form = Form(f"{key}:form", StepForm, start=start, skip=skip, columns=places)
    files = chosen_files(f"{key}:files", _(ACCEPTED))
    if form.send(_("Save this step"), steps.take, row.id, which, uploads=files):
        forget_files(f"{key}:files")
        STATE[key] = None
        deeds.done(_("The step is entered."))


"""Measures as cards: how far each has come, its files, and the report or verdict of whoever may give one."""

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from core import dates
from core.entries import entry
from core.entries.actions import MeasureAction as M
from core.evidence import ACCEPTED
from core.openness import rewording
from core.openness.rewording import MeasureWords
from core.orders import Reporting, Verdict
from core.prevention import claims, measures, rearranging
from core.prevention.rearranging import Rearranging
from core.prevention.tasks import Task
from core.rows import ProgressRow
from core.text import N_, _, day
from core.words import MeasureStatus
from pages.ui import gate, marks
from pages.ui.downloads import downloads
from pages.ui.forms import Form
from pages.ui.uploads import chosen_files, forget_files

LABELS = {
    M.REPORT: N_("Report progress"), M.ATTACH: N_("Add files"), M.ASK_VERIFICATION: N_("Ask for verification"),
    M.VERIFY: N_("Verify"), M.SEND_BACK: N_("Send back"), M.REARRANGE: N_("Another day or people"),
    M.REWORD: N_("Put its words right"), M.CLAIM: N_("Take it on"),
    M.GIVE_UP_CLAIM: N_("Take back that I take it on"),
}  # fmt: skip
CLAIMS = {M.CLAIM: claims.claim, M.GIVE_UP_CLAIM: claims.give_up}
OPEN = "measure:open"
SAID = "measure:said"
PERCENT = {n: f"{n}%" for n in range(0, 101, 10)}


def of_entry(work: Sequence[Task]) -> None:
    """The measures of one entry."""
    if not work:
        st.caption(_("No measure is planned yet. After the rating, measures with owner, verifier and day stand here."))
    for task in work:
        card(task)


def card(task: Task) -> None:
    """One measure with everything about it."""
    row, today = task.row, dates.today(dates.now())
    with st.container(border=True):
        st.html(_head(task, today))
        if row.status is not MeasureStatus.VERIFIED:
            st.progress(row.percent / 100, text=f"{row.percent}%")
        if task.reports:
            st.html(_report(task.reports[0]))
        downloads(task.files, measures.evidence_content)
        if task.reports[1:]:
            with st.expander(_("Earlier reports: {n}", n=len(task.reports) - 1)):
                st.html("".join(map(_report, task.reports[1:])))
        _deeds(task)


def _head(task: Task, today: date) -> str:
    row = task.row
    facts = [row.measure_type.label, row.stage.label, row.actor_kind.label]
    if row.claimed_on:
        facts.append(_("taken on by {name} on {day}", name=row.claimed_by, day=row.claimed_on))
    people = _("{owner} carries out, {watchdog} verifies", owner=row.owner, watchdog=row.watchdog)
    if row.status is MeasureStatus.VERIFIED or row.done_on:
        when = _("done on {day}", day=row.done_on) if row.done_on else ""
        lamp = f"<span class='qy-muted'>{escape(when)}</span>"
    else:
        left = marks.lamp(row.due_on, today, marks.due_words(row.due_on, today))
        lamp = f"{left} <span class='qy-muted'>({day(row.due_on)})</span>"
    shows = _("How we see that it is done: {indicator}", indicator=row.indicator) if row.indicator else ""
    seen = f"<p class='qy-muted'>{escape(shows)}</p>" if shows else ""
    return (
        f"<div class='qy-entry'>{marks.words(row.text)}"
        f"<ul class='qy-facts'><li><strong>{escape(row.status.label)}</strong></li><li>{lamp}</li>"
        f"<li>{escape(people)}</li><li class='qy-muted'>{escape(' · '.join(facts))}</li></ul>{seen}</div>"
    )


def _report(report: ProgressRow) -> str:
    said = f"{day(dates.today(report.said_at))} · {report.speaker} · {report.status.label} · {report.percent}%"
    return f"<div class='qy-speech'>{marks.words(report.text)}<p class='qy-muted'>{escape(said)}</p></div>"


def _deeds(task: Task) -> None:
    """The deeds open to whoever is here, and the form of the one that was chosen."""
    if st.session_state.get(SAID, ("", ""))[0] == task.row.id:
        st.success(st.session_state.pop(SAID)[1])
    if not task.may:
        return
    chosen = next((m for m in task.may if st.session_state.get(OPEN) == f"{task.row.id}:{m}"), None)
    with st.container(horizontal=True):
        for action in [m for m in M if m in task.may]:
            if st.button(_(LABELS[action]), key=f"measure:{action}:{task.row.id}"):
                if action in CLAIMS:
                    _claim(task, action)
                st.session_state[OPEN] = "" if action is chosen else f"{task.row.id}:{action}"
                st.rerun()
    if chosen and _form(task, chosen):
        st.session_state.pop(OPEN)
        st.session_state[SAID] = (task.row.id, _("Done: {what}.", what=_(LABELS[chosen])))
        st.rerun()


def _claim(task: Task, action: M) -> None:
    """Taking on needs no form: one press does it, and on the same day another takes it back."""
    if gate.do(CLAIMS[action], task.row.id):
        st.session_state[SAID] = (task.row.id, _("Done: {what}.", what=_(LABELS[action])))
        st.rerun()
    st.stop()


def _form(task: Task, action: M) -> bool:
    key = task.row.id
    if action in (M.REPORT, M.ATTACH):
        return _reporting(task, action)
    if action is M.REARRANGE:
        return _rearranging(task)
    if action is M.REWORD:
        return _rewording(task)
    if action is M.ASK_VERIFICATION:
        st.caption(_("{name} will look at it. Without files or a place to look, it is likely to come back.",
                     name=task.row.watchdog))  # fmt: skip
    deed = {M.ASK_VERIFICATION: measures.ask_verification, M.VERIFY: measures.verify, M.SEND_BACK: measures.send_back}
    model = Reporting if action is M.ASK_VERIFICATION else Verdict
    form = Form(f"{action}:{key}", model, skip=("percent",))
    done = form.send(_(LABELS[action]), lambda work, said: deed[action](work, key, said.text))
    return done is not None


def _rearranging(task: Task) -> bool:
    fits = gate.ask(entry.fitting, task.row.risk_id)
    options = {"owner_id": fits.doers, "watchdog_id": fits.checkers}
    form = Form(f"rearrange:{task.row.id}", Rearranging, options=options, draft=False)
    return form.send(_(LABELS[M.REARRANGE]), rearranging.rearrange, task.row.id) is not None


def _rewording(task: Task) -> bool:
    st.caption(_("Where the entry is on the board, the new words stand there at once. The words before stay in the "
                 "history of the entry."))  # fmt: skip
    start = {"text": task.row.text, "indicator": task.row.indicator}
    form = Form(f"reword:{task.row.id}", MeasureWords, start=start, draft=False)
    return form.send(_(LABELS[M.REWORD]), rewording.reword_measure, task.row.id) is not None


def _reporting(task: Task, action: M) -> bool:
    """Progress in words, with files beside it; when a file is refused the words stay."""
    key = task.row.id
    files = chosen_files(f"files:{key}", _(ACCEPTED))
    if action is M.ATTACH:
        if not st.button(_("Keep these files"), type="primary", key=f"attach:{key}", disabled=not files):
            return False
        done = gate.do(measures.attach_all, key, files)
    else:
        form = Form(f"report:{key}", Reporting, options={"percent": PERCENT}, start={"percent": task.row.percent})
        done = form.send(
            _("Report this"), lambda work, said: measures.report_with_files(work, key, said.percent, said.text, files)
        )
    if done is not None:
        forget_files(f"files:{key}")
    return done is not None

"""What may be done with an entry now: one place for the buttons, one panel for the deed that was chosen."""

from collections.abc import Callable, Collection, Sequence
from html import escape
from typing import Any

import streamlit as st

from core import items
from core.access import Permission
from core.entries import entry, escalation, rating, risks
from core.entries.actions import Action as A
from core.entries.actions import MeasureAction
from core.entries.entry import EntryRow
from core.entries.register import LONGEST_TEXT
from core.entries.risks import Notice, RiskForm
from core.openness import rewording
from core.openness.rewording import Rewording
from core.orders import Assigning, ClosingNote, Reason, Separation, Stating, Undisclosed
from core.prevention import measures
from core.prevention.tasks import Task
from core.printed import letters
from core.review import merging
from core.review.merging import Voice
from core.text import N_, _, clean
from core.words import PUBLIC_CLASSES, RiskStatus, Source
from pages.desk import entry_holder, entry_looks, entry_rating, entry_signed, entry_sure
from pages.desk.entry_plan import plan_form
from pages.ui import deeds, gate, shell
from pages.ui.forms import Form

LABELS = {
    A.CLOSE: N_("Confirm the closing"), A.REFUSE_CLOSING: N_("Send the closing back"),
    A.ASK_CLOSING: N_("Ask for the closing"), A.LOOK: N_("Look again"), A.SIGN: N_("Sign again"),
    A.RATE: N_("Decide the level"),
    A.ANNOUNCE: N_("Put on public notice"), A.FILE: N_("File"),
    A.FILE_UNDISCLOSED: N_("File without disclosure"), A.CONTROL: N_("Put under control"),
    A.PLAN: N_("Plan a measure"), A.ASSIGN: N_("Name the people"), A.OBJECT: N_("Object to the level"),
    A.STATE: N_("Make a statement"), A.DESCRIBE: N_("Change the description"),
    A.REWORD: N_("Change the public wording"), A.REOPEN: N_("Reopen"),
    A.UNMERGE: N_("Take a voice out"), A.RAISE_UP: N_("Raise it to the level above"),
    A.GIVE_BACK: N_("Give it back to whoever raised it"), A.HAND_DOWN: N_("Hand it down"),
    A.OBJECT_HANDING: N_("Object to the hand-over"), A.EXTEND: N_("Extend the limit"),
    A.SETTLE: N_("Say where it is solved"),
}  # fmt: skip
OPEN = "entry:open"


def buttons(row: EntryRow, may: Collection[A], work: Sequence[Task]) -> None:
    """The deeds open to whoever is here, the next step first; nothing else is shown."""
    first = _first(row, may)
    chosen = st.session_state.get(OPEN)
    with st.container(border=True):
        st.markdown("**" + _("What you can do now") + "**")
        to_verify = sum(MeasureAction.VERIFY in task.may for task in work)
        to_report = sum(MeasureAction.REPORT in task.may for task in work)
        for count, words in (
            (to_verify, N_("{n} measures below wait for your verdict.")),
            (to_report, N_("{n} measures below are yours to carry out.")),
        ):  # fmt: skip
            if count:
                st.caption(_(words, n=count))
        if not may and not to_verify and not to_report:
            st.caption(_("Nothing here waits for you. You can read everything your work allows."))
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key="qy_deeds"):
            for action in sorted(may, key=lambda a: (a is not first, list(A).index(a))):
                leads = action is first and not chosen
                if st.button(_(LABELS[action]), key=f"entry:do:{action}", type="primary" if leads else "secondary"):
                    st.session_state[OPEN] = f"{row.id}:{action}"
                    st.rerun()
            if gate.actor().may(Permission.RISK_HAND_DOWN) and row.status in letters.DRAFTABLE:
                words = _("Draft a rectification notice") + " ›"
                shell.link("documents", words, view="word", entry=row.title[:LONGEST_TEXT])
    deeds.tell()


def _first(row: EntryRow, may: Collection[A]) -> A | None:
    """The deed that brings the entry on."""
    if row.status is RiskStatus.UNRATED:
        line = [A.RATE]
    elif row.status in (RiskStatus.FILED, RiskStatus.REOPENED):
        line = [A.CONTROL, A.PLAN if row.owner_id else A.ASSIGN, A.ASSIGN, A.PLAN]
    else:
        line = [A.CLOSE, A.ASK_CLOSING, A.LOOK, A.SIGN, A.ANNOUNCE, A.FILE]
    return next((action for action in line if action in may), None)


def panel(row: EntryRow, may: Collection[A], voices: Sequence[Voice]) -> None:
    """The form of the deed that was chosen; it goes away when the deed is done or no longer open."""
    chosen = next((a for a in may if st.session_state.get(OPEN) == f"{row.id}:{a}"), None)
    if chosen is None:
        st.session_state.pop(OPEN, None)
        return
    with st.container(border=True):
        st.subheader(_(LABELS[chosen]))
        done = _unmerge(row, voices) if chosen is A.UNMERGE else PANELS[chosen](row)
        if st.button(_("Not now"), key="entry:not_now"):
            st.session_state.pop(OPEN)
            st.rerun()
    if done:
        finished(chosen)


def finished(action: A, form: Form[Any] | None = None) -> None:
    """Close the panel, empty its form, and say what was done."""
    if form is not None:
        form.clear()
    st.session_state.pop(OPEN, None)
    deeds.done(_("Done: {what}.", what=_(LABELS[action])))


def _describe(row: EntryRow) -> bool:
    known = {item.id: item.name for item in gate.ask(items.catalogue, row.unit_id) if not item.retired}
    start = {key: getattr(row, key) for key in RiskForm.model_fields}
    form = Form(f"describe:{row.id}", RiskForm, options={"item_id": known}, start=start, draft=False)
    return form.send(_("Save the description"), risks.describe, row.id) is not None


def _reword(row: EntryRow) -> bool:
    st.caption(_("The board shows the new words at once. The words before stay in the history of this entry."))
    form = Form(f"reword:{row.id}", Rewording, start={"wording": row.wording}, draft=False)
    return form.send(_("Change it on the board"), rewording.reword, row.id) is not None


def _assign(row: EntryRow) -> bool:
    fits = gate.ask(entry.fitting, row.id)
    if row.level:
        st.caption(rating.manages(row.level))
    start = {"owner_id": row.owner_id, "leader_id": row.leader_id, "watchdog_id": row.watchdog_id}
    options = {"owner_id": fits.doers, "leader_id": fits.doers, "watchdog_id": fits.checkers}
    form = Form(f"assign:{row.id}", Assigning, options=options, start=start, columns=3, draft=False)
    done = form.send(
        _("Name these people"),
        lambda work, key, who: risks.assign(work, key, who.owner_id, who.leader_id, who.watchdog_id), row.id,
    )  # fmt: skip
    return done is not None


def _announce(row: EntryRow) -> bool:
    st.caption(_("Describe the risk without people. Everybody can read this for as long as the entry stands."))
    classes = {c: c.label for c in PUBLIC_CLASSES}
    start = {"wording": row.wording or row.title}
    form = Form(f"announce:{row.id}", Notice, options={"disclosure_class": classes}, start=start)
    seen = form.send(_("Preview the public card"), entry.preview, row.id, keep=True)
    notice = form.value() if seen else None
    if seen and notice:
        entry_sure.announce(row, notice, seen.value, lambda: finished(A.ANNOUNCE, form))
    return False


def _file(row: EntryRow) -> bool:
    st.write(_("The notice has been up for 7 days."))
    objections = [s for s in gate.ask(rating.statements, row.id) if s.objection]
    if objections:
        st.warning(_("{n} objections to the level stand beside the rating. Rate again if you uphold one.",
                     n=len(objections)))  # fmt: skip
    if st.button(_("File this entry"), type="primary", key="entry:file"):
        entry_sure.file(row, "", lambda: finished(A.FILE))
    return False


def _file_undisclosed(row: EntryRow) -> bool:
    form = Form(f"undisclosed:{row.id}", Undisclosed)
    if st.button(_("File without public notice"), type="primary", key="entry:undisclosed") and (said := form.value()):
        entry_sure.file(row, said.secret_reason, lambda: finished(A.FILE_UNDISCLOSED, form))
    return False


def _close(row: EntryRow) -> bool:
    asked = _("{name} asked for the closing:", name=row.closing_asked_by)
    st.html(f"<p>{escape(asked)} {escape(row.closing_note)}</p>")
    if st.button(_("Close this entry"), type="primary", key="entry:close"):
        entry_sure.close(row, lambda: finished(A.CLOSE))
    return False


def _control(row: EntryRow) -> bool:
    st.write(_("The clocks of the planned measures count from here on, and {name} answers for the entry.",
               name=row.owner))  # fmt: skip
    return st.button(_("Put under control now"), type="primary", key="entry:control") and (
        gate.do(risks.control, row.id) is not None
    )


def _plan(row: EntryRow) -> bool:
    form = plan_form(row)
    return form.send(_("Plan this measure"), measures.plan, row.id) is not None


def _stating(row: EntryRow, *, objection: bool) -> bool:
    form = Form(f"state:{objection}:{row.id}", Stating)
    st.caption(_("It stays beside the rating with your name."))
    done = form.send(
        _("Set the objection beside the rating") if objection else _("Set the statement beside the rating"),
        lambda work, key, said: rating.state(work, key, said.text, objection=objection), row.id,
    )  # fmt: skip
    return done is not None


def _reasoned(name: str, label: str, deed: Callable[..., None]) -> Callable[[EntryRow], bool]:
    def drawn(row: EntryRow) -> bool:
        form = Form(f"{name}:{row.id}", Reason)
        done = form.send(_(label), lambda work, key, said: deed(work, key, said.reason), row.id)
        return done is not None

    return drawn


def _ask_closing(row: EntryRow) -> bool:
    form = Form(f"closing:{row.id}", ClosingNote)
    done = form.send(
        _("Ask somebody else to confirm"), lambda work, key, said: risks.ask_closing(work, key, said.note), row.id
    )
    return done is not None


def _unmerge(row: EntryRow, voices: Sequence[Voice]) -> bool:
    st.caption(_("The flag goes back to where it was before the merge. Nothing is deleted."))
    choices = {v.link_id: _voice_words(v) for v in voices if not v.undone_on}
    form = Form(f"unmerge:{row.id}", Separation, options={"link_id": choices})
    done = form.send(
        _("Take this voice out"), lambda work, said: merging.unmerge(work, said.link_id, said.reason)
    )
    return done is not None


def _voice_words(voice: Voice) -> str:
    words = clean(voice.text or _("words withheld")).replace("\n", " ")
    return f"{Source(voice.source).label} · {voice.raised_on} · {words[:40]}"


PANELS: dict[A, Callable[[EntryRow], bool]] = {
    A.DESCRIBE: _describe, A.REWORD: _reword, A.ASSIGN: _assign, A.RATE: entry_rating.form,
    A.ANNOUNCE: _announce, A.FILE: _file,
    A.FILE_UNDISCLOSED: _file_undisclosed, A.CONTROL: _control, A.PLAN: _plan, A.CLOSE: _close,
    A.ASK_CLOSING: _ask_closing, A.LOOK: entry_looks.form, A.SIGN: entry_signed.form,
    A.OBJECT: lambda row: _stating(row, objection=True),
    A.STATE: lambda row: _stating(row, objection=False),
    A.REFUSE_CLOSING: _reasoned("refuse", N_("Send it back to the owner"), risks.refuse_closing),
    A.REOPEN: _reasoned("reopen", N_("Reopen this entry"), risks.reopen),
    A.RAISE_UP: _reasoned("raise", N_("Raise this entry"), escalation.raise_up),
    A.GIVE_BACK: _reasoned("back", N_("Give this entry back"), escalation.give_back),
    A.OBJECT_HANDING: _reasoned("no", N_("Object to it"), escalation.object_to),
    A.HAND_DOWN: entry_holder.hand_down, A.EXTEND: entry_holder.extend, A.SETTLE: entry_holder.settle,
}  # fmt: skip

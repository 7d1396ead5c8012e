"""Common risks: the same risk in several communities, how sure and why, and the way to raise a point with them."""

from html import escape

import streamlit as st

from core.access import Permission
from core.organisation.places import Reach
from core.review import concerned, recurrence, runs
from core.review.concerned import Handled
from core.review.groups import about
from core.review.recurrence import PAGE, Alike, Common, Found
from core.review.runs import RunState
from core.text import _, day, literal
from core.words import RunKind, RunStatus
from pages.desk import lessons
from pages.ui import deeds, gate, marks, places, progress, shell, tables, turning
from pages.ui.places import Ground, Look

gate.require(Permission.RECURRENCE_RUN)


def main() -> None:
    st.title(_("Common risks"))
    deeds.tell()
    states = gate.ask(runs.runs, RunKind.RECURRENCE)
    wanted = st.query_params.get("run") or next((s.id for s in states if s.status is RunStatus.DONE or s.is_live), "")
    _begin(bool(states))
    if wanted:
        state = progress.follow(RunKind.RECURRENCE, wanted)
        if state.status is RunStatus.DONE:
            _found(state)
        elif state.status is RunStatus.CANCELLED:
            st.info(_("This search was stopped."))
    if states:
        st.subheader(_("Searches so far"))
        progress.earlier(states, "recurrence")


def _begin(again: bool) -> None:
    if not gate.ask(recurrence.may_search):
        st.info(_("A search needs two communities or more below you. The system administrator adds units."))
        return
    st.write(
        _("Compares all open entries of your communities in one run and shows which risks stand in several of them, "
          "how sure that is, and because of which words. Nothing is changed by it.")
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ground = Ground(Permission.RECURRENCE_RUN, Reach.ABOVE)
        unit_id = places.choose(_("Over"), ground, key="recurrence:over", look=Look(320)).id
        label = _("Search again") if again else _("Search all open entries")
        begun = gate.do(recurrence.begin, unit_id) if st.button(label, type="primary") else None
    if begun:
        shell.go("recurrence", run=begun.value)


def _found(state: RunState) -> None:
    key = f"common:{state.id}"
    found: Found = gate.ask(recurrence.common, state.id, turning.kept(key))
    when = day(state.begun_at.astimezone().date())
    entries = sum(n for _name, n in found.base.values())
    st.subheader(_("{n} common risks", n=found.total))
    told = _(
        "{unit}, searched on {day} by {name}. Today {n} entries are open in {all} communities.",
        unit=literal(state.title), day=when, name=literal(state.begun_by), n=entries, all=len(found.base),
    )  # fmt: skip
    st.caption(told)
    if not found.total:
        st.info(_("No risk was found in two communities or more. Search again when the registers have grown."))
        return
    for common in found.common:
        _common(common, found)
    turning.buttons(found.turned, -(-found.total // PAGE), key, kept=True)


def _common(common: Common, found: Found) -> None:
    with st.container(border=True, key=f"qyk_{common.group_id}"):
        surest = common.surest.entry
        here = _("in {n} of {all} communities, {m} entries", n=len(common.unit_ids), all=len(found.base),
                 m=len(common.alike))  # fmt: skip
        st.html(
            f"<h3 class='qy-group'>{escape(surest.title)}</h3>"
            f"<p class='qy-muted'>{escape(common.certainty.label)} · {escape(here)}</p>"
        )
        if common.weak:
            st.caption(_("This group is large and hangs together by weak ties: it may be several matters."))
        if words := about([one.because for one in common.alike]):
            st.caption(_("Both here and there: {words}", words=literal(tables.listed(words))))
        with st.expander(_("The {n} entries", n=len(common.alike)), key=f"qye_{common.group_id}"):
            shown = tables.page(common.alike, f"alike:{common.group_id}")
            tables.table(
                [_("Community"), _("Entry"), _("State"), _("Level"), _("How sure"), _("Because of")],
                [_row(one, found) for one in shown],
            )
        lessons.folded(common.group_id)
        _onward(common)


def _onward(common: Common) -> None:
    """The way to one point with all whom it still concerns, how many were asked, and how many have it handled."""
    rows = gate.ask(concerned.concerned, common.group_id)
    left, asked = sum(not one.handled for one in rows), sum(one.handled is Handled.ASKED for one in rows)
    with st.container(horizontal=True, vertical_alignment="center"):
        if left:
            words = _("Raise a point with the {n} communities it still concerns", n=left)
            shell.link("raise", words, group=common.group_id)
        if left + asked < len(rows):
            st.caption(_("{n} communities have it handled", n=len(rows) - left - asked), width="content")
        if asked:
            st.caption(_("raised with {n} communities", n=asked), width="content")
            shell.link("raise", _("See the answers"), view="answers")


def _row(one: Alike, found: Found) -> list[tables.Cell]:
    entry = one.entry
    _name, count = found.base.get(entry.unit_id, ("", 0))
    title = _("No. {n} {title}", n=entry.number, title=entry.title)
    return [
        _("{place} ({n} open)", place=entry.unit, n=count), tables.Link(title, "entry", {"id": entry.id}),
        entry.status.label, tables.Mark(marks.level_mark(entry.level)), one.certainty.label,
        tables.listed(about([one.because])) or "—",
    ]  # fmt: skip


main()

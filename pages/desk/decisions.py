"""Decisions in six steps (四议两公开): the list, and one decision as a timeline in words."""

from datetime import date
from html import escape

import streamlit as st

from core.access import Permission
from core.ledgers import decisions, steps
from core.ledgers.decisions import DecisionForm, Opened
from core.ledgers.doubts import Suspicion
from core.ledgers.steps import BoardForm
from core.organisation.places import Reach
from core.text import _, literal
from core.turning import Listed
from core.voices.flags import CadreFlag
from core.words import DecisionStep
from pages.desk import decision_steps
from pages.ui import deeds, gate, places, shell, tables, turning
from pages.ui.forms import Form
from pages.ui.places import Ground

STATE = st.session_state


def page() -> None:
    actor = gate.require(Permission.DECISION_READ)
    if wanted := st.query_params.get("id"):
        _one(gate.ask(decisions.decision, wanted))
        return
    st.title(_("Decisions in six steps"))
    deeds.tell()
    rows = gate.ask(decisions.decisions, turning.kept("decisions"))
    if actor.may(Permission.DECISION_EDIT):
        views = {"list": _("Decisions ({n})", n=rows.total), "new": _("Enter a decision")}
        view = st.segmented_control(
            _("View"), list(views), default="list" if rows else "new", format_func=views.__getitem__, required=True,
            key=f"decisions:view:{bool(rows)}", label_visibility="collapsed",
        )  # fmt: skip
        if view == "new":
            _new()
            return
    _list(rows)


def _list(rows: Listed[Opened]) -> None:
    if not rows:
        st.info(
            _("No decision is entered yet. Major decisions, appointments, projects and large sums go through six "
              "steps; each stands here with its day, who came and who agreed.")
        )  # fmt: skip
        return
    tables.table(
        [_("Decision"), _("Community"), _("Power item"), _("Steps"), _("Next step"), _("Doubts")],
        [
            [
                tables.Link(one.row.title, "decisions", {"id": one.row.id}), one.row.unit, one.row.item or "—",
                _("{n} of {all}", n=len(one.row.taken), all=len(DecisionStep)),
                one.row.next_step.label if one.row.next_step else _("all done"), _doubts(one),
            ]
            for one in rows
        ],
    )  # fmt: skip
    turning.under(rows, "decisions")


def _doubts(one: Opened) -> tables.Cell:
    left = [doubt for doubt in one.suspicions if doubt.code not in one.row.raised]
    if not left:
        return "—"
    words = _("{n} to look at", n=len(left))
    return tables.Mark(f"<span class='qy-lamp qy-yellow'>{escape(words)}</span>")


def _new() -> None:
    unit = places.one(_("Community"), Ground(Permission.DECISION_EDIT, Reach.COMMUNITIES), key="decisions:unit").id
    form = Form(
        f"decision:{unit}", DecisionForm, skip=("unit_id",), options={"item_id": gate.ask(decisions.items_for, unit)}
    )
    form.fields["unit_id"] = unit
    if done := form.send(_("Enter this decision"), decisions.add):
        deeds.say(_("The decision is entered. Now its steps, one after the other."))
        shell.go("decisions", id=done.value)


def _one(found: Opened) -> None:
    row = found.row
    st.title(literal(row.title))
    shell.link("decisions", _("All decisions"))
    deeds.tell()
    told = " · ".join(part for part in (row.unit, row.item, _("entered on {day}", day=row.opened_on)) if part)
    st.html(f"<p class='qy-muted'>{escape(told)}</p>")
    left, right = st.columns([3, 2], gap="large")
    with left:
        for step in DecisionStep:
            decision_steps.step(row, step, found.may_edit)
    with right:
        _suspected(found)
        for remark in found.remarks:
            st.info(remark)
        _board(found)


def _suspected(found: Opened) -> None:
    """What the steps suggest, and the form of a flag for who may raise one; nothing raises itself."""
    if not found.suspicions:
        return
    st.subheader(_("What the steps suggest"))
    st.caption(_("A suggestion of the software. Whether it is a process risk, people decide."))
    for doubt in found.suspicions:
        with st.container(border=True):
            st.html(f"<p><b>{escape(doubt.kind.label)}</b></p><p>{escape(doubt.sentence)}</p>")
            if raised := found.row.raised.get(doubt.code):
                st.caption(_("A flag on this was raised on {day}.", day=date.fromisoformat(raised)))
            elif found.may_flag:
                _raise(found, doubt)


def _raise(found: Opened, doubt: Suspicion) -> None:
    key = f"doubt:{found.row.id}:{doubt.code}"
    superior = gate.actor().may(Permission.FLAG_RAISE)
    if not STATE.get(key):
        label = _("Raise it with the community") if superior else _("Raise it as a process risk")
        st.button(label, key=f"{key}:open", on_click=STATE.__setitem__, args=(key, True))
        return
    st.caption(
        _("It goes to the community as a superior's point, to be answered within 15 working days.") if superior
        else _("It goes to the first review as the community's own voice.")
    )  # fmt: skip
    words, rest = st.container(), st.container()
    rest.caption(_("Your own rating: 1 low, 2 medium, 3 high. All four or none."))
    one, other = rest.columns(2)
    form = Form(key, CadreFlag, start=decisions.draft(doubt), columns={
        "text": words, "risk_type": words, "power": one, "discretion": one, "probability": other, "harm": other,
    })  # fmt: skip
    if form.send(_("Raise it"), decisions.raise_doubt, found.row.id, doubt.code):
        STATE[key] = False
        deeds.done(_("The flag has been raised."))


def _board(found: Opened) -> None:
    if not found.may_edit and found.shown is None:
        return
    st.subheader(_("On the public board"))
    if found.shown is None:
        st.caption(_("Not shown. Residents see the resolution and the result once you put them on the board."))
    else:
        for one in found.shown.steps:
            st.html(f"<p><b>{escape(DecisionStep(one['step']).label)}</b></p><p>{escape(one['text'])}</p>")
    if not found.may_edit:
        return
    known = {one["step"]: one["text"] for one in found.shown.steps} if found.shown else {}
    with st.expander(_("Change what the board shows") if found.shown else _("Put it on the board")):
        form = Form(f"board:{found.row.id}", BoardForm, start={
            "title": found.shown.title if found.shown else found.row.title,
            "resolution": known.get(DecisionStep.RESOLUTION_PUBLISHED, ""),
            "result": known.get(DecisionStep.RESULT_PUBLISHED, ""),
        })  # fmt: skip
        if form.send(_("Show this to the public"), steps.show, found.row.id):
            deeds.done(_("The board shows it now."))
    if found.shown and deeds.sure(
        _("Take it off the board"), _("Residents do not see it any more. It can be put up again."), _("Take it off"),
        found.row.id,
    ) and gate.do(steps.take_down, found.row.id):  # fmt: skip
        deeds.done(_("The board does not show it any more."))


page()

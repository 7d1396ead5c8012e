"""Superiors' points (上级提): one point raised with many communities, and what each made of it."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from core import dates, items
from core.access import Permission
from core.organisation import places as all_places
from core.organisation.places import Reach
from core.review import concerned, recurrence
from core.review.concerned import CommonForm, Concern
from core.rows import UnitRow
from core.text import _, day
from core.turning import ROWS, counted
from core.voices import points
from core.voices.points import SEEN, PointForm, RaisedRow
from pages.ui import already, answers, deeds, gate, marks, places, shell, tables, turning, workdays
from pages.ui.forms import Form, standing
from pages.ui.places import Ground

GROUND = Ground(Permission.FLAG_RAISE, Reach.REGISTERS)
FEW = 3
"""Communities up to which the answers to a point stand there at once."""


def page() -> None:
    gate.require(Permission.FLAG_RAISE)
    st.title(_("Raise a point"))
    deeds.tell()
    views = {
        "raise": _("Raise a point"), "answers": _("Answers ({n} outstanding)", n=counted(gate.ask(points.outstanding))),
    }  # fmt: skip
    wanted = st.query_params.get("view", "raise")
    view = st.segmented_control(
        _("View"), list(views), default=wanted if wanted in views else "raise", format_func=views.__getitem__,
        required=True, key=f"view:{wanted}", label_visibility="collapsed",
    )  # fmt: skip
    if view == "answers":
        _answers()
    else:
        _raise()


def _raise() -> None:
    if not places.some(GROUND):
        return
    group, unit = st.query_params.get("group", ""), st.query_params.get("unit", "")
    name = f"point:{group or unit}{st.query_params.get('item', '')}" if group or unit else "point"
    known = gate.ask(points.item_names, standing(name, "unit_ids") or [unit])
    left, right = st.columns([3, 2])
    above, where, everybody, about, chips, said, why = (left.container() for _n in range(7))
    kind = right.container()
    right.caption(_("Your own rating: 1 low, 2 medium, 3 high. All four or none."))
    first, second = right.columns(2)
    common = gate.ask(concerned.concerned, group) if group else ()
    with above:
        _of_common(common)
    ground = replace(GROUND, but=frozenset(one.unit_id for one in common if one.handled))
    form: Form[Any] = Form(
        name, CommonForm if group else PointForm,
        start=_of_group(group, common) if group else _begun(unit, known),
        options={"unit_ids": ground, "item_name": {name: name for name in known},
                 "channel": {channel: channel.label for channel in SEEN}},
        columns={
            "unit_ids": where, "item_name": about, "text": said, "reason": why, "risk_type": kind, "channel": kind,
            "power": first, "discretion": first, "probability": second, "harm": second,
        },
    )  # fmt: skip
    with everybody:
        _everybody(form, ground)
    with chips:
        _suggest(form)
    n, first_ones = gate.ask(points.reach, form.fields["unit_ids"])
    if already.shown([row.id for row in first_ones] if n <= len(first_ones) else [], form.fields["text"]):
        st.caption(_("You can still raise it: each community says whether it is one of its entries."))
    _preview(n, first_ones)
    _send(form, group)


def _send(form: Form[Any], group: str) -> None:
    label = _("Raise this point")
    sent = form.send(label, concerned.raise_common, group) if group else form.send(label, points.raise_point)
    if sent:
        deeds.say(_("The point has been raised. Here you see who has answered."))
        shell.go("raise", view="answers")


def _of_group(group: str, common: Sequence[Concern]) -> dict[str, Any]:
    """What a point about a common risk begins with: everybody it still concerns."""
    open_ = [one.unit_id for one in common if not one.handled]
    reason = _("The same risk stands in {n} communities.", n=len(common))
    return gate.ask(recurrence.point_start, group) | {"unit_ids": open_, "reason": reason}


def _of_common(common: Sequence[Concern]) -> None:
    """Who has the common risk, who gets the point, and who is left out and why."""
    if not common:
        return
    st.caption(_("Begun from a common risk. Please put it into words that fit every one of these communities."))
    if all(one.handled for one in common):
        st.info(_("Every community with this risk has it handled already. You can still raise it with others."))
    rows: list[list[tables.Cell]] = [
        [one.unit, tables.Link(one.entries[0].title, "entry", {"id": one.entries[0].id}),
         _("left out: {why}", why=one.handled) if one.handled else _("gets the point")]
        for one in tables.page(common, "common:concerned")
    ]  # fmt: skip
    tables.table([_("Community"), _("Entry"), _("This point")], rows)


def _begun(unit: str, known: Sequence[str]) -> dict[str, Any] | None:
    """What a link from one community, or from one of its power items, begins with."""
    item = st.query_params.get("item", "")
    return {"unit_ids": [unit], "item_name": item if item in known else None} if unit else None


def _everybody(form: Form[Any], ground: Ground) -> None:
    """All communities at once, where they are few; where they are many, whole areas are chosen."""
    offer = gate.ask(all_places.offer, ground.permission, ground.reach)
    every = [row.id for row in offer.communities if row.id not in ground.but]
    label = _("Choose all {n} communities", n=len(every))
    if len(every) > 1 and len(form.fields["unit_ids"]) < len(every) and st.button(label, type="tertiary"):
        form.fill(unit_ids=every)


def _suggest(form: Form[Any]) -> None:
    name = form.fields["item_name"]
    if not name or form.fields["text"]:
        return
    for n, point in enumerate(items.suggestions(name)):
        st.caption(_("Known elsewhere: take it over and change what differs here"))
        if st.button(f"＋ {point.risk_point}", key=f"chip:{name}:{n}"):
            form.fill(text=point.risk_point, risk_type=point.risk_type)


def _preview(n: int, shown: Sequence[UnitRow]) -> None:
    if not n:
        return
    due = workdays.calendar().after(dates.today(dates.now()), dates.POINT_ANSWER)
    told = "、".join(row.name for row in shown) + (_(" and {n} more", n=n - len(shown)) if n > len(shown) else "")
    st.caption(
        _("This goes to {n} communities ({names}). Each answers by {day}: accepted, already an entry, or not "
          "applicable with a reason.", n=n, names=told, day=due)
    )  # fmt: skip


def _answers() -> None:
    only = st.toggle(_("Only what has not been answered"), key="only_open")
    key = f"points:{only}"
    found = gate.ask(points.raised_points, only, turning.kept(key))
    if not found:
        st.success(_("Every point has been answered.")) if only else st.info(
            _("No point has been raised yet. Here you will see which communities have answered, and how.")
        )
    for n, row in enumerate(found):
        _point(row, only, first=n == 0)
    turning.under(found, key)


def _point(row: RaisedRow, only: bool, *, first: bool) -> None:
    """A point, and what each community made of it: on demand where they are many, for there may be thousands."""
    key, today = f"point:{row.point_id}:{only}", dates.today(dates.now())
    with st.container(border=True):
        st.html(marks.words(row.text))
        told = _("{answered} of {all} communities have answered", answered=row.answered, all=row.communities)
        raised = _("raised by {name} on {day}", name=row.raised_by, day=row.raised_on)
        st.html(f"<p class='qy-muted'>{escape(told)} · {escape(raised)}</p>")
        label = _("By community ({n})", n=row.communities)
        answers_ = st.expander(label, expanded=first or row.communities <= FEW, on_change="rerun", key=key)
        with answers_:
            if not answers_.open:
                return
            shown = gate.ask(points.raised, row.point_id, only, turning.kept(key))
            tables.table(
                [_("Community"), _("Answer"), _("Answered on")],
                [[one.unit, answers.answer(one, today), day(one.decided_on) if one.decided_on else "—"]
                 for one in shown],
            )  # fmt: skip
            total = row.communities - (row.answered if only else 0)
            turning.buttons(shown.turned, -(-total // ROWS), key, kept=True)


page()

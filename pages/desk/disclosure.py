"""Disclosures (公开目录): what is to be made public, what is overdue, what is done, and what residents ask for."""

from html import escape

import streamlit as st

from core import dates
from core.access import Permission
from core.evidence import ACCEPTED
from core.openness import disclosure, periods, requests, subjects
from core.openness.disclosure import DueRow, Occasion, Publishing
from core.orders import Reason
from core.organisation import places as all_places
from core.organisation.places import Reach
from core.rows import UnitRow
from core.text import _, day
from pages.desk import disclosure_asked, disclosure_catalogue, disclosure_late
from pages.ui import deeds, gate, marks, places, tables
from pages.ui.downloads import Unnoted, short, unnoted
from pages.ui.forms import Form
from pages.ui.places import Chosen, Ground
from pages.ui.uploads import chosen_file, forget_files

STATE = st.session_state
LATE = "late"


def page() -> None:
    actor = gate.require(Permission.DISCLOSURE_READ)
    st.title(_("Disclosures"))
    deeds.tell()
    chosen = _place()
    if not chosen.some:
        st.info(_("There is no community in your area yet. The system administrator adds units."))
        return
    unit = chosen.unit or chosen.only
    if unit is None or not unit.holds_register:
        disclosure_late.show(unit.id if unit else None)
        return
    rows = gate.ask(disclosure.owed, unit.id)
    today = dates.today(dates.now())
    late = [row for row in rows if row.published_on is None and row.due_on < today]
    ahead = [row for row in rows if row.published_on is None and row.due_on >= today]
    done = sorted((row for row in rows if row.published_on), key=lambda row: str(row.published_on), reverse=True)
    month = [row for row in ahead if (row.due_on.year, row.due_on.month) == (today.year, today.month)]
    views = {
        "due": _("Due this month ({n})", n=len(month)), LATE: _("Overdue ({n})", n=len(late)),
        "done": _("Published ({n})", n=len(done)), "catalogue": _("Disclosure catalogue"),
    }  # fmt: skip
    if actor.may(Permission.REQUEST_READ):
        views["asked"] = _("Asked for by residents ({n})", n=gate.ask(requests.still_open, unit.id))
    view = _view(views, LATE if late else "due")
    may = actor.scope(Permission.DISCLOSURE_EDIT).covers(unit.path)
    if view == "catalogue":
        disclosure_catalogue.show(unit, may)
    elif view == "asked":
        disclosure_asked.show(unit.id, actor.may(Permission.REQUEST_ANSWER))
    elif view == "done":
        _done(disclosure_late.of_class(done), may)
    else:
        _owed(disclosure_late.of_class(late) if view == LATE else month, may, is_late=view == LATE)
        if view == "due":
            _later([row for row in ahead if row not in month], may)
            if may:
                _occasion(unit)


def _place() -> Chosen:
    """The community or the unit above some that is looked at. A link to what a community alone has leads to the first
    one, where they are few."""
    asked, ground = st.query_params.get("unit", ""), Ground(Permission.DISCLOSURE_READ, Reach.REGISTERS)
    if not asked and st.query_params.get("view", LATE) not in (LATE, "done"):
        communities = gate.ask(all_places.offer, ground.permission, ground.reach).communities
        asked = communities[0].id if communities else ""
    chosen = places.choose(
        _("Community"), ground, asked, key="disclosure:unit", every=_("All communities: what is overdue"),
    )  # fmt: skip
    if chosen.several and chosen.id != st.query_params.get("unit", ""):
        st.query_params.from_dict({"unit": chosen.id} if chosen.id else {"view": LATE})
    return chosen


def _view(views: dict[str, str], first: str) -> str:
    wanted = st.query_params.get("view", "")
    start = wanted if wanted in views else first
    chosen = st.segmented_control(
        _("View"), list(views), default=start, format_func=views.__getitem__, required=True,
        key=f"disclosure:view:{start}", label_visibility="collapsed",
    )  # fmt: skip
    return chosen or start


def _owed(rows: list[DueRow], may: bool, *, is_late: bool) -> None:
    if not rows:
        st.success(_("Nothing is overdue.") if is_late else _("Nothing more falls due this month."))
    for n, row in enumerate(tables.page(rows, f"disclosure:{is_late}")):
        _due(row, may, first=n == 0)


def _later(rows: list[DueRow], may: bool) -> None:
    """What falls due after this month as a table; the one that was chosen as a card, to be recorded before its time."""
    if not rows:
        st.caption(_("What falls due by the disclosure catalogue will stand here with its day."))
        return
    st.subheader(_("Later: {n}", n=len(rows)))
    chosen = next((row for row in rows if row.id == st.query_params.get("due")), None)
    if chosen:
        _due(chosen, may, first=True)
    shown = tables.page(rows, "disclosure:later")
    tables.table(
        [_("Disclosure item"), _("Period"), _("Day it is due"), _("Where it is disclosed")],
        [
            [
                tables.Link(row.subject, "disclosure", {"unit": row.unit_id, "view": "due", "due": row.id})
                if may else row.subject,
                row.period, day(row.due_on), row.channel or "—",
            ]
            for row in shown
        ],
    )  # fmt: skip


def _due(row: DueRow, may: bool, *, first: bool) -> None:
    today, key = dates.today(dates.now()), f"due:{row.id}"
    with st.container(border=True):
        limit = marks.lamp(row.due_on, today, marks.due_words(row.due_on, today))
        until = escape(_("to be published by {day}", day=row.due_on))
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.html(
            f"<div class='qy-entry'><p><b>{escape(row.subject)}</b> {escape(row.period)}</p>"
            f"<p>{limit} <span class='qy-muted'>· {until}</span></p><p class='qy-muted'>{escape(_kind(row))}</p></div>"
        )
        if not may:
            return
        if STATE.get(key):
            _publish(row, key)
        else:
            right.button(
                _("Record that it is published"), key=f"{key}:open", type="primary" if first else "secondary",
                on_click=STATE.__setitem__, args=(key, True),
            )  # fmt: skip


def _kind(row: DueRow) -> str:
    parts = [row.disclosure_class.label, row.disclosure_when.label, row.channel]
    return " · ".join(part for part in parts if part) + (_(" (masked)") if row.masked else "")


def _publish(row: DueRow, key: str) -> None:
    form = Form(f"{key}:form", Publishing, start={"published_on": dates.today(dates.now()), "place": row.channel})
    file = chosen_file(f"{key}:file", _("Photo or file that shows it"), _(ACCEPTED))
    if form.send(_("It is published"), disclosure.publish, row.id, upload=file):
        forget_files(f"{key}:file")
        STATE[key] = False
        deeds.done(_("Recorded as published: “{name}”.", name=row.subject))
    if st.button(_("Not now"), key=f"{key}:close", type="tertiary"):
        STATE[key] = False
        st.rerun()


def _done(rows: list[DueRow], may: bool) -> None:
    if not rows:
        st.info(_("Nothing has been published yet. What is recorded stands here with its real day and its proof."))
        return
    for row in tables.page(rows, "disclosure:done"):
        with st.container(border=True):
            st.html(_told(row))
            with st.container(horizontal=True):
                for proof_id, name, media_type in row.files:
                    unnoted(_("Proof: {name}", name=short(name)), gate.later(disclosure.proof_content, proof_id), name,
                          Unnoted.GIVEN, media_type, f"proof:{row.id}:{proof_id}")  # fmt: skip
            if may:
                _undo(row)


def _told(row: DueRow) -> str:
    today = dates.today(dates.now())
    late = row.late_by(today)
    facts = [
        _("due on {day}", day=row.due_on), _("published on {day}", day=row.published_on),
        _("{n} {n:day|days} late", n=late) if late else _("in time"),
    ]  # fmt: skip
    last = periods.up_until(row.disclosure_when, row.published_on) if row.published_on else None
    if last and last >= today:
        facts.append(_("stays up until {day}", day=day(last)))
    more = " · ".join(part for part in (row.place, row.published_by) if part)
    text = f"<p>{escape(row.text)}</p>" if row.text else ""
    return (
        f"<div class='qy-entry'><p><b>{escape(row.subject)}</b> {escape(row.period)}</p>"
        f"<ul class='qy-facts'>{''.join(f'<li>{escape(fact)}</li>' for fact in facts)}</ul>"
        f"<p class='qy-muted'>{escape(more)}</p>{text}</div>"
    )



def _undo(row: DueRow) -> None:
    key = f"undo:{row.id}"
    if not STATE.get(key):
        st.button(_("Recorded by mistake?"), key=f"{key}:open", type="tertiary", on_click=STATE.__setitem__,
                  args=(key, True))  # fmt: skip
        return
    if Form(f"{key}:form", Reason).send(_("Take the record back"), disclosure.undo, row.id):
        STATE[key] = False
        deeds.done(_("It is owed again."))


def _occasion(unit: UnitRow) -> None:
    """What is published at once or for seven days is noted when it happens."""
    rows = gate.ask(subjects.catalogue, unit.id)
    known = {row.id: row.name for row in rows if row.disclosure_when in periods.ON_OCCASION}
    if not known:
        return
    with st.expander(_("Something happened that has to be made public at once or for seven days")):
        start = {"happened_on": dates.today(dates.now())}
        form = Form("occasion", Occasion, options={"subject_id": known}, start=start)
        if form.send(_("Note it"), disclosure.note_occasion):
            deeds.done(_("It is noted, and its limit runs from that day."))


page()

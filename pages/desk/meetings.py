"""Meetings: the paper for one at a click, what it decided with owner and day, and the list of those that were held."""

from datetime import date, timedelta

import streamlit as st

from core import dates
from core.access import Permission
from core.entries import entry
from core.ledgers import meetings
from core.ledgers.meetings import Agenda, DecisionForm, MeetingForm, MeetingRow
from core.organisation.places import Reach
from core.printed import papers
from core.printed.papers import Section
from core.text import N_, _, day, literal
from pages.ui import deeds, downloads, gate, places, tables, turning
from pages.ui.forms import Form, Options
from pages.ui.persons import Persons
from pages.ui.places import Ground
from pages.ui.tables import Cell, Link

VIEWS = {"paper": N_("Papers for a meeting"), "held": N_("Meetings held")}
GROUND = Ground(Permission.MEETING_HOLD, Reach.REGISTERS)
STATE = st.session_state
MOST_PRESENT = 60
"""How many people one can choose as present; a meeting of a group is smaller."""


def main() -> None:
    st.title(_("Meetings"))
    deeds.tell()
    if not places.some(GROUND):
        return
    wanted = st.query_params.get("view", "paper")
    view = st.segmented_control(
        _("View"), list(VIEWS), default=wanted if wanted in VIEWS else "paper",
        format_func=lambda key: _(VIEWS[key]), required=True, key=f"meetings:{wanted}", label_visibility="collapsed",
    )  # fmt: skip
    if view == "held":
        _held()
    else:
        _paper()


def _paper() -> None:
    st.caption(
        _("Open, overdue and to decide, as it stands today: no words of residents, nothing sealed, and nothing in "
          "which you are named.")
    )  # fmt: skip
    unit = places.one(_("Meeting of"), GROUND, key="meetings:unit")
    unit_id, name = unit.id, f"{papers.named(unit.name)} {dates.today(dates.now()):%Y-%m-%d}.docx"
    with st.container(horizontal=True):
        downloads.document(_("Save as Word"), name, _word, papers.taken, unit_id)
        st.link_button(_("Open the page to print"), f"/print/meeting/{unit_id}")
    shown = st.toggle(_("Show the papers here"), key="meetings:show") if gate.ask(meetings.is_above, unit_id) else True
    if not shown:
        return
    _found, told = gate.ask(papers.paper, unit_id)
    for n, section in enumerate(told):
        if section.rows:
            _section(section, n)
    none = [section.title for section in told if not section.rows]
    if none:
        st.caption(_("None: {what}.", what="、".join(none)))


def _word(taken: tuple[Agenda, list[Section]]) -> bytes:
    return papers.written(*taken)


def _section(section: Section, n: int) -> None:
    with st.expander(_("{title} ({n})", title=section.title, n=section.total), expanded=section.decide):
        pairs = list(zip(section.rows, section.about, strict=True))
        tables.table(
            section.head,
            [[_linked(at, cell, about) for at, cell in enumerate(row)]
             for row, about in tables.page(pairs, f"meetings:{n}")],
        )  # fmt: skip
        if section.more:
            st.caption(literal(section.more))


def _linked(at: int, cell: str, about: str | None) -> Cell:
    """The second column is the number of an entry, which leads to it."""
    return Link(_("No. {n}", n=cell), "entry", {"id": about}) if at == 1 and about else cell


def _held() -> None:
    today = dates.today(dates.now())
    with st.expander(_("Enter a meeting"), expanded=False):
        form = Form(
            "meeting", MeetingForm, draft=False, columns=3, start={"held_on": today},
            options={"unit_id": GROUND, "present": {n: str(n) for n in range(1, MOST_PRESENT + 1)}},
        )  # fmt: skip
        if form.send(_("Keep this meeting"), meetings.hold):
            deeds.done(_("Kept. Now enter what it decided."))
    rows = gate.ask(meetings.meetings, turning.kept("meetings"))
    if not rows:
        st.info(_("No meeting has been entered yet. Each stands here with its day, how many were there, and what it "
                  "decided."))  # fmt: skip
    for row in rows:
        _meeting(row, today)
    turning.under(rows, "meetings")


def _meeting(row: MeetingRow, today: date) -> None:
    with st.container(border=True):
        st.markdown(f"**{literal(row.unit)}** · {day(row.held_on)} · " + _("{n} were there", n=row.present))
        if row.decisions:
            tables.table(
                [_("What was decided"), _("Became"), _("Owner"), _("Due on")],
                [[made.text, _became(made.risk_id, made.number), made.owner, day(made.due_on)]
                 for made in row.decisions],
            )  # fmt: skip
        else:
            st.caption(_("No decision has been entered."))
        if STATE.get("meetings:open") == row.id:
            _decision(row, today)
        elif st.button(_("Enter a decision"), key=f"meetings:decide:{row.id}"):
            STATE["meetings:open"] = row.id
            st.rerun()


def _became(risk_id: str | None, number: int | None) -> Cell:
    return Link(_("Measure of no. {n}", n=number), "entry", {"id": risk_id}) if risk_id else _("Note")


def _decision(row: MeetingRow, today: date) -> None:
    names = _to_decide_on(row)
    risk_id = st.selectbox(
        _("Entry it is about"), list(names), index=None, format_func=names.__getitem__, key=f"meetings:entry:{row.id}",
        placeholder=_("No entry: the decision is a note"),
    )  # fmt: skip
    if risk_id:
        fit = gate.ask(entry.fitting, risk_id)
        options: Options = {"owner_id": fit.doers, "watchdog_id": fit.checkers}
        skip: tuple[str, ...] = ()
        st.caption(_("It becomes a measure of this entry, by the same rules as any other."))
    else:
        options, skip = {"owner_id": Persons(meetings.owners)}, ("watchdog_id", "measure_type")
    form = Form(
        f"decision:{row.id}:{risk_id or 'note'}", DecisionForm, options=options, skip=skip, columns=2,
        start={"due_on": today + timedelta(days=30)},
    )  # fmt: skip
    if form.send(_("Keep this decision"), meetings.decide, row.id, risk_id):
        STATE.pop("meetings:open")
        deeds.done(_("The decision has been kept."))
    if st.button(_("Close without keeping"), key=f"meetings:close:{row.id}", type="tertiary"):
        STATE.pop("meetings:open")
        st.rerun()


def _to_decide_on(row: MeetingRow) -> dict[str, str]:
    """Entries a decision may be about; where there are many, those that are looked for."""
    sought = st.session_state.get(f"meetings:find:{row.id}") or ""
    found, more = gate.ask(meetings.to_decide_on, row.unit_id, sought)
    if more or sought:
        st.text_input(_("Find the entry by its number, title or community"), key=f"meetings:find:{row.id}")
    if more:
        st.caption(_("These are the {n} with the nearest limit; there are more.", n=len(found)))
    words = N_("{unit} no. {n}: {title}")
    return {one.risk_id: _(words, unit=one.unit, n=one.number, title=one.title) for one in found}


gate.require(Permission.MEETING_HOLD)
main()

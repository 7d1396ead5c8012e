"""How it goes over time: levels by month, what a year brought, and on which days work was done."""

from datetime import date
from functools import partial

import streamlit as st

from core.insight import trends
from core.insight.trends import Calendar, Deed, Years
from core.inspection import completion
from core.text import _
from core.words import Change
from pages.ui import charts, figure, gate, shell, standing, tables
from pages.ui.charts import Bar


def show(unit_id: str | None, note: str) -> None:
    here = {"unit": unit_id} if unit_id else {}
    standing.over_time(gate.ask(trends.levels, unit_id), note, here)
    _years(unit_id, note)


def _years(unit_id: str | None, note: str) -> None:
    known = {row.id: row for row in gate.ask(completion.known)}
    chosen = None
    st.subheader(_("From last year to this"))
    if len(known) > 1:
        chosen = st.selectbox(
            _("Round"), list(known), format_func=lambda one: f"{known[one].title} · {known[one].unit}",
            key="overview:round",
        )  # fmt: skip
    found = gate.ask(trends.years, unit_id, chosen)
    if found is None:
        st.info(_("No round has been opened yet. With the second one, what is new, changed or gone stands here."))
    elif found.communities > trends.MOST:
        st.info(_("{n} communities are too many to be compared at once: of each, two whole registers are held against "
                  "each other entry by entry. Choose a unit with {most} or fewer.", n=found.communities,
                  most=trends.MOST))  # fmt: skip
    else:
        _year(found, note)


def _year(found: Years, note: str) -> None:
    counts = {change: found.count(change) for change in Change}
    unknown = sum(not row.known for row in found.rows)
    sentence = _("{new} new, {changed} carried over and changed, {same} carried over as they were, {gone} gone.",
                 **{change.value: n for change, n in counts.items()})  # fmt: skip
    if unknown:
        sentence = figure.joined(sentence, _(
            "Communities without a frozen register of the round before: {n}. What was opened in this round counts as "
            "new there.", n=unknown,
        ))  # fmt: skip
    st.markdown(sentence)
    title = _("From last year to this")
    head = figure.Head("years", f"{title} · {found.round.title}", sentence, note)
    bars = [Bar(change.value, change.label, n, str(n)) for change, n in counts.items()]
    rows: list[list[tables.Cell]] = [
        [tables.Link(row.unit, "rounds", {"round": found.round.id, "unit": row.unit_id}), *row.counts.values()]
        for row in tables.page(found.rows, "years:page")
    ]
    left, right = st.columns(2, gap="medium")
    with left:
        if figure.plot(partial(charts.bars, bars), note, "years"):
            shell.go("rounds", round=found.round.id)
    with right:
        tables.table(
            [_("Community"), _("New"), _("With changes"), _("Without changes"), _("Left the register")], rows
        )
        figure.save(head, lambda style: figure.framed(charts.bars(bars, style), style))


def calendar(unit_id: str | None, note: str) -> None:
    here = {"unit": unit_id} if unit_id else {}
    weeks = st.session_state.get("overview:weeks", trends.WEEKS[1])
    found = gate.ask(trends.calendar, unit_id, weeks)
    head = figure.Head("calendar", _("On which days work was done"), _busiest(found), note)
    figure.begin(head)
    st.segmented_control(
        _("How far back"), trends.WEEKS, default=trends.WEEKS[1], required=True,
        format_func=lambda n: _("{n} weeks", n=n), key="overview:weeks", label_visibility="collapsed",
    )  # fmt: skip
    if found.busiest is None:
        st.info(_("Each day on which offices raise, rate, report, verify, close or publish something is marked here."))
        return
    for square in figure.plot(partial(charts.days, found.days), note, "calendar"):
        shell.go("past", **here, asof=square["day"])
    left, right = st.columns(2, gap="medium")
    with left:
        tables.table([_("Month"), _("Deeds")], [[_month(one.first), one.total] for one in found.months])
    with right:
        did = [(deed, sum(one.deeds[deed] for one in found.months)) for deed in Deed]
        tables.table([_("In these months"), _("Deeds")], [[deed.label, n] for deed, n in did])
    st.caption(_("Squares count what offices did; the darker, the more. What residents do is not counted by days or "
                 "months, so that nobody who speaks is found by the day."))  # fmt: skip
    figure.save(head, lambda style: figure.framed(charts.days(found.days, style), style))


def _busiest(found: Calendar) -> str:
    if found.busiest is None:
        return _("Nothing was done in these weeks.")
    return _("Most was done on {day}: {n} steps. In all these weeks it was {total}.", day=found.busiest,
             n=found.days[found.busiest], total=sum(found.days.values()))  # fmt: skip


def _month(day: date) -> str:
    return _("{month} {year}").format(month=charts.month(day), year=day.year)

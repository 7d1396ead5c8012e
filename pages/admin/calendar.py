"""Working days: what the program knows of the year, and what is entered here."""

from collections.abc import Iterator

import streamlit as st

from core.access import Permission
from core.organisation import calendar
from core.organisation.calendar import SpecialDay, SpecialDays, Year
from core.text import _, day
from pages.ui import deeds, gate, tables, workdays
from pages.ui.forms import Form

gate.require(Permission.SITE_KEEP)


def main() -> None:
    st.title(_("Working days"))
    deeds.tell()
    st.markdown(
        _("Limits are counted in working days, make-up days included. The program knows the national holidays of the "
          "years for which they have been published; enter here what differs and the years it does not know.")
    )  # fmt: skip
    for year in gate.ask(calendar.years):
        _year(year)
    st.subheader(_("Enter days"))
    form = Form("days", SpecialDays, columns=2)
    if form.send(_("Enter these days"), calendar.enter):
        workdays.forget()
        deeds.done(_("The days have been entered. Limits that start from now on are counted with them."))


def _year(year: Year) -> None:
    st.subheader(_("Year {n}", n=year.year))
    if year.published:
        st.markdown(_("The national holidays of this year are known."))
    elif year.entered:
        st.markdown(_("The national holidays of this year are not in the program; what was entered here counts."))
    else:
        st.warning(
            _("The holidays of {n} are not known yet. Until they are entered, Monday to Friday count as working days.",
              n=year.year)
        )  # fmt: skip
    if not year.entered:
        return
    runs = list(_runs(year.entered))
    heads = [_("Days"), _("Offices"), _("Why these days")]
    tables.table(heads, [[_span(run), _works(run[0]), run[0].note] for run in runs])
    chosen = st.selectbox(
        _("Take days back"), range(len(runs)), index=None, format_func=lambda n: _span(runs[n]),
        key=f"calendar:back:{year.year}", placeholder=_("Choose days"),
    )  # fmt: skip
    if chosen is not None and st.button(_("Take these days back"), key=f"calendar:take:{year.year}"):
        for special in runs[chosen]:
            gate.do(calendar.forget, special.id)
        workdays.forget()
        deeds.done(_("The days have been taken back."))


def _runs(days: tuple[SpecialDay, ...]) -> Iterator[list[SpecialDay]]:
    """Days in a row that were entered for the same."""
    run: list[SpecialDay] = []
    for special in days:
        if run and not ((special.day - run[-1].day).days == 1 and _alike(special, run[-1])):
            yield run
            run = []
        run.append(special)
    if run:
        yield run


def _alike(one: SpecialDay, other: SpecialDay) -> bool:
    return one.works == other.works and one.note == other.note


def _span(run: list[SpecialDay]) -> str:
    return day(run[0].day) if len(run) == 1 else f"{day(run[0].day)} – {day(run[-1].day)}"


def _works(special: SpecialDay) -> str:
    return _("work") if special.works else _("rest")


main()

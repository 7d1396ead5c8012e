"""Figures of the register: levels, voices, progress, measures, disclosures, results and time, each as a view."""

import streamlit as st

from core import dates
from core.access import Permission
from core.organisation.places import Reach
from core.text import N_, _
from pages.insight import in_time, levels, over_time, progress, results, sources
from pages.ui import gate, places
from pages.ui.places import Ground, Look

gate.require(Permission.OVERVIEW_READ)

VIEWS = {
    "levels": (N_("Levels"), levels.show), "sources": (N_("Voices"), sources.show),
    "progress": (N_("Progress"), progress.show), "measures": (N_("Measures"), in_time.measures),
    "disclosures": (N_("Disclosures"), in_time.disclosures), "results": (N_("Results"), results.show),
    "time": (N_("Over time"), over_time.show), "calendar": (N_("Calendar of work"), over_time.calendar),
}  # fmt: skip


def main() -> None:
    st.title(_("Overview"))
    unit_id, name = _choose_unit()
    view = _choose_view()
    note = _("Source: integrity risk register · as of {day}", day=dates.today(dates.now()))
    VIEWS[view][1](unit_id, " · ".join(filter(None, (note, name))))


def _choose_unit() -> tuple[str | None, str]:
    """The unit the figures are for, with its name; a choice only for whoever looks at several communities."""
    chosen = places.choose(
        _("Unit"), Ground(Permission.OVERVIEW_READ, Reach.REGISTERS), st.query_params.get("unit", ""),
        key="overview:unit", every=_("Everything I look after"), look=Look(420),
    )  # fmt: skip
    if not chosen.several:
        return None, ""
    if chosen.unit is None:
        st.query_params.pop("unit", None)
        return None, ""
    st.query_params["unit"] = chosen.id
    return chosen.id, chosen.unit.name


def _choose_view() -> str:
    asked = st.query_params.get("view", "")
    first = asked if asked in VIEWS else next(iter(VIEWS))
    chosen = st.segmented_control(
        _("Charts"), list(VIEWS), default=first, format_func=lambda view: _(VIEWS[view][0]), required=True,
        key="overview:view", label_visibility="collapsed",
    ) or first  # fmt: skip
    if chosen != first or asked:
        st.query_params["view"] = chosen
    return chosen


main()

"""The year report: chosen by unit and round, its charts drawn as pictures, saved as Word."""

from typing import Any

import streamlit as st

from core.access import Permission
from core.errors import Refused
from core.formats import fonts
from core.organisation.places import Reach
from core.printed import annual
from core.printed.annual import Report
from core.text import _
from core.words import Change, Dimension
from pages.ui import charts, gate, marks, pictures, places
from pages.ui.charts import Bar, Plot
from pages.ui.downloads import document
from pages.ui.drawing import drawn
from pages.ui.inks import PAPER
from pages.ui.places import Ground, Look


def show() -> None:
    st.subheader(_("Year report"))
    st.caption(_("The figures of the overview with their charts, for one unit and one round; small numbers of "
                 "residents are not told."))  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        unit = places.one(_("Unit"), Ground(Permission.OVERVIEW_READ, Reach.REGISTERS), key="year:unit", look=Look(300))
        rounds = {row.id: f"{row.title} · {row.unit}" for row in gate.ask(annual.rounds, unit.id)}
        round_id = st.selectbox(_("Round"), list(rounds), format_func=rounds.__getitem__, key=f"year:round:{unit.id}",
                                width=300)  # fmt: skip
    if round_id is None:
        st.info(_("No round has been opened yet. The report is about one."))
        return
    name = " ".join((unit.name, _("Year report"), rounds[round_id].split(" · ")[0]))
    document(_("Save as Word"), f"{name}.docx", _written, annual.taken, unit.id, round_id)


def _written(report: Report) -> bytes:
    """The report with its pictures; without any where none can be drawn."""
    try:
        folder = fonts.chinese().file.parent
    except Refused:
        return annual.written(report, {})
    specs = {name: pictures.spec(_framed(plot)) for name, plot in _plots(report).items()}
    return annual.written(report, drawn(specs, folder, pictures.SCALE))


def _framed(plot: Plot) -> Any:
    return plot.chart.properties(width=PAPER.width, height=plot.height).configure_view(strokeWidth=0)


def _plots(report: Report) -> dict[str, Plot]:
    """The charts that have something to show."""
    found, plots = report.overview, dict[str, Plot]()
    if found.total:
        stages = [Bar(stage.value, stage.label, n, str(n)) for stage, n in found.stages.items()]
        plots["stages"] = charts.bars(stages, PAPER)
        most = max(found.heat.values())
        plots["levels"] = charts.heat_map(found.heat, list(Dimension), marks.level_words(None), most, PAPER)
        plots["voices"] = charts.overlap(found.overlap, PAPER)
    if any(on.total for on in report.levels):
        columns = [(on.day.isoformat(), charts.month(on.day), on.counts) for on in report.levels]
        plots["over_time"] = charts.over_time(columns, PAPER)
    counts = {change: report.years.count(change) for change in Change} if report.years else {}
    if any(counts.values()):
        plots["years"] = charts.bars([Bar(c.value, c.label, n, str(n)) for c, n in counts.items()], PAPER)
    return plots

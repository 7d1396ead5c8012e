"""Where risks crowd: entries by dimension and level, as first decided, as expected, and as verified."""

from collections.abc import Mapping, Sequence
from functools import partial

import altair as alt
import streamlit as st

from core.entries.register import LEVELS
from core.insight import figures
from core.insight.figures import Eased
from core.text import _
from core.words import Dimension, Level, RatingStage
from pages.ui import charts, figure, gate, marks, shell, standing, tables
from pages.ui.inks import Style, on_screen
from pages.ui.standing import Cells

FILTER = {RatingStage.INITIAL: "level", RatingStage.EXPECTED: "expected", RatingStage.VERIFIED: "verified"}
"""Under which name the register filters by the level of a stage."""


def show(unit_id: str | None, note: str) -> None:
    found = gate.ask(figures.levels, unit_id)
    if not found.total:
        teach()
        return
    here = {"unit": unit_id} if unit_id else {}
    order = standing.by_entries(found.heats[RatingStage.INITIAL])
    said = figure.joined(standing.crowded(found.heats[RatingStage.INITIAL]), _eased(found.eased))
    head = figure.Head("levels", _("Where risks crowd"), said, note)
    figure.begin(head)
    most = _most(found.heats)
    beside = on_screen().scale == 1  # large words have no room in a third of the page
    places = st.columns(3, gap="medium") if beside else [st.container() for _n in range(3)]
    for place, (stage, cells) in zip(places, found.heats.items(), strict=True):
        with place:
            _stage(stage, cells, order, most, note, here)
    rows: list[list[tables.Cell]] = [
        [d.label, *(_row(stage, cells, d, here) for stage, cells in found.heats.items())] for d in order
    ]
    tables.table([_("Dimension"), *(stage.label for stage in found.heats)], rows)
    figure.save(head, lambda style: _together(found.heats, order, style))


def _row(stage: RatingStage, cells: Cells, dimension: Dimension, here: dict[str, str]) -> tables.Several:
    words = [marks.SHAPES[level] + level.label for level in Level]
    counts = [
        tables.counted(cells[dimension, level], "register", **here, standing="1", dimension=dimension.value,
                       **{FILTER[stage]: level})
        for level in LEVELS
    ]  # fmt: skip
    return tables.Several(list(zip([*words, _none(stage)], counts, strict=True)))


def teach() -> None:
    """What will stand here, and the way to it."""
    st.info(
        _("The register is still empty. Figures appear here once the first flags of cadres, superiors and residents "
          "have been merged or opened as entries.")
    )  # fmt: skip
    shell.next_step()


def _most(heats: Mapping[RatingStage, Cells]) -> int:
    """What is darkest on all maps, so that they can be held against each other."""
    return max(1, *(n for cells in heats.values() for n in cells.values()))


def _stage(
    stage: RatingStage, cells: Cells, order: Sequence[Dimension], most: int, note: str, here: dict[str, str]
) -> None:
    st.markdown(f"**{stage.label}**")
    for cell in figure.plot(partial(charts.heat_map, cells, order, _none(stage), most), note, stage.value, narrow=True):
        shell.go("register", **here, standing="1", dimension=cell["dimension"], **{FILTER[stage]: cell["level"]})


def _together(heats: Mapping[RatingStage, Cells], order: Sequence[Dimension], style: Style) -> alt.HConcatChart:
    narrow = Style(style.ink, style.scale, 300)
    drawn = [
        figure.framed(charts.heat_map(cells, order, _none(stage), _most(heats), narrow), narrow, stage.label)
        for stage, cells in heats.items()
    ]
    return alt.hconcat(*drawn)


def _none(stage: RatingStage) -> str:
    """What entries without a level of a stage are called."""
    return marks.level_words(None) if stage is RatingStage.INITIAL else _("none yet")


def _eased(eased: Eased) -> str:
    verified = eased.lower + eased.same + eased.higher
    if not verified:
        return _("No level has been verified yet; the second look after a closing does that.")
    return _(
        "Of {n} whose level was verified, {lower} came out lower than at first, {same} the same, {higher} higher.",
        n=verified, lower=eased.lower, same=eased.same, higher=eased.higher,
    )  # fmt: skip

"""Where the register stands: entries by dimension and level, and open ones by level over time."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from core.entries.register import LEVELS, UNRATED
from core.insight import figures
from core.insight.trends import LevelsOn
from core.text import _
from core.words import Dimension, Level
from pages.ui import charts, figure, marks, shell, tables

Cells = Mapping[tuple[Dimension, str], int]


def heat(cells: Cells, note: str) -> None:
    """The heat map of the levels as they were decided first, with its table."""
    order, none = by_entries(cells), marks.level_words(None)
    rows: list[list[tables.Cell]] = [
        [d.label, *(
            tables.counted(cells[d, level], "register", standing="1", dimension=d.value, level=level)
            for level in LEVELS
        )] for d in order
    ]  # fmt: skip
    heads = [_("Dimension"), *(marks.SHAPES[level] + level.label for level in Level), none]
    head = figure.Head("crowding", _("Where risks crowd"), crowded(cells), note)
    draw = partial(charts.heat_map, cells, order, none, max(1, *cells.values()))
    for cell in figure.section(head, draw, heads, rows):
        shell.go("register", standing="1", dimension=cell["dimension"], level=cell["level"])


def by_entries(cells: Cells) -> list[Dimension]:
    """Dimensions, the one with most entries first."""
    return sorted(Dimension, key=lambda d: -sum(cells[d, level] for level in LEVELS))


def crowded(cells: Cells) -> str:
    """Where most entries stand, as a sentence; empty without any."""
    most = figures.crowded(cells)
    if not most:
        return ""
    level = Level(most.level) if most.level != UNRATED else None
    return _(
        "Most entries stand under “{dimension}”, level “{level}”: {n} of {total}.", dimension=most.dimension,
        level=marks.level_words(level), n=most.entries, total=most.total,
    )  # fmt: skip


def over_time(months: Sequence[LevelsOn], note: str, here: dict[str, str]) -> None:
    """Open entries by level at the end of each month, each leading to the register of that day."""
    if not any(on.total for on in months):
        st.subheader(_("Open entries by level, over time"))
        st.info(_("No entry is known of yet. From the first one on, its level stands here month by month."))
        return
    first, last = months[0], months[-1]
    now = _("Today {n} entries are open, {high} of them high.", n=last.total, high=last.counts[Level.HIGH])
    then = _("At the end of {day} it was {n}, {high} of them high.", day=first.day, n=first.total,
             high=first.counts[Level.HIGH]) if len(months) > 1 else ""  # fmt: skip
    head = figure.Head("over-time", _("Open entries by level, over time"), figure.joined(now, then), note)
    columns = [(on.day.isoformat(), charts.month(on.day), on.counts) for on in months]
    rows: list[list[tables.Cell]] = [
        [tables.Link(charts.month(on.day), "past", here | {"asof": on.day.isoformat()}),
         *(on.counts[level] for level in LEVELS)]
        for on in reversed(months)
    ]  # fmt: skip
    heads = [_("End of"), *(marks.SHAPES[level] + level.label for level in Level), marks.level_words(None)]
    for column in figure.section(head, partial(charts.over_time, columns), heads, rows):
        shell.go("past", **here, asof=column["key"])

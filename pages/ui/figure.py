"""A chart on the page: heading, one sentence, the chart with its source and day, its table, and its picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa
import streamlit as st

from core.documents import Document
from core.errors import Refused
from core.formats import fonts
from core.text import _, language, literal
from pages.ui import pictures, tables
from pages.ui.charts import Plot
from pages.ui.downloads import noted
from pages.ui.inks import PAPER, Style, on_screen
from pages.ui.tables import Cell

FOOT = 40
"""Pixels of the line of source and day under a chart."""
KEPT = 512
"""Charts kept as they were drawn, some ten kilobytes each."""
LINE = 44
"""Letters of a line above a picture: Chinese ones, two of others for one."""

Draw = partial[Plot]
"""A kind of chart with what it shows, waiting for its style."""


@dataclass(frozen=True)
class Head:
    """What stands round a chart: its name in addresses and files, heading, sentence, and the line under it."""

    name: str
    title: str
    sentence: str
    note: str


def section(head: Head, draw: Draw, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[dict[str, Any]]:
    """A whole figure, its table beside the chart; gives what was chosen in the chart."""
    begin(head)
    return pair(head, draw, columns, rows)


def pair(head: Head, draw: Draw, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[dict[str, Any]]:
    """A chart with its table beside it and the button for its picture, where the page has said the sentence already."""
    left, right = st.columns([3, 2] if len(columns) < 4 else [1, 1], gap="medium")
    with left:
        chosen = plot(draw, head.note, head.name)
    with right:
        tables.table(columns, rows)
        save(head, lambda style: framed(draw(style), style))
    return chosen


def begin(head: Head) -> None:
    st.subheader(head.title)
    st.markdown(literal(head.sentence))


def plot(draw: Draw, note: str, name: str, *, narrow: bool = False) -> list[dict[str, Any]]:
    """A chart over the whole of its place, its source and day under it; gives what was chosen."""
    style = on_screen()
    lines = tuple(note.split(" · ")) if narrow or style.scale > 1 else (note,)  # large words do not fit on one line
    told = repr((draw.func, draw.args, draw.keywords, style, lines, language.get()))
    spec, height = _drawn(_Wanted(told, draw, style, lines))
    height += FOOT + (style.size(20) if len(lines) > 1 else 0)
    event: Any = st.vega_lite_chart(
        spec=spec, width="stretch", height=height, on_select="rerun", key=f"chart:{name}"
    )  # fmt: skip
    return list(event["selection"].get("chosen", []))


@dataclass(frozen=True)
class _Wanted:
    """A chart to be drawn; `told` is all that it is drawn from, numbers and words, and tells it from every other."""

    told: str
    draw: Draw = field(compare=False)
    style: Style = field(compare=False)
    lines: tuple[str, ...] = field(compare=False)


@lru_cache(maxsize=KEPT)
def _drawn(wanted: _Wanted) -> tuple[dict[str, Any], int]:
    """A chart as the browser takes it, with its height in pixels without the line under it. Building one takes a
    hundred times as long as sending it, so the same chart of the same numbers is built once, whoever sees it."""
    plot, style = wanted.draw(wanted.style), wanted.style
    under = alt.TitleParams(
        list(wanted.lines) if len(wanted.lines) > 1 else wanted.lines[0], orient="bottom", anchor="start",
        fontSize=style.size(14), fontWeight="normal", color=style.ink.faint, offset=10,
    )  # fmt: skip
    whole = plot.chart.properties(title=under).configure_view(strokeWidth=0)
    spec: dict[str, Any] = whole.to_dict(validate=False)
    for size in ("continuousWidth", "continuousHeight"):  # Altair's own; here the place gives the size
        spec["config"]["view"].pop(size, None)
    spec["datasets"] = {name: _arrow(rows) for name, rows in spec["datasets"].items()}
    return spec, plot.height + plot.beside


def _arrow(rows: list[dict[str, Any]]) -> bytes:
    """Rows of a chart in the form the browser reads them."""
    table, out = pa.Table.from_pandas(pd.DataFrame(rows)), pa.BufferOutputStream()
    with pa.ipc.new_stream(out, table.schema) as stream:
        stream.write_table(table)
    return bytes(out.getvalue())


def framed(drawn: Plot, style: Style, title: str = "") -> alt.LayerChart | alt.FacetChart:
    """A chart of a picture, as wide as its style says."""
    whole = drawn.chart.properties(width=style.width, height=drawn.height)
    if not title:
        return whole
    return whole.properties(title=alt.TitleParams(title, anchor="start", fontSize=14, color=style.ink.words))


def save(head: Head, draw: Callable[[Style], alt.TopLevelMixin]) -> None:
    """The button that saves a chart as a picture; where none can be drawn, why."""
    try:
        fonts.chinese()
    except Refused as refusal:
        st.caption(str(refusal))
        return
    noted(_("Save as a picture"), f"{head.title}.png", partial(picture, draw, head), Document.CHART)


def picture(draw: Callable[[Style], alt.TopLevelMixin], head: Head) -> bytes:
    """A chart as PNG with heading, sentence, source and day; what it shows was asked for when the page was drawn."""
    lines = [*wrapped(head.sentence), head.note]
    return pictures.png(draw(PAPER).configure_view(strokeWidth=0), head.title, lines)


def joined(*sentences: str) -> str:
    """Sentences one after the other, those that say something."""
    said = [sentence for sentence in sentences if sentence]
    whole = said[0] if said else ""
    for following in said[1:]:
        whole = _("{first} {second}").format(first=whole, second=following)
    return whole


def wrapped(sentence: str) -> list[str]:
    """A sentence in lines, broken at spaces where there are some."""
    lines, width = [""], 0
    words = sentence.split(" ") if " " in sentence else list(sentence)
    gap = " " if " " in sentence else ""
    for word in words:
        wide = sum(1 if ord(letter) < 0x2E80 else 2 for letter in word + gap)
        if width + wide > 2 * LINE and word not in "，。；：、）”":
            lines, width = [*lines, ""], 0
        lines[-1] += (gap if lines[-1] else "") + word
        width += wide
    return lines

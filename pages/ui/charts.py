"""Charts of the overview: zero-based, directly labelled, readable in grey, each with its source and date under it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from core.figures import LEVELS
from core.text import _
from core.words import Dimension, Level, Source
from pages.ui.marks import COLOURS, LETTERS, level_words

ROW, TOP, FOOT = 40, 30, 40
"""Pixels a row takes, the heads above, the source line below."""
DOTS = 108
"""Pixels left of the bars where the three voices stand."""


@dataclass(frozen=True)
class Ink:
    """Colours for a light or a dark page."""

    words: str
    faint: str
    bar: str
    second: str
    empty: str
    shades: tuple[str, str, str, str]  # two pale, two deep: words stay readable on each
    on_dark: str
    voices: Mapping[Source, str]
    on_voice: str


LIGHT = Ink(
    "#1d2b2e", "#5b6b6e", "#0f5c63", "#8a989a", "#eef2f2", ("#d8e9e9", "#9cc4c5", "#2b6a70", "#0a454b"), "#ffffff",
    COLOURS, "#ffffff",
)  # fmt: skip
DARK = Ink(
    "#e8efef", "#a9b8ba", "#6cc4c9", "#6d7d80", "#1a2729", ("#17363a", "#2a6167", "#7fd0d4", "#b5eef0"), "#10191b",
    {Source.SELF: "#6cc4c9", Source.SUPERIOR: "#c3a3f0", Source.RESIDENT: "#f4a27e"}, "#10191b",
)  # fmt: skip


def ink() -> Ink:
    """The colours of the page as its reader sees it."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def size(pixels: int) -> int:
    """Words on a chart are larger for whoever asked for large print."""
    return round(pixels * 1.3) if st.context.cookies.get("print") == "large" else pixels


@dataclass(frozen=True)
class Bar:
    """One bar: its key for the selection, the word beside it, how long it is, and the words at its end."""

    key: str
    word: str
    count: int
    label: str
    second: bool = False


@dataclass(frozen=True)
class Range:
    """A share (0–1) with its interval: its key for the selection, the word beside it, and the words at its end."""

    key: str
    word: str
    share: float
    low: float
    high: float
    label: str


def heat_map(cells: Mapping[tuple[Dimension, str], int], note: str, name: str) -> list[dict[str, Any]]:
    """Entries by dimension and level; gives the cells that were chosen."""
    colours, most = ink(), max(cells.values())
    half = most / 2
    heads = {level: level_words(Level(level) if level != LEVELS[-1] else None) for level in LEVELS}
    frame = pd.DataFrame(
        [
            {"dimension": d.value, "level": level, "row": d.label, "column": heads[level], "n": n, "deep": n > half}
            for (d, level), n in cells.items()
        ]
    )
    order = [dimension.label for dimension in ranked(cells)]
    cell = alt.selection_point(name="chosen", fields=["dimension", "level"], empty=False)
    x = alt.X("column:N", sort=list(heads.values()), title=None,
              axis=_axis(colours, orient="top", labelAngle=0, domain=False))  # fmt: skip
    y = alt.Y("row:N", sort=order, title=None, axis=_axis(colours, domain=False))
    fill = alt.condition(
        "datum.n > 0",
        alt.Color("n:Q", scale=alt.Scale(range=list(colours.shades), domain=[0, half, half, most]), legend=None),
        alt.value(colours.empty),
    )
    base = alt.Chart(frame).encode(x=x, y=y)
    tiles = base.mark_rect(cornerRadius=3, cursor="pointer").encode(color=fill, tooltip=_tips("row", "column", "n"))
    numbers = base.mark_text(fontSize=size(15)).encode(
        text="n:Q", color=alt.condition("datum.deep", alt.value(colours.on_dark), alt.value(colours.words))
    )
    chart = alt.layer(tiles.add_params(cell), numbers)
    return _show(chart, note, name, ROW * len(Dimension) + TOP + FOOT)


def ranked(cells: Mapping[tuple[Dimension, str], int]) -> list[Dimension]:
    """The dimensions, the one with most entries first."""
    return sorted(Dimension, key=lambda d: -sum(cells[d, level] for level in LEVELS))


def overlap(sets: Mapping[frozenset[Source], int], note: str, name: str) -> list[dict[str, Any]]:
    """Entries by the set of voices that spoke, the largest first; gives the sets that were chosen."""
    colours = ink()
    order = sorted(sets, key=lambda voices: (-sets[voices], len(voices), voices_key(voices)))
    keys = [voices_key(voices) for voices in order]
    frame = pd.DataFrame([{"voices": voices_key(v), "n": sets[v], "words": voices_in_words(v)} for v in order])
    y = alt.Y("voices:N", sort=keys, axis=None, title=None)
    x = alt.X("n:Q", title=None, axis=None,
              scale=alt.Scale(domain=[0, max(sets.values()) * 1.12], range=[DOTS, {"expr": "width"}]))  # fmt: skip
    chosen = alt.selection_point(name="chosen", fields=["voices"], empty=False)
    base = alt.Chart(frame).encode(y=y)
    bars = base.mark_bar(height=20, color=colours.second, cursor="pointer").encode(x=x, tooltip=_tips("words", "n"))
    ends = base.mark_text(align="left", dx=5, fontSize=size(14), color=colours.words).encode(x=x, text="n:Q")
    layers = [bars.add_params(chosen), ends]
    for place, source in enumerate(Source):
        layers += _dots(base, source, 16 + 34 * place, [voices_key(v) for v in order if source in v])
    return _show(alt.layer(*layers), note, name, 34 * len(sets) + FOOT)


def _dots(base: alt.Chart, source: Source, at: int, speaking: Sequence[str]) -> list[alt.Chart]:
    """A voice beside each set: its letter on its colour where it spoke, an empty ring where it was silent."""
    colours = ink()
    spoke = f"indexof({json.dumps(list(speaking))}, datum.voices) >= 0"
    on, off = base.transform_filter(spoke), base.transform_filter(f"!({spoke})")
    return [
        on.mark_circle(size=620, opacity=1, color=colours.voices[source]).encode(x=alt.value(at)),
        on.mark_text(fontSize=14, color=colours.on_voice).encode(x=alt.value(at), text=alt.value(LETTERS[source])),
        off.mark_point(size=180, opacity=1, color=colours.second, filled=False).encode(x=alt.value(at)),
    ]


def bars(rows: Sequence[Bar], note: str, name: str) -> list[dict[str, Any]]:
    """Horizontal bars in the order given, each with its words; gives the bars that were chosen."""
    colours = ink()
    frame = pd.DataFrame(
        [{"key": r.key, "word": r.word, "n": r.count, "label": r.label, "second": r.second} for r in rows]
    )
    y = alt.Y("word:N", sort=[row.word for row in rows], title=None, axis=_axis(colours, domain=False))
    x = alt.X("n:Q", title=None, axis=None, scale=alt.Scale(domain=[0, max(r.count for r in rows) * 1.35 or 1]))
    chosen = alt.selection_point(name="chosen", fields=["key"], empty=False)
    base = alt.Chart(frame).encode(y=y, x=x)
    shade = alt.condition("datum.second", alt.value(colours.second), alt.value(colours.bar))
    lengths = base.mark_bar(height=22, cursor="pointer").encode(color=shade, tooltip=_tips("word", "label"))
    ends = base.mark_text(align="left", dx=5, fontSize=size(14), color=colours.words).encode(text="label:N")
    return _show(alt.layer(lengths.add_params(chosen), ends), note, name, ROW * len(rows) + FOOT)


def ranges(rows: Sequence[Range], note: str, name: str) -> list[dict[str, Any]]:
    """Shares from 0 to 100% as points on their intervals, in the order given; gives the rows that were chosen."""
    colours = ink()
    frame = pd.DataFrame(
        [{"key": r.key, "word": r.word, "share": r.share, "low": r.low, "high": r.high, "label": r.label} for r in rows]
    )
    y = alt.Y("word:N", sort=[row.word for row in rows], title=None, axis=_axis(colours, domain=False))
    scale = alt.Scale(domain=[0, 1.25])
    axis = _axis(colours, format="%", orient="top", values=[0, 0.5, 1], domain=False)
    x = alt.X("share:Q", title=None, scale=scale, axis=axis)
    chosen = alt.selection_point(name="chosen", fields=["key"], empty=False)
    base = alt.Chart(frame).encode(y=y)
    spans = base.mark_bar(height=10, color=colours.second, opacity=0.6, cursor="pointer").encode(
        x=alt.X("low:Q", title=None, scale=scale), x2="high:Q", tooltip=_tips("word", "label")
    )
    tips = _tips("word", "label")
    points = base.mark_point(size=110, filled=True, opacity=1, color=colours.bar).encode(x=x, tooltip=tips)
    words = base.mark_text(align="left", fontSize=size(14), color=colours.words)
    ends = words.encode(x=alt.datum(1.03), text="label:N")
    return _show(alt.layer(spans.add_params(chosen), points, ends), note, name, ROW * len(rows) + TOP + FOOT)


def voices_key(voices: frozenset[Source]) -> str:
    """A set of voices as the register's address names it."""
    return ",".join(source.value for source in Source if source in voices)


def voices_in_words(voices: frozenset[Source]) -> str:
    words = [source.label for source in Source if source in voices]
    return _("{voices} only", voices=words[0]) if len(words) == 1 else " + ".join(words)


def _axis(colours: Ink, **more: Any) -> alt.Axis:
    return alt.Axis(labelFontSize=size(14), labelColor=colours.words, labelLimit=size(130), ticks=False, labelPadding=8,
                    grid=False, **more)  # fmt: skip


def _tips(*fields: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{field}:N", title=" ") for field in fields]


def _show(chart: alt.LayerChart | alt.FacetChart, note: str, name: str, height: int) -> list[dict[str, Any]]:
    lines: str | list[str] = note
    if size(100) > 100:  # large words do not fit on one line of a phone
        lines, height = note.split(" · "), height + size(20)
    under = alt.TitleParams(
        lines, orient="bottom", anchor="start", fontSize=size(14), fontWeight="normal", color=ink().faint, offset=10
    )
    whole = chart.properties(title=under).configure_view(strokeWidth=0)
    event: Any = st.altair_chart(whole, width="stretch", height=height, on_select="rerun", key=name)
    return list(event["selection"].get("chosen", []))

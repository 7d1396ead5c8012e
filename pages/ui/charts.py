"""The kinds of chart: zero-based, directly labelled, readable in grey. Each gives the fields `chosen` can be asked for.

A chart is drawn twice from the same rows: into its place on the page, and as a picture to take along.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd
from altair.utils import schemapi

from core.entries.register import LEVELS
from core.text import _, day
from core.words import Dimension, Level, Source
from pages.ui.inks import Style
from pages.ui.marks import LETTERS, level_words

# Altair holds every part of a chart against its schema again and again, three quarters of the time a chart takes. The
# tests draw each kind of chart through it.
schemapi.disable_debug_mode()

ROW, HEADS, TOP = 40, 50, 30
"""Pixels a row of a heat map takes, its heads of two lines above it, and heads of one line."""
NARROW = 290
"""Pixels of the narrowest place a chart may have to fill: a phone."""
LINE = 48
"""Pixels a bar takes with its words above it."""
DOTS = 108
"""Pixels left of the bars where the three voices stand."""
SHORT = 6
"""Letters that fit at the end of a bar."""
BAND = 84
"""Pixels one level takes over the months."""


@dataclass(frozen=True)
class Plot:
    """A chart and how high it is, in pixels, without its axes; with them it is `beside` higher."""

    chart: alt.LayerChart | alt.FacetChart
    height: int
    beside: int = 0


@dataclass(frozen=True)
class Bar:
    """One bar: its key for the selection, the words above it, how long it is, and the words at its end."""

    key: str
    word: str
    count: float
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


def heat_map(
    cells: Mapping[tuple[Dimension, str], int], order: Sequence[Dimension], none: str, most: int, style: Style
) -> Plot:
    """Entries by dimension and level, `none` the head for those without one, `most` what is darkest, at least 1. Of a
    cell `dimension` and `level`."""
    ink, half = style.ink, most / 2
    heads = {level: level_words(Level(level)) if level in tuple(Level) else f"○ {none}" for level in LEVELS}
    further = max(head.count(" ") for head in heads.values())
    frame = pd.DataFrame(
        [
            {"dimension": d.value, "level": level, "row": d.label, "column": heads[level], "n": n, "deep": n > half}
            for (d, level), n in cells.items()
        ]
    )
    x = alt.X("column:N", sort=list(heads.values()), title=None, axis=style.axis(
        orient="top", labelAngle=0, labelOverlap=False, labelFontSize=style.size(12),
        labelPadding=style.size(4 + 14 * further), labelExpr="split(datum.label, ' ')",
    ))  # fmt: skip
    y = alt.Y("row:N", sort=[d.label for d in order], title=None, axis=style.axis())
    fill = alt.condition(
        "datum.n > 0",
        alt.Color("n:Q", scale=alt.Scale(range=list(ink.shades), domain=[0, half, half, most]), legend=None),
        alt.value(ink.empty),
    )
    base = alt.Chart(frame).encode(x=x, y=y)
    tiles = base.mark_rect(cornerRadius=3, cursor="pointer").encode(color=fill, tooltip=_tips("row", "column", "n"))
    numbers = base.mark_text(fontSize=style.size(15)).encode(
        text="n:Q", color=alt.condition("datum.deep", alt.value(ink.on_dark), alt.value(ink.words))
    )
    chosen = _choosing(style, tiles, ["dimension", "level"], numbers)
    return Plot(chosen, ROW * len(Dimension), HEADS + style.size(14 * (further - 1)))


def overlap(sets: Mapping[frozenset[Source], int], style: Style) -> Plot:
    """Entries by the set of voices that spoke, the largest first; of a bar `voices`."""
    ink = style.ink
    order = sorted(sets, key=lambda voices: (-sets[voices], len(voices), voices_key(voices)))
    keys = [voices_key(voices) for voices in order]
    frame = pd.DataFrame([{"voices": voices_key(v), "n": sets[v], "words": voices_in_words(v)} for v in order])
    y = alt.Y("voices:N", sort=keys, axis=None, title=None)
    x = alt.X("n:Q", title=None, axis=None,
              scale=alt.Scale(domain=[0, max(sets.values()) * 1.12 or 1], range=[DOTS, style.right]))  # fmt: skip
    base = alt.Chart(frame).encode(y=y)
    bars = base.mark_bar(height=20, color=ink.second, cursor="pointer").encode(x=x, tooltip=_tips("words", "n"))
    ends = base.mark_text(align="left", dx=5, fontSize=style.size(14), color=ink.words).encode(x=x, text="n:Q")
    dots: list[alt.Chart] = []
    for place, source in enumerate(Source):
        dots += _dots(base, source, 16 + 34 * place, [voices_key(v) for v in order if source in v], style)
    return Plot(_choosing(style, bars, ["voices"], ends, *dots), 34 * len(sets))


def _dots(base: alt.Chart, source: Source, at: int, speaking: Sequence[str], style: Style) -> list[alt.Chart]:
    """A voice beside each set: its letter on its colour where it spoke, an empty ring where it was silent."""
    ink = style.ink
    spoke = f"indexof({json.dumps(list(speaking))}, datum.voices) >= 0"
    on, off = base.transform_filter(spoke), base.transform_filter(f"!({spoke})")
    return [
        on.mark_circle(size=620, opacity=1, color=ink.voices[source]).encode(x=alt.value(at)),
        on.mark_text(fontSize=14, color=ink.on_voice).encode(x=alt.value(at), text=alt.value(LETTERS[source])),
        off.mark_point(size=180, opacity=1, color=ink.second, filled=False).encode(x=alt.value(at)),
    ]


def bars(rows: Sequence[Bar], style: Style, most: float | None = None) -> Plot:
    """Horizontal bars in the order given, with words above each and its number at its end; where that takes more words,
    they stand above as well, below the words where a phone has no room beside them. `most` is what there can be, with
    a faint track behind. Of a bar `key`."""
    ink = style.ink
    short = all(len(row.label) <= SHORT for row in rows)
    folded = not short and max(_width(f"{r.word}　{r.label}", style) for r in rows) > (style.width or NARROW)
    line, half = style.size(LINE + (18 if folded else 0)), style.size(20 if folded else 11)
    gap = "\n" if folded else "　"
    frame = pd.DataFrame(
        [
            {"key": r.key, "word": r.word if short else f"{r.word}{gap}{r.label}", "n": r.count,
             "label": r.label if short else "", "second": r.second, "most": most}
            for r in rows
        ]
    )  # fmt: skip
    widest = (most or max((r.count for r in rows), default=0) or 1) * (1.2 if short else 1)
    y = alt.Y("key:N", sort=[row.key for row in rows], title=None, axis=None)
    scale = alt.Scale(domain=[0, widest])
    x = alt.X("n:Q", title=None, axis=None, scale=scale)
    base = alt.Chart(frame).encode(y=y)
    shade = alt.condition("datum.second", alt.value(ink.second), alt.value(ink.bar))
    thick = style.size(18)
    lengths = base.mark_bar(height=thick, yOffset=half).encode(x=x, color=shade)
    whole_row = base.mark_rect(opacity=0, cursor="pointer").encode(
        x=alt.value(0), x2=alt.value("width"), tooltip=_tips("word", "label")
    )
    text: dict[str, Any] = {"align": "left", "fontSize": style.size(14), "color": ink.words}
    ends = base.mark_text(dx=6, yOffset=half, **text).encode(x=x, text="label:N")
    above = base.mark_text(dy=-half, lineBreak="\n", lineHeight=style.size(17), **text)
    words = above.encode(x=alt.value(0), text="word:N")
    track = []
    if most is not None:
        whole = alt.X("most:Q", title=None, axis=None, scale=scale)
        track = [base.mark_bar(height=thick, yOffset=half, color=ink.empty).encode(x=whole)]
    return Plot(_choosing(style, whole_row, ["key"], under=[*track, lengths, ends, words]), line * len(rows))


def over_time(columns: Sequence[tuple[str, str, Mapping[str, int]]], style: Style) -> Plot:
    """For each level a row of columns, one for each of `columns` as key, words and counts; all rows on one scale. Of a
    column `key`."""
    ink = style.ink
    most = max((n for _key, _word, counts in columns for n in counts.values()), default=0) or 1
    shown = [level for level in LEVELS if any(counts[level] for _key, _word, counts in columns)] or [LEVELS[0]]
    frame = pd.DataFrame(
        [
            {"key": key, "word": word, "level": level, "n": counts[level], "colour": ink.levels[level],
             "base": row + 0.94, "top": row + 0.94 - 0.55 * counts[level] / most,
             "said": f"{level_words(_level(level))} · {counts[level]}"}
            for row, level in enumerate(shown) for key, word, counts in columns
        ]
    )  # fmt: skip
    scale = alt.Scale(domain=[0, len(shown)], reverse=True)
    x = alt.X("word:N", sort=[word for _key, word, _n in columns], title=None,
              axis=style.axis(labelAngle=0, labelFontSize=style.size(12), labelPadding=6))  # fmt: skip
    base = alt.Chart(frame)
    columns_ = base.mark_bar(cursor="pointer").encode(
        x=x, y=alt.Y("base:Q", title=None, axis=None, scale=scale), y2="top:Q",
        color=alt.Color("colour:N", scale=None), tooltip=_tips("word", "said"),
    )  # fmt: skip
    ends = base.mark_text(dy=-8, fontSize=style.size(12), color=ink.words).encode(
        x=x, y=alt.Y("top:Q", scale=scale), text="n:Q"
    )
    heads = pd.DataFrame(
        [{"row": row + 0.14, "head": level_words(_level(level))} for row, level in enumerate(shown)]
    )
    names = alt.Chart(heads).mark_text(align="left", fontSize=style.size(14), color=ink.words, fontWeight=600).encode(
        x=alt.value(0), y=alt.Y("row:Q", scale=scale), text="head:N"
    )
    return Plot(_choosing(style, columns_, ["key"], ends, names), style.size(BAND) * len(shown), TOP)


def days(counts: Mapping[date, int], style: Style) -> Plot:
    """A square for each day, weeks beside one another and weekdays below one another; of a square `day`."""
    ink, most = style.ink, max(counts.values(), default=0) or 1
    weekdays = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    frame = pd.DataFrame(
        [
            {"day": on.isoformat(), "week": _monday(on).isoformat(), "weekday": weekdays[on.weekday()], "n": n,
             "said": f"{day(on)} · {n}"}
            for on, n in counts.items()
        ]
    )  # fmt: skip
    weeks = sorted({_monday(on) for on in counts})
    firsts = {
        week.isoformat(): month(week) for before, week in zip([None, *weeks], weeks, strict=False)
        if before is None or before.month != week.month
    }  # fmt: skip
    names = f"{json.dumps(firsts)}[datum.label] || ''"
    x = alt.X("week:N", title=None, axis=style.axis(orient="top", labelAngle=0, labelExpr=names, labelOverlap=True,
              labelAlign="left", labelFontSize=style.size(12)))  # fmt: skip
    y = alt.Y("weekday:N", sort=weekdays, title=None, axis=style.axis(labelFontSize=style.size(12)))
    fill = alt.condition(
        "datum.n > 0",
        alt.Color("n:Q", legend=None,
                  scale=alt.Scale(type="threshold", domain=[most / 4, most / 2, 3 * most / 4], range=list(ink.shades))),
        alt.value(ink.empty),
    )  # fmt: skip
    base = alt.Chart(frame).encode(x=x, y=y)
    squares = base.mark_rect(cornerRadius=2, stroke=ink.faint, strokeWidth=0.3, cursor="pointer").encode(
        color=fill, tooltip=_tips("said")
    )
    return Plot(_choosing(style, squares, ["day"]), style.size(22) * 7, TOP)


def month(day: date) -> str:
    """A month as it stands under a column."""
    names = (_("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"), _("Jul"), _("Aug"), _("Sep"), _("Oct"),
             _("Nov"), _("Dec"))  # fmt: skip
    return names[day.month - 1]


def ranges(rows: Sequence[Range], style: Style) -> Plot:
    """Shares from 0 to 100% as points on their intervals, in the order given; of a row `key`."""
    ink = style.ink
    frame = pd.DataFrame(
        [{"key": r.key, "word": r.word, "share": r.share, "low": r.low, "high": r.high, "label": r.label} for r in rows]
    )
    y = alt.Y("word:N", sort=[row.word for row in rows], title=None, axis=style.axis())
    scale = alt.Scale(domain=[0, 1.25])
    x = alt.X("share:Q", title=None, scale=scale, axis=style.axis(format="%", orient="top", values=[0, 0.5, 1]))
    base = alt.Chart(frame).encode(y=y)
    spans = base.mark_bar(height=10, color=ink.second, opacity=0.6, cursor="pointer").encode(
        x=alt.X("low:Q", title=None, scale=scale), x2="high:Q", tooltip=_tips("word", "label")
    )
    tips = _tips("word", "label")
    points = base.mark_point(size=110, filled=True, opacity=1, color=ink.bar).encode(x=x, tooltip=tips)
    words = base.mark_text(align="left", fontSize=style.size(14), color=ink.words)
    ends = words.encode(x=alt.datum(1.03), text="label:N")
    return Plot(_choosing(style, spans, ["key"], points, ends), ROW * len(rows), TOP)


def voices_key(voices: frozenset[Source]) -> str:
    """A set of voices as the register's address names it."""
    return ",".join(source.value for source in Source if source in voices)


def voices_in_words(voices: frozenset[Source]) -> str:
    words = [source.label for source in Source if source in voices]
    return _("{voices} only", voices=words[0]) if len(words) == 1 else " + ".join(words)


def _width(words: str, style: Style) -> float:
    """About how many pixels words take: a Chinese letter is as wide as it is high, others little more than half."""
    return style.size(14) * sum(1 if ord(letter) >= 0x2E80 else 0.56 for letter in words)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _level(level: str) -> Level | None:
    return Level(level) if level in tuple(Level) else None


def _tips(*fields: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{field}:N", title=" ") for field in fields]


def _choosing(
    style: Style, marks: alt.Chart, fields: list[str], *above: alt.Chart, under: Sequence[alt.Chart] = ()
) -> alt.LayerChart | alt.FacetChart:
    """Marks that can be chosen on a page, between what lies under them and what stands above."""
    if style.width is None:
        marks = marks.add_params(alt.selection_point(name="chosen", fields=fields, empty=False))
    return alt.layer(*under, marks, *above)

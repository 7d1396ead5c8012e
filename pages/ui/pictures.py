"""A chart as a picture that stands alone, its Chinese words drawn in, whatever machine opens it."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import vl_convert

from core.formats import fonts

SCALE = 2
"""Dots for each point of the drawing: sharp on paper and on fine screens."""
PAPER, WORDS = "#ffffff", "#1d2b2e"


def png(chart: alt.TopLevelMixin, heading: str = "", lines: Sequence[str] = ()) -> bytes:
    """A chart as PNG, twice as many dots as it is wide, with `heading` and `lines` above it, on white.

    Refused where the machine has no Chinese font. The chart gives its width itself, as nothing around it does.
    """
    content: bytes = vl_convert.vegalite_to_png(spec(chart, heading, lines), scale=SCALE, allowed_base_urls=[])
    return content


def spec(chart: alt.TopLevelMixin, heading: str = "", lines: Sequence[str] = ()) -> dict[str, Any]:
    """A chart as it is drawn, with its font, its white ground and what stands above it."""
    drawn: dict[str, Any] = chart.to_dict()
    frame: dict[str, Any] = {key: drawn.pop(key) for key in ("$schema", "datasets") if key in drawn}
    config = {**drawn.pop("config", {}), "font": _family(), "background": PAPER}
    title = {
        "text": heading, "subtitle": list(lines), "anchor": "start", "offset": 16, "color": WORDS, "fontSize": 18,
        "subtitleColor": WORDS, "subtitleFontSize": 14, "subtitlePadding": 8,
    }  # fmt: skip
    return {**frame, "vconcat": [drawn], "config": config, "padding": 20, **({"title": title} if heading else {})}


@cache
def _family() -> str:
    """The Chinese font by name, known to the drawer also where its file lies in an unusual place."""
    font = fonts.chinese()
    vl_convert.register_font_directory(str(font.file.parent))
    return font.family

"""How charts are inked: colours and sizes for a light or a dark page, for large print, and for a picture on paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import streamlit as st

from core.entries.register import UNRATED
from core.words import Source
from pages.ui.marks import COLOURS


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
    levels: Mapping[str, str]


LIGHT = Ink(
    "#1d2b2e", "#5b6b6e", "#0f5c63", "#8a989a", "#eef2f2", ("#d8e9e9", "#9cc4c5", "#2b6a70", "#0a454b"), "#ffffff",
    COLOURS, "#ffffff",
    {"high": "#a3201f", "medium": "#8a5a00", "low": "#4a5d70", UNRATED: "#8a989a"},
)  # fmt: skip
DARK = Ink(
    "#e8efef", "#a9b8ba", "#6cc4c9", "#6d7d80", "#1a2729", ("#17363a", "#2a6167", "#7fd0d4", "#b5eef0"), "#10191b",
    {Source.SELF: "#6cc4c9", Source.SUPERIOR: "#c3a3f0", Source.RESIDENT: "#f4a27e"}, "#10191b",
    {"high": "#ff8f88", "medium": "#f0bd5e", "low": "#a9bdd1", UNRATED: "#6d7d80"},
)  # fmt: skip


@dataclass(frozen=True)
class Style:
    """How a chart is drawn: in which colours, how large its words are, and how wide it is where it does not fill its
    place."""

    ink: Ink
    scale: float = 1.0
    width: int | None = None

    def size(self, pixels: int) -> int:
        return round(pixels * self.scale)

    @property
    def right(self) -> Any:
        """The right edge in a range of pixels."""
        return self.width or {"expr": "width"}

    def axis(self, **more: Any) -> alt.Axis:
        usual: dict[str, Any] = {
            "labelFontSize": self.size(14), "labelColor": self.ink.words, "labelLimit": self.size(130), "ticks": False,
            "labelPadding": 8, "grid": False, "domain": False, "labelFlush": False,
        }  # fmt: skip
        return alt.Axis(**(usual | more))


PAPER = Style(LIGHT, width=640)
"""A picture to take along: on white, words as on a page of paper."""


def on_screen() -> Style:
    """As the reader of the page sees it: in its light or dark, larger for whoever asked for large print."""
    large = st.context.cookies.get("print") == "large"
    return Style(DARK if st.context.theme.type == "dark" else LIGHT, 1.3 if large else 1.0)

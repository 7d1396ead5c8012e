"""What comes to light once, and what a form was answered: held for two seconds, as many people click twice; then nobody
holds it any more."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")
HELD = 2.0
"""Seconds for which a second click gets again what it would else have taken away, or done twice."""
Draw = Callable[[], None]


def holder(key: str) -> list[Any]:
    """What a tab holds, to be had before the deed: another click may end a run wherever it asks Streamlit anything."""
    held: list[Any] = st.session_state.setdefault(key, [])
    return held


def hold(held: list[T], what: T) -> None:
    """Hold it for the second click."""
    held.append(what)
    clearing = threading.Timer(HELD, held.clear)
    clearing.daemon = True
    clearing.start()


def show(held: list[Draw], draw: Draw) -> None:
    """Draw it, and hold it for the second click."""
    hold(held, draw)
    draw()


def again(key: str) -> None:
    """Draw what is held still."""
    for draw in list(st.session_state.get(key, ())):
        draw()

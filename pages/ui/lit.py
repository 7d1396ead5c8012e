"""What comes to light once: it is drawn, and for two seconds drawn again, as many people click twice; then nobody holds
it any more."""

import threading
from collections.abc import Callable

import streamlit as st

HELD = 2.0
"""Seconds for which a second click draws again what it would else have taken away."""
Draw = Callable[[], None]


def holder(key: str) -> list[Draw]:
    """What a tab holds, to be had before the deed: another click may end a run wherever it asks Streamlit anything."""
    held: list[Draw] = st.session_state.setdefault(key, [])
    return held


def show(held: list[Draw], draw: Draw) -> None:
    """Draw it, and hold it for the second click."""
    held.append(draw)
    clearing = threading.Timer(HELD, held.clear)
    clearing.daemon = True
    clearing.start()
    draw()


def again(key: str) -> None:
    """Draw what is held still."""
    for draw in list(st.session_state.get(key, ())):
        draw()

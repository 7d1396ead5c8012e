"""Parts of a page that take a while and are not what one comes for: folded, and drawn when somebody unfolds them."""

from collections.abc import Callable

import streamlit as st


def part(title: str, draw: Callable[[], object], *, key: str, expanded: bool = False) -> None:
    """A part under its title, drawn as long as it is unfolded."""
    shown = st.expander(title, expanded=expanded, on_change="rerun", key=key)
    if shown.open:
        with shown:
            draw()

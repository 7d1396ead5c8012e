"""Parts of a page that take a while: folded, and drawn when somebody unfolds them."""

from collections.abc import Callable

import streamlit as st


def part(title: str, draw: Callable[[], object], *, key: str, long: bool, expanded: bool = False) -> None:
    """A part under its title; a `long` one is folded and drawn when it is unfolded."""
    if not long:
        st.subheader(title)
        draw()
        return
    shown = st.expander(title, expanded=expanded, on_change="rerun", key=key)
    if shown.open:
        with shown:
            draw()

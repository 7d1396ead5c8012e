"""The way from one page of a list to the next and back, under the list."""

import streamlit as st

from core.text import _
from core.turning import Turn, Turned, from_address


def wanted() -> Turn:
    """The page the address asks for."""
    return from_address(st.query_params.to_dict())


def buttons(turned: Turned, pages: int, key: str) -> None:
    """Nothing where all stands on one page."""
    if turned.back is None and turned.onward is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"qy_turn_{key}"):
        if turned.back:
            st.button(_("‹ Previous page"), key=f"{key}:back", on_click=_go, args=(turned.back,))
        st.caption(_("Page {page} of {pages}", page=turned.page, pages=max(pages, turned.page)), width="content")
        if turned.onward:
            st.button(_("Next page ›"), key=f"{key}:onward", on_click=_go, args=(turned.onward,))


def _go(to: Turn) -> None:
    for name in ("after", "before", "page"):
        st.query_params.pop(name, None)
    st.query_params.update(to.query)

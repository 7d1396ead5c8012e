"""The way from one page of a list to the next and back, under the list."""

from typing import Any

import streamlit as st

from core.text import _
from core.turning import START, Listed, Turn, Turned, from_address


def wanted() -> Turn:
    """The page the address asks for."""
    return from_address(st.query_params.to_dict())


def kept(key: str) -> Turn:
    """The page a tab has come to in a list that stands beside others, or is searched by words: in no address."""
    found: Turn = st.session_state.get(f"{key}:turn", START)
    return found


def under(found: Listed[Any], key: str) -> None:
    """The ways on under a list whose page is `kept` by this tab."""
    buttons(found.turned, found.pages, key, kept=True)


def buttons(turned: Turned, pages: int, key: str, *, kept: bool = False) -> None:
    """Nothing where all stands on one page. No `pages` where nobody counts them."""
    args = (f"{key}:turn",) if kept else ()
    if turned.back is None and turned.onward is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"qy_turn_{key}"):
        if turned.back:
            st.button(_("‹ Previous page"), key=f"{key}:back", on_click=_go, args=(turned.back, *args))
        of_all = _("Page {page} of {pages}", page=turned.page, pages=max(pages, turned.page))
        st.caption(of_all if pages else _("Page {page}", page=turned.page), width="content")
        if turned.onward:
            st.button(_("Next page ›"), key=f"{key}:onward", on_click=_go, args=(turned.onward, *args))


def _go(to: Turn, key: str = "") -> None:
    if key:
        st.session_state[key] = to
        return
    for name in ("after", "before", "page"):
        st.query_params.pop(name, None)
    st.query_params.update(to.query)

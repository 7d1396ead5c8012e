"""Saved views of the register: opening one by its name or link, and keeping, sharing, changing and removing it."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.entries import register, views
from core.entries.register import Filter
from core.entries.views import ViewForm, ViewRow
from core.text import _
from core.turning import START
from pages.ui import deeds, gate
from pages.ui.forms import Form

STATE = st.session_state


def opened() -> None:
    """Turn the link of a view into its filter; a bare address into the view one begins with."""
    asked = {key: st.query_params.get_all(key) for key in st.query_params}
    if wanted := st.query_params.get("view"):
        row = next((row for row in gate.ask(views.views) if row.id == wanted), None)
        if row is None:
            st.info(_("This view is gone, or is not shared with you."))
        st.query_params.from_dict(row.query if row else {k: v for k, v in asked.items() if k != "view"})
    elif not asked and STATE.get("register:address") != {} and (row := gate.ask(views.default)):
        st.query_params.from_dict(row.query)


def bar(wanted: Filter) -> None:
    """The views to choose from, and the place where the filter that stands here is kept under a name."""
    rows = gate.ask(views.views)
    query = register.to_query(replace(wanted, turn=START))
    current = next((row for row in rows if row.query == query), None) if wanted.narrows else None
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="qy_views"):
        if rows:
            _choose(rows, current)
        if current or wanted.narrows:
            with st.popover(_("This view") if current else _("Save this filter")):
                _one(current) if current else _save(query, wanted.unit_id or "")
                if current is None and (own := [row for row in rows if row.may_change]):
                    _replace(own, query)


def _choose(rows: Sequence[ViewRow], current: ViewRow | None) -> None:
    by_id = {row.id: row for row in rows}
    options = [None, *by_id]
    key = f"views:{current.id if current else ''}:{len(rows)}"

    def turned() -> None:
        STATE["register:version"] = STATE.get("register:version", 0) + 1
        STATE["register:address"] = {}
        st.query_params.from_dict(by_id[STATE[key]].query if STATE[key] else {})

    st.selectbox(
        _("Saved views"), options, options.index(current.id if current else None), key=key, width=260,
        format_func=lambda one: by_id[one].label if one else _("Saved views"), label_visibility="collapsed",
        on_change=turned,
    )  # fmt: skip


def _save(query: views.Query, unit_id: str) -> None:
    names = {unit.id: unit.name for unit in gate.ask(views.places, unit_id)}
    form = Form("view", ViewForm, options={"unit_id": names}, draft=False)
    st.caption(_("Only the filter is kept. Whoever opens it sees what they may see themselves."))
    if form.send(_("Save this filter"), lambda work, said: views.save(work, query, said)):
        deeds.done(_("The view is saved."))


def _replace(rows: Sequence[ViewRow], query: views.Query) -> None:
    by_id = {row.id: row for row in rows}
    chosen = st.selectbox(
        _("Or put this filter in the place of"), list(by_id), None, format_func=lambda one: by_id[one].label,
        key="views:replace",
    )  # fmt: skip
    if not chosen or not st.button(_("Replace"), key="views:replace:send"):
        return
    if gate.do(views.change, chosen, by_id[chosen].name, query):
        deeds.done(_("The view is changed."))


def _one(row: ViewRow) -> None:
    st.caption(_("made by {name}", name=row.maker) if row.unit else _("for yourself alone"))
    first = st.checkbox(_("Open the register with this view"), row.is_default, key=f"views:default:{row.id}")
    if first != row.is_default and gate.do(views.make_default, row.id if first else None):
        st.rerun()
    st.code(f"{_base()}/register?view={row.id}", language=None)
    if not row.may_change:
        return
    name = st.text_input(_("Name of the view"), row.name, key=f"views:name:{row.id}", max_chars=30)
    asked = name != row.name and st.button(_("Rename"), key=f"views:rename:{row.id}")
    if asked and gate.do(views.change, row.id, name):
        deeds.done(_("The view is changed."))
    gone = _("Nobody finds it by its name or link any more.") if row.unit else _("The filter itself stays on the page.")
    if deeds.sure(_("Remove this view"), gone, _("Remove it"), row.id) and gate.do(views.remove, row.id):
        deeds.done(_("The view is removed."))


def _base() -> str:
    url = st.context.url
    return url.rsplit("/", 1)[0] if isinstance(url, str) else ""

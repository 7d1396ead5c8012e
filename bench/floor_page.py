"""The bare Streamlit script that draws a floor; see `bench.floor`. It is run in a server of its own."""

import base64
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pyarrow as pa
import streamlit as st


def show() -> None:
    """Draw the floor that the address names."""
    floor = _read(str(st.query_params.get("floor", "")))
    st.set_page_config(page_title=floor["title"], page_icon="💧", layout="wide")
    pages = {page["url_path"]: st.Page(_draw, **page) for page in floor["pages"]}
    st.session_state["pages"] = pages
    st.navigation(list(pages.values()), position="sidebar", expanded=True).run()


def _draw() -> None:
    floor, pages = _read(str(st.query_params.get("floor", ""))), st.session_state["pages"]
    places: dict[tuple[int, ...], Any] = {(0,): st, (1,): st.sidebar}
    for at, name, given in floor["calls"]:
        holder = places[at] if at in places and len(at) > 1 else places.get(at[:-1], st)
        if name == "columns":
            for n, column in enumerate(holder.columns(**given)):
                places[(*at, n)] = column
        elif name == "page_link":
            query = parse_qsl(given["query_string"])
            holder.page_link(pages[given["page"]], label=given["label"], query_params=query or None)
        else:
            made = getattr(holder, name)(**given)
            if name in HOLDERS:
                places[at] = made


HOLDERS = frozenset({"container", "expander", "form", "popover", "empty"})


@cache
def _read(name: str) -> Mapping[str, Any]:
    """What is drawn, read once: tables and charts as they are given to Streamlit."""
    floor: dict[str, Any] = json.loads((Path.cwd() / f"{name}.json").read_text(encoding="utf-8"))
    calls = [(tuple(call["at"]), call["name"], call["given"]) for call in floor["calls"]]
    for _at, name_, given in calls:
        if name_ == "download_button":
            given["data"] = b""
        if "data" in given and name_ in ("vega_lite_chart", "dataframe"):
            given["data"] = _frame(base64.b64decode(given["data"]))
    return {**floor, "calls": calls}


def _frame(table: bytes) -> Any:
    return pa.ipc.open_stream(table).read_all().to_pandas() if table else None

"""The floor of a page: the same elements, with the same words, drawn by a bare Streamlit script from constants.

What the product's page sent is read back into calls of Streamlit, one for each element; the bare script makes these
calls again, with the same pages in its menu. Nothing is asked, looked up, decided or translated there. It is written
into a folder with `write` and served with `bench.served.bare`; `?floor=NAME` says which page is drawn.
"""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from streamlit.proto.Block_pb2 import Block
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

SCRIPT = "from bench.floor_page import show\n\nshow()\n"
Facts = dict[str, Any]


@dataclass
class Call:
    """A call of Streamlit: where its result stands, its name and what it is given."""

    at: tuple[int, ...]
    name: str
    given: Facts


@dataclass
class Floor:
    """What a bare script draws; `unknown` are kinds of elements for which there is no call."""

    title: str = ""
    pages: list[Facts] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many calls of each name."""
        names = [call.name for call in self.calls]
        return {name: names.count(name) for name in sorted(set(names))}


def floor_of(messages: Iterable[ForwardMsg]) -> Floor:
    """The floor of what a page sent."""
    found = Floor()
    for message in messages:
        kind = message.WhichOneof("type")
        if kind == "page_config_changed" and message.page_config_changed.title:
            found.title = message.page_config_changed.title
        elif kind == "navigation":
            found.pages = [
                {"title": page.page_name, "url_path": page.url_pathname, "default": page.is_default,
                 "visibility": "hidden" if page.is_hidden else "visible"}
                for page in message.navigation.app_pages
            ]  # fmt: skip
        elif kind == "delta":
            _add(found, tuple(message.metadata.delta_path), message.delta)
    return found


def _add(found: Floor, at: tuple[int, ...], delta: Delta) -> None:
    if delta.HasField("add_block"):
        _add_block(found, at, delta.add_block)
        return
    kind = delta.new_element.WhichOneof("type") or ""
    if kind not in ELEMENTS:
        found.unknown.append(kind)
        return
    name, given = ELEMENTS[kind](delta.new_element)
    if name in WIDGETS:
        given["key"] = f"{name}{len(found.calls)}"
    found.calls.append(Call(at, name, given))


def _add_block(found: Floor, at: tuple[int, ...], block: Block) -> None:
    kind = block.WhichOneof("type")
    if kind == "column":  # the container it stands in was a call of `columns`
        row = next(call for call in reversed(found.calls) if call.at == at[:-1])
        if row.name != "columns":
            row.name, row.given = "columns", {"spec": []}
        row.given["spec"].append(block.column.weight)
    elif kind == "form":
        found.calls.append(Call(at, "form", {"key": f"form{len(found.calls)}", "border": block.form.border}))
    elif kind == "expandable":
        shut = {"label": block.expandable.label, "expanded": block.expandable.expanded}
        found.calls.append(Call(at, "expander", shut))
    elif kind == "popover":
        found.calls.append(Call(at, "popover", {"label": block.popover.label}))
    elif kind in ("flex_container", "vertical", None):
        is_row = block.flex_container.direction == Block.FlexContainer.HORIZONTAL
        found.calls.append(Call(at, "container", {"horizontal": is_row, "key": f"container{len(found.calls)}"}))
    else:
        found.unknown.append(str(kind))
        found.calls.append(Call(at, "container", {}))


def _markdown(element: Element) -> tuple[str, Facts]:
    told = element.markdown
    if told.element_type == told.DIVIDER:
        return "divider", {}
    name = "caption" if told.element_type == told.CAPTION else "markdown"
    return name, {"body": told.body, "unsafe_allow_html": told.allow_html}


def _heading(element: Element) -> tuple[str, Facts]:
    names = {"h1": "title", "h2": "header", "h3": "subheader"}
    return names.get(element.heading.tag, "subheader"), {"body": element.heading.body}


def _button(element: Element) -> tuple[str, Facts]:
    told = element.button
    name = "form_submit_button" if told.is_form_submitter else "button"
    return name, {"label": told.label, "type": told.type or "secondary", "disabled": told.disabled}


def _text(element: Element, name: str) -> tuple[str, Facts]:
    told = getattr(element, name)
    return name, {"label": told.label, "value": told.default, "placeholder": told.placeholder,
                  "max_chars": told.max_chars or None}  # fmt: skip


def _selectbox(element: Element) -> tuple[str, Facts]:
    told = element.selectbox
    index = told.default if told.HasField("default") else None
    return "selectbox", {"label": told.label, "options": list(told.options), "index": index}


def _multiselect(element: Element) -> tuple[str, Facts]:
    told = element.multiselect
    chosen = [told.options[n] for n in told.default]
    return "multiselect", {"label": told.label, "options": list(told.options), "default": chosen}


def _button_group(element: Element) -> tuple[str, Facts]:
    told = element.button_group
    name = "pills" if told.style == told.PILLS else "segmented_control"
    options = [f"{option.content_icon}{option.content}" for option in told.options]
    several = told.click_mode == told.MULTI_SELECT
    chosen = [options[n] for n in told.default]
    return name, {"label": told.label, "options": options, "default": chosen if several else next(iter(chosen), None),
                  "selection_mode": "multi" if several else "single"}  # fmt: skip


def _date(element: Element) -> tuple[str, Facts]:
    told = element.date_input
    days = [day.replace("/", "-") for day in told.default]
    value: Any = days if told.is_range else next(iter(days), None)
    return "date_input", {"label": told.label, "value": value, "min_value": told.min.replace("/", "-") or None,
                          "max_value": told.max.replace("/", "-") or None}  # fmt: skip


def _number(element: Element) -> tuple[str, Facts]:
    told = element.number_input
    whole: Callable[[float], float] = int if told.data_type == told.INT else float
    return "number_input", {
        "label": told.label, "step": whole(told.step),
        "value": whole(told.default) if told.HasField("default") else None,
        "min_value": whole(told.min) if told.has_min else None, "max_value": whole(told.max) if told.has_max else None,
    }  # fmt: skip


def _alert(element: Element) -> tuple[str, Facts]:
    return element.alert.Format.Name(element.alert.format).lower(), {"body": element.alert.body}


def _chart(element: Element) -> tuple[str, Facts]:
    told = element.vega_lite_chart
    tables = [dataset.data.data for dataset in told.datasets] or [told.data.data]
    return "vega_lite_chart", {"spec": json.loads(told.spec), "data": base64.b64encode(tables[0]).decode()}


def _table(element: Element) -> tuple[str, Facts]:
    return "dataframe", {"data": base64.b64encode(element.dataframe.arrow_data.data).decode()}


def _fields(name: str, kind: str, *fields: str) -> Callable[[Element], tuple[str, Facts]]:
    """A call that takes some fields as they are."""

    def read(element: Element) -> tuple[str, Facts]:
        told = getattr(element, kind)
        return name, {one: getattr(told, one) for one in fields}

    return read


ELEMENTS: Mapping[str, Callable[[Element], tuple[str, Facts]]] = {
    "html": _fields("html", "html", "body"),
    "markdown": _markdown,
    "heading": _heading,
    "page_link": _fields("page_link", "page_link", "page", "label", "query_string"),
    "link_button": _fields("link_button", "link_button", "label", "url"),
    "button": _button,
    "download_button": _fields("download_button", "download_button", "label"),
    "text_input": lambda element: _text(element, "text_input"),
    "text_area": lambda element: _text(element, "text_area"),
    "selectbox": _selectbox,
    "multiselect": _multiselect,
    "button_group": _button_group,
    "checkbox": lambda element: (
        "toggle" if element.checkbox.type == element.checkbox.TOGGLE else "checkbox",
        {"label": element.checkbox.label, "value": element.checkbox.default},
    ),
    "date_input": _date,
    "number_input": _number,
    "pagination": lambda element: ("pagination", {"num_pages": element.pagination.num_pages}),
    "file_uploader": _fields("file_uploader", "file_uploader", "label"),
    "alert": _alert,
    "progress": _fields("progress", "progress", "value", "text"),
    "vega_lite_chart": _chart,
    "dataframe": _table,
    "text": _fields("text", "text", "body"),
    "code": lambda element: ("code", {"body": element.code.code_text}),
    "empty": lambda _element: ("empty", {}),
}  # fmt: skip
"""By the kind of element: the call that makes one, and what it is given."""
WIDGETS = frozenset({
    "button", "download_button", "text_input", "text_area", "selectbox", "multiselect", "pills", "segmented_control",
    "checkbox", "toggle", "date_input", "number_input", "pagination", "file_uploader", "form_submit_button",
})  # fmt: skip
"""Calls that want a key of their own."""


def write(folder: Path, name: str, floor: Floor) -> None:
    """Put a floor where the bare script finds it, with the script."""
    (folder / "floor.py").write_text(SCRIPT, encoding="utf-8")
    (folder / f"{name}.json").write_text(json.dumps(asdict(floor)), encoding="utf-8")

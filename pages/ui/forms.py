"""Forms drawn from pydantic models: a sentence beside each field, and nothing typed is lost."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

import streamlit as st
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from streamlit.delta_generator import DeltaGenerator

from core.errors import Expired, Invalid, Refused, explain
from core.text import Term, _
from core.voices.drafts import plain
from pages.ui import gate, lit, persons, places
from pages.ui.gate import Done
from pages.ui.persons import Persons
from pages.ui.places import Ground

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R")

BUTTONS = 10
"""Numbers up to which each has a button of its own."""
Options = Mapping[str, Mapping[Any, str] | Ground | Persons]


class Form(Generic[M]):
    """One model on the screen.

    `name` keys the draft; `options` gives the choices of a field as value → words, or says among which units or people
    one chooses, where the model has none;
    `start` gives what stands there before anybody has typed; `draft` keeps what is typed for a signed-in person.
    `columns` is a number of columns, or the place of each field by name (the rest stands below).
    """

    def __init__(
        self, name: str, model: type[M], *, options: Options | None = None, start: Mapping[str, Any] | None = None,
        skip: Sequence[str] = (), draft: bool = True, columns: int | Mapping[str, DeltaGenerator] = 1,
    ) -> None:  # fmt: skip
        self.name, self.model, self.options, self.draft = name, model, options or {}, draft
        self._version = st.session_state.setdefault(f"form:{name}", 0)
        self._slots: dict[str, Any] = {}
        self._start = dict(start or {}) | self._kept()
        self.fields: dict[str, Any] = {}
        shown = [(key, info) for key, info in model.model_fields.items() if key not in skip]
        places = columns if isinstance(columns, Mapping) else {}
        cells = st.columns(columns) if isinstance(columns, int) and columns > 1 else [st.container()]
        for n, (key, info) in enumerate(shown):
            with places.get(key, cells[n % len(cells)]):
                self.fields[key] = self._draw(key, info)
                self._slots[key] = st.empty()
        self._keep()
        self._tell(st.session_state.get(self._key(".errors"), {}))

    def send(
        self, label: str, deed: Callable[..., R], *args: Any, key: str = "send", keep: bool = False,
        shortcut: str | None = None, ready: Callable[[], Mapping[str, Any]] = dict, **kwargs: Any,
    ) -> Done[R] | None:  # fmt: skip
        """The button, and the deed with the model as its last argument when it is pressed.

        `keep` leaves what is typed where it is, for a preview that is not the deed yet; `ready` makes further arguments
        ready that take their time, before anything is locked for the deed. A second click may end the first one's run
        before the fields are emptied: with the same in them it gets what the first one got, and nothing is done twice.
        """
        answered: list[tuple[M, Done[R]]] = [] if keep else lit.holder(self._key(f".{key}"))
        if not st.button(label, type="primary", key=self._key(key), shortcut=shortcut):
            return None
        value = self.value()
        if value is None:
            return None
        try:
            done = next((given for sent, given in answered if sent == value), None)
            done = done or Done(gate.attempt(deed, *args, value, **kwargs, **ready()))
        except Invalid as refusal:
            self._refuse(refusal.fields)
        except Expired as refusal:
            self._keep(again=True)
            gate.explain_refusal(refusal)
            st.info(_("What you typed is kept for you."))
        except Refused as refusal:
            gate.explain_refusal(refusal)
        else:
            if not keep:
                lit.hold(answered, (value, done))
                self.clear()
            return done
        return None

    def value(self) -> M | None:
        """The model as typed, or None with a sentence beside each field that cannot be taken."""
        try:
            return self.model.model_validate(self.fields)
        except ValidationError as error:
            self._refuse(explain(error))
            return None

    def fill(self, **values: Any) -> None:
        """Put values into fields, keep what is typed in the others, and draw anew."""
        typed = plain(self.fields | values)
        gate.keep_draft(self.name, typed)
        st.session_state[f"form:{self.name}"] = self._version = self._version + 1
        st.session_state[self._key(".draft")] = typed
        st.rerun()

    def clear(self) -> None:
        """Begin anew: empty fields and no draft."""
        if self.draft:
            gate.drop_draft(self.name)
        st.session_state.pop(self._key(".errors"), None)
        st.session_state[f"form:{self.name}"] = self._version + 1

    def _refuse(self, fields: Mapping[str, str]) -> None:
        st.session_state[self._key(".errors")] = dict(fields)
        self._tell(fields)
        rest = [sentence for key, sentence in fields.items() if key not in self._slots]
        for sentence in rest:
            st.error(sentence)

    def _tell(self, fields: Mapping[str, str]) -> None:
        for key, slot in self._slots.items():
            if sentence := fields.get(key):
                slot.error(sentence)

    def _key(self, part: str) -> str:
        return f"{self.name}:{self._version}:{part}"

    def _kept(self) -> dict[str, Any]:
        if not self.draft:
            return {}
        key = self._key(".draft")
        if key not in st.session_state:
            st.session_state[key] = gate.draft_of(self.name)
        kept: dict[str, Any] = st.session_state[key]
        return kept

    def _keep(self, again: bool = False) -> None:
        if not self.draft:
            return
        gate.watch(self.name, {name: self._key(name) for name in self.fields})
        typed = plain(self.fields)
        key, first = self._key(".saved"), self._key(".first")
        if first not in st.session_state:
            st.session_state[first] = st.session_state[key] = typed
        if again or st.session_state[key] != typed:
            gate.keep_draft(self.name, typed)
            st.session_state[key] = typed

    def _draw(self, key: str, info: FieldInfo) -> Any:
        label, kind, optional = _(info.title or key), *_kind(info)
        start = self._start.get(key, None if info.is_required() else info.get_default(call_default_factory=True))
        arguments: dict[str, Any] = {"key": self._key(key)}
        if info.description:
            arguments["help"] = _(info.description)
        shown = label if not optional else _("{label} (optional)", label=label)
        if key in self.options or (isinstance(kind, type) and issubclass(kind, Term)):
            return self._choose(key, shown, kind, start, optional, arguments)
        if get_origin(kind) is list:
            terms: type[Term] = get_args(kind)[0]
            chosen = st.pills(
                shown, list(terms), selection_mode="multi", default=[terms(s) for s in start or []],
                format_func=lambda term: term.label, **arguments,
            )  # fmt: skip
            return list(chosen)
        if kind is bool:
            return st.checkbox(shown, value=bool(start), **arguments)
        if kind is int:
            low, high = _bounds(info)
            if high - low > BUTTONS:
                return st.number_input(shown, low, high, value=start, step=1, **arguments)
            return st.segmented_control(shown, range(low, high + 1), default=start, **arguments)
        if kind is date:
            day = date.fromisoformat(start) if isinstance(start, str) else start
            return st.date_input(shown, value=day, format="YYYY-MM-DD", **arguments)
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        if extra.get("long"):
            return st.text_area(shown, value=start or "", height=110, **arguments)
        return st.text_input(shown, value=str(start or ""), **arguments)

    def _choose(self, key: str, label: str, kind: Any, start: Any, optional: bool, arguments: dict[str, Any]) -> Any:
        given = self.options.get(key)
        if isinstance(given, Ground):
            if get_origin(kind) is list:
                return places.several(label, given, start or [], key=arguments["key"])
            return places.choose(label, given, str(start or ""), key=arguments["key"], blank=True).id or None
        if isinstance(given, Persons):
            return persons.choose(label, given, start, key=arguments["key"])[0]
        words = dict(given) if given is not None else {term: term.label for term in kind}
        if get_origin(kind) is list:
            kept = [value for value in start or [] if value in words]
            return list(st.multiselect(label, list(words), default=kept, format_func=words.__getitem__,
                                       placeholder=_("Please choose"), **arguments))  # fmt: skip
        choices: list[Any] = list(words)
        index = choices.index(start) if start in choices else None
        if not optional and index is None and len(choices) == 1:
            index = 0
        return st.selectbox(
            label, choices, index=index, format_func=lambda value: words.get(value, ""),
            placeholder=_("Please choose"), **arguments,
        )  # fmt: skip


def standing(name: str, field: str) -> Any:
    """What stands in a field of a form that is yet to be drawn; None for nothing."""
    start = f"{name}:{st.session_state.get(f'form:{name}', 0)}:"
    if start + field in st.session_state:
        return st.session_state[start + field]
    return st.session_state.setdefault(start + ".draft", gate.draft_of(name)).get(field)


def _kind(info: FieldInfo) -> tuple[Any, bool]:
    """The type of a field without None, and whether it may stay empty."""
    annotation = info.annotation
    if get_origin(annotation) in (Union, UnionType):
        rest = [part for part in get_args(annotation) if part is not NoneType]
        return rest[0], True
    return annotation, isinstance(info.default, str) and info.default == ""


def _bounds(info: FieldInfo) -> tuple[int, int]:
    low = next((m.ge for m in info.metadata if hasattr(m, "ge")), 0)
    high = next((m.le for m in info.metadata if hasattr(m, "le")), 10)
    return int(low), int(high)

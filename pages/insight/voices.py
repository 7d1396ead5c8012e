"""Three voices: who saw what and who missed what, how far they agree, where there is silence, and how they rate."""

import streamlit as st

from core import dates
from core.access import Permission
from core.insight import blindspots
from core.insight.blindspots import Asked, Choices
from core.organisation.places import Reach
from core.rows import RoundRow, UnitRow
from core.text import _, day
from core.words import Dimension
from pages.insight import aims, voices_agree, voices_rate, voices_saw, voices_silence
from pages.ui import gate, places
from pages.ui.inks import on_screen
from pages.ui.places import Ground, Look

VIEWS = {
    "saw": voices_saw.show, "agree": voices_agree.show, "silence": voices_silence.show, "rate": voices_rate.show,
}  # fmt: skip


def main() -> None:
    gate.require(Permission.OVERVIEW_READ)
    st.title(_("Three voices"))
    asked, choices, unit = _filters()
    words = {
        "saw": _("Who saw it"), "agree": _("Do they agree?"), "silence": _("Where it is silent"),
        "rate": _("How they rate"),
    }  # fmt: skip
    wanted = st.query_params.get("view", "saw")
    view = st.segmented_control(
        _("View"), list(words), default=wanted if wanted in words else "saw", format_func=words.__getitem__,
        required=True, key=f"voices:view:{wanted}", label_visibility="collapsed",
    )  # fmt: skip
    _address(view=view if view != "saw" else None)
    note = _("Source: integrity risk register · as of {day}", day=dates.today(dates.now()))
    VIEWS[view or "saw"](asked, aims.register(asked, choices), " · ".join([note, *_chosen(asked, choices, unit)]))


def _chosen(asked: Asked, choices: Choices, unit: UnitRow | None) -> list[str]:
    """What is looked at, in words, for the line under a chart that is taken along."""
    return [
        *([unit.name] if unit else []),
        *(_round(row) for row in choices.rounds if row.id == asked.round_id),
        *([asked.dimension.label] if asked.dimension else []),
        *(name for item_id, name in choices.items.items() if item_id == asked.item_id),
    ]


def _filters() -> tuple[Asked, Choices, UnitRow | None]:
    """What is looked at, from the address and back into it."""
    dimensions = {d.value: d.label for d in Dimension}
    with st.container(horizontal=True, gap="small", key="qy_voices", vertical_alignment="bottom"):
        chosen = places.choose(
            _("Unit"), Ground(Permission.OVERVIEW_READ, Reach.REGISTERS), st.query_params.get("unit", ""),
            key="voices:unit", every=_("Everything I look after"), look=Look(on_screen().size(300)),
        )  # fmt: skip
        choices = gate.ask(blindspots.choices, chosen.id or None, st.query_params.get("round"))
        rounds = {row.id: _round(row) for row in choices.rounds}
        round_id = _one("round", _("Round"), _("All rounds"), rounds, 300) if rounds else None
        dimension = _one("dimension", _("Dimension"), _("All dimensions"), dimensions, 180)
        item = _one("item", _("Power item"), _("All power items"), dict(choices.items), 260) if choices.items else None
    if round_id != st.query_params.get("round"):
        choices = gate.ask(blindspots.choices, chosen.id or None, round_id)
    _address(unit=chosen.id, round=round_id, dimension=dimension, item=item)
    return Asked(chosen.id or None, round_id, Dimension(dimension) if dimension else None, item), choices, chosen.unit


def _round(row: RoundRow) -> str:
    """A round among many, all of which may have the same title: it is found by typing a part of any of this."""
    return f"{row.title} · {row.unit} · {day(row.starts_on)}"


def _one(name: str, label: str, every: str, words: dict[str, str], width: int) -> str | None:
    """A choice of one or everything; what the address asks for and is not there is left out."""
    options: list[str | None] = [None, *words]
    asked = st.query_params.get(name)
    return st.selectbox(
        label, options, options.index(asked) if asked in words else 0, key=f"voices:{name}:{asked}",
        width=on_screen().size(width), format_func=lambda key: words.get(key, every) if key else every,
    )  # fmt: skip


def _address(**values: str | None) -> None:
    for name, value in values.items():
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)


main()

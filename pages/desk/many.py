"""Work on several rows of a list: choosing them, one deed with its form, what it would change, and what was done."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from pydantic import BaseModel

from core.entries import bulk
from core.entries.bulk import MOST, Deed, Naming, Planned
from core.entries.risks import PUBLIC_CLASSES
from core.prevention.rearranging import Rearranging
from core.text import _
from pages.ui import deeds, gate, tables
from pages.ui.forms import Form

STATE = st.session_state


TAKE = "take"
"""Stands among the deeds for taking the chosen ones away as a table."""


def wanted(kind: type[Any], name: str, *, taken: bool = False) -> bool:
    """The switch that turns a list into one to choose from; nothing for who has no deed to do with many and cannot
    have them `taken` away either."""
    if not taken and not gate.ask(bulk.deeds, kind):
        return False
    return st.toggle(_("Work on several"), key=f"many:on:{name}")


def picked(name: str) -> list[str]:
    """The ids that were chosen, on whatever page."""
    found: list[str] = STATE.setdefault(f"many:picked:{name}", [])
    return found


def box(name: str, key: str, label: str, *, hidden: bool = False) -> None:
    """The box before a row; what was chosen is kept while one turns the pages."""
    widget = f"many:box:{name}:{key}:{STATE.get(f'many:version:{name}', 0)}"

    def turned() -> None:
        chosen = [one for one in picked(name) if one != key]
        STATE[f"many:picked:{name}"] = [*chosen, key] if STATE[widget] else chosen
        STATE.pop(f"many:plan:{name}", None)

    st.checkbox(
        label, key in picked(name), key=widget, on_change=turned,
        label_visibility="collapsed" if hidden else "visible",
    )  # fmt: skip


def work(
    kind: type[Any], name: str, total: int, everything: Callable[[], list[str]],
    take: Callable[[list[str]], None] | None = None,
) -> None:
    """What is chosen, and the deed on it. `everything` gives the ids of the whole filter, whatever the page; `take`
    hands the chosen ones out as a table, however many they are."""
    with st.container(border=True, key=f"qy_many_{name}"):
        _told(name)
        chosen = picked(name)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("**" + _("{n} chosen", n=len(chosen)) + "**", width="content")
            if total <= MOST and st.button(_("Choose all {n}", n=total), key=f"many:all:{name}"):
                _pick(name, everything())
            if chosen and st.button(_("Choose none"), key=f"many:none:{name}"):
                _pick(name, [])
        if len(chosen) > MOST or total > MOST:
            st.caption(_("At most {n} are worked on at once. A narrower filter can be chosen as a whole.", n=MOST))
        names = {} if len(chosen) > MOST else {deed.value: deed.label for deed in gate.ask(bulk.deeds, kind)}
        names |= {TAKE: _("Take away as a table")} if take else {}
        if not chosen or not names:
            return
        deed = deeds.choose(names, f"many:deed:{name}", _("What is to be done with all of them?"))
        if take and deed == TAKE:
            take(chosen)
        else:
            _ask(kind, name, Deed(deed), chosen)


def _pick(name: str, ids: list[str]) -> None:
    STATE[f"many:picked:{name}"] = ids
    STATE[f"many:version:{name}"] = STATE.get(f"many:version:{name}", 0) + 1
    STATE.pop(f"many:plan:{name}", None)
    st.rerun()


def _ask(kind: type[Any], name: str, deed: Deed, chosen: list[str]) -> None:
    model = bulk.WAYS[deed].form
    columns, options = max(1, min(3, len(model.model_fields))), _options(kind, model, chosen)
    form = Form(f"many:{name}:{deed}", model, options=options, draft=False, columns=columns)
    seen = form.send(_("Show what will change"), bulk.preview, deed, chosen, keep=True)
    order = form.value() if seen else None
    if seen and order is not None:
        STATE[f"many:plan:{name}"] = (deed, seen.value, order)
    plan = STATE.get(f"many:plan:{name}")
    if plan and plan[0] is deed:
        _confirm(name, *plan)


def _options(kind: type[Any], model: type[BaseModel], chosen: list[str]) -> dict[str, dict[Any, str]]:
    if model is bulk.Publishing:
        return {"disclosure_class": {c: c.label for c in PUBLIC_CLASSES}}
    if model not in (Naming, Rearranging):
        return {}
    fits = gate.ask(bulk.people, kind, chosen)
    return {"owner_id": fits.doers, "leader_id": fits.doers, "watchdog_id": fits.checkers}


def _confirm(name: str, deed: Deed, rows: Sequence[Planned], order: BaseModel) -> None:
    """Row by row what is now and what will be, or why not; then the button that does it."""
    open_ = [row for row in rows if not row.refused]
    _planned(rows)
    if len(open_) < len(rows):
        st.caption(_("{n} of them cannot be done and are left as they are.", n=len(rows) - len(open_)))
    if not open_:
        return
    with st.container(horizontal=True):
        agreed = st.button(_("Do it for {n}", n=len(open_)), type="primary", key=f"many:do:{name}")
        if st.button(_("Not now"), key=f"many:not:{name}"):
            STATE.pop(f"many:plan:{name}")
            st.rerun()
    if agreed:
        together = bulk.begun()
        with st.spinner(_("One after the other…")):
            told = deeds.each(open_, lambda work, row: bulk.carry_out(work, deed, row, order, together))
        STATE[f"many:told:{name}"] = (deed, list(zip(open_, told, strict=True)))
        _pick(name, [row.id for row, why in zip(open_, told, strict=True) if why])


def _planned(rows: Sequence[Planned]) -> None:
    several = len({row.unit for row in rows}) > 1
    tables.table(
        [_("Entry"), *([_("Community")] if several else []), _("What"), _("Now"), _("Then")],
        [
            [_link(row), *([row.unit] if several else []), row.title, row.before or "—",
             row.after if not row.refused else _("Not done: {why}", why=row.refused)]
            for row in rows
        ],
        caption=_("What will change:"),
    )  # fmt: skip


def _link(row: Planned) -> tables.Link:
    return tables.Link(_("No. {n}", n=row.number), "entry", {"id": row.risk_id})


def _told(name: str) -> None:
    """What was done just now, with the way to each; said once."""
    found = STATE.pop(f"many:told:{name}", None)
    if found is None:
        return
    deed, rows = found
    done, left = [row for row, why in rows if not why], [(row, why) for row, why in rows if why]
    if done:
        st.success(_("{what}: done for {n}.", what=deed, n=len(done)))
        tables.table([_("Entry"), _("What"), _("Now")], [[_link(row), row.title, row.after] for row in done])
    if left:
        st.warning(_("{n} were not done and are still chosen:", n=len(left)))
        tables.table([_("Entry"), _("What"), _("Why not")], [[_link(row), row.title, why] for row, why in left])

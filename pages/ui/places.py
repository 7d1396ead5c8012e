"""Choosing a unit of one's own: one list where they are few; where they are many, a button that opens the way down the
tree and a field to find one by its name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from core.access import Permission
from core.organisation import places
from core.organisation.places import Offer, Reach, Step
from core.rows import UnitRow
from core.text import _, literal
from pages.ui import gate, tables

STATE = st.session_state
TALL = 8
"""Lines up to which the list in the opened button needs no scrolling."""
Take = Callable[[str], None]


@dataclass(frozen=True)
class Ground:
    """Among which units one chooses: those for which a permission is held, of one sort; of several chosen at once some
    are left out."""

    permission: Permission
    reach: Reach
    but: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Chosen:
    """The unit that was chosen, None for all of them or none yet; the only community, where there is one alone; and
    whether there are any units."""

    unit: UnitRow | None
    only: UnitRow | None
    some: bool
    several: bool

    @property
    def id(self) -> str:
        """Its id; empty for none."""
        return self.unit.id if self.unit else ""


@dataclass(frozen=True)
class Look:
    """How a choice looks: its width in pixels, whether its label is heard but not seen, how a list words a unit."""

    width: int | None = None
    tight: bool = False
    words: Callable[[UnitRow], str] | None = None


PLAIN = Look()


def choose(
    label: str, ground: Ground, asked: str = "", *, key: str, every: str = "", blank: bool = False, look: Look = PLAIN
) -> Chosen:
    """Let somebody choose one unit; `asked` is what the address or a draft says: it counts when it changes.

    `every` names the choice of all of them, for a filter: without several communities there is nothing to choose then.
    Where a unit is wanted the first one is chosen, and nothing drawn when it is the only one; `blank`, in a form,
    leaves the choice open. Among many nothing is chosen but the unit above them all, where it may be.
    """
    begins_anew = STATE.get(f"{key}:asked") != asked
    STATE[f"{key}:asked"] = asked
    if begins_anew:
        STATE.pop(f"{key}:taken", None)
    offer = gate.ask(places.offer, ground.permission, ground.reach, STATE.get(f"{key}:taken", asked))
    if offer.few is None:
        unit = offer.asked or (None if every or blank else offer.first)
        _button(label, ground, unit, (key, every), look)
        return Chosen(unit, None, some=True, several=True)
    only = None if offer.several else next(iter(offer.communities), None)
    if (every and not offer.several) or (not blank and len(offer.few) < 2):
        return Chosen(None if every else offer.first, only, bool(offer.few), offer.several)
    if begins_anew and not blank:
        STATE.pop(key, None)
    unit = _list(label, offer, key, (every, blank), look)
    return Chosen(unit, only, some=True, several=offer.several)


def some(ground: Ground) -> bool:
    """Whether there is anything to choose from; says what to do where there is nothing."""
    if gate.ask(places.offer, ground.permission, ground.reach).few == ():
        st.info(_("There is no community in your area yet. The system administrator adds units."))
        return False
    return True


def one(label: str, ground: Ground, asked: str = "", *, key: str, look: Look = PLAIN) -> UnitRow:
    """The same for a page that is about one unit; without one it ends with what to do about it."""
    chosen = choose(label, ground, asked, key=key, look=look)
    if chosen.unit is None:
        st.info(_("Please choose a community first.") if chosen.some else
                _("There is no community in your area yet. The system administrator adds units."))  # fmt: skip
        st.stop()
    return chosen.unit


def several(label: str, ground: Ground, asked: Sequence[str], *, key: str) -> list[str]:
    """Let somebody choose several units: communities where units are few, whole areas too where they are many."""
    offer = gate.ask(places.offer, ground.permission, ground.reach)
    if offer.few is not None:
        names = {row.id: row.name for row in offer.few if row.holds_register and row.id not in ground.but}
        return list(st.multiselect(label, list(names), [one for one in asked if one in names], key=key,
                                   format_func=names.__getitem__, placeholder=_("Please choose")))  # fmt: skip
    known = STATE.setdefault(f"{key}:known", list(asked))
    rows = {row.id: row for row in gate.ask(places.named, ground.permission, ground.reach, known)}
    STATE[key] = [one for one in STATE.get(key, asked) if one in rows]

    def take(unit_id: str) -> None:
        known.append(unit_id)
        STATE[key] = list(dict.fromkeys([*STATE.get(key, []), unit_id]))

    chosen = list(st.multiselect(label, list(rows), key=key, format_func=lambda one: _at(rows[one]),
                                 placeholder=_("Nothing chosen yet")))  # fmt: skip
    _open(_("Add a community or a whole area"), ground, "", f"{key}:add", "", None, take)
    return chosen


def _list(label: str, offer: Offer, key: str, kind: tuple[str, bool], look: Look) -> UnitRow | None:
    """All there is in one list."""
    every, blank = kind
    rows = {row.id: row for row in offer.few or ()}
    words = look.words or _words(list(rows.values()))
    ids = [*([""] if every else []), *rows]  # nothing at all would be shown as nothing chosen
    if not blank and STATE.get(key) not in ids:
        STATE[key] = offer.asked.id if offer.asked else ids[0]
    first = ids.index(offer.asked.id) if offer.asked else None if len(rows) > 1 else 0
    chosen = st.selectbox(
        label, ids, first if blank else 0, key=key, placeholder=_("Please choose"),
        format_func=lambda one: words(rows[one]) if one else every, width=look.width or "stretch",
        label_visibility="collapsed" if look.tight else "visible",
    )  # fmt: skip
    return rows[chosen] if chosen else None


def _words(rows: Sequence[UnitRow]) -> Callable[[UnitRow], str]:
    """Communities by their names where these tell them apart; else each with its place in the tree."""
    alone = all(row.holds_register for row in rows) and len({row.name for row in rows}) == len(rows)
    return lambda row: row.name if alone else row.trail


def _button(label: str, ground: Ground, unit: UnitRow | None, kind: tuple[str, str], look: Look) -> None:
    key, every = kind
    words = _("{what}: {values}", what=label, values=_at(unit) if unit else every or _("please choose"))

    def take(unit_id: str) -> None:
        STATE[f"{key}:taken"] = unit_id

    start = (unit.id if ground.reach.leads_on(unit) else unit.parent_id) if unit else ""
    _open(words, ground, start or "", key, every if unit else "", look.width, take)


def _at(unit: UnitRow) -> str:
    """A unit with the one it lies in."""
    above = unit.trail.split(" · ")[:-1]
    return tables.at(unit.name, above[-1]) if above else unit.name


def _open(words: str, ground: Ground, start: str, key: str, every: str, width: int | None, take: Take) -> None:
    """The button, and the way to a unit while it is open."""
    opened = st.popover(literal(words), key=f"{key}:open", on_change="rerun", width=width or "stretch", wrap=False)
    if opened.open:
        with opened:
            _way(ground, start, key, every, take)


def _way(ground: Ground, start: str, key: str, every: str, take: Take) -> None:
    wanted = st.text_input(_("Find by name"), key=f"{key}:find", placeholder=_("Part of a name"))
    step: Step = gate.ask(places.step, ground.permission, ground.reach, STATE.get(f"{key}:at", start), wanted or "")

    def go(unit_id: str) -> None:
        STATE[f"{key}:at"], STATE[f"{key}:find"] = unit_id, ""

    def choose_it(unit_id: str) -> None:
        go(start)
        STATE[f"{key}:open"] = False
        take(unit_id)

    with st.container(horizontal=True, gap="xxsmall", key=f"{key}:line"):
        for row in step.line[:-1]:
            st.button(f"‹ {literal(row.name)}", key=f"{key}:up:{row.id}", type="tertiary", on_click=go, args=(row.id,))
    if every:
        st.button(every, key=f"{key}:every", on_click=choose_it, args=("",), width="stretch")
    if step.line and not wanted and ground.reach.takes(step.line[-1]):
        here = step.line[-1]
        st.button(_("Choose {unit}", unit=literal(here.name)), key=f"{key}:here:{here.id}", on_click=choose_it,
                  args=(here.id,), width="stretch")  # fmt: skip
    with st.container(height=320 if len(step.rows) > TALL else "content", border=False, gap="xxsmall"):
        for row in step.rows:
            onward = ground.reach.leads_on(row)
            st.button(
                literal(_at(row) if wanted else row.name) + (" ›" if onward else ""), key=f"{key}:to:{row.id}",
                type="tertiary", on_click=go if onward else choose_it, args=(row.id,),
            )  # fmt: skip
    if not step.rows:
        st.caption(_("No unit has this in its name.") if wanted else _("Nothing lies below it."))
    if step.more:
        st.caption(_("There are more. Type a part of the name."))

"""The catalogue of power items of a community: read, picked from the library, kept up to date."""

from functools import cache
from html import escape
from typing import NoReturn

import streamlit as st

from core import items
from core.access import Permission
from core.inspection import rounds
from core.items import ItemForm
from core.organisation import places as all_places
from core.organisation.places import Reach
from core.rows import ItemRow, UnitRow
from core.tables import item_tables
from core.text import _, day, literal
from core.words import Dimension
from pages.ui import deeds, gate, importing, places, shell, tables
from pages.ui.forms import Form
from pages.ui.places import Ground, Look

ACROSS = 4


def page() -> None:
    actor = gate.require(Permission.ITEM_READ)
    unit = _community()
    rows = gate.ask(items.catalogue, unit.id)
    wanted = st.query_params.get("item")
    row = next((row for row in rows if row.id == wanted), None)
    if row:
        _one(row, unit, actor.may(Permission.ITEM_EDIT))
        return
    st.title(_("Power items of {unit}", unit=unit.name))
    deeds.tell()
    if not actor.may(Permission.ITEM_EDIT):
        _list(rows, unit)
        return
    views = {"list": _("Catalogue ({n})", n=len(rows)), "library": _("Pick from the library"), "own": _("Add one"),
             "table": _("Import and export")}  # fmt: skip
    view = st.segmented_control(
        _("View"), list(views), default="list" if rows else "library", format_func=views.__getitem__, required=True,
        key=f"view:{unit.id}:{bool(rows)}:{st.session_state.get('catalogue', 0)}", label_visibility="collapsed",
    )  # fmt: skip
    if view == "library":
        _library(rows, unit)
    elif view == "own":
        _add(unit)
    elif view == "table":
        importing.forms(item_tables.KIND, unit.id)
        importing.taken_in(item_tables.KIND, unit.id)
    else:
        _list(rows, unit)


def _community() -> UnitRow:
    """The community of the address; of those where nobody holds an item the first, when that is asked for."""
    asked, ground = st.query_params.get("unit", ""), Ground(Permission.ITEM_READ, Reach.COMMUNITIES)
    lacking = cache(lambda: gate.ask(items.unattended))
    if not asked and st.query_params.get("show") == "vacant":
        open_ = gate.ask(all_places.named, ground.permission, ground.reach, sorted(lacking())[:all_places.FEW])
        asked = next((row.id for row in open_), "")

    def words(row: UnitRow) -> str:
        n = lacking().get(row.id)
        return _("{name} ({n} items nobody holds)", name=row.trail, n=n) if n else row.trail

    unit = places.one(_("Community"), ground, asked, key="catalogue:unit", look=Look(words=words))
    if unit.id != st.query_params.get("unit", unit.id):
        st.query_params.pop("item", None)
    if asked or unit.id != asked:
        st.query_params["unit"] = unit.id
    return unit


def _list(rows: list[ItemRow], unit: UnitRow) -> None:
    if not rows:
        st.info(
            _("The catalogue is still empty. It lists the small powers of this community; every risk point hangs on "
              "one of them. The library has 98 to pick from.")
        )  # fmt: skip
        return
    shown = tables.page(_filtered(rows), "catalogue:page")
    if not shown:
        st.info(_("No power item fits this filter."))
        return
    tables.table(
        [_("Power item"), _("Dimension"), _("Post in charge"), _("Held by"), _("Disclosure"), _("Open entries")],
        [
            [
                tables.Link(row.name, "catalogue", {"unit": unit.id, "item": row.id}), row.dimension.label,
                row.post or _vacancy(_("No post yet")), _holder(row), _disclosure(row), row.entries,
            ]
            for row in shown
        ],
    )  # fmt: skip


def _filtered(rows: list[ItemRow]) -> list[ItemRow]:
    unfilled = sum(_is_vacant(row) for row in rows)
    posts = {"": _("All posts")} | {row.post_id: row.post for row in rows if row.post_id}
    if unfilled:
        posts["vacant"] = _("No post or nobody in it ({n})", n=unfilled)
    dimensions: dict[str, str] = {"": _("All dimensions")} | {each.value: each.label for each in Dimension}
    first, second, third = st.columns(3)
    text = first.text_input(_("Find"), key="catalogue:text", placeholder=_("Part of a name"))
    dimension = second.selectbox(
        _("Dimension"), list(dimensions), format_func=dimensions.__getitem__, key="catalogue:dimension"
    )
    vacant = st.query_params.get("show") == "vacant" and unfilled
    post = third.selectbox(
        _("Post in charge"), list(posts), index=list(posts).index("vacant") if vacant else 0,
        format_func=posts.__getitem__, key="catalogue:post",
    )  # fmt: skip
    return [
        row for row in rows
        if text.strip() in row.name and dimension in ("", row.dimension)
        and (_is_vacant(row) if post == "vacant" else post in ("", row.post_id))
    ]  # fmt: skip


def _is_vacant(row: ItemRow) -> bool:
    return not row.holders


def _holder(row: ItemRow) -> tables.Cell:
    if row.holders:
        return "、".join(row.holders)
    return _vacancy(_("Vacant")) if row.post_id else "—"


def _vacancy(words: str) -> tables.Mark:
    return tables.Mark(f"<span class='qy-lamp qy-orange'>{escape(words)}</span>")


def _disclosure(row: ItemRow) -> str:
    parts = [row.disclosure_class.label, row.disclosure_when.label if row.disclosure_when else ""]
    return " · ".join(part for part in parts if part) + (_(" (masked)") if row.masked else "")


def _one(row: ItemRow, unit: UnitRow, editable: bool) -> None:
    st.title(literal(row.name))
    shell.link("catalogue", _("All power items of {unit}", unit=unit.name), unit=unit.id)
    deeds.tell()
    holder = _holder(row)
    facts = [
        (_("Dimension"), row.dimension.label), (_("Post in charge"), row.post or _vacancy(_("No post yet"))),
        (_("Held by"), holder), (_("Basis"), row.basis), (_("Who handles it"), row.body),
        (_("Procedure"), row.procedure), (_("Time limit"), row.time_limit),
        (_("Who watches, and how"), row.supervision), (_("Major matter"), _("Yes") if row.major else _("No")),
        (_("Disclosure"), _disclosure(row)), (_("Version"), str(row.version)),
        (_("Open entries"), tables.Link(row.entries, "register", {"item": row.id}) if row.entries else "0"),
    ]  # fmt: skip
    if not editable:
        tables.table([_("Column"), _("What the catalogue says")], [[name, fact or "—"] for name, fact in facts])
        _said(row)
        return
    told = _("Version {n}", n=row.version) + " · " + _("{n} open entries", n=row.entries)
    st.html(f"<p class='qy-muted'>{told}</p>")
    if row.post_id is None:
        st.warning(_("No post is in charge of this item yet, so nobody inspects it. Choose one below."))
    elif not row.holders:
        st.warning(_("Nobody holds the post of this item. The system administrator fills posts."))
    form = _form(f"item:{row.id}:{row.version}", unit, {name: getattr(row, name) for name in ItemForm.model_fields})
    if form.send(_("Save"), items.change_item, row.id, seen=row.version):
        deeds.done(_("Saved."))
    consequence = _(
        "It leaves the catalogue and the self-inspection. Its {n} open entries stay in the register. It cannot be "
        "brought back, but can be added anew.", n=row.entries,
    )  # fmt: skip
    if deeds.sure(_("Retire this power item"), consequence, _("Retire it"), row.id) and gate.do(
        items.retire_item, row.id
    ):
        deeds.say(_("“{name}” has been retired.", name=row.name))
        shell.go("catalogue", unit=unit.id)
    _said(row)


def _said(row: ItemRow) -> None:
    """What came of the self-inspections of one power item."""
    said = gate.ask(rounds.said_of, row.id)
    if not said:
        return
    st.subheader(_("Self-inspections"))
    tables.table(
        [_("Round"), _("Answer given"), _("What changed"), _("Said by"), _("On")],
        [[one.title, one.answer.label, one.note or "—", one.said_by, day(one.said_on)] for one in said],
    )


def _form(name: str, unit: UnitRow, start: dict[str, object]) -> Form[ItemForm]:
    vacant = _("Vacant")
    posts = {
        post.id: f"{post.name} · {'、'.join(h[2] for h in post.holders) or vacant}"
        for post in gate.ask(items.posts_for, unit.id)
    }
    left, right = st.columns(2)
    places = dict.fromkeys(("name", "dimension", "post_id", "body", "procedure"), left)
    return Form(name, ItemForm, options={"post_id": posts}, start=start,
                columns=places | dict.fromkeys(set(ItemForm.model_fields) - set(places), right))  # fmt: skip


def _add(unit: UnitRow) -> None:
    st.caption(_("For a power of this community that the library does not have."))
    if _form(f"item:new:{unit.id}", unit, {}).send(_("Add this power item"), items.add_item, unit.id):
        _show_list(_("The power item has been added."))


def _library(rows: list[ItemRow], unit: UnitRow) -> None:
    have = {row.name for row in rows}
    offered = [point for point in items.library() if point.power_item not in have]
    if not offered:
        st.success(_("Everything in the library is in the catalogue already."))
        return
    st.caption(_("Tick what this community really does. Post and details can be changed afterwards."))
    shelves = {"": _("Everything ({n})", n=len(items.library()))} | {each.value: each.label for each in Dimension}
    shelf = st.segmented_control(
        _("Dimension"), list(shelves), default="", format_func=shelves.__getitem__, required=True, key="shelf",
        label_visibility="collapsed",
    )  # fmt: skip
    for dimension in Dimension:
        if shelf in ("", dimension):
            _shelf(dimension, have, unit)
    chosen = [point.power_item for point in offered if point.power_item in _picked(unit)]
    posts = {post.id: post.name for post in gate.ask(items.posts_for, unit.id)}
    post = st.selectbox(
        _("Post in charge of what is ticked (optional)"), list(posts), index=None, format_func=posts.__getitem__,
        placeholder=_("Decide later"), key=f"post:{unit.id}",
    )  # fmt: skip
    label = _("Take {n} power items", n=len(chosen)) if chosen else _("Tick what you want to take")
    if st.button(label, type="primary", disabled=not chosen):
        done = gate.do(items.adopt, unit.id, chosen, post)
        if done:
            _picked(unit).clear()
            _show_list(_("{n} power items have been taken into the catalogue.", n=done.value))


def _shelf(dimension: Dimension, have: set[str], unit: UnitRow) -> None:
    names = [point.power_item for point in items.library() if point.dimension is dimension]
    free = [name for name in names if name not in have]
    with st.container(horizontal=True, vertical_alignment="center", key=f"shelf-{dimension}"):
        st.html(f"<h2 class='qy-group'>{escape(dimension.label)}</h2>", width="content")
        if free:
            st.button(_("Choose all {n}", n=len(free)), type="tertiary", key=f"all:{dimension}:{unit.id}",
                      on_click=_tick, args=(unit, free))  # fmt: skip
    columns = st.container(key=f"ticks-{dimension}").columns(ACROSS)
    depth = -(-len(names) // ACROSS)
    for n, name in enumerate(names):
        with columns[n // depth]:
            if name in have:
                st.checkbox(_("{name} (already in)", name=name), value=True, disabled=True, key=f"in:{unit.id}:{name}")
            else:
                st.checkbox(name, value=name in _picked(unit), key=_key(unit, name), on_change=_turn, args=(unit, name))


def _picked(unit: UnitRow) -> set[str]:
    """What is ticked so far, kept while another shelf is shown."""
    kept: set[str] = st.session_state.setdefault(f"picked:{unit.id}", set())
    return kept


def _turn(unit: UnitRow, name: str) -> None:
    _picked(unit).symmetric_difference_update({name})


def _tick(unit: UnitRow, names: list[str]) -> None:
    _picked(unit).update(names)
    st.session_state["ticks"] = st.session_state.get("ticks", 0) + 1


def _key(unit: UnitRow, name: str) -> str:
    """New after many were ticked at once, so that every box is drawn as it stands."""
    return f"take:{unit.id}:{st.session_state.get('ticks', 0)}:{name}"


def _show_list(told: str) -> NoReturn:
    """Go back to the list and say what was done."""
    st.session_state["catalogue"] = st.session_state.get("catalogue", 0) + 1
    deeds.done(told)


page()

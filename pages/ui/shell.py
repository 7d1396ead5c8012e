"""The frame round every page: language, look, who is here, and which pages stand in the menu."""

from collections.abc import Mapping, Sequence
from copy import copy
from functools import cache, lru_cache
from pathlib import Path

import streamlit as st

from core.access import Actor, Grant, Permission
from core.alerts import notices
from core.text import LANGUAGES, _, language
from pages.ui import finding, gate
from pages.ui.nav import LINES, PAGES, Place, families

STYLE = Path(__file__).with_name("look.css")


def main() -> None:
    """Run the page that was asked for inside the frame."""
    gate.visit(_framed)


def _framed() -> None:
    language.set(_cookie("lang", LANGUAGES))
    st.set_page_config(page_title=_("Qingyuan"), page_icon="💧", layout="wide")
    large = _cookie("print", ("normal", "large")) == "large"
    st.html(_style(_("Qingyuan"), large=large))
    gate.enter()
    lines = _lines(gate.actor().grants)
    pages = _pages(lines)
    st.session_state["_pages"] = pages
    # all sessions share the pages, which would else be most of what one keeps; each runs a copy of the one it is on,
    # as a page that has run forgets that it may
    current = copy(st.navigation(list(pages.values()), position="sidebar", expanded=True))
    _bar(large)
    _stop_for_password()
    _beside(current, lines)
    try:
        current.run()
    finally:  # in the head by its looks, and there also where a page has turned somebody away
        if current.url_path != "search" and gate.actor().may(Permission.SEARCH_USE) and finding.field():
            go("search")


@cache
def _style(name: str, *, large: bool) -> str:
    """How everything looks, with the product's name beside its mark; read from its file once."""
    return f"<style>{STYLE.read_text(encoding='utf-8')}:root{{--name:'{name}'}}{LARGE if large else ''}</style>"


LARGE = (
    "html{font-size:20px!important}:root{--target:60px!important}"
    "[data-testid=stApp] :is([data-testid=stWidgetLabel],[data-testid=stCaptionContainer],button,a,label,summary) p,"
    "[data-testid=stApp] [data-testid=stProgress] p,[data-testid=stApp] button p span,"
    "[data-testid=stApp] :is(small,.qy-muted,.qy-lamp,.qy-table,.qy-steps,.qy-row,footer,caption)"
    "{font-size:1rem!important}[data-testid=stApp] .qy-lamp{white-space:normal!important}"
    "[data-testid=stApp] .qy-table :is(th,td){word-break:normal!important}"
)
"""Words of at least 18 px and targets of 60 px."""


def _stop_for_password() -> None:
    """Whoever still has a first password chooses their own before anything else."""
    person = gate.here()
    if person and person.must_change:
        st.title(_("First, a password of your own"))
        st.info(_("Somebody else gave you your first password. Please choose one that only you know."))
        st.link_button(_("Choose a password"), "/account/password", type="primary")
        st.stop()


@lru_cache(maxsize=1024)
def _lines(grants: tuple[Grant, ...]) -> Mapping[str, Sequence[Place]]:
    """The menu of whoever holds these roles, by its lines."""
    actor = Actor(None, "", grants)
    return families([
        place for place in PAGES
        if place.listed and actor.may(place.permission) and not (actor.roles & place.hidden_from)
    ])  # fmt: skip


def _pages(lines: Mapping[str, Sequence[Place]]) -> Mapping[str, st.Page]:
    """The pages of the app by address; the first of each line stands in the menu, by the name of the line where there
    are others."""
    found = _menu(tuple((line[0], len(line) > 1) for line in lines.values()), language.get())
    if unread := gate.unread():
        count = str(unread) if unread < notices.MANY else f"{notices.MANY - 1}+"
        title = f"{_(_NOTICES.title)} · {count}"
        return {**found, _NOTICES.address: _page(_NOTICES, title, is_first=_NOTICES.address in lines)}
    return found


@lru_cache(maxsize=256)
def _menu(firsts: tuple[tuple[Place, bool], ...], _language: str) -> Mapping[str, st.Page]:
    """The pages for everybody whose menu has these lines, each with whether it has several pages."""
    several = dict(firsts)
    return {
        place.address: _page(
            place, _(LINES[place.beside]) if several.get(place) else _(place.title), is_first=place in several
        )
        for place in PAGES
    }


_NOTICES = next(place for place in PAGES if place.address == "notices")


@lru_cache(maxsize=4 * (len(PAGES) + notices.MANY))
def _page(place: Place, title: str, *, is_first: bool) -> st.Page:
    """A page with its file, which Streamlit looks for on the disk."""
    return st.Page(
        place.file, title=title, url_path=place.address, default=place.address == "home",
        visibility="visible" if is_first else "hidden",
    )  # fmt: skip


def _beside(current: st.Page, lines: Mapping[str, Sequence[Place]]) -> None:
    """Above the title: the pages that share the menu's line with this one; the line itself shows where one is."""
    line = next((line for line in lines.values() if current.url_path in [place.address for place in line]), ())
    if len(line) < 2:
        return
    st.html(f"<style>[data-testid=stSidebarNavLink][href$='/{line[0].address}']{{background:var(--qy-soft)}}</style>")
    with st.container(horizontal=True, key="qy_beside", gap="small"):
        for place in line:
            here = "here" if place.address == current.url_path else "there"
            with st.container(key=f"qy_beside_{here}_{place.address}", width="content"):
                link(place.address, _(place.title))


def _bar(large: bool) -> None:
    """Above every page: the demo's banner; below the menu: who is here, language, print, sign-out."""
    if gate.is_demo():
        note = _("Demo with invented people and places. Nothing here is real.")
        onward = _("Switch person or start for real")
        st.html(f"<div class='qy-demo' role='note'>{note} <a href='/setup' target='_self'>{onward}</a></div>")
    with st.sidebar:
        person = gate.here()
        if person:
            roles = "、".join(role.label for role in sorted(person.actor.roles))
            st.caption(_("{name} · {roles}").format(name=person.actor.name, roles=roles))
        other = ("en", "English") if language.get() == "zh_CN" else ("zh_CN", "中文")
        size = ("normal", _("Normal print")) if large else ("large", _("Large print"))
        st.html(
            "<form method='post' action='/account/look' class='qy-look'>"
            f"<button name='lang' value='{other[0]}'>{other[1]}</button>"
            f"<button name='print' value='{size[0]}'>{size[1]}</button></form>"
        )
        if person:
            word = _("Sign out")
            button = f"<button>{word}</button>"
            st.html(f"<form method='post' action='/account/logout' class='qy-look qy-quiet'>{button}</form>")
        else:
            word = _("Sign in")
            st.html(f"<p class='qy-look'><a href='{gate.login_address()}' target='_self'>{word}</a></p>")


def _cookie(name: str, allowed: tuple[str, ...]) -> str:
    value = st.context.cookies.get(name)
    return value if isinstance(value, str) and value in allowed else allowed[0]


def link(address: str, label: str, **query: str) -> None:
    """A link to another page of the app."""
    st.page_link(st.session_state["_pages"][address], label=label, query_params=query or None)


def next_step() -> None:
    """The way to where entries come from, for whoever finds a register still empty."""
    actor = gate.actor()
    if actor.may(Permission.INBOX_READ):
        link("inbox", _("Go to the inbox"))
    elif actor.may(Permission.FLAG_INSPECT):
        link("inspect", _("Start the self-inspection"))


def go(address: str, **query: str) -> None:
    """Go to another page of the app."""
    st.switch_page(st.session_state["_pages"][address], query_params=query or None)

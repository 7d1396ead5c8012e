"""Home: what waits for whoever is here, and the one thing to do next."""

from html import escape

import streamlit as st

from core import dates, home, items
from core.access import Actor, Permission
from core.home import Chore, Task
from core.insight import attention
from core.text import N_, _, day
from core.turning import counted
from pages.ui import gate, marks, phases, shell
from pages.ui.nav import PAGES
from pages.ui.ways import WAYS, Way


def page() -> None:
    person = gate.here()
    if person is None:
        _visitor()
        return
    if not person.actor.grants:
        st.title(_("Welcome, {name}", name=person.actor.name))
        st.info(
            _("Your account has no role yet, so nothing waits for you. Ask the security administrator of your unit to "
              "give you one, such as cadre or watchdog.")
        )  # fmt: skip
        return
    actor = gate.require(Permission.ACCOUNT_USE)
    tasks = gate.ask(home.waiting)
    st.title(_("What waits for you"))
    if actor.may(Permission.SITE_KEEP) and (trouble := gate.keeping_trouble()):
        st.error(trouble)
    if tasks:
        _next(tasks[0], actor)
    else:
        _calm(actor)
    if actor.may(Permission.FLAG_RAISE):
        from pages.desk import watching  # charts, whose libraries would keep everybody else from a first page

        above = gate.ask(attention.attention)
        watching.map_of(above)
        watching.week()
        _cards(tasks[1:], actor)
        watching.figures_of(above)
    else:
        _cards(tasks[1:], actor)
    if not actor.may(Permission.REGISTER_READ):
        _pages(actor)
    if actor.may(Permission.REGISTER_READ):
        _rounds(actor)
    if actor.may(Permission.RELATIVE_DECLARE):
        st.subheader(_("Relatives and recusal"))
        shell.link("relatives", _("Declare relatives, so that you are kept from their matters") + " ›")


def _visitor() -> None:
    st.title(_("Qingyuan"))
    st.markdown(_("Residents say here what worries them; cadres, watchdogs and superiors sign in to work."))
    shell.link("speak", _("Speak up"))
    st.link_button(_("Sign in"), gate.login_address())


def _next(task: Task, actor: Actor) -> None:
    way = _way(task, actor)
    with st.container(border=True):
        st.html(f"<p class='qy-next'><b>{counted(task.count)}</b> {escape(task.chore.label)} {_limit(task, way)}</p>")
        if st.button(_(way.verb), type="primary", key="next"):
            shell.go(way.address, **dict(way.query))


def _cards(tasks: tuple[Task, ...], actor: Actor) -> None:
    """The rest as aligned cards, each leading to its work."""
    across = 3 if len(tasks) in (3, 5, 6, 9) else min(max(len(tasks), 2), 4)
    for start in range(0, len(tasks), across):
        for cell, task in zip(st.columns(across), tasks[start : start + across], strict=False):
            way = _way(task, actor)
            with cell.container(border=True, key=f"card-{task.chore}-{start}", gap="xxsmall"):
                st.html(f"<p class='qy-muted'>{escape(task.chore.label)}</p>")
                st.html(f"<p class='qy-count'><b>{counted(task.count)}</b>{_limit(task, way)}</p>")
                shell.link(way.address, _(way.verb) + " ›", **dict(way.query))


def _way(task: Task, actor: Actor) -> Way:
    way = WAYS[task.chore]
    if task.chore is Chore.VACANT and actor.may(Permission.PERSON_EDIT):
        return Way("people", way.verb)
    return way


def _limit(task: Task, way: Way) -> str:
    if task.due is None:
        return ""
    today = dates.today(dates.now())
    words = marks.working_words(task.due, today) if way.working_days else marks.due_words(task.due, today)
    return f"{marks.lamp(task.due, today, words)} <span class='qy-muted'>{day(task.due)}</span>"


def _calm(actor: Actor) -> None:
    """Nothing waits: the first step where a community has no power items yet, else the register."""
    communities = gate.ask(items.catalogues) if actor.may(Permission.ITEM_EDIT) else []
    if len(communities) == 1 and not gate.ask(items.catalogue, communities[0].id):
        st.info(
            _("{unit} has no power items yet. Take them from the library first: self-inspection, residents' words and "
              "the register all hang on them.", unit=communities[0].name)
        )  # fmt: skip
        if st.button(_("Choose power items"), type="primary", key="next"):
            shell.go("catalogue")
        return
    st.success(_("Nothing waits for you today. What comes in will stand here with its date."))
    if actor.may(Permission.REGISTER_READ):
        shell.link("register", _("Look into the register"))


PURPOSES = {
    "units": N_("Add and close units, print their codes"),
    "people": N_("Open accounts, fill posts"),
    "handover": N_("Pass a leaver's posts and work on"),
    "roles": N_("Give and take roles, reset passwords"),
    "audit": N_("Read the log and check that it is whole"),
}


def _pages(actor: Actor) -> None:
    """The pages of an administrator or auditor, each with what it is for."""
    for place in PAGES:
        if place.address in PURPOSES and actor.may(place.permission):
            with st.container(border=True, key=f"card-{place.address}", gap="xxsmall"):
                shell.link(place.address, _(place.title) + " ›")
                st.caption(_(PURPOSES[place.address]))


def _rounds(actor: Actor) -> None:
    """The rounds under way, just opened or just closed, and the way to open one."""
    today = dates.today(dates.now())
    st.subheader(_("Rounds of self-inspection"))
    if not phases.lines(today, news=True):
        st.caption(_("No round is open now."))
    if actor.may(Permission.ROUND_OPEN):
        shell.link("rounds", _("Open a round, change its calendar or close it") + " ›")


page()

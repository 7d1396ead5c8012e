"""Search on the screen: the field in the head of every office page, where each thing found leads, and pages by name.

What is typed stays in this tab's session and in the body of a request: never in an address, a log or the database.
"""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from core.access import Actor, Permission
from core.entries.searching import LONGEST, Found, Group, Hit, sought
from core.text import _, folded
from pages.ui import gate
from pages.ui.nav import PAGES

STATE = st.session_state
WORDS, KIND, ASKED = "search:words", "search:kind", "search:asked"
"""What is searched for, the one kind that is shown, and what was just asked in the head."""


def field() -> bool:
    """The field in the head; whether something was sent, to be shown on the page of results. A script shows some of it
    while one types."""
    with (
        st.container(key="qy_find"), st.form("find", border=False, clear_on_submit=True),
        st.container(horizontal=True, gap="small", vertical_alignment="center"),
    ):
        words = st.text_input(
            _("Search everything"), key="find:words", max_chars=LONGEST, label_visibility="collapsed",
            placeholder=_("Everything: number or words"), autocomplete="off",
        )  # fmt: skip
        sent = st.form_submit_button(_("Find"), key="find:send")
    if sent and words:
        STATE[ASKED], STATE[KIND] = words, None
    return bool(sent and words)


def pages(words: str, actor: Actor) -> list[tuple[str, str]]:
    """Pages of one's menu whose title holds the words, as title and address."""
    wanted = sought(words)
    if wanted is None:
        return []
    parts = [forms[0] for forms in wanted.terms]
    return [
        (_(place.title), address(place.address)) for place in PAGES
        if place.listed and actor.may(place.permission) and not (actor.roles & place.hidden_from)
        and all(part in folded(_(place.title)) for part in parts)
    ]  # fmt: skip


def address(page: str, **query: str) -> str:
    """The address of a page of the app; the first one lives at "/" alone."""
    path = "/" if page == PAGES[0].address else f"/{page}"
    return f"{path}?{urlencode(query)}" if query else path


def target(hit: Hit, actor: Actor) -> str:
    """Where something found is read."""
    match hit.kind:
        case Found.ENTRY | Found.MEASURE | Found.VOICE:
            return address("entry", id=hit.leads)
        case Found.WAITING:
            return address("inbox", flag=hit.leads)
        case Found.POINT:
            own = actor.may(Permission.POINT_ANSWER)
            return address("points", flag=hit.leads) if own else address("raise", view="answers")
        case Found.ITEM:
            return address("catalogue", unit=hit.unit_id, item=hit.leads)
        case Found.SUBJECT:
            return address("disclosure", unit=hit.unit_id, view="catalogue", item=hit.leads)
        case Found.DECISION:
            return address("decisions", id=hit.leads)
        case Found.PUBLISHED:
            return f"/b/{hit.leads}"
        case Found.UNIT:
            own = actor.may(Permission.REGISTER_READ)
            return address("register", unit=hit.leads) if own else address("units")
    own = actor.may(Permission.ITEM_READ)
    return address("catalogue", unit=hit.leads) if own else address("people")


def title(hit: Hit) -> str:
    """Something found as one reads it, with its number where it has one."""
    return _("No. {n}", n=hit.number) + " " + hit.title if hit.number is not None else hit.title


def detail(hit: Hit) -> str:
    """What is said beside it: where it stands, and what of."""
    return " · ".join(part for part in (hit.unit if hit.kind is not Found.UNIT else "", hit.detail) if part)


def listed(rows: list[tuple[str, str, str]]) -> None:
    """What was found as a list of links: title, address and what is said beside it."""
    lines = "".join(
        f"<li><a href='{escape(to)}' target='_self'>{escape(words)}</a>"
        + (f" <span class='qy-muted'>{escape(beside)}</span>" if beside else "") + "</li>"
        for words, to, beside in rows
    )  # fmt: skip
    st.html(f"<ul class='qy-found'>{lines}</ul>")


def hits(group: Group) -> None:
    """What was found of a kind, each with the way to it."""
    actor = gate.actor()
    listed([(title(hit), target(hit, actor), detail(hit)) for hit in group.hits])

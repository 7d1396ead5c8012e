"""The list of accounts, as those who keep accounts and those who give roles look one up."""

from collections.abc import Callable

import streamlit as st

from core import dates
from core.rows import PersonRow
from core.text import _
from core.turning import Listed
from pages.ui import gate, tables, turning


def listing(question: Callable[..., Listed[PersonRow]], key: str, *, posts: bool = False) -> Listed[PersonRow]:
    """The accounts that fit what is looked for, a page at a time, with their roles, perhaps their posts, and whether
    they can be used. Whoever stands on the page can be chosen for a deed above."""
    st.subheader(_("All accounts"))
    found = find(question, key)
    if not found:
        st.info(_("Nobody has this in their name, account or unit."))
        return found
    tables.table(
        [_("Full name"), _("Account"), _("Unit"), _("Roles"), *([_("Posts")] if posts else []), _("State")],
        [
            [
                row.name, row.account, row.unit,
                tables.listed(tables.at(role.label, unit) for _id, role, unit in row.roles),
                *([tables.listed(row.posts)] if posts else []), state(row),
            ]
            for row in found
        ],
    )  # fmt: skip
    turning.under(found, _place(key))
    return found


def find(question: Callable[..., Listed[PersonRow]], key: str) -> Listed[PersonRow]:
    """Accounts by what stands in the field."""
    wanted = st.text_input(_("Find a person"), key=f"{key}:find", placeholder=_("Part of a name, account or unit"))
    found = gate.ask(question, wanted, turning.kept(_place(key)))
    if found.pages > 1:
        st.caption(_("There are {n}. Those on this page can be chosen above: find others by a part of their name.",
                     n=found.total))  # fmt: skip
    return found


def _place(key: str) -> str:
    return f"{key}:{st.session_state.get(f'{key}:find', '')}"


def state(row: PersonRow) -> str:
    """Whether somebody can sign in with an account."""
    if row.left_on:
        return _("closed on {day}", day=row.left_on)
    if row.locked_until and row.locked_until > dates.now():
        return _("locked until {time}", time=row.locked_until.astimezone(dates.HERE).strftime("%H:%M"))
    return _("in use") if row.roles else _("without a role")

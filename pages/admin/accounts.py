"""The list of accounts, as those who keep accounts and those who give roles look one up."""

from collections.abc import Sequence

import streamlit as st

from core import dates
from core.rows import PersonRow
from core.text import _
from pages.ui import tables


def listing(staff: Sequence[PersonRow], key: str, *, posts: bool = False) -> None:
    """Every account that fits what is looked for, with its roles, perhaps its posts, and whether it can be used."""
    st.subheader(_("All accounts"))
    wanted = st.text_input(_("Find a person"), key=f"{key}:find", placeholder=_("Part of a name, account or unit"))
    found = [row for row in staff if wanted.strip() in f"{row.name} {row.account} {row.unit}"]
    if not found:
        st.info(_("Nobody has this in their name, account or unit."))
        return
    tables.table(
        [_("Full name"), _("Account"), _("Unit"), _("Roles"), *([_("Posts")] if posts else []), _("State")],
        [
            [
                row.name, row.account, row.unit,
                tables.listed(tables.at(role.label, unit) for _id, role, unit in row.roles),
                *([tables.listed(row.posts)] if posts else []), state(row),
            ]
            for row in tables.page(found, f"{key}:page")
        ],
    )  # fmt: skip


def state(row: PersonRow) -> str:
    """Whether somebody can sign in with an account."""
    if row.left_on:
        return _("closed on {day}", day=row.left_on)
    if row.locked_until and row.locked_until > dates.now():
        return _("locked until {time}", time=row.locked_until.astimezone(dates.HERE).strftime("%H:%M"))
    return _("in use") if row.roles else _("without a role")

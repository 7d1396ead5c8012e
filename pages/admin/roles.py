"""Roles and passwords: who may do what and where, new first passwords, and accounts that are locked."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.access import Permission
from core.organisation import people
from core.organisation.people import NewRole
from core.organisation.places import Reach
from core.rows import PersonRow
from core.tables import people_tables
from core.text import _, literal
from core.words import Role
from pages.admin import accounts
from pages.ui import deeds, gate, importing, tables
from pages.ui.forms import Form, Options
from pages.ui.places import Ground

gate.require(Permission.ROLE_GRANT)


def main() -> None:
    st.title(_("Roles and passwords"))
    st.markdown(
        _("A role holds at a unit and everywhere below it. Nobody is both cadre and watchdog, or more than one of the "
          "three administrators; nobody gives a role to themselves.")
    )  # fmt: skip
    deeds.tell()
    _tell_password()
    top = st.container()
    staff = accounts.listing(people.find_holders, "roles")
    with top:
        _deeds(staff)


def _deeds(staff: Sequence[PersonRow]) -> None:
    here = [row for row in staff if row.left_on is None]
    words = {"grant": _("Give a role"), "revoke": _("Take a role back"), "reset": _("Reset a password"),
             "table": _("Import a table")}  # fmt: skip
    chosen = deeds.choose(words, "roles:deed")
    if chosen == "grant":
        _grant(here)
    elif chosen == "revoke":
        _revoke({held: tables.at(f"{row.name} · {role.label}", unit) for row in here for held, role, unit in row.roles})
    elif chosen == "reset":
        _reset({row.id: tables.at(row.name, row.account) for row in here})
    else:
        importing.forms(people_tables.ROLES)
        importing.taken_in(people_tables.ROLES)


def _grant(staff: Sequence[PersonRow]) -> None:
    names = {row.id: tables.at(row.name, f"{row.account} · {row.unit}") for row in staff}
    roles = {role: role.label for role in Role if role is not Role.RESIDENT}
    seats = Ground(Permission.ROLE_GRANT, Reach.OPEN)
    options: Options = {"person_id": names, "role": roles, "unit_id": seats}
    form = Form("role", NewRole, options=options, columns=3)
    if form.send(
        _("Give this role"), lambda work, new: people.grant_role(work, new.person_id, new.role, new.unit_id)
    ):
        deeds.done(_("The role is given. It holds from the next page the person opens."))


def _revoke(held: Mapping[str, str]) -> None:
    role_id = st.selectbox(
        _("Who loses which role"), list(held), index=None, format_func=held.__getitem__,
        placeholder=_("Please choose"), key="roles:revoking",
    )  # fmt: skip
    if role_id is None:
        return
    consequence = _("{role}: taken back at once, also on pages that are open. It can be given again.",
                    role=literal(held[role_id]))  # fmt: skip
    if deeds.sure(_("Take this role back"), consequence, _("Take it back"), f"revoke:{role_id}") and gate.do(
        people.revoke_role, role_id
    ):
        deeds.done(_("The role is taken back."))


def _reset(staff: Mapping[str, str]) -> None:
    person_id = st.selectbox(
        _("Person"), list(staff), index=None, format_func=staff.__getitem__, placeholder=_("Please choose"),
        key="roles:resetting",
    )  # fmt: skip
    if person_id is None:
        st.caption(_("A new first password also unlocks an account. Make sure that it is this person who asks."))
        return
    consequence = _("{person} gets a new first password; the old one and every sign-in end at once.",
                    person=literal(staff[person_id]))  # fmt: skip
    if not deeds.sure(_("Reset this password"), consequence, _("Reset it"), f"reset:{person_id}"):
        return
    if reset := gate.do(people.reset_password, person_id):
        st.session_state["roles:told"] = (staff[person_id], reset.value)
        st.rerun()


def _tell_password() -> None:
    if told := st.session_state.pop("roles:told", None):
        st.success(_("This is the new first password of {person}; it is shown this once.", person=literal(told[0])))
        st.code(told[1], language=None)


main()

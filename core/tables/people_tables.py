"""People as tables: accounts with their posts, and roles. Two tables of one form, so that one file serves both: the
system administrator opens the accounts of it, the security administrator gives the roles. No password stands in one."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from core.access import Permission
from core.errors import Refused, explain
from core.formats.books import Value
from core.formats.cells import one_of
from core.formats.tabular import Field, Row, Table, doubled, refusals
from core.organisation import people, posts
from core.organisation.people import Member
from core.organisation.units import Unit
from core.rows import PersonRow
from core.store import Work
from core.tables.importing import Change, Kept, Kind, Plan
from core.tables.unit_tables import SEVERAL, Path, parts
from core.text import N_, _, clean, folded
from core.words import Role

_LISTED = re.compile(r"[、,，;；\n]")
STAFF = tuple(role for role in Role if role is not Role.RESIDENT)
NO_UNIT = N_("No such unit here. Write its name, or the way from the top such as City/District/Street.")


def several(text: str) -> tuple[str, ...]:
    """Several names in one cell."""
    return tuple(dict.fromkeys(clean(part) for part in _LISTED.split(text) if clean(part)))


def _account(text: str) -> str:
    """An account as it is typed at the sign-in: full-width letters and digits are those of a table alone."""
    return unicodedata.normalize("NFKC", text)


def _roles(text: str) -> tuple[Role, ...]:
    read = one_of(*STAFF)
    return tuple(Role(str(read(part))) for part in several(text))


class _Units:
    """The open units of an actor by name, or by as much of the way from the top as is written."""

    def __init__(self, homes: Mapping[str, str]) -> None:
        self._by_name: dict[str, list[tuple[Path, str]]] = {}
        for unit_id, trail in homes.items():
            path = parts(trail)
            self._by_name.setdefault(path[-1], []).append((path, unit_id))

    def read(self, text: str) -> str:
        wanted = parts(text)
        hits = self._by_name.get(wanted[-1], []) if wanted else []
        fitting = [unit_id for path, unit_id in hits if path[-len(wanted) :] == wanted]
        if len(fitting) != 1:
            raise ValueError(_(SEVERAL if fitting else NO_UNIT))
        return fitting[0]


ABOUT = {
    "account": N_("What somebody signs in with: 2 to 40 letters, digits or . @ - _; each row is known by it."),
    "name": N_("The full name."),
    "unit_id": N_("The unit: its name, or the way from the top with / between."),
    "posts": N_("Posts at this unit, several with a comma between. A post that is not there yet is added."),
    "role": N_("A proposal. Roles are given by the security administrator, from this same file."),
    "given": N_("The roles to give at this unit, several with a comma between."),
}


def _fields(homes: Mapping[str, str], *, roles: bool) -> tuple[Field, ...]:
    words, offered = ABOUT["given" if roles else "role"], tuple(role.label for role in STAFF)
    role = Field("role", N_("Role"), words, read=_roles, choices=offered, width=24)
    account = Field("account", N_("Account"), ABOUT["account"], required=True, read=_account)
    name = Field("name", N_("Full name"), ABOUT["name"], required=not roles)
    unit = Field("unit_id", N_("Unit"), ABOUT["unit_id"], required=True, read=_Units(homes).read, width=36)
    held = Field("posts", N_("Posts"), ABOUT["posts"], read=several, width=28)
    return (account, name, unit, held, role)


# accounts


def _account_fields(work: Work, _unit_id: str) -> tuple[Field, ...]:
    return _fields(people.homes(work), roles=False)


def _plan_accounts(work: Work, _unit_id: str, found: Table) -> Plan:
    kept, homes = {row.account: row for row in people.accounts(work)}, people.homes(work)
    there = {(post.unit_id, post.name) for post in posts.posts(work)}
    troubles = doubled(found.rows, lambda row: str(row.values["account"]), found, "account")
    changes, same, roles = [], 0, 0
    for row in found.rows:
        before = kept.get(row.values["account"])
        made = _member(work, row, before, found)
        if isinstance(made, list):
            troubles += made
            continue
        wanted = [name for name in row.values.get("posts", ()) if not (before and name in before.posts)]
        if long := [name for name in wanted if len(name) > LONGEST]:
            troubles.append(found.trouble(row, "posts", _("Please keep to {max_length} characters.",
                                                          max_length=LONGEST) + f" ({long[0][:10]}…)"))  # fmt: skip
        said = _account_said(made, before, wanted, homes, there)
        there |= {(made.unit_id, name) for name in wanted}
        roles += bool(row.values.get("role"))
        if said:
            changes.append(Change(row.n, made.account, before is None, said, (made, tuple(wanted)),
                                  before.id if before else ""))  # fmt: skip
        same += not said
    notes = [_("Roles stand in {n} rows. They are given by the security administrator, from this same file.", n=roles)]
    return Plan(tuple(changes), tuple(troubles), same, notes=tuple(notes if roles else ()))


LONGEST = 60
"""Characters of the name of a post."""


def _member(work: Work, row: Row, before: PersonRow | None, found: Table) -> Member | list[Any]:
    """The account a row is about, or what is wrong with it."""
    try:
        made = Member(unit_id=row.values["unit_id"], name=row.said["name"], account=row.values["account"])
    except ValidationError as error:
        return refusals(explain(error), found, row)
    if before is None:
        if work.store.person_named(made.account):
            return [found.trouble(row, "account", _("This account name is taken."))]
        return made
    if before.left_on is not None:
        return [found.trouble(row, "account", _("This account is closed."))]
    if folded(before.name) != folded(made.name):
        return [found.trouble(row, "name", _("This account is that of somebody else. Please write another account."))]
    if before.unit_id != made.unit_id:
        return [found.trouble(row, "unit_id", _("This account is kept at another unit: {unit}.", unit=before.unit))]
    return made


def _account_said(
    made: Member, before: PersonRow | None, wanted: Sequence[str], homes: Mapping[str, str],
    there: Collection[tuple[str, str]],
) -> tuple[tuple[str, str, str], ...]:  # fmt: skip
    """What would be different: the account where it is new, and posts, with those marked that are new themselves."""
    fresh = () if before else ((_("Full name"), "", made.name), (_("Unit"), "", homes[made.unit_id]))
    if not wanted:
        return fresh
    told = _(", ").join(
        name if (made.unit_id, name) in there else _("{name} (new post)", name=name) for name in wanted
    )
    return (*fresh, (_("Posts"), _(", ").join(before.posts) if before else "", told))


def _save_accounts(work: Work, _unit_id: str, plan: Plan) -> None:
    fresh = [change for change in plan.changes if change.new]
    ids = people.open_accounts(work, [change.form[0] for change in fresh])
    owners = dict(zip([change.n for change in fresh], ids, strict=True))
    there = {(post.unit_id, post.name): post.id for post in posts.posts(work)}
    taken = []
    for change in plan.changes:
        member, wanted = change.form
        for name in wanted:
            key = (member.unit_id, name)
            if key not in there:
                there[key] = posts.add_post(work, *key)
            taken.append((there[key], change.key or owners[change.n]))
    posts.take_posts(work, taken)


ACCOUNTS = Kind(
    "people", N_("Table of accounts"), Permission.PERSON_EDIT, _account_fields, _plan_accounts, _save_accounts,
    notes=(N_("No password stands in this file. The security administrator gives each account its first one."),),
)  # fmt: skip


# roles


def _role_fields(work: Work, _unit_id: str) -> tuple[Field, ...]:
    return _fields(people.seats(work), roles=True)


def _plan_roles(work: Work, _unit_id: str, found: Table) -> Plan:
    staff, seats = {row.account: row for row in people.role_holders(work)}, people.seats(work)
    held: dict[str, set[tuple[Role, str]]] = {}
    changes, troubles, kept, same = [], [], [], 0
    for row in found.rows:
        who = staff.get(row.values["account"])
        if who is None or who.left_on is not None:
            why = _("No such account is in use here. Accounts are opened by the system administrator first.")
            troubles.append(found.trouble(row, "account", why))
            continue
        unit = work.store.one(Unit, row.values["unit_id"], work.actor.scope(Permission.ROLE_GRANT))
        own = held.setdefault(who.id, {(a.role, a.unit_id) for a in work.store.assignments(who.id)})
        wanted = [role for role in row.values.get("role", ()) if (role, unit.id) not in own]
        given = []
        for role in wanted:
            try:
                people.check_grant(work, who.id, role, unit, own)
            except Refused as refusal:
                kept.append(Kept(row.n, who.account, role.label, str(refusal)))
                continue
            own.add((role, unit.id))
            given.append(role)
        same += not wanted
        if given:
            said = ((_("Role"), "", _(", ").join(role.label for role in given)), (_("At"), "", seats[unit.id]))
            changes.append(Change(row.n, f"{who.name} · {who.account}", False, said, (unit.id, given), who.id))
    return Plan(tuple(changes), tuple(troubles), same, tuple(kept))


def _save_roles(work: Work, _unit_id: str, plan: Plan) -> None:
    for change in plan.changes:
        unit_id, given = change.form
        for role in given:
            people.grant_role(work, change.key, role, unit_id)


def _now_roles(work: Work, _unit_id: str) -> Sequence[Sequence[Value]]:
    seats = {unit_id: trail.replace(" · ", "/") for unit_id, trail in people.seats(work).items()}
    return [
        [row.account, row.name, seats.get(row.unit_id, row.unit), _(", ").join(row.posts), ""]
        for row in people.role_holders(work) if row.left_on is None
    ]  # fmt: skip


ROLES = Kind(
    "roles", N_("Table of roles"), Permission.ROLE_GRANT, _role_fields, _plan_roles, _save_roles, _now_roles,
    notes=(N_("A role that does not stand in the file is not taken back."),),
)  # fmt: skip

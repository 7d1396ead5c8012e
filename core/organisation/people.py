"""People with accounts, their roles and the rules of their passwords."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_urlsafe

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission, Scope, clash
from core.errors import Invalid, Refused
from core.events import Event
from core.organisation.recusal import Known, keep_newcomer_away, keep_newcomers_away
from core.organisation.units import Unit, new_code, new_id
from core.prevention.looks import Desertion
from core.privacy.hashing import cheaply, hashed
from core.rows import PersonRow
from core.store import Work
from core.text import N_, _, clean
from core.turning import START, Listed, Turn
from core.words import Role


@dataclass(eq=False)
class Person:
    """Somebody with an account. `unit_id` is the unit that keeps the account."""

    id: str
    unit_id: str
    account: str
    name: str
    password: str
    must_change: bool = True
    failures: int = 0
    locked_until: datetime | None = None
    left_on: date | None = None


@dataclass(eq=False)
class Assignment:
    """A role held by a person at a unit."""

    id: str
    unit_id: str
    person_id: str
    role: Role


ACCOUNT = r"^[\w.@-]+$"


class NewPerson(BaseModel):
    """An account to open."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    unit_id: str = Field(title=N_("Unit"), min_length=1)
    name: str = Field(title=N_("Full name"), min_length=1, max_length=40)
    account: str = Field(title=N_("Account"), min_length=2, max_length=40, pattern=ACCOUNT)
    password: str = Field(title=N_("First password"), min_length=1, max_length=200)


class Member(BaseModel):
    """Somebody for whom an account is opened together with others; nobody is told a password for it."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    unit_id: str = Field(title=N_("Unit"), min_length=1)
    name: str = Field(title=N_("Full name"), min_length=1, max_length=40)
    account: str = Field(title=N_("Account"), min_length=2, max_length=40, pattern=ACCOUNT)


class NewRole(BaseModel):
    """A role to give."""

    model_config = ConfigDict(frozen=True)

    person_id: str = Field(title=N_("Person"), min_length=1)
    role: Role = Field(title=N_("Role"))
    unit_id: str = Field(title=N_("At"), min_length=1)


def is_weak(password: str, account: str, name: str) -> str:
    """Why a password cannot be taken, or an empty string. At least 10 characters, not built on the account."""
    if len(password) < 10:
        return _("Please use at least 10 characters.")
    if len(set(password)) < 5:
        return _("Please use more different characters.")
    folded = password.casefold()
    if account.casefold() in folded or (len(name) > 1 and name.casefold() in folded):
        return _("Please do not use your name or account in it.")
    if folded in {"1234567890", "0123456789", "qwertyuiop", "password123", "password1234"}:
        return _("This password is too common.")
    return ""


def open_account(work: Work, new: NewPerson) -> str:
    """Open an account with a first password that must be changed at the first sign-in."""
    scope = work.actor.require(Permission.PERSON_EDIT)
    work.store.one(Unit, new.unit_id, scope)
    if work.store.person_named(new.account):
        raise Invalid(account=_("This account name is taken."))
    if why := is_weak(new.password, new.account, new.name):
        raise Invalid(password=why)
    person = Person(new_id(), new.unit_id, new.account, clean(new.name), hashed(new.password))
    work.store.add(person)
    keep_newcomer_away(work, person.unit_id, Known(person.id, person.name, ()))
    work.record(Event.PERSON_ADDED, person.id, chain=person.unit_id, account=person.account)
    return person.id


def open_accounts(work: Work, members: Sequence[Member]) -> list[str]:
    """Open accounts that nobody can use before the security administrator gives each a first password; gives their ids.

    All of them or none.
    """
    scope = work.actor.require(Permission.PERSON_EDIT)
    homes = {unit_id: work.store.one(Unit, unit_id, scope) for unit_id in {member.unit_id for member in members}}
    newcomers: dict[str, list[Known]] = {unit_id: [] for unit_id in homes}
    opened = []
    for member in members:
        if work.store.person_named(member.account):
            raise Invalid(account=_("This account name is taken."))
        with cheaply():
            person = Person(new_id(), member.unit_id, member.account, clean(member.name), hashed(token_urlsafe(32)))
        work.store.add(person)
        newcomers[member.unit_id].append(Known(person.id, person.name, ()))
        opened.append(person.id)
        work.record(Event.PERSON_ADDED, person.id, chain=person.unit_id, account=person.account)
    for unit_id, known in newcomers.items():
        keep_newcomers_away(work, unit_id, known)
    return opened


def grant_role(work: Work, person_id: str, role: Role, unit_id: str) -> None:
    """Give a person a role at a unit."""
    scope = work.actor.require(Permission.ROLE_GRANT)
    person = work.store.one(Person, person_id, scope)
    unit = work.store.one(Unit, unit_id, scope)
    held = [(a.role, a.unit_id) for a in work.store.assignments(person.id)]
    if person.left_on is not None:
        raise Refused(N_("This account is closed."))
    check_grant(work, person.id, role, unit, held)
    work.store.add(Assignment(new_id(), unit.id, person.id, role))
    keep_newcomer_away(work, unit.id, Known(person.id, person.name, ()))
    work.record(Event.ROLE_GRANTED, person.id, chain=unit.id, role=role, unit=unit.id)


def check_grant(work: Work, person_id: str, role: Role, unit: Unit, held: Collection[tuple[Role, str]]) -> None:
    """Refuse a role that somebody who holds these, each at a unit, must not have there as well."""
    if role is Role.RESIDENT:
        raise Refused(N_("Residents need no account."))
    if (role, unit.id) in held:
        raise Refused(N_("This person holds this role here already."))
    if clash([*(own for own, _unit in held), role]):
        raise Refused(N_("This role cannot be held together with the roles this person has."))
    if role in _AT_THE_REGISTER and not work.store.kind(unit.kind).holds_register:
        raise Refused(N_("This role is held at a community."))
    if person_id == work.actor.person_id:
        raise Refused(N_("Nobody gives a role to themselves."))


_AT_THE_REGISTER = frozenset({Role.CADRE, Role.WATCHDOG})


def revoke_role(work: Work, assignment_id: str) -> None:
    """Take a role back; sessions of the person end with it."""
    scope = work.actor.require(Permission.ROLE_GRANT)
    held = work.store.one(Assignment, assignment_id, scope)
    if held.role is Role.SECURITY_ADMIN and held.person_id == work.actor.person_id:
        raise Refused(N_("You cannot take this role from yourself."))
    desertion = Desertion(work)
    work.store.remove(held)
    desertion.check()
    work.record(Event.ROLE_REVOKED, held.person_id, chain=held.unit_id, role=held.role, unit=held.unit_id)


def new_password(account: str = "", name: str = "") -> str:
    """A first password of 60 bits, in groups that can be read out; letters that look alike are left out."""
    while True:
        password = "-".join(new_code()[:4] for _n in range(3))
        if not is_weak(password, account or "no account", name):
            return password


def reset_password(work: Work, person_id: str) -> str:
    """Give a person a new first password, lift a lock, and end every session they have; gives the password once."""
    scope = work.actor.require(Permission.PASSWORD_RESET)
    person = work.store.one(Person, person_id, scope)
    if person.left_on is not None:
        raise Refused(N_("This account is closed."))
    password = new_password(person.account, person.name)
    person.password, person.must_change, person.failures, person.locked_until = hashed(password), True, 0, None
    work.store.end_sessions(person.id)
    work.record(Event.PASSWORD_RESET, person.id, chain=person.unit_id)
    return password


def close_account(work: Work, person_id: str) -> None:
    """Close the account of somebody who left; refused while posts or open work still hang on them."""
    scope = work.actor.require(Permission.PERSON_EDIT)
    person = work.store.one(Person, person_id, scope)
    if person.id == work.actor.person_id:
        raise Refused(N_("You cannot close your own account."))
    if person.left_on is not None:
        raise Refused(N_("This account is closed."))
    if work.store.open_work(person.id):
        raise Refused(N_("Hand over the posts and open work of this person first."))
    desertion = Desertion(work)
    person.left_on = work.today
    desertion.check()
    work.store.end_sessions(person.id)
    work.record(Event.PERSON_LEFT, person.id, chain=person.unit_id)


def accounts(work: Work) -> list[PersonRow]:
    """Everybody whose account the actor keeps, with the roles and posts they hold."""
    scope = work.actor.require(Permission.PERSON_EDIT)
    return work.store.people_rows(scope)


def find_accounts(work: Work, words: str = "", turn: Turn = START) -> Listed[PersonRow]:
    """A page of them: those with the words in their name, account or unit."""
    scope = work.actor.require(Permission.PERSON_EDIT)
    return work.store.people_page(scope, words.strip(), turn)


def homes(work: Work) -> dict[str, str]:
    """The open units at which the actor may open accounts and create posts: id and place in the tree."""
    scope = work.actor.require(Permission.PERSON_EDIT)
    return {row.id: row.trail for row in work.store.unit_rows(scope) if row.closed_on is None}


def role_holders(work: Work) -> list[PersonRow]:
    """Everybody to whom the actor may give a role or a new password, with the roles they hold."""
    scope = work.actor.require(Permission.ROLE_GRANT)
    return work.store.people_rows(scope)


def find_holders(work: Work, words: str = "", turn: Turn = START) -> Listed[PersonRow]:
    """A page of them: those with the words in their name, account or unit."""
    scope = work.actor.require(Permission.ROLE_GRANT)
    return work.store.people_page(scope, words.strip(), turn)


def seats(work: Work) -> dict[str, str]:
    """The open units at which the actor may give a role: id and place in the tree."""
    scope = work.actor.require(Permission.ROLE_GRANT)
    return {row.id: row.trail for row in work.store.unit_rows(scope) if row.closed_on is None}


FOUND = 20
"""People among whom one chooses at once; where there are more, one looks for a part of a name."""


@dataclass(frozen=True)
class Found:
    """People to choose from, as id → words; `more` when there are others, who are found by a part of their name."""

    names: dict[str, str]
    more: bool


def near(work: Work, scope: Scope, words: str, roles: Collection[Role] = ()) -> tuple[list[PersonRow], bool]:
    """Who works in a scope, also who has left, where they are few; else those with some words in their name, account or
    unit. And whether there are more."""
    rows = work.store.people_near(scope, clean(words), FOUND + 1, roles)
    return rows[:FOUND] if len(rows) <= FOUND or clean(words) else [], len(rows) > FOUND


def found(
    work: Work, scope: Scope, words: str, told: Callable[[PersonRow], str], roles: Collection[Role] = (), but: str = ""
) -> Found:
    """The same without who has left and one more, in words."""
    rows, more = near(work, scope, words, roles)
    return Found({row.id: told(row) for row in rows if row.left_on is None and row.id != but}, more)

"""First start: the code on the console, and what a real site needs before anybody can work."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from core.access import Permission
from core.errors import Invalid, Refused
from core.events import Event
from core.organisation import doors
from core.organisation.people import Assignment, Person, is_weak
from core.organisation.units import DEFAULT_KINDS, Unit, UnitKind, new_id, plant
from core.privacy.hashing import hashed
from core.privacy.keys import Ring
from core.rows import PersonRow
from core.store import Work
from core.text import N_, _, clean, folded
from core.words import Role

CLOSED = N_("Too many wrong codes. Please wait a minute.")


@dataclass(frozen=True)
class Door:
    """The code that opens the set-up page until the site is real; printed on the console, so only who started a server
    has it."""

    code: str

    @classmethod
    def of(cls, ring: Ring) -> "Door":
        """The same on every server of a site."""
        digits = f"{int(ring.mark('setup'), 16) % 10**12:012}"
        return cls("-".join(digits[n : n + 4] for n in (0, 4, 8)))

    def opens(self, typed: str) -> bool:
        digits = re.sub(r"[^0-9]", "", folded(typed))
        return secrets.compare_digest(digits.encode(), self.code.replace("-", "").encode())


def knock(work: Work, door: Door, typed: str) -> bool:
    """Whether a code opens the door; the wrong one is kept, so the caller commits in both cases. Five wrong ones close
    it for a minute."""
    work.actor.require(Permission.UNIT_EDIT)
    doors.refuse_closed(work, "setup", CLOSED)
    if door.opens(typed):
        work.store.forget_wrong("setup")
        return True
    doors.wrong(work, "setup", timedelta(minutes=1), CLOSED)
    return False


Secret = Annotated[str, StringConstraints(strip_whitespace=False)]
"""A password keeps its blanks: they are typed at sign-in too."""


class Founding(BaseModel):
    """What is asked to start for real."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    city: str = Field(title=N_("City"), min_length=1, max_length=60)
    district: str = Field(title=N_("District"), min_length=1, max_length=60)
    street: str = Field(title=N_("Street"), min_length=1, max_length=60)
    communities: str = Field(title=N_("Communities, one a line"), min_length=1, max_length=5000)
    name: str = Field(title=N_("Your name"), min_length=1, max_length=40)
    account: str = Field(title=N_("Account"), min_length=2, max_length=40, pattern=r"^[\w.@-]+$")
    password: Secret = Field(title=N_("Password"), min_length=1, max_length=200)
    again: Secret = Field(title=N_("Password once more"), min_length=1, max_length=200)
    second_name: str = Field(title=N_("Security administrator's name"), min_length=1, max_length=40)
    second_account: str = Field(
        title=N_("Security administrator's account"), min_length=2, max_length=40, pattern=r"^[\w.@-]+$"
    )
    second_password: Secret = Field(title=N_("Security administrator's first password"), min_length=1, max_length=200)

    @field_validator("communities")
    @classmethod
    def _lines(cls, value: str) -> str:
        names = [clean(line) for line in value.splitlines() if clean(line)]
        if len(set(names)) != len(names):
            raise ValueError(_("A name stands here twice."))
        return "\n".join(names)


def found(work: Work, form: Founding) -> str:
    """Set up a real site: its units, a system administrator, and a security administrator who is somebody else.

    The system administrator opens accounts, the security administrator grants roles: neither can do both.
    """
    work.actor.require(Permission.UNIT_EDIT)
    if work.store.is_founded():
        raise Refused(N_("This site has been set up already."))
    if why := is_weak(form.password, form.account, form.name):
        raise Invalid(password=why)
    if form.password != form.again:
        raise Invalid(again=_("The two do not agree."))
    if form.second_account == form.account:
        raise Invalid(second_account=_("This must be somebody else's account."))
    if why := is_weak(form.second_password, form.second_account, form.second_name):
        raise Invalid(second_password=why)
    plant_kinds(work)
    city = _grow(work, None, "city", form.city)
    street = _grow(work, _grow(work, city, "district", form.district), "street", form.street)
    for name in form.communities.splitlines():
        _grow(work, street, "community", name)
    founder = Person(new_id(), city.id, form.account, clean(form.name), hashed(form.password), must_change=False)
    work.store.add(founder)
    work.store.add(Assignment(new_id(), city.id, founder.id, Role.SYSTEM_ADMIN))
    second = Person(new_id(), city.id, form.second_account, clean(form.second_name), hashed(form.second_password))
    work.store.add(second)
    work.store.add(Assignment(new_id(), city.id, second.id, Role.SECURITY_ADMIN))
    work.record(Event.SITE_FOUNDED, city.id, chain=city.id, account=founder.account)
    return founder.id


def demo_people(work: Work) -> list[PersonRow]:
    """The invented people of the demo, to be tried one after the other."""
    scope = work.actor.require(Permission.PERSON_EDIT)
    return [row for row in work.store.people_rows(scope) if row.left_on is None]


def plant_kinds(work: Work) -> None:
    for code, name, rank, holds in DEFAULT_KINDS:
        work.store.add(UnitKind(code, name, rank, holds))


def _grow(work: Work, parent: Unit | None, kind: str, name: str) -> Unit:
    unit = plant(parent, kind, name)
    work.store.add(unit)
    return unit

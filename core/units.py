"""Units: the tree from the city down to the building, and where each person's view ends."""

import secrets
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission
from core.errors import Invalid, Refused
from core.store import Work
from core.text import N_, _, clean
from core.words import Event

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def new_id() -> str:
    """A random id of 80 bits: never in order, so it tells nothing about when."""
    return secrets.token_hex(10)


def new_code() -> str:
    """A short public code of a unit for links and QR: random, without letters that look alike."""
    return "".join(secrets.choice(_LETTERS) for _n in range(8))


@dataclass(eq=False)
class UnitKind:
    """A level of the tree; kinds differ by place and year, so they are data."""

    code: str
    name: str
    rank: int
    holds_register: bool = False


DEFAULT_KINDS = (
    ("city", N_("City"), 1, False),
    ("district", N_("District"), 2, False),
    ("street", N_("Street"), 3, False),
    ("community", N_("Community"), 4, True),
    ("grid", N_("Grid"), 5, False),
    ("building", N_("Building"), 6, False),
)


@dataclass(eq=False)
class Unit:
    """A place in the tree. `path` is the ids from the root down, each between slashes."""

    id: str
    parent_id: str | None
    kind: str
    name: str
    path: str
    code: str
    closed_on: date | None = None


class NewUnit(BaseModel):
    """A unit to add below another."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    parent_id: str = Field(title=N_("Below"), min_length=1)
    kind: str = Field(title=N_("Kind"), min_length=1)
    name: str = Field(title=N_("Name"), min_length=1, max_length=60)


def plant(parent: Unit | None, kind: str, name: str) -> Unit:
    """A new unit with its place in the tree worked out."""
    own = new_id()
    path = f"{parent.path if parent else '/'}{own}/"
    return Unit(own, parent.id if parent else None, kind, clean(name), path, new_code())


def add_unit(work: Work, new: NewUnit) -> str:
    """Put a unit below another one of a higher kind."""
    scope = work.actor.require(Permission.UNIT_EDIT)
    parent = work.store.one(Unit, new.parent_id, scope)
    kinds = {kind.code: kind for kind in work.store.kinds()}
    if new.kind not in kinds:
        raise Invalid(kind=_("Please choose one of the options."))
    if kinds[new.kind].rank <= kinds[parent.kind].rank:
        raise Invalid(kind=_("A {kind} cannot stand below this unit.", kind=_(kinds[new.kind].name)))
    if any(unit.name == clean(new.name) for unit in work.store.some(Unit, scope, parent_id=parent.id)):
        raise Invalid(name=_("There is a unit with this name here already."))
    unit = plant(parent, new.kind, new.name)
    work.store.add(unit)
    work.record(Event.UNIT_ADDED, unit.id, chain=unit.id, name=unit.name, kind=unit.kind)
    return unit.id


def rename_unit(work: Work, unit_id: str, name: str) -> None:
    """Give a unit another name; its links and codes stay."""
    scope = work.actor.require(Permission.UNIT_EDIT)
    unit = work.store.one(Unit, unit_id, scope)
    if not clean(name):
        raise Invalid(name=_("Please fill this in."))
    before, unit.name = unit.name, clean(name)[:60]
    work.record(Event.UNIT_RENAMED, unit.id, chain=unit.id, before=before, name=unit.name)


def close_unit(work: Work, unit_id: str) -> None:
    """Close a unit: its links then lead to the list of communities, and nothing is deleted."""
    scope = work.actor.require(Permission.UNIT_EDIT)
    unit = work.store.one(Unit, unit_id, scope)
    if any(child.closed_on is None for child in work.store.some(Unit, scope, parent_id=unit.id)):
        raise Refused(N_("Close the units below it first."))
    unit.closed_on = work.today
    work.record(Event.UNIT_CLOSED, unit.id, chain=unit.id)


def add_kind(work: Work, code: str, name: str, rank: int) -> None:
    """Add a level to the tree, such as a micro-grid between grid and building."""
    work.actor.require(Permission.UNIT_EDIT)
    if not clean(name):
        raise Invalid(name=_("Please fill this in."))
    if any(kind.code == code or kind.name == clean(name) for kind in work.store.kinds()):
        raise Invalid(name=_("There is a kind with this name already."))
    work.store.add(UnitKind(code, clean(name), rank))
    work.record(Event.KIND_ADDED, code, chain="site", name=clean(name))

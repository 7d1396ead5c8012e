"""Units: the tree from the city down to the building, and where each person's view ends."""

import secrets
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission
from core.errors import Invalid, Missing, Refused
from core.events import Event
from core.rows import UnitRow
from core.store import Work
from core.text import N_, _, clean, folded

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


class NewName(BaseModel):
    """Another name for a unit."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    unit_id: str = Field(title=N_("Unit"), min_length=1)
    name: str = Field(title=N_("New name"), min_length=1, max_length=60)


class NewKind(BaseModel):
    """A level of the tree to put below another."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    above: str = Field(title=N_("Directly below"), min_length=1)
    name: str = Field(title=N_("Name of the kind"), min_length=1, max_length=40)


def plant(parent: Unit | None, kind: str, name: str) -> Unit:
    """A new unit with its place in the tree worked out."""
    own = new_id()
    path = f"{parent.path if parent else '/'}{own}/"
    return Unit(own, parent.id if parent else None, kind, clean(name), path, new_code())


def line(path: str) -> list[str]:
    """The ids from the root down to the unit of a path."""
    return path.strip("/").split("/")


def is_community(unit: Unit, work: Work) -> bool:
    """Whether a unit is open and holds a register."""
    return work.store.kind(unit.kind).holds_register and unit.closed_on is None


def communities(work: Work, search: str = "") -> list[UnitRow]:
    """The communities anybody may speak to, those whose name or place holds the words searched for."""
    work.actor.require(Permission.BOARD_READ)
    wanted = folded(search)
    return [row for row in work.store.communities() if wanted in folded(row.trail)]


def add_unit(work: Work, new: NewUnit) -> str:
    """Put a unit below another one of a higher kind."""
    scope = work.actor.require(Permission.UNIT_EDIT)
    parent = work.store.one(Unit, new.parent_id, scope)
    if parent.closed_on is not None:
        raise Invalid(parent_id=_("This unit is closed already."))
    levels = {kind.code: kind for kind in work.store.kinds()}
    if new.kind not in levels:
        raise Invalid(kind=_("Please choose one of the options."))
    if levels[new.kind].rank <= levels[parent.kind].rank:
        raise Invalid(kind=_("A {kind} cannot stand below this unit.", kind=_(levels[new.kind].name)))
    if any(unit.name == clean(new.name) for unit in work.store.some(Unit, scope, parent_id=parent.id)):
        raise Invalid(name=_("There is a unit with this name here already."))
    unit = plant(parent, new.kind, new.name)
    work.store.add(unit)
    work.record(Event.UNIT_ADDED, unit.id, chain=_log_of(work, unit), name=unit.name, kind=unit.kind)
    return unit.id


def rename_unit(work: Work, new: NewName) -> None:
    """Give a unit another name; its links and codes stay."""
    scope = work.actor.require(Permission.UNIT_EDIT)
    unit = work.store.one(Unit, new.unit_id, scope)
    name = clean(new.name)
    if not name:
        raise Invalid(name=_("Please fill this in."))
    if any(u.name == name and u.id != unit.id for u in work.store.some(Unit, scope, parent_id=unit.parent_id)):
        raise Invalid(name=_("There is a unit with this name here already."))
    before, unit.name = unit.name, name
    work.record(Event.UNIT_RENAMED, unit.id, chain=_log_of(work, unit), before=before, name=name)


def close_unit(work: Work, unit_id: str) -> None:
    """Close a unit: its links then lead to the list of communities, and nothing is deleted."""
    scope = work.actor.require(Permission.UNIT_EDIT)
    unit = work.store.one(Unit, unit_id, scope)
    if unit.closed_on is not None:
        raise Refused(N_("This unit is closed already."))
    if any(child.closed_on is None for child in work.store.some(Unit, scope, parent_id=unit.id)):
        raise Refused(N_("Close the units below it first."))
    unit.closed_on = work.today
    work.record(Event.UNIT_CLOSED, unit.id, chain=_log_of(work, unit))


def _log_of(work: Work, unit: Unit) -> str:
    """The log in which it is told what happens to a unit: that of the community it lies in, which tells all that is
    counted there; its own above communities."""
    try:
        return work.store.register_unit(unit).id
    except Missing:
        return unit.id


def add_kind(work: Work, new: NewKind) -> str:
    """Add a level to the tree, such as a micro-grid between grid and building; the levels below it move down."""
    work.actor.require(Permission.UNIT_EDIT)
    name, kinds = clean(new.name), work.store.kinds()
    if not name:
        raise Invalid(name=_("Please fill this in."))
    if any(name in (kind.name, _(kind.name)) for kind in kinds):
        raise Invalid(name=_("There is a kind with this name already."))
    above = next((kind for kind in kinds if kind.code == new.above), None)
    if above is None:
        raise Invalid(above=_("Please choose one of the options."))
    for kind in kinds:
        if kind.rank > above.rank:
            kind.rank += 1
    added = UnitKind(new_id(), name, above.rank + 1)
    work.store.add(added)
    work.record(Event.KIND_ADDED, added.code, chain=work.actor.unit_id or "site", name=name)
    return added.code


def tree(work: Work) -> list[UnitRow]:
    """Every unit the actor looks after, each below the one it belongs to."""
    scope = work.actor.require(Permission.UNIT_EDIT)
    return work.store.unit_rows(scope)


def kinds(work: Work) -> dict[str, str]:
    """The kinds of unit from the highest to the lowest: code and name."""
    work.actor.require(Permission.UNIT_EDIT)
    return {kind.code: _(kind.name) for kind in work.store.kinds()}

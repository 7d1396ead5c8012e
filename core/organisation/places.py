"""Choosing one of the units one looks after: few stand in one list, many are found by name or by stepping down the
tree, so that a choice costs the same over a street and over a province."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from core.access import Permission
from core.rows import UnitRow
from core.store import Work
from core.text import clean

FEW = 50
"""Units that stand in one list; also the most that are shown of one step."""
HITS = 20
"""Units that are shown of those with a name."""


class Reach(Enum):
    """Which units are offered."""

    ALL = "all"
    OPEN = "open"
    REGISTERS = "registers"  # open communities and units of the kinds above them
    ABOVE = "above"  # of these the ones above communities
    COMMUNITIES = "communities"  # open ones
    KEPT = "kept"  # communities and the units above them, closed ones too: their registers stay

    def takes(self, unit: UnitRow) -> bool:
        """Whether a unit that one steps through may also be chosen."""
        if self is Reach.ABOVE:
            return not unit.holds_register
        return unit.holds_register or self is not Reach.COMMUNITIES

    def leads_on(self, unit: UnitRow) -> bool:
        """Whether what is offered may lie below a unit."""
        return self in (Reach.ALL, Reach.OPEN) or not unit.holds_register


@dataclass(frozen=True)
class Offer:
    """What one may choose among: all of it in the order of the tree where it is `few`, else None; and the unit that was
    asked for, None where it is not offered. `first` stands first; of many it is the highest, where that is one."""

    few: tuple[UnitRow, ...] | None
    asked: UnitRow | None
    first: UnitRow | None

    @property
    def several(self) -> bool:
        """Whether there is a choice between communities, as there is wherever units are many."""
        return self.few is None or len(self.communities) > 1

    @property
    def communities(self) -> list[UnitRow]:
        """The communities among few units."""
        return [row for row in self.few or () if row.holds_register]


@dataclass(frozen=True)
class Step:
    """One step in the tree: the units from the top down to where one stands, and what lies below or was found there;
    `more` when that is not all."""

    line: tuple[UnitRow, ...]
    rows: tuple[UnitRow, ...]
    more: bool


def offer(work: Work, permission: Permission, reach: Reach, unit_id: str = "") -> Offer:
    """The units for which the actor holds a permission, and one of them by its id."""
    scope = work.actor.require(permission)
    rows = work.store.offered(scope, reach, FEW)
    if rows is not None:
        few = tuple(row for row in rows if reach.takes(row))
        return Offer(few, next((row for row in few if row.id == unit_id), None), few[0] if few else None)
    if (asked := named(work, permission, reach, [unit_id]) if unit_id else []) and reach.takes(asked[0]):
        return Offer(None, asked[0], None)
    tops = work.store.offered_at(scope, reach, None, "", 2)
    return Offer(None, None, tops[0] if len(tops) == 1 and reach.takes(tops[0]) else None)


def named(work: Work, permission: Permission, reach: Reach, ids: Sequence[str]) -> list[UnitRow]:
    """Units by their ids, in the order of the tree; those that a reach does not lead through are left out."""
    scope = work.actor.require(permission)
    return work.store.offered_ones(scope, reach, ids) if ids else []


def step(work: Work, permission: Permission, reach: Reach, unit_id: str = "", words: str = "") -> Step:
    """What lies below a unit, or has some words in its name there; at the top where it is not the actor's. A name that
    is wholly the words stands first, what lies nearer before what lies deeper: so each unit is reached by its name."""
    scope = work.actor.require(permission)
    at = next(iter(named(work, permission, reach, [unit_id])), None) if unit_id else None
    wanted = clean(words)
    most = HITS if wanted else FEW
    found = work.store.offered_at(scope, reach, at, wanted, most + 1)
    if at is None and not wanted and len(found) == 1 and reach.leads_on(found[0]):
        return step(work, permission, reach, found[0].id)
    rows = [row for row in found if reach.takes(row) or reach.leads_on(row)]
    line = work.store.line_to(scope, at) if at else []
    return Step(tuple(line), tuple(rows[:most]), len(found) > most)

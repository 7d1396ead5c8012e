"""Participation: from which places and by which ways residents are heard, and which places nobody hears from.

Told is alone whether anybody was heard from a place or by a way, never how many: numbers of places and numbers of ways
would narrow each other, and both the register (core.privacy.small). Of one community each place is told; over several
how many places are silent, unit by unit one step down the tree, so that it costs the same over a street and a province.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.access import Permission
from core.organisation import places
from core.organisation.places import Reach
from core.organisation.units import line
from core.rows import UnitRow
from core.store import Work
from core.words import RECORDED, Channel

SPAN = timedelta(days=365)
"""How far back residents are counted as heard."""
WAYS = (Channel.QR, Channel.WEB, *RECORDED)
"""The ways in which residents are heard."""


@dataclass(frozen=True)
class Reached:
    """Of an area: in how many communities each way was used, how many open communities and places there are, and from
    how many of these nobody is heard, nor from within them."""

    ways: Mapping[Channel, int]
    communities: int
    places: int
    silent: int


@dataclass(frozen=True)
class Place:
    """A place, and whether nobody is heard from it or from within it; `depth` is 0 for the community."""

    name: str
    depth: int
    silent: bool


@dataclass(frozen=True)
class Below:
    """A unit one step down the tree, with how many places there are in it and how many of them are silent."""

    id: str
    name: str
    places: int
    silent: int


@dataclass(frozen=True)
class Participation:
    """Of one community its `places` in the order of the tree, and the `silent` ones without those inside them; over
    several the units `below`, and whether there are `more` than those. Each way with the communities in which it was
    used, of how many."""

    reached: Reached
    ways: tuple[tuple[Channel, int], ...]
    places: tuple[Place, ...] = ()
    silent: tuple[str, ...] = ()
    below: tuple[Below, ...] = ()
    more: bool = False

    @property
    def communities(self) -> int:
        return self.reached.communities


def participation(work: Work, unit_id: str | None = None) -> Participation:
    """Where residents said or joined something within a year, in a unit or in everything the actor may see. What is
    kept from the actor does not count."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    reached = work.store.reached(scope, unit_id, work.today)
    ways = tuple((way, reached.ways.get(way, 0)) for way in WAYS)
    if not reached.places:
        return Participation(reached, ways)
    community, rows, more = _down(work, unit_id)
    if community:
        return Participation(reached, ways, *_of_community(work, community))
    of_each = work.store.reached_below(scope, unit_id, rows, work.today)
    below = [Below(row.id, row.name, of_each[row.id].places, of_each[row.id].silent) for row in rows]
    return Participation(reached, ways, below=tuple(one for one in below if one.places), more=more)


def _down(work: Work, unit_id: str | None) -> tuple[UnitRow | None, tuple[UnitRow, ...], bool]:
    """The one community that is asked about, or else the units one step further down, and whether there are more."""
    asked = places.named(work, Permission.OVERVIEW_READ, Reach.REGISTERS, [unit_id]) if unit_id else []
    if asked and asked[0].holds_register:
        return asked[0], (), False
    found = places.step(work, Permission.OVERVIEW_READ, Reach.REGISTERS, unit_id or "")
    if len(found.rows) == 1 and found.rows[0].holds_register:
        return found.rows[0], (), False
    return None, found.rows, found.more


def _of_community(work: Work, community: UnitRow) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    """The places of a community with their depth, and the names of the silent ones."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    rows = [community, *work.store.places(community.id)]
    heard = work.store.heard_places(scope, [row.id for row in rows], work.today - SPAN)
    spoken = {above for row in rows if row.id in heard for above in line(row.path)}
    silent, top = {row.id for row in rows if row.id not in spoken}, len(line(community.path))
    return (
        tuple(Place(row.name, len(line(row.path)) - top, row.id in silent) for row in rows),
        tuple(
            " · ".join(row.trail.split(" · ")[top - 1 :]) for row in rows
            if row.id in silent and silent.isdisjoint(line(row.path)[:-1])
        ),
    )  # fmt: skip

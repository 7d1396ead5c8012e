"""Participation: from which places and by which ways residents are heard, and which places nobody hears from.

Told is alone whether anybody was heard from a place or by a way, never how many: numbers of places and numbers of ways
would narrow each other, and both the register (core.privacy.small).
"""

from dataclasses import dataclass
from datetime import timedelta

from core.access import Permission
from core.organisation.units import line
from core.rows import UnitRow
from core.store import Work
from core.words import RECORDED, Channel

SPAN = timedelta(days=365)
"""How far back residents are counted as heard."""
WAYS = (Channel.QR, Channel.WEB, *RECORDED)
"""The ways in which residents are heard."""


@dataclass(frozen=True)
class Place:
    """A place, and whether nobody is heard from it or from within it; `depth` is 0 for the community."""

    name: str
    depth: int
    silent: bool


@dataclass(frozen=True)
class Participation:
    """Places in the order of the tree; each way with the communities in which it was used, of how many; the silent
    places without those inside them."""

    places: tuple[Place, ...]
    ways: tuple[tuple[Channel, int], ...]
    communities: int
    silent: tuple[str, ...]


def participation(work: Work, unit_id: str | None = None) -> Participation:
    """Where residents said or joined something within a year, in a unit or in everything the actor may see. What is
    kept from the actor does not count."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    known = work.store.unit_rows(scope)
    rows, holding = _places(known, unit_id), {row.path for row in known if row.holds_register}
    heard = work.store.taking_part(scope, unit_id, work.today - SPAN)
    used = {(way, next((one for one in _upwards(path) if one in holding), path)) for path, way in heard}
    spoken = {above for path, _way in heard for above in _upwards(path)}
    silent = {row.path for row, _depth in rows if row.path not in spoken}
    return Participation(
        tuple(Place(row.name, depth, row.path in silent) for row, depth in rows),
        tuple((way, sum(one is way for one, _home in used)) for way in WAYS),
        sum(not depth for _row, depth in rows),
        tuple(
            " · ".join(row.trail.split(" · ")[-depth - 1 :]) for row, depth in rows
            if row.path in silent and silent.isdisjoint(_upwards(row.path)[1:])
        ),
    )  # fmt: skip


def _upwards(path: str) -> list[str]:
    """The path of a unit and of every unit above it, from below: /a/b/, /a/."""
    parts = line(path)
    return [f"/{'/'.join(parts[:n])}/" for n in range(len(parts), 0, -1)]


def _places(rows: list[UnitRow], unit_id: str | None) -> list[tuple[UnitRow, int]]:
    """The open communities and the places in them, below a unit where one is given, with their depth."""
    top = next((row.path for row in rows if row.id == unit_id), "" if unit_id is None else "//")
    holding = {row.path for row in rows if row.holds_register}
    found = []
    for row in rows:
        home = next((n for n, path in enumerate(_upwards(row.path)) if path in holding), None)
        if home is not None and row.path.startswith(top) and row.closed_on is None:
            found.append((row, home))
    return found

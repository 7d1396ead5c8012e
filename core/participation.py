"""Participation: from which places and by which ways residents are heard, and which places nobody hears from.

Small numbers are protected: each place is a cell of its own, and so is each way in a community. What is told of several
is the sum of what is told of each (core.small), so that no row follows from the others.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from core.access import Permission
from core.rows import UnitRow
from core.small import NOBODY, Told, together, told
from core.store import Work
from core.words import Channel

SPAN = timedelta(days=365)
"""How far back residents are counted as heard."""


@dataclass(frozen=True)
class Heard:
    """How much is heard from one place and all within it; `depth` is 0 for the community."""

    place: str
    depth: int
    said: str
    silent: bool


@dataclass(frozen=True)
class Participation:
    """Places in the order of the tree, ways from the most used, and the silent places without those inside them."""

    places: tuple[Heard, ...]
    ways: tuple[tuple[Channel, str], ...]
    silent: tuple[str, ...]


def participation(work: Work, unit_id: str | None = None) -> Participation:
    """What residents said and joined in a year, in a unit or in everything the actor may see. What is kept from the
    actor is not counted."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    known = work.store.unit_rows(scope)
    rows, holding = _places(known, unit_id), {row.path for row in known if row.holds_register}
    cells: Counter[str] = Counter()
    ways: Counter[tuple[Channel, str]] = Counter()
    for path, channel, n in work.store.taking_part(scope, unit_id, work.today - SPAN):
        ways[channel, next((one for one in _upwards(path) if one in holding), path)] += n
        cells[path] += n
    by_place = _inside(cells)
    silent = {row.path for row, _depth in rows if row.path not in by_place}
    return Participation(
        tuple(Heard(row.name, depth, str(by_place.get(row.path, NOBODY)), row.path in silent) for row, depth in rows),
        _by_way(ways),
        tuple(
            " · ".join(row.trail.split(" · ")[-depth - 1 :]) for row, depth in rows
            if row.path in silent and silent.isdisjoint(_upwards(row.path)[1:])
        ),
    )  # fmt: skip


def _inside(cells: Counter[str]) -> dict[str, Told]:
    """What is told of each place that was heard from, with all within it."""
    parts: dict[str, list[Told]] = {}
    for path, n in cells.items():
        for above in _upwards(path):
            parts.setdefault(above, []).append(told(n))
    return {path: together(found) for path, found in parts.items()}


def _by_way(cells: Counter[tuple[Channel, str]]) -> tuple[tuple[Channel, str], ...]:
    """What is told of each way; in order of what is told, so that the order tells no more."""
    parts: dict[Channel, list[Told]] = {}
    for (channel, _home), n in cells.items():
        parts.setdefault(channel, []).append(told(n))
    found = {channel: together(parts[channel]) for channel in Channel if channel in parts}
    return tuple((way, str(found[way])) for way in sorted(found, key=lambda way: (-found[way].low, -found[way].high)))


def _upwards(path: str) -> list[str]:
    """The path of a unit and of every unit above it, from below: /a/b/, /a/."""
    parts = path.strip("/").split("/")
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


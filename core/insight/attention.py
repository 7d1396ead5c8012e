"""Where a superior is to look (关注图): what is red, what came up, what awaits a signature. A map in the order of the
places, never a ranking."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.access import Permission
from core.organisation.units import Unit, line
from core.store import Work
from core.text import N_, Term, by_name

MOST = 30
"""Places on the map: communities where so many have something, else the units above them."""


class Concern(Term):
    """What wants a superior's eyes, in entries."""

    RED = "red", N_("Warned in red")
    CAME = "came", N_("Came up to us")
    CLOSE = "close", N_("Closings to confirm")
    SIGN = "sign", N_("To be signed again")


@dataclass(frozen=True)
class Spot:
    """A place in which something wants to be looked at."""

    unit_id: str
    unit: str
    counts: Mapping[Concern, int]


@dataclass(frozen=True)
class Attention:
    """The places in which there is something, of so many communities, and how much there is in all of them."""

    communities: int
    spots: tuple[Spot, ...]

    def count(self, concern: Concern) -> int:
        return sum(spot.counts[concern] for spot in self.spots)


def attention(work: Work) -> Attention:
    """What wants the actor's eyes in the units below, as finely as it fits on the map."""
    scope = work.actor.require(Permission.FLAG_RAISE)
    communities, rows = work.store.attention(scope, work.person_id, work.today)
    found = finest([(tuple(line(path)), concern, n) for path, concern, n in rows])
    units = work.store.seen_all(Unit, [place[-1] for place in found], scope) if found else {}
    spots = [Spot(unit.id, unit.name, found[place]) for place in found if (unit := units.get(place[-1]))]
    return Attention(communities, tuple(sorted(spots, key=lambda spot: by_name(spot.unit))))


def finest(rows: Iterable[tuple[Sequence[str], Concern, int]]) -> dict[tuple[str, ...], Counter[Concern]]:
    """Counts by the lowest level of the tree that has at most `MOST` places with any; a place is the ids from the top
    down to it."""
    known = list(rows)
    for depth in range(max((len(path) for path, _concern, _n in known), default=0), 0, -1):
        found: dict[tuple[str, ...], Counter[Concern]] = {}
        for path, concern, n in known:
            found.setdefault(tuple(path[:depth]), Counter())[concern] += n
        if len(found) <= MOST:
            return found
    return {}

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
    """How much there is in so many communities, more than fit on the map being one more than that; and the places in
    which there is something. Where the map is not drawn, only what is red is told of them all; the rest is among what
    waits."""

    communities: int
    counts: Mapping[Concern, int]
    spots: tuple[Spot, ...] | None = None

    def count(self, concern: Concern) -> int:
        return self.counts.get(concern, 0)


def attention(work: Work, whole: bool = False) -> Attention:
    """What wants the actor's eyes in the units below, as finely as it fits on the map. Where the communities are more
    than fit there, it is drawn when the `whole` is asked for, and else told how much is red in all of them, as far as
    that is counted."""
    scope = work.actor.require(Permission.FLAG_RAISE)
    homes = work.store.few_communities(scope, MOST + 1)
    if len(homes) > MOST and not whole:
        return Attention(len(homes), {Concern.RED: work.store.count_red(scope)})
    rows = work.store.attention(scope, work.person_id, work.today, homes if len(homes) <= MOST else None)
    found = finest([(tuple(line(path)), concern, n) for path, concern, n in rows])
    units = work.store.seen_all(Unit, [place[-1] for place in found], scope) if found else {}
    spots = [Spot(unit.id, unit.name, found[place]) for place in found if (unit := units.get(place[-1]))]
    counts = sum(found.values(), Counter[Concern]())
    return Attention(len(homes), counts, tuple(sorted(spots, key=lambda spot: by_name(spot.unit))))


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

"""Before it is said (已有相近的条目): entries that may already speak of what somebody is just writing."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.access import Permission
from core.organisation.units import Unit, new_id
from core.review.merging import Likeness, likely_entries
from core.store import Work
from core.text import clean
from core.voices.flags import Flag
from core.words import Channel, Source

LEAST = 6
"""Characters below which a text is not compared."""
REACH = 12
"""Communities whose registers are looked through at once, where a point is meant for many."""
SHOWN = 3


@dataclass(frozen=True)
class Already:
    """An entry that may speak of a text already, and the community in whose register it stands."""

    likeness: Likeness
    unit: str


def resembling(work: Work, unit_ids: Sequence[str], text: str, item_id: str | None = None) -> list[Already]:
    """At most three entries of some communities that a text may be about, the likeliest first; nothing is kept of it.

    Only what the writer may read is compared: residents' words not by those from whom they are withheld.
    """
    scope = work.actor.require(Permission.REGISTER_READ)
    words = clean(text)
    if len(words) < LEAST or len(unit_ids) > REACH:
        return []
    found = []
    for unit in [work.store.one(Unit, unit_id, scope) for unit_id in unit_ids]:
        day = work.today
        voice = Flag(new_id(), unit.id, None, Source.SELF, Channel.SELF_CHECK, words, day, day, item_id)
        found += [Already(likeness, unit.name) for likeness in likely_entries(work, voice, scope)]
    return sorted(found, key=lambda one: -one.likeness.match.probability)[:SHOWN]

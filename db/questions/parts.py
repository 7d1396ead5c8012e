"""Where the rows of a page lie: a list whose order follows from what is counted is found by counts of communities."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from db.questions.summing import Counts, Key


@dataclass(frozen=True)
class Part:
    """The communities in which the rows of a page are, and how many rows of theirs stand before it."""

    ids: tuple[str, ...]
    skip: int


def part_of(kept: Sequence[tuple[str, Counts]], rank: Callable[[Key], Any], most: int, skip: int) -> Part:
    """Where `most` rows of a list lie after `skip` others; in the list stand the rows of a lower `rank` first, of one
    rank those of the first community, and none of a kind without rank."""
    pieces: Counter[tuple[Any, int]] = Counter()
    for place, (_unit, counts) in enumerate(kept):
        for kind, (n,) in counts.items():
            if (at_ := rank(kind)) is not None:
                pieces[at_, place] += n
    begun, lying = 0, []
    for (_rank, place), n in sorted(pieces.items()):
        lying.append((place, begun, n))
        begun += n
    chosen = {place for place, first, n in lying if first < skip + most and first + n > skip}
    before = sum(min(n, max(skip - first, 0)) for place, first, n in lying if place in chosen)
    return Part(tuple(kept[place][0] for place in sorted(chosen)), before)

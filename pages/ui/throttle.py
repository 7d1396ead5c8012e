"""How often people without an account may speak or try a receipt code, with nothing kept about who they are."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from core import dates
from core.organisation.tries import Tries
from core.settings import number

MINUTE, QUARTER = timedelta(minutes=1), timedelta(minutes=15)

SPEAKING, REPLICAS = "QINGYUAN_SPEAKING", "QINGYUAN_REPLICAS"
"""Variables: how many residents may speak in a minute on the whole site, 300 being a busy city's; and how many servers
share them. Each server takes its part of a minute, so that nothing of the minute in which somebody spoke has to be kept
where all of them could see it."""


def _part(most: int) -> Tries:
    return Tries(-(-most // number(REPLICAS, 1)), MINUTE)


_speaking_here, _speaking = _part(60), _part(number(SPEAKING, 300))
_slowly_here, _slowly = _part(6), _part(60)
_looking_here, _looking = Tries(240, MINUTE), Tries(900, MINUTE)
_guessing_here, _guessing = Tries(5, QUARTER), Tries(100, MINUTE)

AT_ONCE = 3
_at_work: Counter[str] = Counter()
_lock = threading.Lock()


@contextmanager
def turn(community_id: str) -> Iterator[bool]:
    """Whether words may be looked at and taken now, asked before anything that takes time: 3 at once for a community.

    Nobody waits here, so that a flood in one place never holds what others need.
    """
    with _lock:
        free = _at_work[community_id] < AT_ONCE and _is_open(community_id)
        _at_work[community_id] += free
    try:
        yield free
    finally:
        with _lock:
            _at_work[community_id] -= free
            if not _at_work[community_id]:
                del _at_work[community_id]


def _is_open(community_id: str) -> bool:
    now = dates.now()
    return not (_speaking_here.is_closed(community_id, now) or _speaking.is_closed("", now))


def may_speak(community_id: str, crowded: bool) -> bool:
    """Whether one more may speak now, who is then counted: 60 in a minute for a community, 300 in all or as
    QINGYUAN_SPEAKING says; of the crowded
    ones 6 in a minute for each and 60 for all of them."""
    now = dates.now()
    slow = ((_slowly_here, community_id), (_slowly, ""))
    if not _is_open(community_id) or (crowded and any(tries.is_closed(key, now) for tries, key in slow)):
        return False
    for tries, key in ((_speaking_here, community_id), (_speaking, ""), *(slow if crowded else slow[:1])):
        tries.count(key, now)
    return True


def may_look(code: str) -> bool:
    """Whether words may be looked at while they are typed: 240 in a minute for a public code, 900 in all."""
    now = dates.now()
    if _looking_here.is_closed(code, now) or _looking.is_closed("", now):
        return False
    _looking_here.count(code, now)
    _looking.count("", now)
    return True


def may_guess(locator: str) -> bool:
    """Whether a receipt code may be tried: not after 5 wrong ones for its locator in 15 minutes or 100 in a minute."""
    now = dates.now()
    return not (_guessing_here.is_closed(locator, now) or _guessing.is_closed("", now))


def note_wrong(locator: str) -> bool:
    """Count a wrong receipt code; whether this one has closed the door, so that a burst is told once."""
    now = dates.now()
    _guessing_here.count(locator, now)
    _guessing.count("", now)
    return not may_guess(locator)

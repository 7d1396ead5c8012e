"""How often people without an account may speak or try a receipt code, with nothing kept about who they are."""

from datetime import timedelta

from core import dates
from core.tries import Tries

MINUTE, QUARTER = timedelta(minutes=1), timedelta(minutes=15)

_speaking_here, _speaking = Tries(60, MINUTE), Tries(300, MINUTE)
_guessing_here, _guessing = Tries(5, QUARTER), Tries(100, MINUTE)


def may_speak(community_id: str) -> bool:
    """Whether one more may speak now, who is then counted: 60 in a minute for a community, 300 in all."""
    now = dates.now()
    if _speaking_here.is_closed(community_id, now) or _speaking.is_closed("", now):
        return False
    _speaking_here.count(community_id, now)
    _speaking.count("", now)
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

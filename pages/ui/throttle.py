"""A throttle in memory: how often something may happen, with nothing kept about who does it."""

import threading
import time
from collections import deque


class Throttle:
    """At most `count` in any `seconds`, for each key; keys are never persons, addresses or devices."""

    def __init__(self, count: int, seconds: float) -> None:
        self.count, self.seconds = count, seconds
        self._seen: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def is_full(self, key: str) -> bool:
        """Whether no more is let through for now."""
        with self._lock:
            return len(self._recent(key)) >= self.count

    def note(self, key: str) -> None:
        """Count one."""
        with self._lock:
            if len(self._seen) > 5000:
                for stale in [other for other in self._seen if not self._recent(other)]:
                    del self._seen[stale]
            self._recent(key)
            self._seen.setdefault(key, deque()).append(time.monotonic())

    def let(self, key: str) -> bool:
        """Count one if there is room for it; says whether there was."""
        if self.is_full(key):
            return False
        self.note(key)
        return True

    def _recent(self, key: str) -> deque[float]:
        seen = self._seen.get(key, deque())
        oldest = time.monotonic() - self.seconds
        while seen and seen[0] < oldest:
            seen.popleft()
        return seen


_speaking_here, _speaking = Throttle(60, 60), Throttle(300, 60)
_guessing_here, _guessing = Throttle(5, 900), Throttle(100, 60)


def may_speak(community_id: str) -> bool:
    """Whether one more may speak now: 60 in a minute for a community, 300 in all."""
    return _speaking_here.let(community_id) and _speaking.let("")


def may_guess(locator: str) -> bool:
    """Whether a receipt code may be tried: not after 5 wrong ones for its locator in 15 minutes or 100 in a minute."""
    return not (_guessing_here.is_full(locator) or _guessing.is_full(""))


def note_wrong(locator: str) -> None:
    """Count a wrong receipt code."""
    _guessing_here.note(locator)
    _guessing.note("")

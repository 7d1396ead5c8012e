"""Tries of people without an account, counted in the memory of one process and kept nowhere: too many close a door."""

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

KEPT = 10_000
"""How many keys are remembered; the oldest are forgotten first."""


@dataclass
class Tries:
    """Tries by key: `most` of them within `span` close the key until the first of them is `span` old.

    Keys are accounts, locators and communities, never addresses or devices.
    """

    most: int = 5
    span: timedelta = timedelta(minutes=15)
    _counted: dict[str, deque[datetime]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_closed(self, key: str, now: datetime) -> bool:
        with self._lock:
            return len(self._recent(key, now)) >= self.most

    def count(self, key: str, now: datetime) -> None:
        with self._lock:
            recent = self._recent(key, now)
            recent.append(now)
            self._counted.pop(key, None)
            self._counted[key] = recent
            while len(self._counted) > KEPT:
                self._counted.pop(next(iter(self._counted)))

    def _recent(self, key: str, now: datetime) -> deque[datetime]:
        """The tries of a key that still count, the oldest first.

        Dropped are those that are over, and those that a clock set back since has left far in the future: they would
        close the key until it comes there again.
        """
        recent = self._counted.get(key, deque())
        while recent and recent[-1] - now >= self.span:
            recent.pop()
        while recent and now - recent[0] >= self.span:
            recent.popleft()
        return recent

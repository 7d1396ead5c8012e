"""Guessing made slow: wrong tries are counted in memory, and too many of them close the door for a while."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

KEPT = 10_000
"""How many keys are remembered; the oldest are forgotten first."""


@dataclass
class Tries:
    """Wrong tries by key: `most` of them within `span` lock the key until the first of them is `span` old."""

    most: int = 5
    span: timedelta = timedelta(minutes=15)
    _wrong: dict[str, list[datetime]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_locked(self, key: str, now: datetime) -> bool:
        with self._lock:
            return len(self._recent(key, now)) >= self.most

    def wrong(self, key: str, now: datetime) -> None:
        """Count a wrong try."""
        with self._lock:
            recent = [*self._recent(key, now), now]
            self._wrong.pop(key, None)
            self._wrong[key] = recent
            while len(self._wrong) > KEPT:
                self._wrong.pop(next(iter(self._wrong)))

    def right(self, key: str) -> None:
        """Forget the wrong tries of a key."""
        with self._lock:
            self._wrong.pop(key, None)

    def _recent(self, key: str, now: datetime) -> list[datetime]:
        return [at for at in self._wrong.get(key, []) if now - at < self.span]

"""Opening a receipt, on every page that takes its code."""

import threading

from core.access import RESIDENT
from core.voices import unlocking
from core.voices.unlocking import Opened
from pages.ui import gate

_few = threading.Semaphore(3)
"""It costs memory and time on purpose; only so many at once."""


def unlocked(code: str) -> Opened:
    """What a code opens; `Invalid` for one with a slip, `Missing` for one that opens nothing."""
    with _few:
        return gate.inquire(RESIDENT, unlocking.unlock, code)

"""Danger (紧急): words that sound like an emergency or a crime, so that somebody looks at them before their turn."""

from core.alike import hints
from core.words import Triage

TOLD_FROM = 0.4
"""Confidence below which nothing is said of where a flag may belong."""
URGENT = frozenset({Triage.EMERGENCY, Triage.CRIME})


def is_urgent(text: str, hint: hints.Hint | None = None) -> bool:
    """Whether a text sounds like danger, as far as the hints can tell; kept with a flag when it is taken in. `hint` is
    that of the text, where it is known."""
    hint = hint or hints.triage(text)
    return hint.triage in URGENT and hint.confidence >= TOLD_FROM

"""Closings (销号): what hangs on one is its signature and the second looks to come, and both end when it is undone."""

from typing import TYPE_CHECKING

from core.entries import signed
from core.prevention import looks
from core.store import Work
from core.words import SignedStage

if TYPE_CHECKING:
    from core.entries.risks import Risk


def confirm(work: Work, risk: "Risk") -> str:
    """Sign what was done and plan the first second look; gives the digest of what was signed."""
    risk.closed_on, risk.closed_by = work.today, work.actor.person_id
    risk.verified_level = None
    looks.schedule(work, risk, looks.first_day(work.today))
    return signed.sign(work, risk, SignedStage.CLOSING).digest


def undo(work: Work, risk: "Risk") -> None:
    """The signature counts no longer, and nobody looks at what is open again."""
    risk.closed_on = risk.closed_by = risk.closing_asked_by = None
    looks.drop(work, risk)
    signed.end(work, risk, SignedStage.CLOSING)

"""Openings (双人开启): what one person may only do when a second one has agreed to it."""

from dataclasses import dataclass
from datetime import datetime

from core.words import OpeningKind, OpeningStatus


@dataclass(eq=False)
class Opening:
    """One person's wish to open or dispose of something with its reason, and what a second person said to it."""

    id: str
    unit_id: str
    flag_id: str
    kind: OpeningKind
    reason: str
    asked_by: str
    asked_at: datetime
    status: OpeningStatus = OpeningStatus.ASKED
    decided_by: str | None = None
    decided_at: datetime | None = None
    attachment_id: str | None = None

"""Retention (保存期限): what is deleted when, and what is kept from deletion and why."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(eq=False)
class Hold:
    """That a matter is kept from deletion, by whom and why, until somebody ends it."""

    id: str
    unit_id: str
    flag_id: str
    reason: str
    set_by: str
    set_at: datetime
    lifted_by: str | None = None
    lifted_at: datetime | None = None

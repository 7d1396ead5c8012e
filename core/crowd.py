"""Crowds: when very much has been said in a community on one day, more is taken more slowly; no address is known."""

from core.access import Permission
from core.store import Work

DAILY = 200
"""What residents say and join by themselves in a community on one day before it is taken more slowly. A community of
5,000 people where every twenty-fifth speaks on the same day; whoever speaks later is still heard."""


def is_crowded(work: Work, community_id: str) -> bool:
    """Whether that much has come in today already; communities do not count for each other."""
    work.actor.require(Permission.FLAG_SPEAK)
    return work.store.came_in(community_id, work.today) >= DAILY

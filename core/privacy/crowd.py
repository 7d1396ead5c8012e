"""Crowds: when very much has been said on one day, in a community or in all, more is taken more slowly; no address is
known."""

from core.access import Permission
from core.store import Work

DAILY = 200
"""What residents say and join by themselves in a community on one day before it is taken more slowly. A community of
5,000 people where every twenty-fifth speaks on the same day; whoever speaks later is still heard."""
SITE_DAILY = 3_000
"""The same for the whole site: fifteen crowded communities."""
SHARE = 20
"""What a community may say on a crowded day of the site before it counts among those that crowd it: a busy ordinary
day, so that a flood elsewhere slows nobody who has nothing to do with it."""


def is_crowded(work: Work, community_id: str) -> bool:
    """Whether so much has come in today that more from this community is taken slowly."""
    work.actor.require(Permission.FLAG_SPEAK)
    here = work.store.came_in(community_id, work.today)
    return here >= DAILY or (here >= SHARE and work.store.came_in(None, work.today) >= SITE_DAILY)

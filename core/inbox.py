"""The inbox (待初审): flags that wait for somebody's decision."""

from core.access import Permission
from core.rows import InboxRow, SealedRow
from core.store import Work


def inbox(work: Work, unit_id: str | None = None) -> list[InboxRow]:
    """Flags that wait for the actor, the longest waiting first; none about a power item of the actor's own."""
    scope = work.actor.require(Permission.INBOX_READ)
    return work.store.inbox(scope, work.person_id, unit_id)


def sealed(work: Work) -> list[SealedRow]:
    """Sealed matters without their words; each is opened one by one, with a reason."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    return work.store.sealed_rows(scope)

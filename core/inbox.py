"""The inbox (待初审): flags that wait for somebody's decision."""

from dataclasses import dataclass
from datetime import date

from core.access import Permission
from core.flags import load
from core.rows import InboxRow, SealedRow
from core.store import Work


@dataclass(frozen=True)
class Said:
    """One line between the office and a sender without a name."""

    from_sender: bool
    text: str
    day: date


def inbox(work: Work, unit_id: str | None = None) -> list[InboxRow]:
    """Flags that wait for the actor, the longest waiting first; none about a power item of the actor's own."""
    scope = work.actor.require(Permission.INBOX_READ)
    return work.store.inbox(scope, work.person_id, unit_id)


def thread(work: Work, flag_id: str) -> list[Said]:
    """What the office asked the sender of a flag, and what was answered, in order."""
    scope = work.actor.require(Permission.FLAG_READ_RAW)
    flag = load(work, flag_id, scope)
    return [Said(line.from_sender, line.text, line.said_on) for line in work.store.messages(flag.id)]


def sealed(work: Work) -> list[SealedRow]:
    """Sealed matters without their words; each is opened one by one, with a reason."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    return work.store.sealed_rows(scope)

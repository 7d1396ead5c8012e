"""The inbox (待初审): flags that wait for somebody's decision."""

from dataclasses import dataclass

from core.access import Permission
from core.items import suggestions
from core.organisation import places
from core.organisation.places import Reach
from core.review import regrouping
from core.review.triage import Said, restore, said
from core.rows import InboxRow, SealedRow
from core.store import Work
from core.turning import START, Listed, Turn
from core.voices.flags import load
from core.words import Dimension, RiskType, Source


@dataclass(frozen=True)
class Draft:
    """What an entry opened on a flag begins with, and how the library words risks of that power item."""

    title: str
    item_id: str | None
    dimension: Dimension | None
    risk_type: RiskType | None
    wordings: tuple[str, ...]


def inbox(work: Work, unit_id: str | None = None) -> list[InboxRow]:
    """Flags that wait for the actor: what sounds like danger first, then overdue ones, then by how surely they belong
    to an entry, then by their limit, and last those whose sender was asked; none about a power item of the actor's
    own. Of many, how sure it is puts in order those alone whose limit comes first."""
    scope = work.actor.require(Permission.INBOX_READ)
    return work.store.inbox(scope, work.person_id, work.today, unit_id)


@dataclass(frozen=True)
class Queue:
    """What waits, for a screen: the first rows, with the one that is looked at; and by community with its name how
    many, and how many that sound like danger and whose sender has not been asked. Of one community, and of many, none
    is named and they are counted only where one looks, as `sums`, as far as anybody is told."""

    rows: tuple[InboxRow, ...]
    counts: tuple[tuple[str, str, int, int], ...]
    sums: tuple[int, int] | None = None

    @property
    def total(self) -> int:
        return self.sums[0] if self.sums else sum(n for _unit_id, _name, n, _urgent in self.counts)

    def urgent(self, unit_id: str | None) -> int:
        """How many that wait at a community, or at all of them, sound like danger."""
        if self.sums:
            return self.sums[1]
        return sum(urgent for one, _name, _n, urgent in self.counts if unit_id in (None, one))


SEVERAL = 30
"""Open communities up to which it is counted how many flags wait in each."""


def queue(work: Work, most: int, unit_id: str | None = None, at: str | None = None) -> Queue:
    """The inbox of one community or of all, its first `most` flags; and the one that is looked `at`, if it waits."""
    scope = work.actor.require(Permission.INBOX_READ)
    offer = places.offer(work, Permission.INBOX_READ, Reach.COMMUNITIES, unit_id or "")
    several = 1 < len(offer.communities) <= SEVERAL
    counts = work.store.inbox_counts(scope, work.person_id) if several else []
    if unit_id not in ({one for one, *_rest in counts} if several else {offer.asked and offer.asked.id}):
        unit_id = None
    sums = None if several else work.store.inbox_sums(scope, work.person_id, unit_id)
    rows = work.store.inbox(scope, work.person_id, work.today, unit_id, most)
    if at and at not in {row.id for row in rows}:
        row = work.store.inbox_row(scope, work.person_id, at)
        rows += [row] if row else []
    return Queue(tuple(rows), tuple(counts), sums)


def thread(work: Work, flag_id: str) -> list[Said]:
    """What the office asked the sender of a flag, and what was answered, in order."""
    scope = work.actor.require(Permission.FLAG_READ_RAW)
    return said(work, load(work, flag_id, scope))


def draft(work: Work, flag_id: str) -> Draft:
    """A first draft of an entry. Residents' words are never copied into it: an entry is read by many more."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    flag = load(work, flag_id, scope)
    known = suggestions(work.store.item_name(flag.item_id))
    title = flag.text if flag.source is not Source.RESIDENT and len(flag.text) <= 60 else ""
    kind = flag.risk_type or (known[0].risk_type if known else None)
    return Draft(title, flag.item_id, flag.dimension, kind, tuple(point.risk_point for point in known))


def take_back(work: Work, flag_id: str, reason: str) -> None:
    """Take back whatever was decided about a flag last: a merge or a move, an entry opened on it or a splitting it was
    part of, a referral or a refusal."""
    scope = work.actor.require(Permission.FLAG_UNMERGE)
    flag = load(work, flag_id, scope)
    risk = work.store.entry_of(flag.id)
    if risk is None:
        restore(work, flag.id, reason)
        return
    [link] = [link for link in work.store.links_of(risk.id) if link.flag_id == flag.id]
    regrouping.take_back(work, link.id, reason)


def sealed(work: Work, turn: Turn = START) -> Listed[SealedRow]:
    """Sealed matters, those to confirm or lift first, without their words; each is opened one by one, with a reason."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    return work.store.sealed_page(scope, turn)

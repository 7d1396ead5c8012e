"""Retention (保存期限): deleting what has been kept long enough, and keeping a matter from it (封存保全)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.access import EVERYWHERE, Permission, Scope
from core.errors import Denied, Refused, Stale
from core.events import Event
from core.orders import reasoned
from core.organisation.units import new_id
from core.privacy.keeping import Kept
from core.review.runs import Member
from core.store import Work
from core.text import N_
from core.voices import contacts
from core.voices.attachments import Attachment
from core.voices.flags import Flag
from core.words import RunStatus

ALL = Scope((EVERYWHERE,), sealed=True)
"""For the program's own bookkeeping inside a permitted deed."""


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


def hold(work: Work, flag_id: str, reason: str) -> None:
    """Keep everything of a matter from deletion until the hold is lifted."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    flag = work.store.one(Flag, flag_id, scope)
    why = reasoned(reason)
    if held(work, flag) is not None:
        raise Stale(N_("This matter is kept from deletion already."))
    work.store.add(Hold(new_id(), flag.unit_id, flag.id, why, work.person_id, work.now))
    work.record(Event.HELD, flag.id, chain=flag.unit_id, reason=why)


def lift(work: Work, flag_id: str, reason: str) -> None:
    """End a hold: the terms of keeping count again, as if it had never been."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    flag = work.store.one(Flag, flag_id, scope)
    why = reasoned(reason)
    standing = held(work, flag)
    if standing is None:
        raise Stale(N_("This matter is not kept from deletion."))
    standing.lifted_by, standing.lifted_at = work.person_id, work.now
    work.record(Event.HOLD_LIFTED, flag.id, chain=flag.unit_id, reason=why)


def held(work: Work, flag: Flag) -> Hold | None:
    """The hold that stands on a matter."""
    return next(iter(work.store.some(Hold, ALL, flag_id=flag.id, lifted_at=None)), None)


def due(work: Work, days: Mapping[Kept, int]) -> dict[Kept, int]:
    """How much of each kind a sweep would delete today; nothing is deleted."""
    _everywhere(work.actor.require(Permission.SITE_KEEP))
    return {kind: _count(work, kind, _before(work, days[kind])) for kind in Kept}


def sweep(work: Work, days: Mapping[Kept, int], most: int) -> dict[Kept, int]:
    """Delete what has been kept long enough, at most so much of each kind; how much it was.

    Each deletion leaves a line in the log. Done again until nothing is left, it may be killed between any two times.
    """
    _everywhere(work.actor.require(Permission.SITE_KEEP))
    return {kind: _SWEEPERS[kind](work, _before(work, days[kind]), most) for kind in Kept}


def wipe(work: Work, flag: Flag) -> None:
    """Delete what a sender said and left: words, answers, files, contact. The flag itself stays, empty."""
    contacts.drop(work, flag)
    for attachment in work.store.some(Attachment, ALL, flag_id=flag.id):
        work.store.drop_attachment(attachment)
    for message in work.store.messages(flag.id):
        work.store.remove(message)
    for member in work.store.some(Member, ALL, flag_id=flag.id):
        member.because = []
    flag.text, flag.reason, flag.level, flag.factors = "", "", None, None


def _everywhere(scope: Scope) -> None:
    """`Denied` to whoever keeps a part of the site alone."""
    if EVERYWHERE not in scope.paths:
        raise Denied


def _before(work: Work, days: int) -> date:
    """What was answered, ended or changed on this day or earlier has been kept long enough."""
    return work.today - timedelta(days=days)


def _count(work: Work, kind: Kept, before: date) -> int:
    match kind:
        case Kept.REQUESTS:
            return len(work.store.lapsed_requests(before))
        case Kept.ROWS:
            return len(work.store.failed_intakes(before))
        case Kept.DRAFT:
            return len(work.store.stale_drafts(before))
        case Kept.NOTICE:
            return work.store.count_old_notices(before)
        case Kept.MESSAGE:
            return work.store.count_old_deliveries(before)
    return len(work.store.lapsed(kind, before))


def _contacts(work: Work, before: date, most: int) -> int:
    return _each(work, Kept.CONTACT, before, most, contacts.drop)


def _originals(work: Work, before: date, most: int) -> int:
    return _each(work, Kept.ORIGINAL, before, most, _drop_originals)


def _drop_originals(work: Work, flag: Flag) -> None:
    """The clean copies stay: they tell nothing of who made them."""
    for attachment in work.store.some(Attachment, ALL, flag_id=flag.id):
        if attachment.sealed:
            work.store.drop_original(attachment)


def _words(work: Work, before: date, most: int) -> int:
    return _each(work, Kept.WORDS, before, most, wipe)


def _each(work: Work, kind: Kept, before: date, most: int, delete: Callable[[Work, Flag], object]) -> int:
    flags = work.store.lapsed(kind, before, most)
    for flag in flags:
        delete(work, flag)
        work.record(Event.SWEPT, flag.id, chain=flag.unit_id, swept=kind)
    return len(flags)


def _requests(work: Work, before: date, most: int) -> int:
    """What a sender wrote goes; that somebody asked, and what the office answered, stays."""
    requests = work.store.lapsed_requests(before, most)
    for request in requests:
        request.text = ""
        work.record(Event.SWEPT, request.id, chain=request.unit_id, swept=Kept.REQUESTS)
    return len(requests)


def _rows(work: Work, before: date, most: int) -> int:
    """What was taken in stands in flags by now; the rest of a failed intake is dropped as if it had been cancelled."""
    runs = work.store.failed_intakes(before, most)
    for run in runs:
        run.status = RunStatus.CANCELLED
        work.store.forget_rows(ALL, run.id)
        work.record(Event.SWEPT, run.id, chain=run.unit_id, swept=Kept.ROWS)
    return len(runs)


def _drafts(work: Work, before: date, most: int) -> int:
    drafts = work.store.stale_drafts(before, most)
    for person_id, form in drafts:
        work.store.drop_draft(person_id, form)
    for person_id in sorted({person_id for person_id, _form in drafts}):
        count = sum(owner == person_id for owner, _form in drafts)
        chain = work.store.person(person_id).unit_id
        work.record(Event.SWEPT, person_id, chain=chain, swept=Kept.DRAFT, rows=count)
    return len(drafts)


def _notices(work: Work, before: date, most: int) -> int:
    return _told(work, Kept.NOTICE, work.store.drop_old_notices(before, most))


def _messages(work: Work, before: date, most: int) -> int:
    return _told(work, Kept.MESSAGE, work.store.drop_old_deliveries(before, most))


def _told(work: Work, kind: Kept, count: int) -> int:
    """One line for a lot: a line for each would tell nothing more."""
    if count:
        top = work.store.top_unit()
        work.record(Event.SWEPT, top.id, chain=top.id, swept=kind, rows=count)
    return count


_SWEEPERS: dict[Kept, Callable[[Work, date, int], int]] = {
    Kept.CONTACT: _contacts, Kept.ORIGINAL: _originals, Kept.WORDS: _words, Kept.REQUESTS: _requests,
    Kept.ROWS: _rows, Kept.DRAFT: _drafts, Kept.NOTICE: _notices, Kept.MESSAGE: _messages,
}  # fmt: skip


def refuse_held(work: Work, flag: Flag) -> None:
    """`Refused` where a hold stands on a matter."""
    if held(work, flag) is not None:
        raise Refused(N_("This matter is kept from deletion. Lift the hold first."))

"""Openings (双人开启): what one person may only do when a second one has agreed to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from core import dates
from core.access import Permission, Scope
from core.errors import Denied, Refused, Stale
from core.events import Event
from core.lifecycle import OPENING_STEPS, advance, step_to
from core.orders import reasoned
from core.organisation.units import new_id
from core.store import Work
from core.text import N_, Term
from core.turning import START, Listed, Turn
from core.voices import contacts
from core.voices.attachments import Attachment
from core.voices.flags import Flag, tell_reading
from core.voices.retention import refuse_held, wipe
from core.words import FlagStatus, OpeningKind, OpeningStatus, Role

LASTS = timedelta(days=3)
"""How long after the second person agreed the first one may do it."""
GONE = {
    OpeningKind.CONTACT: N_("No contact is kept."),
    OpeningKind.ORIGINAL: N_("The original of this file is not kept any more."),
}


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
    answer: str = ""
    done_at: datetime | None = None
    attachment_id: str | None = None


@dataclass(frozen=True)
class MatterRow:
    """A matter that has something to open, without its words: since when a contact is kept, and its files by id.

    `hold` is why it is kept from deletion, nothing where it is not; `empty` that its words are deleted.
    """

    id: str
    unit: str
    raised_on: date
    status: FlagStatus
    sealed: bool
    confirmed: bool
    contact_since: date | None
    files: tuple[tuple[str, int], ...]
    hold: str
    empty: bool


@dataclass(frozen=True)
class OpeningRow:
    """One deed of two people as the desk reads it."""

    id: str
    flag_id: str
    unit: str
    raised_on: date
    kind: OpeningKind
    reason: str
    status: OpeningStatus
    asked_by: str
    asker: str
    asked_at: datetime
    decider: str
    decided_at: datetime | None
    answer: str
    done_at: datetime | None
    n: int | None

    def has_lapsed(self, now: datetime) -> bool:
        """Whether the agreement came too long ago to be used."""
        return self.status is OpeningStatus.GRANTED and (self.decided_at or now) + LASTS < now


@dataclass(frozen=True)
class Second:
    """Somebody who could agree."""

    person: str
    unit: str


class Part(Enum):
    """What the deeds of two people are to whoever looks at them."""

    OPEN = "open"  # what others ask for, and what they themselves ask for or may do now
    PAST = "past"  # all the rest


class Ground(Term):
    """Why a matter stands among those that take two people."""

    CONTACT = "contact", N_("With a contact")
    FILES = "files", N_("With files")
    SEALED = "sealed", N_("Seal confirmed")
    HELD = "held", N_("Kept from deletion")


def grounds(work: Work) -> list[Ground]:
    """The grounds for which there is a matter within the actor's reach."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    return work.store.grounds(scope)


def matters(work: Work, ground: Ground, turn: Turn = START) -> Listed[MatterRow]:
    """A page of the matters that stand here for a ground, the latest first, not counted; none of their words."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    return work.store.matter_page(scope, ground, turn)


def rows(work: Work, part: Part, turn: Turn = START) -> Listed[OpeningRow]:
    """A page of the deeds of two people within the actor's reach, those asked for last first; not counted."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    return work.store.opening_page(scope, part, work.person_id, work.now - LASTS, turn)


def seconds(work: Work, flag_id: str) -> list[Second]:
    """Who else could agree to what the actor asks for: of the discipline desks there and above, not kept away and no
    relative."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    flag = work.store.one(Flag, flag_id, scope)
    away = {*work.store.with_kin([work.person_id]), *work.store.recused(flag.id)}
    people = work.store.holders(scope, flag.unit_id, [Role.DISCIPLINE])
    return [Second(row.name, row.unit) for row in people if row.id not in away]


def ask(work: Work, flag_id: str, kind: OpeningKind, reason: str, attachment_id: str | None = None) -> str:
    """Ask for a second person's agreement; gives the id of what was asked for."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    flag = work.store.one(Flag, flag_id, scope)
    why = reasoned(reason)
    _is_there(work, flag, kind, attachment_id)
    for other in work.store.some(Opening, scope, flag_id=flag.id, attachment_id=attachment_id):
        if other.kind is kind and (other.status is OpeningStatus.ASKED or _stands(work, other)):
            raise Stale(N_("Somebody has asked for this already."))
    opening = Opening(new_id(), flag.unit_id, flag.id, kind, why, work.person_id, work.now, attachment_id=attachment_id)
    work.store.add(opening)
    work.record(Event.OPENING_ASKED, flag.id, chain=flag.unit_id, purpose=kind, reason=why)
    return opening.id


def withdraw(work: Work, opening_id: str) -> None:
    """Whoever asked takes it back, as long as nobody has said anything to it."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    opening = work.store.one(Opening, opening_id, scope)
    flag = work.store.one(Flag, opening.flag_id, scope)
    if opening.asked_by != work.person_id:
        raise Denied(N_("Only whoever asked for this may withdraw it."))
    event = advance(opening, OpeningStatus.WITHDRAWN, OPENING_STEPS)
    work.record(event, flag.id, chain=flag.unit_id, purpose=opening.kind)


def agree(work: Work, opening_id: str, reason: str) -> None:
    """The second person agrees, with a reason: whoever asked may do it once within three days."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    _decide(work, opening_id, scope, OpeningStatus.GRANTED, reason)


def refuse(work: Work, opening_id: str, reason: str) -> None:
    """The second person does not agree, with a reason."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    _decide(work, opening_id, scope, OpeningStatus.REFUSED, reason)


def open_contact(work: Work, opening_id: str) -> str:
    """How to reach the sender: shown once to whoever asked, when a second person has agreed."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    ring = work.store.ring()
    opening, flag = _granted(work, opening_id, scope, OpeningKind.CONTACT)
    contact = contacts.of_flag(work, flag)
    if contact is None:
        raise Refused(GONE[OpeningKind.CONTACT])
    found = ring.opened(contact.sealed).decode()
    _done(work, opening)
    work.record(Event.CONTACT_OPENED, flag.id, chain=flag.unit_id)
    return found


def open_original(work: Work, opening_id: str) -> tuple[bytes, str]:
    """The original of a file and its media type: given once to whoever asked, when a second person has agreed."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    ring = work.store.ring()
    opening, flag = _granted(work, opening_id, scope, OpeningKind.ORIGINAL)
    kept = work.store.find(Attachment, opening.attachment_id) if opening.attachment_id else None
    if kept is None or not kept.sealed:
        raise Refused(GONE[OpeningKind.ORIGINAL])
    found = ring.opened(work.store.file(kept.sealed))
    _done(work, opening)
    tell_reading(work, flag, Role.DISCIPLINE)
    work.record(Event.ORIGINAL_OPENED, flag.id, chain=flag.unit_id)
    return found, kept.media_type


def dispose(work: Work, opening_id: str) -> None:
    """Delete a sealed matter's words, answers, files and contact, when a second person has agreed. The receipt stays
    and says so."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    opening, flag = _granted(work, opening_id, scope, OpeningKind.DISPOSAL)
    _is_there(work, flag, OpeningKind.DISPOSAL, None)
    wipe(work, flag)
    _done(work, opening)
    work.record(Event.DISPOSED, flag.id, chain=flag.unit_id, reason=opening.reason)


def told(work: Work, flag: Flag) -> Sequence[tuple[date, str]]:
    """What the sender is told of what two people did with their matter: the day and the message, by role."""
    done = work.store.done_openings(flag.id)
    return [(dates.today(at), TOLD[kind]) for kind, at in done]


TOLD = {
    OpeningKind.CONTACT: N_("The discipline desk, two people together, has opened your contact."),
    OpeningKind.ORIGINAL: N_("The discipline desk, two people together, has opened the original of a file."),
    OpeningKind.DISPOSAL: N_(
        "The discipline desk, two people together, has disposed of the matter. Your words, files and contact are "
        "deleted; that they were handed in stays on record."
    ),
}


def _is_there(work: Work, flag: Flag, kind: OpeningKind, attachment_id: str | None) -> None:
    """`Refused` where there is nothing of the kind to open, or the matter is not one to be disposed of."""
    if kind is OpeningKind.CONTACT and contacts.of_flag(work, flag) is None:
        raise Refused(GONE[kind])
    if kind is OpeningKind.ORIGINAL:
        kept = work.store.find(Attachment, attachment_id) if attachment_id else None
        if kept is None or kept.flag_id != flag.id or not kept.sealed:
            raise Refused(GONE[kind])
    if kind is OpeningKind.DISPOSAL:
        if not flag.seal_confirmed:
            raise Refused(N_("Only a matter whose seal is confirmed is disposed of here."))
        refuse_held(work, flag)


def _decide(work: Work, opening_id: str, scope: Scope, status: OpeningStatus, reason: str) -> None:
    opening = work.store.one(Opening, opening_id, scope)
    flag = work.store.one(Flag, opening.flag_id, scope)
    if opening.asked_by == work.person_id:
        raise Denied(N_("You asked for this, so somebody else has to agree to it."))
    if work.person_id in work.store.with_kin([opening.asked_by]):
        raise Denied(N_("A relative of yours asked for this, so somebody else has to agree to it."))
    event, opening.answer = advance(opening, status, OPENING_STEPS), reasoned(reason)
    opening.decided_by, opening.decided_at = work.person_id, work.now
    work.record(event, flag.id, chain=flag.unit_id, purpose=opening.kind, reason=opening.answer)


def _granted(work: Work, opening_id: str, scope: Scope, kind: OpeningKind) -> tuple[Opening, Flag]:
    """What the actor asked for and may do now."""
    opening = work.store.one(Opening, opening_id, scope)
    flag = work.store.one(Flag, opening.flag_id, scope)
    if opening.asked_by != work.person_id:
        raise Denied(N_("Only whoever asked for this may do it."))
    step_to(opening, OpeningStatus.DONE, OPENING_STEPS)
    if opening.kind is not kind:
        raise Stale
    if not _stands(work, opening):
        raise Refused(N_("More than three days have passed since it was agreed to. Please ask again."))
    return opening, flag


def _stands(work: Work, opening: Opening) -> bool:
    agreed = opening.decided_at
    return opening.status is OpeningStatus.GRANTED and agreed is not None and work.now <= agreed + LASTS


def _done(work: Work, opening: Opening) -> None:
    advance(opening, OpeningStatus.DONE, OPENING_STEPS)
    opening.done_at = work.now

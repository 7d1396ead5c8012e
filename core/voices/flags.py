"""Flags (线索): what residents, cadres and superiors each say, kept as they said it."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from core import dates
from core.access import Permission, Scope
from core.errors import Denied, Invalid
from core.events import Event
from core.items import Item
from core.organisation.recusal import keep_away, sounds_like_accusation
from core.organisation.units import Unit, new_id
from core.privacy.personal import masked
from core.review.danger import is_urgent
from core.review.suggesting import suggest
from core.store import Work
from core.text import N_, _, clean
from core.voices import receipts
from core.voices.foreseeing import Foreseen
from core.words import Channel, Dimension, Factor, FlagStatus, Level, RiskType, Source, Triage

LONGEST = 2000


@dataclass(eq=False)
class Flag:
    """One voice on one matter. Only the date is kept, never the hour, whoever spoke.

    `level` and `factors` are the speaker's own rating; `due_on` ends the first review.
    `urgent` says that the words sounded like danger when they were taken in.
    """

    id: str
    unit_id: str
    place_id: str | None
    source: Source
    channel: Channel
    text: str
    raised_on: date
    due_on: date
    item_id: str | None = None
    dimension: Dimension | None = None
    risk_type: RiskType | None = None
    level: Level | None = None
    factors: dict[str, int] | None = None
    raised_by: str | None = None
    point_id: str | None = None
    status: FlagStatus = FlagStatus.NEW
    triage: Triage | None = None
    reason: str = ""
    decided_on: date | None = None
    sealed: bool = False
    seal_confirmed: bool = False
    response: int | None = None
    solved: int | None = None
    satisfied: int | None = None
    reopening_asked_on: date | None = None
    urgent: bool = False


@dataclass(eq=False)
class Message:
    """A line between the office and a sender without a name; the date only."""

    id: str
    unit_id: str
    flag_id: str
    from_sender: bool
    text: str
    said_on: date
    n: int


@dataclass(eq=False)
class Reading:
    """That somebody of a role opened a resident's words on a day: the sender may see this."""

    id: str
    unit_id: str
    flag_id: str
    role: str
    read_on: date


def said(value: str) -> str:
    """Words as they are taken: at least 4 characters."""
    plain = clean(value)
    if len(plain) < 4:
        raise ValueError(_("Please say a little more, at least 4 characters."))
    return plain


class ResidentFlag(BaseModel):
    """What a resident says: at most three fields."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(title=N_("What worries you?"), min_length=1, max_length=LONGEST, json_schema_extra={"long": True})
    item_id: str | None = Field(None, title=N_("What is it about?"))
    place_id: str | None = Field(None, title=N_("Where?"))

    _said = field_validator("text")(said)


class OwnRating(BaseModel):
    """Four factors of 1 to 3, all or none of them."""

    model_config = ConfigDict(frozen=True)

    power: int | None = Field(None, ge=1, le=3, title=Factor.POWER.word)
    discretion: int | None = Field(None, ge=1, le=3, title=Factor.DISCRETION.word)
    probability: int | None = Field(None, ge=1, le=3, title=Factor.PROBABILITY.word)
    harm: int | None = Field(None, ge=1, le=3, title=Factor.HARM.word)

    @model_validator(mode="after")
    def _all_or_none(self) -> Self:
        given = [getattr(self, factor.value) is not None for factor in Factor]
        if any(given) and not all(given):
            raise ValueError(_("Please give all four factors, or none."))
        return self

    def factors(self) -> dict[str, int] | None:
        """The four factors by name, or None when not all are given."""
        given = {factor.value: getattr(self, factor.value) for factor in Factor}
        return given if all(given.values()) else None


class CadreFlag(OwnRating):
    """A risk a post-holder finds in a power item of their own."""

    text: str = Field(
        title=N_("What could go wrong?"), min_length=1, max_length=LONGEST, json_schema_extra={"long": True}
    )
    risk_type: RiskType = Field(RiskType.DUTY, title=N_("Kind of risk"))

    _said = field_validator("text")(said)


@dataclass(frozen=True)
class Spoken:
    """What is known of a voice beside its words; a given `flag_id` counts once, one of `many` is compared later, what
    was `foreseen` is not found out again, and `consent` is that of the resident for whom somebody else writes it."""

    source: Source
    channel: Channel
    raised_by: str | None = None
    risk_type: RiskType | None = None
    level: Level | None = None
    factors: dict[str, int] | None = field(default=None)
    point_id: str | None = None
    flag_id: str = ""
    many: bool = False
    consent: bool = False
    foreseen: Foreseen | None = None


def speak(
    work: Work, code: str, draft: ResidentFlag, channel: Channel = Channel.QR, once: str = "",
    known: Foreseen | None = None,
) -> str:  # fmt: skip
    """Take a resident's worry and give the receipt code, shown once. `code` is the unit's public code.

    `once` is the random token (at least 128 bits) of the form that was sent. From it and the words come the flag's id
    and the receipt, so the same form sent twice is one flag with one receipt, and nothing but hashes is kept of it.
    `known` is what was `foreseen`, where that was asked before.
    """
    work.actor.require(Permission.FLAG_SPEAK)
    sent = f"{once or secrets.token_hex(32)}|{code}|{draft.model_dump_json()}"
    seed = hashlib.sha512(sent.encode("utf-8", "surrogatepass")).digest()
    flag_id = hashlib.sha256(b"flag:" + seed).hexdigest()[:20]
    receipt = receipts.issue(flag_id, receipts.digits(seed))
    here = work.store.unit_by_code(code)
    digits, given = receipts.place(work, receipt, seed)
    if given:
        return receipts.grouped(digits)
    take(work, here, draft, Spoken(Source.RESIDENT, channel, flag_id=flag_id, foreseen=known))
    return receipts.keep(work, receipt, digits)


def take(work: Work, here: Unit, draft: ResidentFlag, spoken: Spoken) -> Flag:
    """Keep one voice at the community that holds the register, with everybody it names kept away from it."""
    community = work.store.register_unit(here)
    place = _place(work, community, draft.place_id, here)
    item, known = _item(work, community, draft.item_id), spoken.foreseen
    flag = Flag(
        spoken.flag_id or new_id(), community.id, place.id if place else None, spoken.source, spoken.channel,
        masked(draft.text), raised_on=work.today, due_on=_due_on(work, known),
        item_id=item.id if item else None, dimension=item.dimension if item else None, risk_type=spoken.risk_type,
        level=spoken.level, factors=spoken.factors, raised_by=spoken.raised_by, point_id=spoken.point_id,
        urgent=known.urgent if known else is_urgent(draft.text),
    )  # fmt: skip
    work.store.add(flag)
    resident = spoken.source is Source.RESIDENT
    names = keep_away(work, flag.id, flag.unit_id, flag.text, posts=resident, but=flag.raised_by)
    if sounds_like_accusation(flag.text, names, strangers=resident):
        flag.sealed = True
    if not spoken.many:
        suggest(work, flag, known.likely if known else None)
    record = work.record_resident if resident else work.record
    agreed = {"consent": True} if spoken.consent else {}
    record(Event.FLAG_RAISED, flag.id, chain=community.id, source=flag.source, channel=flag.channel, **agreed)
    return flag


def _due_on(work: Work, known: Foreseen | None) -> date:
    """The end of the first review of what is said today: what the sender was told, if that was today."""
    return known.due_on if known and known.day == work.today else work.calendar.after(work.today, dates.FIRST_REVIEW)


def _place(work: Work, community: Unit, place_id: str | None, here: Unit) -> Unit | None:
    """The place that was chosen, else the one the link was for; None for the community as a whole."""
    place = work.store.find(Unit, place_id) if place_id else here
    if place is None or not place.path.startswith(community.path) or (place.closed_on and place.id != here.id):
        raise Invalid(place_id=_("Please choose one of the options."))
    return place if place.id != community.id else None


def _item(work: Work, community: Unit, item_id: str | None) -> Item | None:
    if not item_id:
        return None
    item = work.store.find(Item, item_id)
    if item is None or item.unit_id != community.id or item.retired:
        raise Invalid(item_id=_("Please choose one of the options."))
    return item


def may_hear(work: Work, flag: Flag, permission: Permission = Permission.FLAG_READ_RAW) -> bool:
    """Whether the actor may read the words: residents' only by a right held there, never as owner of the item."""
    if flag.source is not Source.RESIDENT:
        return True
    if work.store.seen(Flag, flag.id, work.actor.scope(permission)) is None:
        return False
    return work.actor.person_id not in work.store.barred(flag.item_id, flag.unit_id)


def hearable(work: Work, flags: Sequence[Flag]) -> set[str]:
    """Of which of some flags the actor may read the words, asked for all of them at once; see `may_hear`."""
    heard = {flag.id for flag in flags if flag.source is not Source.RESIDENT}
    others = {flag.id: flag for flag in flags if flag.source is Source.RESIDENT}
    seen = work.store.seen_all(Flag, others, work.actor.scope(Permission.FLAG_READ_RAW))
    about = {(flag.item_id, flag.unit_id) for flag in seen.values()}
    own = {one for one in about if work.actor.person_id in work.store.barred(*one)}
    return heard | {flag.id for flag in seen.values() if (flag.item_id, flag.unit_id) not in own}


def load(work: Work, flag_id: str, scope: Scope) -> Flag:
    """A flag the actor may decide about: in scope, not sealed, not recused, not about an item of their own."""
    flag = work.store.one(Flag, flag_id, scope)
    if _is_own(work, flag):
        raise Denied(N_("You or a relative of yours answers for this power item, so somebody else decides about this."))
    return flag


def loadable(work: Work, flag_ids: Collection[str], scope: Scope) -> frozenset[str]:
    """Which of some flags the actor may decide about, asked for all of them at once; see `load`."""
    found = work.store.seen_all(Flag, flag_ids, scope)
    return frozenset(flag.id for flag in found.values() if not _is_own(work, flag))


def _is_own(work: Work, flag: Flag) -> bool:
    """Whether the actor or a relative answers for what a flag is about; a superior's point the community answers."""
    return flag.source is not Source.SUPERIOR and work.actor.person_id in work.store.barred(flag.item_id, flag.unit_id)


def note_reading(work: Work, flag_id: str) -> None:
    """Keep that the actor's role opened a resident's words today; once a day and role."""
    scope = work.actor.require(Permission.FLAG_READ_RAW)
    flag = work.store.one(Flag, flag_id, scope)
    community = work.store.register_of(flag.unit_id)
    for role in sorted(work.actor.roles_with(Permission.FLAG_READ_RAW, community.path)):
        if tell_reading(work, flag, role):
            work.record(Event.FLAG_READ, flag.id, chain=flag.unit_id, role=role)


def tell_reading(work: Work, flag: Flag, role: str) -> bool:
    """Let the sender see that a role opened their words today; whether that is new today."""
    if flag.source is not Source.RESIDENT or work.store.has_reading(flag.id, role, work.today):
        return False
    work.store.add(Reading(new_id(), flag.unit_id, flag.id, role, work.today))
    return True

"""Recording (代录): what a cadre or watchdog writes down for residents, from a paper form or of a whole occasion."""

import secrets
from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core import dates
from core.access import Permission
from core.errors import Invalid
from core.events import Event
from core.organisation.units import Unit, new_id
from core.store import Work
from core.text import N_, _
from core.voices import attachments, receipts
from core.voices.attachments import Prepared
from core.voices.flags import LONGEST, ResidentFlag, Spoken, said, take
from core.voices.receipts import Receipt
from core.words import RECORDED, Channel, Source

OCCASIONS = (Channel.RESIDENTS_TALK, Channel.HOME_VISIT, Channel.MEETING)
"""Ways in which several matters are said at once."""
MOST = 12
"""Matters of one occasion."""


def _one_of(value: Channel, ways: Sequence[Channel]) -> Channel:
    if value not in ways:
        raise ValueError(_("Please choose one of the options."))
    return value


def _given(value: bool) -> bool:
    if not value:
        raise ValueError(_("Please ask the resident first."))
    return value


class RecordedFlag(ResidentFlag):
    """What a cadre or watchdog writes down for a resident."""

    text: str = Field(
        title=N_("What the resident says"), min_length=1, max_length=LONGEST, json_schema_extra={"long": True}
    )
    channel: Channel = Field(Channel.ON_BEHALF, title=N_("How it was said"))
    consent: bool = Field(False, title=N_("The resident agrees that I write this down"))

    _agreed = field_validator("consent")(_given)

    @field_validator("channel")
    @classmethod
    def _spoken(cls, value: Channel) -> Channel:
        return _one_of(value, RECORDED)


class Occasion(BaseModel):
    """A talk, a visit or a meeting at which residents spoke; `present` residents were there."""

    model_config = ConfigDict(frozen=True)

    channel: Channel = Field(Channel.RESIDENTS_TALK, title=N_("What it was"))
    held_on: date = Field(title=N_("On which day"))
    place_id: str | None = Field(None, title=N_("Where?"))
    present: int = Field(title=N_("How many residents were there"), ge=1, le=2000)
    consent: bool = Field(False, title=N_("Those who spoke agree that I write this down"))

    _agreed = field_validator("consent")(_given)

    @field_validator("channel")
    @classmethod
    def _spoken(cls, value: Channel) -> Channel:
        return _one_of(value, OCCASIONS)


class Matter(BaseModel):
    """One thing that was said at an occasion; `receipt` where somebody wants to see what becomes of it."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(
        title=N_("What residents said"), min_length=1, max_length=LONGEST, json_schema_extra={"long": True}
    )
    item_id: str | None = Field(None, title=N_("What is it about?"))
    receipt: bool = Field(False, title=N_("Somebody wants a receipt for it"))

    _said = field_validator("text")(said)


def record_for(work: Work, unit_id: str, draft: RecordedFlag, files: Sequence[Prepared] = ()) -> str:
    """Write down what a resident said on paper, at a meeting or at the door, and give the receipt code to hand over.

    `files` are pictures of the paper form: kept like a resident's own, for whoever may read the words.
    """
    scope = work.actor.require(Permission.FLAG_RECORD)
    flag_id, seed = new_id(), secrets.token_bytes(32)
    receipt = _issued(flag_id, seed)
    here = work.store.one(Unit, unit_id, scope)
    flag = take(work, here, draft, Spoken(Source.RESIDENT, draft.channel, flag_id=flag_id, consent=True))
    for file in files:
        attachments.keep(work, flag, file)
    return receipts.keep(work, receipt, receipts.place(work, receipt, seed)[0])


def record_occasion(work: Work, unit_id: str, occasion: Occasion, matters: Sequence[Matter]) -> list[str]:
    """Write down what was said at one occasion, each matter a flag of its own, all of them or none.

    Gives a receipt code for each matter, empty where nobody wants one. Each is looked at alone: whom one names is kept
    away from that one, and an accusation seals that one. 1 to 12 matters; the day is not ahead, nor over three years
    back.
    """
    scope = work.actor.require(Permission.FLAG_RECORD)
    if not 1 <= len(matters) <= MOST:
        raise Invalid(matters=_("Please write down between {low} and {high} matters.", low=1, high=MOST))
    if not dates.is_believed(occasion.held_on, work.today):
        raise Invalid(held_on=_("This day lies ahead or more than three years back."))
    drawn = [(new_id(), secrets.token_bytes(32)) for _matter in matters]
    issued = [_issued(*one) if matter.receipt else None for one, matter in zip(drawn, matters, strict=True)]
    here = work.store.one(Unit, unit_id, scope)
    codes = []
    for (flag_id, seed), receipt, matter in zip(drawn, issued, matters, strict=True):
        draft = ResidentFlag(text=matter.text, item_id=matter.item_id, place_id=occasion.place_id)
        flag = take(work, here, draft, Spoken(Source.RESIDENT, occasion.channel, flag_id=flag_id, consent=True))
        flag.raised_on = occasion.held_on
        codes.append(receipts.keep(work, receipt, receipts.place(work, receipt, seed)[0]) if receipt else "")
    work.record_resident(
        Event.OCCASION_RECORDED, here.id, chain=work.store.register_unit(here).id, channel=occasion.channel,
        held=occasion.held_on, present=occasion.present, flags=len(matters), consent=occasion.consent,
    )  # fmt: skip
    return codes


def _issued(flag_id: str, seed: bytes) -> Receipt:
    """The receipt of a flag still to be taken, made before anything is locked."""
    return receipts.issue(flag_id, receipts.digits(seed))

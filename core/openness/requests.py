"""Requests for disclosure (点题公开): a resident asks for something to be made public, and gets an answer by a day.

Who names somebody or sounds like a lead on misconduct or an emergency is heard as a flag instead, on the same path and
behind the same walls as any other. Whoever a request may be about by their post is kept away from it, and whoever
answers for its power item, or is a relative, reads what it is about, never the words.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from core.access import Permission
from core.alike import hints
from core.errors import Denied, Invalid, Missing, Stale
from core.events import Event
from core.items import Item
from core.openness.showing import ShownAnswer
from core.openness.subjects import Subject
from core.organisation.recusal import CHARGES, kept_from, named, sounds_like_accusation
from core.privacy.personal import masked
from core.privacy.wording import without_people
from core.store import Work
from core.text import N_, _, clean, folded
from core.turning import START, Listed, Turn
from core.voices import flags, receipts
from core.voices.flags import LONGEST, ResidentFlag, said
from core.voices.story import Line, in_order
from core.voices.unlocking import Opened, behind, unlock
from core.words import Channel, Triage

ANSWER = 15
"""Working days until a request for disclosure is answered."""
CANNOT_WAIT = frozenset({Triage.EMERGENCY, Triage.CRIME, Triage.ACCUSATION})


@dataclass(eq=False)
class Request:
    """What a resident asks to see, with the date only; `kept_from` are people it may be about by their post,
    and their relatives."""

    id: str
    unit_id: str
    subject_id: str | None
    text: str
    asked_on: date
    due_on: date
    kept_from: list[str] = field(default_factory=list)
    answer: str = ""
    withheld: bool = False
    answered_on: date | None = None
    answered_by: str | None = None


class RequestForm(BaseModel):
    """What a resident asks to see: at most two fields."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(title=N_("What would you like to see made public?"), min_length=1, max_length=LONGEST)
    subject_id: str | None = Field(None, title=N_("What is it about?"))

    _said = field_validator("text")(said)


class AnswerForm(BaseModel):
    """An answer in the office's words; with `released` the board shows it beside `wording`, what was asked."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    answer: str = Field(title=N_("Answer"), min_length=4, max_length=1000, json_schema_extra={"long": True})
    withheld: bool = Field(False, title=N_("This cannot be disclosed; the answer says why"))
    released: bool = Field(False, title=N_("Show it on the public board as well"))
    wording: str = Field(
        "", title=N_("What was asked, in the office's own words"), max_length=200,
        description=N_("For the public board. What the sender wrote is never shown there."),
    )  # fmt: skip

    @model_validator(mode="after")
    def _worded(self) -> Self:
        if self.released and len(self.wording) < 4:
            raise ValueError(_("For the board, please put into words of your own what was asked."))
        return self


@dataclass(frozen=True)
class Taken:
    """The receipt code of what was asked; `as_flag` says that it was heard as a flag."""

    code: str
    as_flag: bool


@dataclass(frozen=True)
class RequestRow:
    """A request as the office reads it; `text` is empty where its words are kept from the reader."""

    id: str
    unit_id: str
    unit: str
    subject: str
    text: str
    asked_on: date
    due_on: date
    answer: str
    withheld: bool
    answered_on: date | None
    is_shown: bool
    may_answer: bool = False
    is_kept: bool = False
    """Whether there are words, but not for this reader, who answers for the power item."""


@dataclass(frozen=True)
class Told:
    """What became of a request, for its sender."""

    community: str
    unit_code: str
    subject: str
    text: str
    asked_on: date
    due_on: date | None
    headline: str
    answer: str
    lines: tuple[Line, ...]


def subjects_to_ask(work: Work, code: str) -> list[tuple[str, str]]:
    """What a community says it makes public, as id and name, for whoever asks for more of it."""
    work.actor.require(Permission.FLAG_SPEAK)
    community = work.store.register_unit(work.store.unit_by_code(code))
    return work.store.public_subjects(community.id)


def ask(work: Work, code: str, draft: RequestForm, channel: Channel = Channel.QR, once: str = "") -> Taken:
    """Take a request and give its receipt code, shown once; `once` is the token of the form, as in `flags.speak`."""
    work.actor.require(Permission.FLAG_SPEAK)
    here = work.store.unit_by_code(code)
    community = work.store.register_unit(here)
    subject = _subject(work, community.id, draft.subject_id)
    if _is_for_a_flag(work, community.id, draft.text):
        item = work.store.find(Item, subject.item_id) if subject and subject.item_id else None
        about = item.id if item and not item.retired else None
        flag = ResidentFlag(text=draft.text, item_id=about, place_id=None)
        return Taken(flags.speak(work, code, flag, channel, once), as_flag=True)
    seed = hashlib.sha512(
        f"ask|{once or secrets.token_hex(32)}|{code}|{draft.model_dump_json()}".encode("utf-8", "surrogatepass")
    ).digest()
    request_id = hashlib.sha256(b"request:" + seed).hexdigest()[:20]
    receipt = receipts.issue(None, receipts.digits(seed), request_id=request_id)
    digits, given = receipts.place(work, receipt, seed)
    if given:
        return Taken(receipts.grouped(digits), as_flag=False)
    away = kept_from(work, community.id, draft.text)
    due = work.calendar.after(work.today, ANSWER)
    work.store.add(
        Request(request_id, community.id, subject.id if subject else None, masked(draft.text), work.today, due, away)
    )
    work.record_resident(Event.REQUEST_MADE, request_id, chain=community.id)
    return Taken(receipts.keep(work, receipt, digits), as_flag=False)


def _subject(work: Work, unit_id: str, subject_id: str | None) -> Subject | None:
    if not subject_id:
        return None
    subject = work.store.find(Subject, subject_id)
    if subject is None or subject.unit_id != unit_id or subject.retired_on is not None:
        raise Invalid(subject_id=_("Please choose one of the options."))
    return subject


def _is_for_a_flag(work: Work, unit_id: str, text: str) -> bool:
    """Whether a text names somebody, or sounds like misconduct, a crime or an emergency."""
    names = bool(named(text, work.store.known_people(unit_id), posts=False))
    if names or sounds_like_accusation(text, names, strangers=True) or CHARGES.search(folded(text)):
        return True
    hint = hints.triage(text)
    return hint.triage in CANNOT_WAIT and hint.confidence >= SURE


SURE = 0.6
"""How sure the first hint must be: it leans to what is urgent, and a request is a mild text as a rule."""


def requests(work: Work, unit_id: str | None = None, turn: Turn = START) -> Listed[RequestRow]:
    """What residents asked to see in the actor's communities or one of them, the open ones first, less what may be
    about the actor."""
    scope = work.actor.require(Permission.REQUEST_READ)
    answering = work.actor.scope(Permission.REQUEST_ANSWER)
    return work.store.request_page(scope, work.person_id, answering, unit_id, turn)


def still_open(work: Work, unit_id: str) -> int:
    """How many requests of a community have no answer yet, less those that may be about the actor."""
    scope = work.actor.require(Permission.REQUEST_READ)
    return work.store.open_requests(scope, work.person_id, unit_id)


def answer(work: Work, request_id: str, form: AnswerForm) -> None:
    """Answer a request in words without people; never by whoever answers for its power item."""
    scope = work.actor.require(Permission.REQUEST_ANSWER)
    request = work.store.one(Request, request_id, scope)
    if work.actor.person_id in request.kept_from:
        raise Missing
    subject = work.store.find(Subject, request.subject_id) if request.subject_id else None
    if work.actor.person_id in work.store.barred(subject.item_id if subject else None, request.unit_id):
        raise Denied(N_("You or a relative of yours answers for this power item, so somebody else decides about this."))
    if request.answered_on is not None:
        raise Stale(N_("This request has been answered already."))
    told, wording = clean(form.answer), clean(form.wording)
    without_people(work, request.unit_id, answer=told, wording=wording)
    request.answer, request.withheld = told, form.withheld
    request.answered_on, request.answered_by = work.today, work.person_id
    if form.released:
        work.store.add(ShownAnswer(request.id, request.unit_id, wording, told, form.withheld, work.today))
    work.record(
        Event.REQUEST_ANSWERED, request.id, chain=request.unit_id, withheld=form.withheld, released=form.released
    )


def take_down(work: Work, request_id: str) -> None:
    """Take an answer off the board; its sender still reads it."""
    scope = work.actor.require(Permission.REQUEST_ANSWER)
    shown = work.store.one(ShownAnswer, request_id, scope)
    work.store.remove(shown)
    work.record(Event.ANSWER_TAKEN_DOWN, request_id, chain=shown.unit_id)


def follow(work: Work, code: str | Opened) -> Told:
    """What became of a request, for its sender."""
    work.actor.require(Permission.RECEIPT_OPEN)
    request = behind(work, code, Request, "request_id")
    community = work.store.register_of(request.unit_id)
    subject = work.store.find(Subject, request.subject_id) if request.subject_id else None
    lines = [Line(request.asked_on, _("You asked for something to be made public."))]
    if request.answered_on:
        headline = _("This cannot be made public. The answer says why.") if request.withheld else _("Your request has been answered.")  # fmt: skip  # noqa: E501
        lines.append(Line(request.answered_on, _("The community answered.")))
    else:
        headline = _("Your request has arrived.")
        lines.append(Line(request.due_on, _("The community answers by this day."), done=False))
    return Told(
        community.name, community.code, subject.name if subject else "", request.text, request.asked_on,
        None if request.answered_on else request.due_on, headline, request.answer, in_order(lines),
    )  # fmt: skip


def take_back(work: Work, code: str | Opened) -> None:
    """The sender has their request and its receipt deleted; an answer on the board is the office's and stays there."""
    work.actor.require(Permission.RECEIPT_OPEN)
    opened = unlock(work, code) if isinstance(code, str) else code
    request = behind(work, opened, Request, "request_id")
    work.store.remove(work.store.receipt(opened.locator))
    work.store.remove(request)
    work.record_resident(Event.REQUEST_TAKEN_BACK, request.id, chain=request.unit_id)

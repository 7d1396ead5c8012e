"""First review of a flag: ask the sender, refer it elsewhere, or decline it with a reason."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission
from core.errors import Invalid, Refused
from core.events import Event
from core.lifecycle import FLAG_STEPS, advance
from core.organisation.units import new_id
from core.store import Work
from core.text import N_, _, clean
from core.voices.flags import Flag, Message, load
from core.words import FlagStatus, Source, Triage

CHANNELS = {
    Triage.ACCUSATION: N_("the street discipline desk, telephone 12388"),
    Triage.LIVELIHOOD: N_("the citizens' hotline 12345"),
    Triage.PETITION: N_("the petition office"),
    Triage.STABILITY: N_("the street's peace and stability office"),
    Triage.EMERGENCY: N_("110, 119 or 120"),
    Triage.CRIME: N_("the police, telephone 110"),
    Triage.SUGGESTION: N_("the residents' committee, as a suggestion on rules"),
}


class Question(BaseModel):
    """What is asked of the sender."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    question: str = Field(
        title=N_("Question to the sender"), min_length=2, max_length=1000, json_schema_extra={"long": True}
    )


class Reason(BaseModel):
    """Why something is decided."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    reason: str = Field(title=N_("Reason"), min_length=2, max_length=1000, json_schema_extra={"long": True})


class Referral(Reason):
    """Where a flag belongs, and why."""

    triage: Triage = Field(title=N_("Where it belongs"))


def ask_sender(work: Work, flag_id: str, question: str) -> None:
    """Put a question to the resident who raised a flag; it is answered with the receipt code."""
    scope = work.actor.require(Permission.FLAG_TRIAGE)
    flag = load(work, flag_id, scope)
    if flag.source is not Source.RESIDENT:
        raise Refused(N_("Only residents are asked here, by way of their receipt. Please speak with your colleague."))
    say(work, flag, _reason(question, "question"), from_sender=False)
    advance(flag, FlagStatus.ASKED, FLAG_STEPS)
    work.record(Event.FLAG_ASKED, flag.id, chain=flag.unit_id)


def refer(work: Work, flag_id: str, triage: Triage, reason: str) -> None:
    """Pass a flag that is no integrity risk point to the channel it belongs to."""
    scope = work.actor.require(Permission.FLAG_TRIAGE)
    flag = load(work, flag_id, scope)
    if triage not in CHANNELS:
        raise Invalid(triage=_("Please choose where it belongs."))
    if triage is Triage.ACCUSATION:
        raise Refused(N_("A lead on misconduct is sealed, not referred. Please use “Seal”."))
    decide(work, flag, FlagStatus.REFERRED, _reason(reason), triage)
    work.record(Event.FLAG_REFERRED, flag.id, chain=flag.unit_id, triage=triage)


def decline(work: Work, flag_id: str, reason: str) -> None:
    """Not adopt a flag; the sender is told the reason."""
    scope = work.actor.require(Permission.FLAG_TRIAGE)
    flag = load(work, flag_id, scope)
    decide(work, flag, FlagStatus.DECLINED, _reason(reason), None)
    work.record(Event.FLAG_DECLINED, flag.id, chain=flag.unit_id)


def restore(work: Work, flag_id: str, reason: str) -> None:
    """Take back a referral or a refusal: the flag awaits its first review again."""
    scope = work.actor.require(Permission.FLAG_TRIAGE)
    flag = load(work, flag_id, scope)
    why = _reason(reason)
    advance(flag, FlagStatus.NEW, FLAG_STEPS)
    flag.reason, flag.triage, flag.decided_on = "", None, None
    work.record(Event.FLAG_RESTORED, flag.id, chain=flag.unit_id, reason=why)


def decide(work: Work, flag: Flag, status: FlagStatus, reason: str, triage: Triage | None) -> Event:
    """Set what became of a flag, with the reason the sender will read."""
    event = advance(flag, status, FLAG_STEPS)
    flag.reason, flag.triage, flag.decided_on = reason, triage, work.today
    return event


def say(work: Work, flag: Flag, text: str, *, from_sender: bool) -> None:
    """Add a line to the thread of a flag."""
    n = work.store.count_messages(flag.id) + 1
    work.store.add(Message(new_id(), flag.unit_id, flag.id, from_sender, text, work.today, n))


@dataclass(frozen=True)
class Said:
    """One line between the office and a sender without a name."""

    from_sender: bool
    text: str
    day: date


def said(work: Work, flag: Flag) -> list[Said]:
    """The thread of a flag, in order."""
    return [Said(line.from_sender, line.text, line.said_on) for line in work.store.messages(flag.id)]


def _reason(typed: str, field: str = "reason") -> str:
    plain = clean(typed)
    if len(plain) < 2:
        raise Invalid(**{field: _("Please give a reason.") if field == "reason" else _("Please fill this in.")})
    if len(plain) > 1000:
        raise Invalid(**{field: _("Please keep to {n} characters.", n=1000)})
    return plain

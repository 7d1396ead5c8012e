"""Wishes to reopen (请求重新办理): a sender does not agree with the answer, and the office looks once more."""

from dataclasses import dataclass
from datetime import date

from core.access import Permission
from core.errors import Stale
from core.events import Event
from core.orders import reasoned
from core.review import inbox
from core.review.triage import say
from core.store import Work
from core.text import N_
from core.voices.flags import Flag, load
from core.voices.story import is_answered
from core.words import FlagStatus


@dataclass(frozen=True)
class Wish:
    """A flag whose sender asks for it to be taken up again, with what became of it and why they ask."""

    flag_id: str
    unit: str
    text: str
    why: str
    status: FlagStatus
    reason: str
    risk_id: str | None
    number: int | None
    answered_on: date
    asked_on: date


def wishes(work: Work) -> list[Wish]:
    """Senders who ask for their matter to be taken up again, the oldest wish first."""
    scope = work.actor.require(Permission.INBOX_READ)
    return work.store.wishes(scope, work.person_id)


def take_up(work: Work, flag_id: str, reason: str) -> None:
    """Do as the sender asks: what was decided is taken back, and the flag awaits its first review again."""
    scope = work.actor.require(Permission.FLAG_UNMERGE)
    _wished(load(work, flag_id, scope)).reopening_asked_on = None
    inbox.take_back(work, flag_id, reason)


def keep_answer(work: Work, flag_id: str, reason: str) -> None:
    """Leave it at the answer; the sender reads why, and may ask once more."""
    scope = work.actor.require(Permission.FLAG_TRIAGE)
    flag = _wished(load(work, flag_id, scope))
    say(work, flag, reasoned(reason), from_sender=False)
    flag.decided_on, flag.reopening_asked_on = work.today, None
    work.record(Event.ANSWER_KEPT, flag.id, chain=flag.unit_id)


def _wished(flag: Flag) -> Flag:
    if flag.reopening_asked_on is None or not is_answered(flag):
        raise Stale(N_("This is not asked for any more."))
    return flag

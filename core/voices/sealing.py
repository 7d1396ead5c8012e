"""Sealing: a lead on somebody's misconduct is for the discipline desk alone (domain rule 5.1)."""

from core import dates
from core.access import Permission, Scope
from core.errors import Refused, Stale
from core.events import Event
from core.lifecycle import FLAG_STEPS, advance
from core.orders import reasoned
from core.store import Work
from core.text import N_
from core.voices.flags import Flag, load, tell_reading
from core.words import FlagStatus, Role, Triage


def seal(work: Work, flag_id: str, reason: str) -> None:
    """Seal a flag as a lead on misconduct: from now on nobody but the discipline desk can read it."""
    scope = work.actor.require(Permission.FLAG_SEAL)
    flag = load(work, flag_id, scope)
    if flag.status not in (FlagStatus.NEW, FlagStatus.ASKED):
        raise Refused(N_("Take back the decision on this flag first."))
    why = reasoned(reason)
    flag.sealed, flag.triage = True, Triage.ACCUSATION
    work.record(Event.FLAG_SEALED, flag.id, chain=flag.unit_id, reason=why)


def open_sealed(work: Work, flag_id: str, reason: str) -> str:
    """Read a sealed matter; each opening has a reason and is logged. Gives the words."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    flag = _matter(work, flag_id, scope)
    work.record(Event.SEALED_OPENED, flag.id, chain=flag.unit_id, reason=reasoned(reason))
    tell_reading(work, flag, Role.DISCIPLINE)
    return flag.text


def confirm_seal(work: Work, flag_id: str, reason: str) -> None:
    """Keep a matter sealed and pass it to the channel of discipline inspection."""
    scope = work.actor.require(Permission.SEALED_LIFT)
    flag = _matter(work, flag_id, scope)
    if flag.seal_confirmed:
        raise Stale(N_("This seal is confirmed already."))
    why = reasoned(reason)
    flag.triage, flag.seal_confirmed, flag.decided_on = Triage.ACCUSATION, True, work.today
    advance(flag, FlagStatus.REFERRED, FLAG_STEPS)
    work.record(Event.SEAL_CONFIRMED, flag.id, chain=flag.unit_id, reason=why)


def lift_seal(work: Work, flag_id: str, reason: str) -> None:
    """Give a matter back to the inbox with a new limit: it is no accusation. Those it names stay kept away from it."""
    scope = work.actor.require(Permission.SEALED_LIFT)
    flag = _matter(work, flag_id, scope)
    why = reasoned(reason)
    if flag.status is FlagStatus.REFERRED:
        advance(flag, FlagStatus.NEW, FLAG_STEPS)
    flag.sealed, flag.seal_confirmed, flag.triage, flag.decided_on = False, False, None, None
    flag.due_on = max(flag.due_on, work.calendar.after(work.today, dates.FIRST_REVIEW))
    work.record(Event.SEAL_LIFTED, flag.id, chain=flag.unit_id, reason=why)


def _matter(work: Work, flag_id: str, scope: Scope) -> Flag:
    flag = work.store.one(Flag, flag_id, scope)
    if not flag.sealed:
        raise Stale(N_("This matter is not sealed."))
    return flag

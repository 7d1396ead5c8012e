"""Sealing: a lead on somebody's misconduct is for the discipline desk alone (domain rule 5.1)."""

from core.access import Permission
from core.errors import Invalid, Refused
from core.flags import Flag, load
from core.lifecycle import FLAG_STEPS, advance
from core.store import Work
from core.text import N_, _, clean
from core.words import Event, FlagStatus, Triage


def seal(work: Work, flag_id: str, reason: str) -> None:
    """Seal a flag as a lead on misconduct: from now on nobody but the discipline desk can read it."""
    scope = work.actor.require(Permission.FLAG_SEAL)
    flag = load(work, flag_id, scope)
    if flag.status not in (FlagStatus.NEW, FlagStatus.ASKED):
        raise Refused(N_("Take back the decision on this flag first."))
    _reasoned(reason)
    flag.sealed, flag.triage = True, Triage.ACCUSATION
    work.record(Event.FLAG_SEALED, flag.id, chain=flag.unit_id)


def open_sealed(work: Work, flag_id: str, reason: str) -> str:
    """Read a sealed matter; each opening has a reason and is logged. Gives the words."""
    scope = work.actor.require(Permission.SEALED_OPEN)
    flag = work.store.one(Flag, flag_id, scope)
    _reasoned(reason)
    work.record(Event.SEALED_OPENED, flag.id, chain=flag.unit_id, reason=clean(reason))
    return flag.text


def confirm_seal(work: Work, flag_id: str, reason: str) -> None:
    """Keep a matter sealed and pass it to the channel of discipline inspection."""
    flag = _sealed(work, flag_id, reason)
    if flag.seal_confirmed:
        raise Refused(N_("This seal is confirmed already."))
    flag.triage, flag.seal_confirmed, flag.decided_on = Triage.ACCUSATION, True, work.today
    advance(flag, FlagStatus.REFERRED, FLAG_STEPS)
    work.record(Event.SEAL_CONFIRMED, flag.id, chain=flag.unit_id)


def lift_seal(work: Work, flag_id: str, reason: str) -> None:
    """Give a matter back to the inbox: it is no accusation. Those it names stay kept away from it."""
    flag = _sealed(work, flag_id, reason)
    if flag.status is FlagStatus.REFERRED:
        advance(flag, FlagStatus.NEW, FLAG_STEPS)
    flag.sealed, flag.seal_confirmed, flag.triage, flag.decided_on = False, False, None, None
    work.record(Event.SEAL_LIFTED, flag.id, chain=flag.unit_id)


def _sealed(work: Work, flag_id: str, reason: str) -> Flag:
    scope = work.actor.require(Permission.SEALED_LIFT)
    flag = work.store.one(Flag, flag_id, scope)
    if not flag.sealed:
        raise Refused(N_("This matter is not sealed."))
    _reasoned(reason)
    return flag


def _reasoned(reason: str) -> None:
    if len(clean(reason)) < 2:
        raise Invalid(reason=_("Please give a reason."))

"""Contacts (联系方式): what a sender leaves if they like, sealed, for the discipline desk alone (domain rule 5.3)."""

from dataclasses import dataclass
from datetime import date

from core.access import EVERYWHERE, Permission, Scope
from core.errors import Invalid, Missing
from core.events import Event
from core.organisation.units import new_id
from core.store import Work
from core.text import N_, _, clean
from core.voices.flags import Flag
from core.voices.unlocking import Opened, flag_of

SHORTEST, LONGEST = 5, 200
"""Characters of a contact."""
_ALL = Scope((EVERYWHERE,), sealed=True)


@dataclass(eq=False)
class Contact:
    """How to reach a sender, sealed by the site's key; the date only."""

    id: str
    unit_id: str
    flag_id: str
    sealed: bytes
    kept_on: date


def leave(work: Work, opened: Opened, typed: str) -> None:
    """Keep how to reach the sender, sealed, in place of what was kept before; 5 to 200 characters."""
    work.actor.require(Permission.RECEIPT_OPEN)
    flag = flag_of(work, opened)
    ring = work.store.ring()
    plain = clean(typed)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise Invalid(contact=_("Please write between {low} and {high} characters.", low=SHORTEST, high=LONGEST))
    sealed = ring.sealed(plain.encode())
    kept = of_flag(work, flag)
    if kept is None:
        work.store.add(Contact(new_id(), flag.unit_id, flag.id, sealed, work.today))
    else:
        kept.sealed, kept.kept_on = sealed, work.today
    work.record_resident(Event.CONTACT_LEFT, flag.id, chain=flag.unit_id)


def withdraw(work: Work, opened: Opened) -> None:
    """The sender has their contact deleted."""
    work.actor.require(Permission.RECEIPT_OPEN)
    flag = flag_of(work, opened)
    if not drop(work, flag):
        raise Missing(N_("No contact is kept."))
    work.record_resident(Event.CONTACT_DELETED, flag.id, chain=flag.unit_id)


def kept_since(work: Work, opened: Opened) -> date | None:
    """The day on which the sender left a contact that is still kept; what it says is shown to nobody here."""
    work.actor.require(Permission.RECEIPT_OPEN)
    kept = of_flag(work, flag_of(work, opened))
    return kept.kept_on if kept else None


def of_flag(work: Work, flag: Flag) -> Contact | None:
    """The contact that was left with a flag."""
    return next(iter(work.store.some(Contact, _ALL, flag_id=flag.id)), None)


def drop(work: Work, flag: Flag) -> bool:
    """Delete the contact of a flag, inside a deed that says so in the log; whether there was one."""
    kept = of_flag(work, flag)
    if kept is not None:
        work.store.remove(kept)
    return kept is not None

"""Deliveries (站外消息): what is sent to people outside: counts alone, at decent hours, tried again, and logged."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from core import home
from core.access import Actor, Grant, Permission
from core.alerts import addresses, notices
from core.alerts.addresses import OWN, Address, Outlet
from core.dates import HERE
from core.errors import Refused
from core.events import Event
from core.organisation.calendar import Calendar
from core.organisation.people import Person
from core.organisation.units import new_id
from core.text import N_, Term, _
from core.turning import counted

if TYPE_CHECKING:
    from core.store import Work

QUIET_FROM, QUIET_UNTIL = time(22), time(7)
"""Hours in Shanghai between which nobody is written to, red matters apart; nor on days that offices do not work."""
PAUSES = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120, 480))
"""How long after each try the next one comes; after the last one it is given up."""
TRIES = len(PAUSES) + 1


class Purpose(Term):
    """What a message is for."""

    DIGEST = "digest", N_("Message of the day")
    AT_ONCE = "at_once", N_("Red, at once")
    TEST = "test", N_("Test")


class DeliveryState(Term):
    """How far a message is."""

    WAITING = "waiting", N_("Waits to be sent")
    SENT = "sent", N_("Sent")
    GIVEN_UP = "given_up", N_("Given up")
    DROPPED = "dropped", N_("Not needed any more")


UNREACHED = N_("The other side did not take it.")
NOT_ALLOWED = N_("This channel is not allowed here any more.")


@dataclass(eq=False)
class Delivery:
    """One message to one address: no words of it, only that it was to be sent. `key` is one for each message, so that
    the other side can tell a message that was sent twice."""

    id: str
    unit_id: str
    person_id: str
    address_id: str | None
    outlet: Outlet
    purpose: Purpose
    key: str
    made_on: date
    due_at: datetime
    tries: int = 0
    state: DeliveryState = DeliveryState.WAITING
    trouble: str = ""


@dataclass(frozen=True)
class DeliveryRow:
    """A message as whoever it is for sees it."""

    made_on: date
    outlet: Outlet
    purpose: Purpose
    state: DeliveryState
    tries: int
    trouble: str


@dataclass(frozen=True)
class Outgoing:
    """A message in hand: where it goes and what it says."""

    id: str
    outlet: Outlet
    target: str
    key: str
    text: str


def decent(at: datetime, calendar: Calendar, *, red: bool) -> datetime:
    """The first moment from `at` (aware) on at which somebody may be written to."""
    here = at.astimezone(HERE)
    if red:
        return at
    if here.time() >= QUIET_FROM:
        here = datetime.combine(here.date() + timedelta(days=1), QUIET_UNTIL, HERE)
    if here.time() < QUIET_UNTIL:
        here = datetime.combine(here.date(), QUIET_UNTIL, HERE)
    while not calendar.works(here.date()):
        here = datetime.combine(here.date() + timedelta(days=1), QUIET_UNTIL, HERE)
    return here.astimezone(at.tzinfo)


def log(work: "Work", most: int = 20) -> list[DeliveryRow]:
    """The actor's last messages, the newest day first."""
    work.actor.require(Permission.NOTICE_READ)
    return [
        DeliveryRow(one.made_on, one.outlet, one.purpose, one.state, one.tries, one.trouble)
        for one in work.store.last_deliveries(work.person_id, most)
    ]


def try_out(work: "Work", address_id: str) -> None:
    """Send a test message to an address of one's own; how it went stands in the log within a minute."""
    work.actor.require(Permission.NOTICE_READ)
    address = addresses.of_actor(work, address_id)
    waiting = work.store.some(Delivery, OWN, address_id=address.id, purpose=Purpose.TEST, state=DeliveryState.WAITING)
    if waiting:
        raise Refused(N_("A test message is on its way already."))
    _put(work, address, Purpose.TEST, new_id())


def has_something(work: "Work") -> bool:
    """Whether a message is to be made or sent now."""
    work.actor.require(Permission.SITE_KEEP)
    if work.store.due_deliveries(work.now, 1) or work.store.has_red_unsent():
        return True
    return bool(digests_due(work))


def digests_due(work: "Work") -> list[str]:
    """The addresses whose hour has come today and that have not had this day's message."""
    work.actor.require(Permission.SITE_KEEP)
    return work.store.addresses_due(work.today, work.now.astimezone(HERE).hour)


def prepare_digest(work: "Work", address_id: str) -> None:
    """Put the day's message on the list, if anything waits for the person and offices work today; once a day."""
    work.actor.require(Permission.SITE_KEEP)
    address = work.store.find(Address, address_id)
    if address is None or address.digested_on == work.today:
        return
    address.digested_on = work.today
    person = work.store.person(address.person_id)
    if work.calendar.works(work.today) and _digest(work, person):
        _put(work, address, Purpose.DIGEST, work.today.isoformat())


def prepare_red(work: "Work") -> None:
    """Put a message for each person with new red notices on the list, to those of their addresses that want it."""
    work.actor.require(Permission.SITE_KEEP)
    for person_id, notice_id in work.store.take_red_unsent().items():
        for address in work.store.some(Address, OWN, person_id=person_id, at_once=True):
            _put(work, address, Purpose.AT_ONCE, notice_id)


def claim(work: "Work") -> Delivery | None:
    """Take the message that has waited longest. It counts as tried from here on: whoever is killed while sending leaves
    it for another try, so the other side may get it twice, never not at all."""
    work.actor.require(Permission.SITE_KEEP)
    for delivery in work.store.due_deliveries(work.now, 1):
        if delivery.tries >= TRIES:
            _give_up(work, delivery)
            return delivery
        delivery.tries += 1
        delivery.due_at = work.now + (PAUSES[delivery.tries - 1] if delivery.tries < TRIES else PAUSES[-1])
        return delivery
    return None


def outgoing(work: "Work", delivery_id: str) -> Outgoing | str:
    """A claimed message with its words as they are now, or why it is not sent after all."""
    work.actor.require(Permission.SITE_KEEP)
    delivery = work.store.one(Delivery, delivery_id, OWN)
    address = work.store.find(Address, delivery.address_id) if delivery.address_id else None
    if address is None or delivery.state is not DeliveryState.WAITING:
        return ""
    kept = work.store.ring().opened(address.sealed).decode()
    outlets = work.store.outlets()
    if not addresses.may_call(address.outlet, kept, outlets):
        return NOT_ALLOWED
    text = _text(work, delivery)
    key = hashlib.sha256(delivery.key.encode()).hexdigest()[:24]
    return Outgoing(delivery.id, address.outlet, kept, key, text) if text else ""


def settle(work: "Work", delivery_id: str, *, sent: bool) -> None:
    """Note how a try went: sent, to be tried again, or given up, which the person and who keeps the site are told."""
    work.actor.require(Permission.SITE_KEEP)
    delivery = work.store.one(Delivery, delivery_id, OWN)
    if delivery.state is not DeliveryState.WAITING:
        return
    delivery.trouble = "" if sent else UNREACHED
    if sent:
        delivery.state = DeliveryState.SENT
    elif delivery.tries >= TRIES:
        _give_up(work, delivery)
    elif delivery.purpose is Purpose.DIGEST:
        delivery.due_at = decent(delivery.due_at, work.calendar, red=False)


def drop(work: "Work", delivery_id: str, why: str) -> None:
    """Take a message off the list that is not to be sent any more."""
    work.actor.require(Permission.SITE_KEEP)
    delivery = work.store.one(Delivery, delivery_id, OWN)
    if delivery.state is DeliveryState.WAITING:
        delivery.state, delivery.trouble = DeliveryState.DROPPED, why


def _give_up(work: "Work", delivery: Delivery) -> None:
    delivery.state = DeliveryState.GIVEN_UP
    work.record(Event.GIVEN_UP, delivery.person_id, chain=delivery.unit_id)


def _put(work: "Work", address: Address, purpose: Purpose, part: str) -> None:
    """Put a message on the list: the day's at the next decent moment, others now."""
    due = decent(work.now, work.calendar, red=purpose is not Purpose.DIGEST)
    key = f"{purpose.value}:{address.id}:{part}"
    if work.store.some(Delivery, OWN, key=key):
        return
    work.store.add(
        Delivery(new_id(), address.unit_id, address.person_id, address.id, address.outlet, purpose, key, work.today,
                 due)
    )  # fmt: skip


def _text(work: "Work", delivery: Delivery) -> str:
    """Counts and kinds alone, never a title, a name or a word of a flag: the message leaves the house."""
    if delivery.purpose is Purpose.TEST:
        return _("Qingyuan: this is a test message.")
    person = work.store.person(delivery.person_id)
    if delivery.purpose is Purpose.DIGEST:
        return _digest(work, person)
    count = work.store.count_notices(person.id, notices.reach(_as(work, person)), red=True)
    return _("Qingyuan: you have {n} red notices.", n=count) if count and person.left_on is None else ""


def _digest(work: "Work", person: Person) -> str:
    """How much waits for a person and when the first of it is due; empty when nothing does, or they have left."""
    if person.left_on is not None:
        return ""
    mine = _as(work, person)
    tasks, unread = home.waiting(mine), work.store.count_notices(person.id, notices.reach(mine))
    count = sum(task.count for task in tasks)
    if not count and not unread:
        return ""
    first = min((task.due for task in tasks if task.due), default=None)
    parts = [_("{n} things wait for you", n=counted(count))] if count else []
    if first and first <= work.today:
        parts.append(_("the first is due today") if first == work.today else _("the first is overdue"))
    parts += [_("{n} notices are unread", n=unread)] if unread else []
    return _("Qingyuan: {parts}.", parts=_(", ").join(parts))


def _as(work: "Work", person: Person) -> "Work":
    """The same work in the name of whoever is written to: the message counts what they may see."""
    grants = tuple(Grant(role, path) for role, path in work.store.grants(person.id))
    return replace(work, actor=Actor(person.id, person.name, grants, person.unit_id))

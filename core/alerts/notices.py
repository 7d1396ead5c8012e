"""Notices (通知): what has come up for a person. Their words are made when read, from what the reader may still see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from functools import lru_cache
from typing import TYPE_CHECKING

from core.access import Permission as P
from core.access import Scope
from core.text import N_, Term, _
from core.turning import START, Listed, Turn

if TYPE_CHECKING:
    from core.access import Actor
    from core.store import Work

PAGE = 50
MANY = 100
"""Unread notices from which on nobody counts them."""


class About(Enum):
    """What a notice leads to, and so what decides whether its reader may still see it."""

    INBOX = auto()  # flags of a unit that wait for the reader
    DESK = auto()  # sealed matters that wait for the reader's desk
    FLAG = auto()
    ENTRY = auto()
    MEASURE = auto()
    WARNING = auto()
    REQUEST = auto()
    DECISION = auto()
    DISCLOSURE = auto()  # what a unit still has to make public
    RUN = auto()
    OWN = auto()  # the reader's own account, or what the reader's role keeps


class Kind(Term):
    """What a notice says."""

    REVIEW = "review", N_("Flags await first review")
    SEALED = "sealed", N_("A sealed matter awaits the discipline desk")
    POINT = "point", N_("A superior's point is to be answered")
    POINT_ANSWERED = "point_answered", N_("A point of yours was answered")
    SENDER = "sender", N_("A sender wrote")
    AGAIN = "again", N_("A sender asks to take a matter up again")
    ASSIGNED = "assigned", N_("You were given a part in an entry")
    RATED = "rated", N_("The level of your entry was decided")
    STATED = "stated", N_("A post-holder made a statement on an entry")
    FILED = "filed", N_("Your entry was filed; it can be put under control")
    CLOSING = "closing", N_("Closing of an entry is asked for")
    CLOSING_BACK = "closing_back", N_("The closing of your entry was sent back")
    CLOSED = "closed", N_("Your entry was closed")
    REOPENED = "reopened", N_("An entry was reopened")
    MEASURE = "measure", N_("You were given a measure")
    VERIFY = "verify", N_("A measure waits for your verification")
    VERIFIED = "verified", N_("Your measure was verified")
    RETURNED = "returned", N_("Your measure was sent back")
    REQUEST = "request", N_("Residents ask for something to be made public")
    STEP_SKIPPED = "step_skipped", N_("A step of a decision was skipped")
    RESOLUTION_DUE = "resolution_due", N_("A resolution has to be made public soon")
    RESOLUTION_LATE = "resolution_late", N_("A resolution was not made public in time")
    DISCLOSURE_DUE = "disclosure_due", N_("Something has to be made public soon")
    LOOK_DUE = "look_due", N_("A second look at a closed entry is due")
    LOOKED = "looked", N_("Your entry was looked at again")
    HOLDING = "holding", N_("An entry was passed to your level")
    WARNING = "warning", N_("An early warning is addressed to you")
    WARNING_RED = "warning_red", N_("A red early warning is addressed to you")
    ROUND = "round", N_("A round of self-inspection was opened")
    RUN_DONE = "run_done", N_("Long work is finished")
    RUN_FAILED = "run_failed", N_("Long work has failed")
    OPENING = "opening", N_("A second person's agreement is asked for")
    OPENING_DECIDED = "opening_decided", N_("What you asked a second person for was decided")
    HANDED = "handed", N_("Posts and open work were handed over to you")
    ACCOUNT = "account", N_("Your roles, posts or password were changed")
    CLOCK = "clock", N_("The clock of the server or its sweep needs a look")
    LOG = "log", N_("The audit log does not hold")
    WITNESS = "witness", N_("The witness of the audit log cannot be read or kept")
    UNDELIVERED = "undelivered", N_("A message to an address of yours could not be delivered")
    OTHERS_UNDELIVERED = "others_undelivered", N_("Messages to somebody's address could not be delivered")


READ_BY: dict[Kind, tuple[About, P]] = {
    Kind.REVIEW: (About.INBOX, P.INBOX_READ), Kind.SEALED: (About.DESK, P.SEALED_LIFT),
    Kind.POINT: (About.FLAG, P.POINT_ANSWER), Kind.POINT_ANSWERED: (About.FLAG, P.FLAG_RAISE),
    Kind.SENDER: (About.FLAG, P.INBOX_READ), Kind.AGAIN: (About.FLAG, P.INBOX_READ),
    Kind.OPENING: (About.FLAG, P.SEALED_OPEN), Kind.OPENING_DECIDED: (About.FLAG, P.SEALED_OPEN),
    **dict.fromkeys(
        (Kind.ASSIGNED, Kind.RATED, Kind.STATED, Kind.FILED, Kind.CLOSING, Kind.CLOSING_BACK, Kind.CLOSED,
         Kind.REOPENED, Kind.HOLDING, Kind.LOOK_DUE, Kind.LOOKED), (About.ENTRY, P.REGISTER_READ),
    ),
    **dict.fromkeys(
        (Kind.MEASURE, Kind.VERIFY, Kind.VERIFIED, Kind.RETURNED), (About.MEASURE, P.REGISTER_READ)
    ),
    **dict.fromkeys((Kind.WARNING, Kind.WARNING_RED), (About.WARNING, P.WARNING_READ)),
    Kind.REQUEST: (About.REQUEST, P.REQUEST_ANSWER), Kind.DISCLOSURE_DUE: (About.DISCLOSURE, P.DISCLOSURE_EDIT),
    **dict.fromkeys(
        (Kind.STEP_SKIPPED, Kind.RESOLUTION_DUE, Kind.RESOLUTION_LATE), (About.DECISION, P.DECISION_READ)
    ),
    Kind.ROUND: (About.OWN, P.FLAG_INSPECT), Kind.RUN_DONE: (About.RUN, P.NOTICE_READ),
    Kind.RUN_FAILED: (About.RUN, P.NOTICE_READ), Kind.HANDED: (About.OWN, P.NOTICE_READ),
    Kind.ACCOUNT: (About.OWN, P.NOTICE_READ), Kind.CLOCK: (About.OWN, P.SITE_KEEP),
    Kind.LOG: (About.OWN, P.NOTICE_READ), Kind.WITNESS: (About.OWN, P.NOTICE_READ),
    Kind.UNDELIVERED: (About.OWN, P.NOTICE_READ), Kind.OTHERS_UNDELIVERED: (About.OWN, P.SITE_KEEP),
}  # fmt: skip
"""What each kind leads to, and by which right its reader sees that."""


@dataclass(frozen=True)
class NoticeRow:
    """A notice as it is shown: what it says, of which unit, and what it leads to. `title` is that of the entry,
    the decision or the run, or empty; nobody's words stand in it."""

    id: str
    kind: Kind
    day: date
    is_read: bool
    is_red: bool
    unit: str
    subject: str
    number: int | None
    title: str
    entry_id: str | None

    @property
    def about(self) -> str:
        """Which matter it is, in a few words."""
        if self.number is not None:
            return _("{unit} · no. {n} {title}", unit=self.unit, n=self.number, title=self.title)
        if self.title in ("", self.unit):  # a search for common risks is called by its unit
            return self.unit
        return _("{unit} · {title}", unit=self.unit, title=self.title)


@dataclass(frozen=True)
class Said:
    """What is told: its kind, the unit and the thing it is about; `red` lets it be told at once outside as well."""

    kind: Kind
    unit_id: str
    subject: str
    red: bool = False


def tell(work: "Work", people: Collection[str], said: Said) -> None:
    """Tell people something. Kept with the date only, and once a day for the same thing; said again it is unread again.

    The one door to notices: what an event tells whom stands in `core.alerts.addressees`, for the sweep's events too.
    """
    work.store.put_notices(sorted(people), said, work.today)


def mine(work: "Work", turn: Turn = START) -> Listed[NoticeRow]:
    """The actor's notices, the newest day and unread ones first, 50 a page."""
    work.actor.require(P.NOTICE_READ)
    return work.store.notice_page(work.person_id, reach(work), turn)


def unread(work: "Work") -> int:
    """How many notices the actor has not read; `MANY` for as many or more, which nobody counts."""
    work.actor.require(P.NOTICE_READ)
    return work.store.count_notices(work.person_id, reach(work), most=MANY)


def mark_read(work: "Work", ids: Sequence[str] | None = None) -> None:
    """Note that the actor has read some of their notices, or all of them."""
    work.actor.require(P.NOTICE_READ)
    work.store.read_notices(work.person_id, ids)


def reach(work: "Work") -> Mapping[Kind, Scope]:
    """Where the actor holds the right by which each kind is seen."""
    return _reach(work.actor)


@lru_cache(maxsize=1024)
def _reach(actor: "Actor") -> Mapping[Kind, Scope]:
    return {kind: actor.scope(permission) for kind, (_about, permission) in READ_BY.items()}

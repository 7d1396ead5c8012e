"""Pledges and home visits (廉洁承诺书, 家庭助廉承诺, 廉政家访): dates alone, without a word on what was found."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission
from core.errors import Invalid, Refused
from core.events import Event
from core.orders import not_ahead
from core.organisation.posts import Holding
from core.organisation.units import new_id
from core.store import Work
from core.text import N_, Term, _
from core.turning import START, Listed, Turn
from core.words import CommitmentKind

MONTHS = 6
"""A pledge is checked by oneself, and a visit comes round again, every half year."""
SOON = 30
"""Calendar days before that day from which it counts as due."""


class CommitmentState(Term):
    """How a pledge or visit stands today; derived from its dates, never kept."""

    DONE = "done", N_("done")
    DUE = "due", N_("due soon")
    OVERDUE = "overdue", N_("overdue")
    LEFT = "left", N_("post left")


@dataclass(eq=False)
class Commitment:
    """That somebody in a post signed or was visited on a day, and when they last checked themselves since."""

    id: str
    unit_id: str
    kind: CommitmentKind
    person_id: str
    post_id: str
    done_on: date
    kept_by: str
    checked_on: date | None = None


@dataclass(frozen=True)
class Signer:
    """Somebody who holds a post today."""

    holding_id: str
    unit_id: str
    unit: str
    person_id: str
    person: str
    post: str


@dataclass(frozen=True)
class CommitmentRow:
    """A pledge or visit with its names; `holds` says that the person is still in that post."""

    id: str
    unit_id: str
    unit: str
    kind: CommitmentKind
    person_id: str
    person: str
    post: str
    done_on: date
    checked_on: date | None
    holds: bool

    @property
    def due_on(self) -> date:
        """The day of the next self-check or visit."""
        return half_year_after(self.checked_on or self.done_on)

    def state(self, today: date) -> CommitmentState:
        if not self.holds:
            return CommitmentState.LEFT
        days = (self.due_on - today).days
        if days < 0:
            return CommitmentState.OVERDUE
        return CommitmentState.DUE if days <= SOON else CommitmentState.DONE


class CommitmentForm(BaseModel):
    """A pledge or visit to enter."""

    model_config = ConfigDict(frozen=True)

    kind: CommitmentKind = Field(title=N_("Kind"))
    holding_id: str = Field(title=N_("Person in a post"), min_length=1)
    done_on: date = Field(title=N_("Signed or visited on"))


class Checked(BaseModel):
    """The day of a self-check."""

    model_config = ConfigDict(frozen=True)

    checked_on: date = Field(title=N_("Checked on"))


def half_year_after(day: date) -> date:
    """The same day six months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + MONTHS, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def signers(work: Work) -> list[Signer]:
    """Who holds a post where the actor keeps the register."""
    scope = work.actor.require(Permission.LEDGER_KEEP)
    return work.store.signers(scope)


def keep(work: Work, form: CommitmentForm) -> str:
    """Enter that somebody in a post signed, or was visited, on a day."""
    scope = work.actor.require(Permission.LEDGER_KEEP)
    holding = work.store.one(Holding, form.holding_id, scope)
    if holding.until is not None:
        raise Refused(N_("This person has left the post already."))
    not_ahead(work.today, done_on=form.done_on)
    same = work.store.some(
        Commitment, scope, person_id=holding.person_id, post_id=holding.post_id, done_on=form.done_on
    )
    if any(kept.kind is form.kind for kept in same):
        raise Invalid(done_on=_("This has been entered already."))
    kept = Commitment(
        new_id(), holding.unit_id, form.kind, holding.person_id, holding.post_id, form.done_on, work.person_id
    )
    work.store.add(kept)
    work.record(Event.COMMITMENT_KEPT, kept.id, chain=kept.unit_id, person=kept.person_id, kind=kept.kind)
    return kept.id


def check(work: Work, commitment_id: str, form: Checked) -> None:
    """Enter the day of a self-check; the next one is due half a year after it."""
    scope = work.actor.require(Permission.LEDGER_KEEP)
    kept = work.store.one(Commitment, commitment_id, scope)
    if kept.kind is CommitmentKind.VISIT:
        raise Refused(N_("A home visit is entered anew each time."))
    not_ahead(work.today, checked_on=form.checked_on)
    if form.checked_on <= (kept.checked_on or kept.done_on):
        raise Invalid(checked_on=_("This day must lie after the one before it."))
    kept.checked_on = form.checked_on
    work.record(Event.COMMITMENT_CHECKED, kept.id, chain=kept.unit_id, person=kept.person_id, kind=kept.kind)


@dataclass(frozen=True)
class Since:
    """From which day on a pledge or visit counts as `due` and no more as overdue, and from which as `done`."""

    due: date
    done: date


def counted_since(today: date) -> Since:
    """These days, by which `CommitmentRow.state` can be told in the database."""
    return Since(_first(today), _first(today + timedelta(days=SOON + 1)))


def _first(due: date) -> date:
    """The earliest day half a year after which lies on a day or later."""
    day = due - timedelta(days=31 * MONTHS + 1)
    while half_year_after(day) < due:
        day += timedelta(days=1)
    return day


def commitments(work: Work, state: CommitmentState | None = None, turn: Turn = START) -> Listed[CommitmentRow]:
    """The newest of each kind for everybody, by community and name: a list, never a ranking. What
    `states` counts is not counted again."""
    scope = work.actor.require(Permission.LEDGER_READ)
    return work.store.commitment_page(scope, counted_since(work.today), state, turn)


FEW = 30
"""Communities in which it is counted how pledges and visits stand."""


def states(work: Work) -> dict[CommitmentState, int] | None:
    """How many of these stand how today; None where they lie in so many communities that they are not counted."""
    scope = work.actor.require(Permission.LEDGER_READ)
    if len(work.store.few_communities(scope, FEW + 1)) > FEW:
        return None
    return work.store.commitment_counts(scope, counted_since(work.today))


def to_check(work: Work) -> list[CommitmentRow]:
    """The pledges whose self-check the actor can enter."""
    scope = work.actor.require(Permission.LEDGER_KEEP)
    return [row for row in work.store.commitment_rows(scope) if row.holds and row.kind is not CommitmentKind.VISIT]


def unsigned(work: Work) -> tuple[list[Signer], int]:
    """Who holds a post in a community today and has no pledge there, each once, by community and name; and how many
    there are: more than `COUNTED` are neither named nor counted."""
    scope = work.actor.require(Permission.LEDGER_READ)
    return work.store.unsigned(scope)


def waiting(work: Work) -> tuple[int, date | None]:
    """How many are due soon or overdue where the actor keeps the register, and the nearest day."""
    scope = work.actor.require(Permission.LEDGER_KEEP)
    states = (CommitmentState.DUE, CommitmentState.OVERDUE)
    due = [row.due_on for row in work.store.commitment_rows(scope) if row.state(work.today) in states]
    return len(due), min(due, default=None)

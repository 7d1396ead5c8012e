"""A round as whoever opened it steers it: its calendar moved, and its closing, which freezes every register."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission
from core.errors import Invalid, Refused
from core.events import Event
from core.inspection.quarters import Calendar, checked
from core.inspection.rounds import Round
from core.inspection.snapshots import take
from core.lifecycle import ROUND_STEPS, RoundState, step_to
from core.orders import reasoned
from core.organisation.units import new_id
from core.review.runs import Run, end, held
from core.store import Work
from core.text import N_, _
from core.words import RunKind, RunStatus

LOT = 10
"""Communities whose registers are frozen in one transaction."""


class CalendarForm(BaseModel):
    """The days of a round that is under way."""

    model_config = ConfigDict(frozen=True)

    filing_from: date = Field(title=N_("Rating, notice and filing from"))
    control_from: date = Field(title=N_("Measures and spot checks from"))
    evaluation_from: date = Field(title=N_("Evaluation from"))
    ends_on: date = Field(title=N_("Ends on"))


def change_calendar(work: Work, round_id: str, form: CalendarForm) -> None:
    """Move the parts of a round and its end; what began is not moved."""
    scope = work.actor.require(Permission.ROUND_OPEN)
    current = work.store.one(Round, round_id, scope)
    step = step_to(current, RoundState.OPEN, ROUND_STEPS)
    days = checked(Calendar(current.starts_on, **form.model_dump()))
    if days.ends_on < work.today:
        raise Invalid(ends_on=_("The end lies in the past."))
    unit = work.store.register_of(current.unit_id)
    other = work.store.round_during(unit, days.starts_on, days.ends_on, but=current.id)
    if other is not None:
        raise Invalid(ends_on=_("“{title}” runs here from {first} to {last}; rounds do not overlap.",
                                title=other.title, first=other.starts_on, last=other.ends_on))  # fmt: skip
    changed = [name for name in CalendarForm.model_fields if getattr(current, name) != getattr(days, name)]
    if not changed:
        raise Refused(N_("Nothing was changed."))
    for name in changed:
        setattr(current, name, getattr(days, name))
    work.record(step.event, current.id, chain=current.unit_id, title=current.title, changed=changed)


def may_steer(work: Work, round_id: str) -> bool:
    """Whether the actor may move the calendar of a round and close it: whoever may open one there or above."""
    work.actor.require(Permission.REGISTER_READ)
    if not work.actor.may(Permission.ROUND_OPEN):
        return False
    return work.store.seen(Round, round_id, work.actor.scope(Permission.ROUND_OPEN)) is not None


def check_close(work: Work, current: Round) -> None:
    """Refuse to close a round twice, or before it has begun."""
    step_to(current, RoundState.CLOSED, ROUND_STEPS)
    if work.today < current.starts_on:
        raise Refused(N_("This round has not begun yet."))


def close_round(work: Work, round_id: str, reason: str) -> None:
    """Close a round, with a reason: nothing more is said in it, and the register of each community is frozen as it
    stands on this day. Where there are many, that goes on as long work."""
    scope = work.actor.require(Permission.ROUND_OPEN)
    current = work.store.one(Round, round_id, scope)
    check_close(work, current)
    current.closed_on, current.closed_by, current.reason = work.today, work.person_id, reasoned(reason)
    work.record(
        Event.ROUND_CLOSED, current.id, chain=current.unit_id, title=current.title, reason=current.reason
    )  # fmt: skip
    waiting = work.store.unfrozen(scope, current, LOT + 1)
    if len(waiting) > LOT:
        total = work.store.count_unfrozen(scope, current)
        run = Run(new_id(), current.unit_id, RunKind.FREEZING, current.title, work.person_id, work.now, total=total)
        work.store.add(run)
        current.run_id = run.id
        work.record(Event.RUN_BEGUN, run.id, chain=run.unit_id, kind=run.kind)
        return
    for community in waiting:
        take(work, current, community)


def freeze(work: Work, run_id: str, beat: datetime) -> bool | None:
    """Freeze the next registers of a closed round; whether there are more, None when the run is not this worker's any
    more. What is frozen already is left alone, so that a step done twice does nothing twice."""
    scope = work.actor.require(Permission.ROUND_OPEN)
    run = held(work, run_id, beat, scope)
    if run is None:
        return None
    [current] = work.store.some(Round, scope, run_id=run.id)
    waiting = work.store.unfrozen(scope, current, LOT)
    for community in waiting:
        take(work, current, community)
    if not waiting:
        end(work, run, RunStatus.DONE)
        return False
    run.done, run.beat_at = run.done + len(waiting), work.now
    work.record(Event.REGISTERS_FROZEN, run.id, chain=run.unit_id, communities=len(waiting))
    return True

"""Escalation (上报): an entry goes up from level to level and comes down again, with a reason and its clock.

社区 → 街道 → 城区 → 市: the next level is the nearest unit above where a supervisor is who is not named in the matter.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from core import dates
from core.access import Permission
from core.entries.clocks import Clock, ClockRow, start
from core.entries.risks import Risk, load
from core.errors import Denied, Invalid, Refused, Stale
from core.events import Event
from core.lifecycle import ENDED, HANDING_STEPS, step_to
from core.orders import Order, Why, reasoned
from core.organisation.units import Unit
from core.store import Work
from core.text import N_, _
from core.turning import START, Listed, Turn
from core.words import Handing, ResolveLevel, RiskStatus


class HandingDown(Order):
    """To which unit below an entry is handed, and why."""

    unit_id: str = Field(title=N_("To whom"), min_length=1)
    reason: Why


class Extension(Order):
    """So many working days more, and why."""

    days: int = Field(15, ge=1, le=dates.EXTENSION, title=N_("Working days more"))
    reason: Why


class Settling(BaseModel):
    """Where a matter is solved."""

    model_config = ConfigDict(frozen=True)

    resolve_level: ResolveLevel = Field(title=N_("Where it is solved"))


@dataclass(frozen=True)
class PassedRow:
    """An open entry that was passed on at least once, with all who held it, the present holder last."""

    risk_id: str
    number: int
    title: str
    unit: str
    status: RiskStatus
    resolve_level: ResolveLevel | None
    clocks: tuple[ClockRow, ...]

    @property
    def running(self) -> ClockRow:
        return self.clocks[-1]


class Passing(StrEnum):
    """How an entry stands to a desk: it came up to it, was given to it from above, or was sent up or down by it and is
    held by others now."""

    CAME_UP = "came_up"
    GIVEN = "given"
    SENT_UP = "sent_up"
    SENT_DOWN = "sent_down"


UP = (Handing.RAISED, Handing.CONCERNED)


def passed(work: Work, passing: Passing, turn: Turn = START) -> Listed[PassedRow]:
    """The open entries that were passed on and that the actor's own units hold or held, the nearest day first."""
    scope = work.actor.require(Permission.RISK_ESCALATE)
    return work.store.passed_page(scope, passing, turn)


def counts(work: Work) -> dict[Passing, int]:
    """How many such entries there are of each sort."""
    scope = work.actor.require(Permission.RISK_ESCALATE)
    found = work.store.passed_counts(scope)
    return {passing: found.get(passing, 0) for passing in Passing}


def clocks_of(work: Work, risk_id: str) -> list[ClockRow]:
    """Everybody who held an entry, the first one first."""
    scope = work.actor.require(Permission.REGISTER_READ)
    return work.store.clock_rows(scope, [risk_id]).get(risk_id, [])


def level_above(work: Work, risk: Risk, unit_id: str) -> Unit | None:
    """The nearest unit above that can take an entry: a supervisor is there, and none of its heads is named in it."""
    away = work.store.kept_away(risk.id)
    for unit in work.store.supervised_above(unit_id):
        if not away or away.isdisjoint(work.store.heads(unit.id)):
            return unit
    return None


def lift_if_concerned(work: Work, risk: Risk) -> None:
    """Let an entry start above where a head of the unit that holds it is named in it (domain rule 5.1)."""
    clock = work.store.running_clock(risk.id)
    if clock is None or not _is_concerned(work, risk, clock.holder_id):
        return
    above = level_above(work, risk, clock.holder_id)
    if above is not None:
        _pass(work, risk, above.id, Handing.CONCERNED)


def lift_concerned(work: Work, unit_id: str, _since: date | None) -> None:
    """Let the entries of a community pass to the level above where a head of who holds them has become concerned since:
    by a new post or a declared relative. Done by time, so that nobody reads from a name beside it who it was."""
    work.actor.require(Permission.SITE_KEEP)
    for risk in work.store.concerning_somebody(unit_id):
        lift_if_concerned(work, risk)


def _is_concerned(work: Work, risk: Risk, unit_id: str) -> bool:
    """Whether a head of a unit, or a relative of theirs, is named in an entry."""
    return not work.store.kept_away(risk.id).isdisjoint(work.store.heads(unit_id))


def _pass(
    work: Work, risk: Risk, holder_id: str, how: Handing, reason: str = "", due_on: date | None = None
) -> None:
    """Start the next holder's clock, and say so in the log."""
    clock = work.store.running_clock(risk.id)
    if clock is None:
        raise Stale  # somebody has just passed it on
    step = step_to(clock, how, HANDING_STEPS)
    start(work, risk, holder_id, how, reason, due_on)
    facts = {"reason": reason} if reason else {}
    work.record(step.event, risk.id, chain=risk.unit_id, holder=holder_id, **facts)


def check_raise(work: Work, risk: Risk) -> Unit:
    """The next level; refuse to raise what is not held in the actor's area, or when nobody above could take it."""
    clock = _held(work, risk, Permission.RISK_ESCALATE)
    above = level_above(work, risk, clock.holder_id)
    if above is None:
        raise Refused(N_("There is nobody above who could take this."))
    return above


def raise_up(work: Work, risk_id: str, reason: str) -> None:
    """Raise an entry to the next level; its clock starts anew there."""
    scope = work.actor.require(Permission.RISK_ESCALATE)
    risk = load(work, risk_id, scope)
    above = check_raise(work, risk)
    _pass(work, risk, above.id, Handing.RAISED, reasoned(reason))


def check_give_back(work: Work, risk: Risk) -> Clock:
    """The spell it goes back to; refuse what was not raised here, or to a unit whose head is named in it."""
    clock = _held(work, risk, Permission.RISK_HAND_DOWN)
    if clock.how is not Handing.RAISED:
        raise Refused(N_("Only what was raised from below is given back."))
    return _giver(work, risk, clock)


def _giver(work: Work, risk: Risk, clock: Clock) -> Clock:
    """The spell before; refused where a head of its unit has been named in the entry since."""
    giver = work.store.clock_before(clock)
    if _is_concerned(work, risk, giver.holder_id):
        raise Refused(N_("By the rules of recusal this does not go back to where it came from."))
    return giver


def give_back(work: Work, risk_id: str, reason: str) -> None:
    """Give an entry back to whoever raised it, because it can be solved there."""
    scope = work.actor.require(Permission.RISK_HAND_DOWN)
    risk = load(work, risk_id, scope)
    giver = check_give_back(work, risk)
    _pass(work, risk, giver.holder_id, Handing.RETURNED, reasoned(reason))


def check_hand_down(work: Work, risk: Risk) -> Clock:
    """The running clock; refuse to hand down what the community holds itself."""
    clock = _held(work, risk, Permission.RISK_HAND_DOWN)
    if clock.holder_id == risk.unit_id:
        raise Refused(N_("The community holds this entry already."))
    return clock


def below(work: Work, risk_id: str) -> dict[str, str]:
    """To which units a held entry can be handed down, as id → name: those between its holder and its community."""
    scope = work.actor.require(Permission.RISK_HAND_DOWN)
    risk = load(work, risk_id, scope)
    clock = work.store.running_clock(risk.id)
    return {} if clock is None else {unit.id: unit.name for unit in _below(work, risk, clock)}


def hand_down(work: Work, risk_id: str, form: HandingDown) -> None:
    """Hand an entry down to a unit below with what is to be done; its clock starts anew there."""
    scope = work.actor.require(Permission.RISK_HAND_DOWN)
    risk = load(work, risk_id, scope)
    clock = check_hand_down(work, risk)
    if form.unit_id not in {unit.id for unit in _below(work, risk, clock)}:
        raise Invalid(unit_id=_("Please choose one of the options."))
    _pass(work, risk, form.unit_id, Handing.HANDED_DOWN, reasoned(form.reason))


def check_object(work: Work, risk: Risk) -> Clock:
    """The spell it goes back to; refuse an objection by anybody but the new holder, later than 5 working days, or to an
    objection."""
    clock = _held(work, risk, Permission.RISK_ESCALATE)
    if clock.how not in (Handing.RAISED, Handing.HANDED_DOWN, Handing.RETURNED):
        raise Refused(N_("This was not handed to you by another unit."))
    if work.store.register_of(clock.holder_id).path not in work.actor.scope(Permission.RISK_ESCALATE).paths:
        raise Denied
    until = work.calendar.after(clock.started_on, dates.OBJECT)
    if work.today > until:
        raise Refused(N_("An objection was possible until {day}."), day=until)
    return _giver(work, risk, clock)


def object_to(work: Work, risk_id: str, reason: str) -> None:
    """Object to a wrong hand-over: the entry goes back to whoever handed it over, with the clock it had there."""
    scope = work.actor.require(Permission.RISK_ESCALATE)
    risk = load(work, risk_id, scope)
    giver = check_object(work, risk)
    _pass(work, risk, giver.holder_id, Handing.OBJECTED, reasoned(reason), giver.due_on)


def check_extend(work: Work, risk: Risk) -> Clock:
    """The running clock; refuse a second extension of it."""
    clock = _held(work, risk, Permission.CLOCK_EXTEND)
    if clock.extended:
        raise Refused(N_("This limit has been extended already; it is extended once."))
    return clock


def extend(work: Work, risk_id: str, form: Extension) -> None:
    """Give the holder of an entry more time, once, with a reason."""
    scope = work.actor.require(Permission.CLOCK_EXTEND)
    risk = load(work, risk_id, scope)
    clock, why = check_extend(work, risk), reasoned(form.reason)
    clock.due_on = work.calendar.after(clock.due_on, form.days)
    clock.extended, clock.extended_by, clock.extension_reason = form.days, work.person_id, why
    work.record(Event.CLOCK_EXTENDED, risk.id, chain=risk.unit_id, more=form.days, due=clock.due_on, reason=why)


def check_settle(work: Work, risk: Risk) -> None:
    """Refuse outside the area of who holds the entry."""
    _held(work, risk, Permission.RISK_HAND_DOWN)


def settle(work: Work, risk_id: str, form: Settling) -> None:
    """Say where a matter is solved: by the city, by a department, on the spot, or by talking it over."""
    scope = work.actor.require(Permission.RISK_HAND_DOWN)
    risk = load(work, risk_id, scope)
    check_settle(work, risk)
    risk.resolve_level = form.resolve_level
    work.record(Event.RISK_SETTLED, risk.id, chain=risk.unit_id, solved=form.resolve_level)


def _below(work: Work, risk: Risk, clock: Clock) -> list[Unit]:
    """The units between a holder and the community, from the community upwards, whose heads are not named in it."""
    away = work.store.kept_away(risk.id)
    between = [work.store.register_of(risk.unit_id), *work.store.supervised_above(risk.unit_id)]
    holder = work.store.register_of(clock.holder_id)
    return [
        unit for unit in between
        if unit.id != holder.id and unit.path.startswith(holder.path) and away.isdisjoint(work.store.heads(unit.id))
    ]  # fmt: skip


def _held(work: Work, risk: Risk, permission: Permission) -> Clock:
    """The running clock of an entry; refused outside the area of who holds it and to whoever is named in it."""
    if risk.status in ENDED:
        raise Refused(N_("A closed entry is not changed."))
    clock = work.store.running_clock(risk.id)
    if clock is None:
        raise Stale  # somebody has just passed it on
    if work.person_id in work.store.kept_away(risk.id):
        raise Denied
    holder = work.store.register_of(clock.holder_id)
    if not work.actor.scope(permission).covers(holder.path):
        raise Denied(N_("{unit} holds this entry now."), unit=holder.name)
    return clock

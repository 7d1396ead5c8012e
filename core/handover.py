"""Hand-over: what a leaver held passes to somebody else, clocks and all."""

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission, Scope
from core.errors import Invalid, Refused
from core.measures import Measure
from core.people import Person
from core.posts import Holding
from core.risks import Risk
from core.store import Work
from core.text import N_, _, clean
from core.units import new_id
from core.words import Event, MeasureStatus, RiskStatus


class HandOver(BaseModel):
    """Passing a leaver's posts, entries and measures to somebody else."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    giver_id: str = Field(title=N_("Who leaves"), min_length=1)
    taker_id: str = Field(title=N_("Who takes over"), min_length=1)
    reason: str = Field(title=N_("Reason"), min_length=2, max_length=300)


def hand_over(work: Work, order: HandOver) -> tuple[int, int, int]:
    """Pass every post, open entry and open measure of one person to another: how many of each.

    Due dates stay as they are, so the clocks run on with the new holder.
    """
    scope = work.actor.require(Permission.POST_HAND_OVER)
    giver = work.store.one(Person, order.giver_id, scope)
    taker = work.store.one(Person, order.taker_id, scope)
    if giver.id == taker.id or taker.left_on is not None:
        raise Invalid(taker_id=_("Please choose somebody else."))
    held = [h for h in work.store.some(Holding, scope, person_id=giver.id) if h.until is None]
    own = {h.post_id for h in work.store.some(Holding, scope, person_id=taker.id) if h.until is None}
    for holding in held:
        holding.until = work.today
        if holding.post_id not in own:
            work.store.add(Holding(new_id(), holding.unit_id, holding.post_id, taker.id, work.today))
    risks = _pass_risks(work, scope, giver, taker)
    measures = _pass_measures(work, scope, giver, taker)
    facts = {"to": taker.id, "posts": len(held), "risks": risks, "measures": measures, "reason": clean(order.reason)}
    work.record(Event.POST_HANDED_OVER, giver.id, chain=giver.unit_id, **facts)
    return len(held), risks, measures


def _pass_risks(work: Work, scope: Scope, giver: Person, taker: Person) -> int:
    ended = {RiskStatus.CLOSED, RiskStatus.ARCHIVED}
    passed = 0
    for role in ("owner_id", "leader_id", "watchdog_id"):
        for risk in work.store.some(Risk, scope, **{role: giver.id}):
            if risk.status in ended:
                continue
            setattr(risk, role, taker.id)
            if risk.watchdog_id == risk.owner_id:
                raise Refused(N_("Entry {n} would be watched by its own owner."), n=risk.number)
            passed += 1
    return passed


def _pass_measures(work: Work, scope: Scope, giver: Person, taker: Person) -> int:
    passed = 0
    for role in ("owner_id", "watchdog_id"):
        for measure in work.store.some(Measure, scope, **{role: giver.id}):
            if measure.status is MeasureStatus.VERIFIED:
                continue
            setattr(measure, role, taker.id)
            if measure.watchdog_id == measure.owner_id:
                raise Refused(N_("A measure would be verified by its own owner."))
            passed += 1
    return passed

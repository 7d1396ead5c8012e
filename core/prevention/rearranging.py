"""Rearranging (调整措施): another day, owner or verifier for a measure, with a reason, never by its own owner."""

from datetime import date

from pydantic import Field

from core.access import Permission
from core.entries.risks import CHECKERS, DOERS, fits, load
from core.errors import Denied, Invalid, Refused
from core.events import Event
from core.openness.board import notice
from core.orders import Order, Why, reasoned
from core.organisation.relatives import check_watcher
from core.prevention.measures import Measure, check_days, check_planning
from core.store import Work
from core.text import N_, _
from core.words import MeasureStatus


class Rearranging(Order):
    """Another day, owner or verifier for a measure, and why; what is not given stays."""

    due_on: date | None = Field(None, title=N_("New day"))
    owner_id: str | None = Field(None, title=N_("New owner"))
    watchdog_id: str | None = Field(None, title=N_("New verifier"))
    reason: Why


def check_rearranging(work: Work, measure: Measure) -> None:
    """Refuse another day or other people for one's own measure, for one that is over or being verified, or by who
    is named in the entry."""
    if work.actor.person_id == measure.owner_id:
        raise Denied(N_("Nobody moves the day of their own measure."))
    if work.actor.person_id in work.store.with_kin([measure.owner_id]):
        raise Denied
    if measure.status in (MeasureStatus.VERIFIED, MeasureStatus.VERIFYING):
        raise Refused(N_("This measure is over or being verified."))
    check_planning(work, load(work, measure.risk_id, work.actor.scope(Permission.MEASURE_PLAN)))


def check_rearranged(work: Work, measure: Measure, form: Rearranging) -> None:
    """Refuse a day or people that could not have been planned, and what would change nothing."""
    owner, watchdog = form.owner_id or measure.owner_id, form.watchdog_id or measure.watchdog_id
    due = form.due_on or measure.due_on
    if (due, owner, watchdog) == (measure.due_on, measure.owner_id, measure.watchdog_id):
        raise Invalid(due_on=_("Nothing would change."))
    if form.due_on:
        check_days(work, measure.starts_on, form.due_on)
    if form.owner_id or form.watchdog_id:
        check_watcher(work, watchdog, {owner, *(_answering(work, measure) if form.watchdog_id else ())})
    for person_id, roles, field in (
        (form.owner_id, DOERS, "owner_id"), (form.watchdog_id, CHECKERS, "watchdog_id"),
    ):  # fmt: skip
        if person_id and not fits(work, person_id, measure.unit_id, roles):
            raise Invalid(**{field: _("This person does not hold the right role here.")})


def _answering(work: Work, measure: Measure) -> set[str | None]:
    """Who took the measure on, and who answers for its entry."""
    risk = load(work, measure.risk_id, work.actor.scope(Permission.MEASURE_PLAN))
    return {measure.claimed_by, risk.owner_id, *work.store.owners(risk.item_id, risk.unit_id)}


def rearrange(work: Work, measure_id: str, form: Rearranging) -> None:
    """Give a measure another day, owner or verifier, with a reason; whoever reported on it before stays its doer."""
    scope = work.actor.require(Permission.MEASURE_PLAN)
    measure = work.store.one(Measure, measure_id, scope)
    check_rearranging(work, measure)
    check_rearranged(work, measure, form)
    facts = {"reason": reasoned(form.reason)}
    if form.due_on and form.due_on != measure.due_on:
        facts |= {"before": measure.due_on.isoformat(), "due": form.due_on.isoformat()}
        measure.due_on = form.due_on
    if form.owner_id and form.owner_id != measure.owner_id:
        facts["owner"] = measure.owner_id = form.owner_id
    if form.watchdog_id and form.watchdog_id != measure.watchdog_id:
        facts["watchdog"] = measure.watchdog_id = form.watchdog_id
    notice(work, load(work, measure.risk_id, scope))
    work.record(Event.MEASURE_REARRANGED, measure.id, chain=measure.unit_id, **facts)

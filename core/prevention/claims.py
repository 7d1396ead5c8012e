"""Taking on (党员认领): a party member of the community takes on a measure for members; never its verifier."""

from core.access import Permission
from core.entries.risks import load
from core.errors import Denied, Refused
from core.events import Event
from core.lifecycle import ENDED
from core.prevention.measures import Measure
from core.store import Work
from core.text import N_
from core.words import ActorKind, MeasureStatus


def check_claim(work: Work, measure: Measure) -> None:
    """Refuse what is not for members, taken on or over already, and whoever verifies it, has a relative who does,
    or is named in the entry."""
    if measure.actor_kind is not ActorKind.MEMBER or measure.claimed_by is not None:
        raise Refused(N_("This measure is not there to be taken on."))
    risk = load(work, measure.risk_id, work.actor.scope(Permission.MEASURE_CLAIM))
    if measure.status in (MeasureStatus.VERIFIED, MeasureStatus.VERIFYING) or risk.status in ENDED:
        raise Refused(N_("This measure is over or being verified."))
    if not work.store.with_kin([work.person_id]).isdisjoint((measure.watchdog_id, risk.watchdog_id)):
        raise Denied(N_("Nobody verifies their own measure."))
    if work.person_id in work.store.kept_away(risk.id):
        raise Denied


def claim(work: Work, measure_id: str) -> None:
    """Take a measure on; its owner still answers for it."""
    scope = work.actor.require(Permission.MEASURE_CLAIM)
    measure = work.store.one(Measure, measure_id, scope)
    check_claim(work, measure)
    measure.claimed_by, measure.claimed_on = work.person_id, work.today
    work.record(Event.MEASURE_CLAIMED, measure.id, chain=measure.unit_id)


def check_giving_up(work: Work, measure: Measure) -> None:
    """Refuse anybody else, and whoever may have worked on it since: they would be free to verify it."""
    if measure.claimed_by is None or measure.claimed_by != work.actor.person_id:
        raise Denied
    if measure.claimed_on != work.today:
        raise Refused(N_("What was taken on is given back on the same day only."))


def give_up(work: Work, measure_id: str) -> None:
    """Take back a claim of the same day, so that somebody else can take the measure on."""
    scope = work.actor.require(Permission.MEASURE_CLAIM)
    measure = work.store.one(Measure, measure_id, scope)
    check_giving_up(work, measure)
    measure.claimed_by = measure.claimed_on = None
    work.record(Event.CLAIM_GIVEN_BACK, measure.id, chain=measure.unit_id)

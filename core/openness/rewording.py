"""Rewording (修改公示表述): what the public reads of an entry, and of its measures, said otherwise, because it names
somebody or is wrong.

The board shows the new words at once; the words before stay in the history of the entry, which offices read, and are
told by no log. The seven days of the notice go on and a filing stays, for the matter is the same. A signature holds as
well: it is given for what the entry says and how it is rated, not for how that is put to the public
(core.entries.signed). Of a measure the public reads its own words, so that other ones are asked of whoever signed.
"""

from pydantic import Field

from core.access import Permission
from core.entries.risks import Risk, check_rater, load, not_own
from core.errors import Denied, Invalid, Refused
from core.events import Event
from core.openness.board import notice
from core.orders import Order, Why, reasoned
from core.prevention.measures import Measure
from core.privacy.wording import without_people
from core.store import Work
from core.text import N_, _, clean
from core.words import RiskStatus


class Rewording(Order):
    """New words for the public, and why."""

    wording: str = Field(title=N_("Public wording"), min_length=4, max_length=300, json_schema_extra={"long": True})
    reason: Why


class MeasureWords(Order):
    """A measure in other words, by what one sees that it is done, and why."""

    text: str = Field(title=N_("Measure"), min_length=4, max_length=500, json_schema_extra={"long": True})
    indicator: str = Field("", title=N_("How we see that it is done"), max_length=300)
    reason: Why


def check_rewording(work: Work, risk: Risk) -> None:
    """Refuse it where nothing stands on the board, or to whoever answers for the entry. What is closed still stands
    there and can be put right."""
    if risk.announced_on is None or not risk.wording or risk.status is RiskStatus.ARCHIVED:
        raise Refused(N_("Nothing of this entry stands on the public board."))
    not_own(work, risk)


def reword(work: Work, risk_id: str, form: Rewording) -> None:
    """Say otherwise what the public reads of an entry, in words without people."""
    scope = work.actor.require(Permission.RISK_ANNOUNCE)
    risk = load(work, risk_id, scope)
    check_rewording(work, risk)
    wording = clean(form.wording)
    if wording == risk.wording:
        raise Invalid(wording=_("Nothing would change."))
    without_people(work, risk.unit_id, wording=wording, reason=form.reason)
    risk.wording = wording
    notice(work, risk)
    work.record(Event.RISK_REWORDED, risk.id, chain=risk.unit_id, reason=reasoned(form.reason))


def check_measure(work: Work, measure: Measure) -> None:
    """Refuse it to whoever carries the measure out or answers for its entry, and once the entry is archived; one that
    is verified stands on the board too and can be put right."""
    if work.actor.person_id in (measure.owner_id, measure.claimed_by):
        raise Denied(N_("Nobody changes what their own measure says."))
    if work.actor.person_id in work.store.with_kin(list(filter(None, (measure.owner_id, measure.claimed_by)))):
        raise Denied
    risk = load(work, measure.risk_id, work.actor.scope(Permission.MEASURE_PLAN))
    if risk.status is RiskStatus.ARCHIVED:
        raise Refused(N_("An archived entry stays as it is."))
    check_rater(work, risk)


def reword_measure(work: Work, measure_id: str, form: MeasureWords) -> None:
    """Say a measure in other words, without people; its state, people and day stay."""
    scope = work.actor.require(Permission.MEASURE_PLAN)
    measure = work.store.one(Measure, measure_id, scope)
    check_measure(work, measure)
    text, indicator = clean(form.text), clean(form.indicator)
    if (text, indicator) == (measure.text, measure.indicator):
        raise Invalid(text=_("Nothing would change."))
    without_people(work, measure.unit_id, text=text, reason=form.reason)
    measure.text, measure.indicator = text, indicator
    notice(work, load(work, measure.risk_id, scope))
    work.record(Event.MEASURE_REWORDED, measure.id, chain=measure.unit_id, reason=reasoned(form.reason))

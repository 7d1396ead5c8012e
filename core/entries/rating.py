"""Rating: four factors give a computed level, people decide the level, and a difference needs a reason."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission
from core.entries.risks import Risk, check_rater, load
from core.entries.signed import sign
from core.errors import Denied, Invalid, Refused, Stale
from core.events import Event
from core.lifecycle import RISK_STEPS, advance
from core.openness.board import notice, withdraw_notice
from core.organisation.units import new_id
from core.rows import AssessmentRow, StatementRow
from core.store import Work
from core.text import N_, _, clean
from core.words import Factor, Level, Override, RatingStage, RiskStatus, SignedStage


@dataclass(frozen=True)
class Thresholds:
    """From which sum a level begins; configuration with a version (domain rules on rating)."""

    version: int = 1
    high: int = 10
    medium: int = 7


THRESHOLDS = Thresholds()


@dataclass(eq=False)
class Assessment:
    """One rating of an entry as it was decided; none is ever overwritten."""

    id: str
    unit_id: str
    risk_id: str
    stage: RatingStage
    factors: dict[str, int]
    overrides: list[str]
    computed: Level
    level: Level
    reason: str
    rated_by: str
    rated_at: datetime
    thresholds: int


@dataclass(eq=False)
class Statement:
    """What a post-holder says of a rating; it stays beside it."""

    id: str
    unit_id: str
    risk_id: str
    person_id: str
    objection: bool
    text: str
    said_at: datetime


class RatingForm(BaseModel):
    """A decided rating."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    power: int = Field(ge=1, le=3, title=Factor.POWER.word)
    discretion: int = Field(ge=1, le=3, title=Factor.DISCRETION.word)
    probability: int = Field(ge=1, le=3, title=Factor.PROBABILITY.word)
    harm: int = Field(ge=1, le=3, title=Factor.HARM.word)
    overrides: list[Override] = Field([], title=N_("Any of these makes it high"))
    level: Level = Field(title=N_("Level decided"))
    reason: str = Field("", title=N_("Reason, when the level differs from the computed one"), max_length=500)
    stage: RatingStage = Field(RatingStage.INITIAL, title=N_("Which level"))

    def factors(self) -> dict[str, int]:
        return {factor.value: getattr(self, factor.value) for factor in Factor}


def computed(
    factors: Mapping[str, int], overrides: Collection[str] = (), thresholds: Thresholds = THRESHOLDS
) -> Level:
    """The level four factors of 1–3 give: sum ≥10 high, 7–9 medium, ≤6 low; any override makes it high."""
    if set(factors) != {f.value for f in Factor} or not all(1 <= value <= 3 for value in factors.values()):
        raise ValueError("four factors of 1 to 3")
    total = sum(factors.values())
    if overrides or total >= thresholds.high:
        return Level.HIGH
    return Level.MEDIUM if total >= thresholds.medium else Level.LOW


_STAYS = (RiskStatus.FILED, RiskStatus.CONTROLLED, RiskStatus.REOPENED)
"""Where a new initial level leaves the entry where it stands; before filing it is back at “rated”."""


def stages(status: RiskStatus) -> tuple[RatingStage, ...]:
    """Which levels can be decided in a state: initial and expected until the closing; the verified one is decided at
    the second look."""
    if status is RiskStatus.UNRATED:
        return (RatingStage.INITIAL,)
    if status in (RiskStatus.RATED, RiskStatus.ANNOUNCED, *_STAYS):
        return (RatingStage.INITIAL, RatingStage.EXPECTED)
    return ()


def check_rating(work: Work, risk: Risk) -> None:
    """Refuse a rating by whoever answers for the entry or is named in it, or while nothing can be decided."""
    check_rater(work, risk)
    if not stages(risk.status):
        raise Stale(N_("This is now “{status}”, so this step is no longer open."), status=risk.status)


def rate(work: Work, risk_id: str, form: RatingForm) -> None:
    """Decide the level of an entry and sign it. A new initial level takes a running public notice back."""
    scope = work.actor.require(Permission.RISK_RATE)
    risk = load(work, risk_id, scope)
    check_rating(work, risk)
    level = computed(form.factors(), form.overrides)
    if form.stage not in stages(risk.status):
        raise Invalid(stage=_("Decide the initial level first. The verified level is decided at the second look."))
    if form.level is not level and len(clean(form.reason)) < 2:
        raise Invalid(reason=_("The factors give “{level}”. Please say why you decide otherwise.", level=level))
    _set(work, risk, form)
    work.store.add(
        Assessment(
            new_id(), risk.unit_id, risk.id, form.stage, form.factors(), [o.value for o in form.overrides], level,
            form.level, clean(form.reason), work.person_id, work.now, THRESHOLDS.version,
        )
    )  # fmt: skip
    signature = sign(work, risk, SignedStage.RATING)
    work.record(
        Event.RISK_RATED, risk.id, chain=risk.unit_id, stage=form.stage, level=form.level, computed=level,
        digest=signature.digest,
    )  # fmt: skip


def _set(work: Work, risk: Risk, form: RatingForm) -> None:
    if form.stage is RatingStage.EXPECTED:
        risk.expected_level = form.level
    else:
        if risk.status is RiskStatus.ANNOUNCED:
            risk.announced_on = None
            withdraw_notice(work, risk)
        advance(risk, risk.status if risk.status in _STAYS else RiskStatus.RATED, RISK_STEPS)
        risk.level = form.level
        notice(work, risk)


def check_statement(work: Work, risk: Risk) -> None:
    """Refuse a statement by anybody but whoever answers for the power item or the entry."""
    concerned = {risk.owner_id, risk.leader_id} | work.store.owners(risk.item_id, risk.unit_id)
    if work.actor.person_id not in concerned:
        raise Denied(N_("Only whoever answers for this power item can make a statement."))
    if risk.level is None or risk.status is RiskStatus.ARCHIVED:
        raise Refused(N_("There is no rating yet to say something about."))


def check_objection(work: Work, risk: Risk) -> None:
    check_statement(work, risk)
    if risk.status not in (RiskStatus.RATED, RiskStatus.ANNOUNCED):
        raise Refused(N_("An objection can be made between rating and filing."))


def state(work: Work, risk_id: str, text: str, *, objection: bool) -> None:
    """A post-holder or owner sets a statement or an objection beside a rating; objections end with the filing."""
    scope = work.actor.require(Permission.RISK_STATE)
    risk = load(work, risk_id, scope)
    (check_objection if objection else check_statement)(work, risk)
    if len(clean(text)) < 2:
        raise Invalid(text=_("Please fill this in."))
    work.store.add(
        Statement(new_id(), risk.unit_id, risk.id, work.person_id, objection, clean(text)[:1000], work.now)
    )
    work.record(Event.RISK_STATED, risk.id, chain=risk.unit_id, objection=objection)


def ratings(work: Work, risk_id: str) -> list[AssessmentRow]:
    """Every decided rating of an entry, the newest first."""
    scope = work.actor.require(Permission.REGISTER_READ)
    return work.store.assessments(scope, risk_id)


def statements(work: Work, risk_id: str) -> list[StatementRow]:
    """What was said beside the ratings of an entry."""
    scope = work.actor.require(Permission.REGISTER_READ)
    return work.store.statements(scope, risk_id)


_MANAGES = {
    Level.HIGH: N_(
        "High: usually the secretary of the community's party organisation answers for it; the street discipline desk"
        " has it on file and checks every quarter."
    ),
    Level.MEDIUM: N_("Medium: usually the member of the two committees in charge answers for it; the watchdog checks."),
    Level.LOW: N_("Low: usually the post-holder answers for it and checks every half-year."),
}


def manages(level: Level) -> str:
    """Who usually manages an entry of a level; a hint at assigning, never automatic (domain rules on who manages)."""
    return _(_MANAGES[level])


RISING = (Level.LOW, Level.MEDIUM, Level.HIGH)
"""The levels by their step."""


def spread(levels: Sequence[Level]) -> int:
    """How far apart levels lie: 0 agree, 1 one step, 2 from low to high."""
    places = [RISING.index(level) for level in levels]
    return max(places) - min(places) if places else 0

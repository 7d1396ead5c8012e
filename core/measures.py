"""Preventive measures (防范措施): planned, carried out, shown, and verified by somebody else."""

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission, Scope
from core.board import notice
from core.errors import Denied, Invalid, Refused
from core.evidence import Upload, check, sha256
from core.lifecycle import MEASURE_STEPS, advance
from core.risks import ENDED, fits, load, not_own
from core.store import Work
from core.text import N_, _, clean
from core.units import new_id
from core.words import ActorKind, Event, MeasureStage, MeasureStatus, MeasureType, RiskStatus, Role


@dataclass(eq=False)
class Measure:
    """Something done so that a risk does not come true. Overdue is derived from `due_on`, never kept."""

    id: str
    unit_id: str
    risk_id: str
    text: str
    measure_type: MeasureType
    stage: MeasureStage
    actor_kind: ActorKind
    owner_id: str
    watchdog_id: str
    starts_on: date
    due_on: date
    indicator: str = ""
    status: MeasureStatus = MeasureStatus.OPEN
    percent: int = 0
    done_on: date | None = None
    verified_by: str | None = None


@dataclass(eq=False)
class Progress:
    """One report on a measure, or a verdict on it."""

    id: str
    unit_id: str
    measure_id: str
    status: MeasureStatus
    percent: int
    text: str
    said_by: str
    said_at: datetime


@dataclass(eq=False)
class Evidence:
    """A file that shows what was done; its content is kept by hash."""

    id: str
    unit_id: str
    measure_id: str
    name: str
    media_type: str
    size: int
    sha256: str
    added_by: str
    added_at: datetime


class MeasureForm(BaseModel):
    """A measure to plan."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    text: str = Field(title=N_("Measure"), min_length=4, max_length=500, json_schema_extra={"long": True})
    measure_type: MeasureType = Field(MeasureType.PROCESS, title=N_("Kind of measure"))
    stage: MeasureStage = Field(MeasureStage.PREVENTION, title=N_("Stage"))
    actor_kind: ActorKind = Field(ActorKind.PARTY, title=N_("Who carries it out"))
    owner_id: str = Field(title=N_("Owner"), min_length=1)
    watchdog_id: str = Field(title=N_("Who verifies"), min_length=1)
    starts_on: date = Field(title=N_("Starts on"))
    due_on: date = Field(title=N_("Due on"))
    indicator: str = Field("", title=N_("How we see that it is done"), max_length=300)


def plan(work: Work, risk_id: str, form: MeasureForm) -> str:
    """Plan a measure with an owner, a date, and somebody else who will verify it."""
    scope = work.actor.require(Permission.MEASURE_PLAN)
    risk = load(work, risk_id, scope)
    if risk.status in ENDED or risk.status in (RiskStatus.UNRATED, RiskStatus.VERIFYING):
        raise Refused(N_("Measures are planned after the rating and before the closing."))
    if form.due_on < form.starts_on:
        raise Invalid(due_on=_("The due date lies before the start."))
    if form.owner_id == form.watchdog_id:
        raise Invalid(watchdog_id=_("Nobody verifies their own measure."))
    if not fits(work, form.owner_id, risk.unit_id, {Role.CADRE}):
        raise Invalid(owner_id=_("This person does not hold the right role here."))
    if not fits(work, form.watchdog_id, risk.unit_id, {Role.WATCHDOG, Role.SUPERVISOR}):
        raise Invalid(watchdog_id=_("This person does not hold the right role here."))
    measure = Measure(
        new_id(), risk.unit_id, risk.id, clean(form.text), form.measure_type, form.stage, form.actor_kind,
        form.owner_id, form.watchdog_id, form.starts_on, form.due_on, clean(form.indicator),
    )  # fmt: skip
    work.store.add(measure)
    notice(work, risk)
    work.record(
        Event.MEASURE_PLANNED, measure.id, chain=risk.unit_id, risk=risk.id, owner=form.owner_id, due=form.due_on
    )
    return measure.id


def report(work: Work, measure_id: str, percent: int, text: str) -> None:
    """The owner says how far a measure has come, 0–100 percent."""
    measure = _own(work, measure_id)
    if not 0 <= percent <= 100:
        raise Invalid(percent=_("Please enter a number from 0 to 100."))
    event = advance(measure, MeasureStatus.DOING, MEASURE_STEPS)
    measure.percent = percent
    _note(work, measure, text)
    work.record(event, measure.id, chain=measure.unit_id, percent=percent)


def attach(work: Work, measure_id: str, upload: Upload) -> str:
    """Add a file as evidence; its type is told by its content."""
    measure = _own(work, measure_id)
    if measure.status is MeasureStatus.VERIFIED:
        raise Refused(N_("This measure is verified already."))
    media_type = check(upload)
    evidence = Evidence(
        new_id(), measure.unit_id, measure.id, clean(upload.name)[-120:], media_type, len(upload.content),
        sha256(upload.content), work.person_id, work.now,
    )  # fmt: skip
    if any(e.sha256 == evidence.sha256 for e in work.store.evidence_of(measure.id)):
        raise Refused(N_("This file is here already."))
    work.store.keep_file(evidence.sha256, upload.content)
    work.store.add(evidence)
    work.record(Event.EVIDENCE_ADDED, measure.id, chain=measure.unit_id, sha256=evidence.sha256)
    return evidence.id


def read_evidence(work: Work, evidence_id: str) -> tuple[Evidence, bytes]:
    """A file of evidence with its content."""
    scope = work.actor.require(Permission.REGISTER_READ)
    evidence = work.store.one(Evidence, evidence_id, scope)
    return evidence, work.store.file(evidence.sha256)


def ask_verification(work: Work, measure_id: str, text: str) -> None:
    """The owner says a measure is done and asks for somebody else to verify it."""
    measure = _own(work, measure_id)
    event = advance(measure, MeasureStatus.VERIFYING, MEASURE_STEPS)
    measure.percent, measure.done_on = 100, work.today
    _note(work, measure, text)
    work.record(event, measure.id, chain=measure.unit_id)


def verify(work: Work, measure_id: str, text: str) -> None:
    """Confirm that a measure is done; never by whoever did it."""
    _judge(work, measure_id, text, MeasureStatus.VERIFIED)


def send_back(work: Work, measure_id: str, text: str) -> None:
    """Send a measure back to its owner, saying what is missing."""
    _judge(work, measure_id, text, MeasureStatus.RETURNED)


def _judge(work: Work, measure_id: str, text: str, verdict: MeasureStatus) -> None:
    scope = work.actor.require(Permission.MEASURE_VERIFY)
    measure = work.store.one(Measure, measure_id, scope)
    risk = load(work, measure.risk_id, scope)
    if work.actor.person_id == measure.owner_id:
        raise Denied(N_("Nobody verifies their own measure."))
    not_own(work, risk)
    event = advance(measure, verdict, MEASURE_STEPS)
    if verdict is MeasureStatus.VERIFIED:
        measure.verified_by = work.actor.person_id
    else:
        measure.done_on = None
    _note(work, measure, text)
    notice(work, risk)
    work.record(event, measure.id, chain=measure.unit_id)


def _own(work: Work, measure_id: str) -> Measure:
    scope: Scope = work.actor.require(Permission.MEASURE_REPORT)
    measure = work.store.one(Measure, measure_id, scope)
    if measure.owner_id != work.actor.person_id:
        raise Denied(N_("Only the owner of this measure can report on it."))
    return measure


def _note(work: Work, measure: Measure, text: str) -> None:
    if len(clean(text)) < 2:
        raise Invalid(text=_("Please say what was done, or what is missing."))
    work.store.add(
        Progress(
            new_id(), measure.unit_id, measure.id, measure.status, measure.percent, clean(text)[:1000],
            work.person_id, work.now,
        )
    )  # fmt: skip

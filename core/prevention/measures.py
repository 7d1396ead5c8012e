"""Preventive measures (防范措施): planned, carried out, shown, and verified by somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission
from core.entries.risks import CHECKERS, DOERS, Risk, check_rater, fits, load
from core.errors import Denied, Invalid, Refused
from core.events import Event
from core.evidence import Upload, described
from core.lifecycle import ENDED, MEASURE_STEPS, advance, step_to
from core.openness.board import notice
from core.organisation.relatives import check_watcher
from core.organisation.units import new_id
from core.privacy.wording import without_people
from core.store import Work
from core.text import N_, _, clean
from core.words import ActorKind, MeasureStage, MeasureStatus, MeasureType, RiskStatus


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
    claimed_by: str | None = None
    claimed_on: date | None = None


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


def check_planning(work: Work, risk: Risk) -> None:
    """Refuse a measure before the rating, while the closing is examined, after the end, or by who is named in it."""
    if work.actor.person_id in work.store.kept_away(risk.id):
        raise Denied
    if risk.status in ENDED or risk.status in (RiskStatus.UNRATED, RiskStatus.VERIFYING):
        raise Refused(N_("Measures are planned after the rating and before the closing."))


def plan(work: Work, risk_id: str, form: MeasureForm) -> str:
    """Plan a measure against a risk: who does it, who verifies it, by when."""
    scope = work.actor.require(Permission.MEASURE_PLAN)
    risk = load(work, risk_id, scope)
    check_plan(work, risk, form)
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


def check_plan(work: Work, risk: Risk, form: MeasureForm) -> None:
    """Refuse a day that cannot be, people who do not fit, words that name somebody, and what `check_planning` does."""
    check_planning(work, risk)
    check_days(work, form.starts_on, form.due_on)
    check_watcher(
        work, form.watchdog_id, {form.owner_id, risk.owner_id, *work.store.owners(risk.item_id, risk.unit_id)}
    )
    for person_id, roles, field in (
        (form.owner_id, DOERS, "owner_id"), (form.watchdog_id, CHECKERS, "watchdog_id"),
    ):  # fmt: skip
        if not fits(work, person_id, risk.unit_id, roles):
            raise Invalid(**{field: _("This person does not hold the right role here.")})
    without_people(work, risk.unit_id, text=form.text)


def check_days(work: Work, starts_on: date, due_on: date) -> None:
    """Refuse a due date before the start, or one that has passed."""
    work.actor.require(Permission.MEASURE_PLAN)
    if due_on < starts_on:
        raise Invalid(due_on=_("The due date lies before the start."))
    if due_on < work.today:
        raise Invalid(due_on=_("The due date has passed."))


def check_report(work: Work, measure: Measure) -> None:
    """Refuse a report by anybody but the owner, or on a measure that is verified or being verified."""
    _of_owner(work, measure)
    step_to(measure, MeasureStatus.DOING, MEASURE_STEPS)


def report(work: Work, measure_id: str, percent: int, text: str) -> None:
    """The owner says how far a measure has come, 0–100 percent."""
    scope = work.actor.require(Permission.MEASURE_REPORT)
    measure = work.store.one(Measure, measure_id, scope)
    check_report(work, measure)
    if not 0 <= percent <= 100:
        raise Invalid(percent=_("Please enter a number from 0 to 100."))
    event = advance(measure, MeasureStatus.DOING, MEASURE_STEPS)
    measure.percent = percent
    _note(work, measure, text)
    work.record(event, measure.id, chain=measure.unit_id, percent=percent)


def check_attach(work: Work, measure: Measure) -> None:
    """Refuse evidence from anybody but the owner, or after the verification."""
    _of_owner(work, measure)
    if measure.status is MeasureStatus.VERIFIED:
        raise Refused(N_("This measure is verified already."))


def attach(work: Work, measure_id: str, upload: Upload) -> str:
    """Add a file as evidence; its type is told by its content."""
    scope = work.actor.require(Permission.MEASURE_REPORT)
    measure = work.store.one(Measure, measure_id, scope)
    check_attach(work, measure)
    evidence = Evidence(new_id(), measure.unit_id, measure.id, *described(upload, work.person_id, work.now))
    if any(e.sha256 == evidence.sha256 for e in work.store.evidence_of(measure.id)):
        raise Invalid(file=_("This file is here already."))
    work.store.keep_file(evidence.sha256, upload.content)
    work.store.add(evidence)
    work.record(Event.EVIDENCE_ADDED, measure.id, chain=measure.unit_id, file=evidence.name, sha256=evidence.sha256)
    return evidence.id


def attach_all(work: Work, measure_id: str, files: Sequence[Upload]) -> None:
    """Add several files as evidence, all of them or none."""
    work.actor.require(Permission.MEASURE_REPORT)
    if not files:
        raise Invalid(file=_("Please choose a file."))
    for upload in files:
        attach(work, measure_id, upload)


def report_with_files(work: Work, measure_id: str, percent: int, text: str, files: Sequence[Upload]) -> None:
    """Say how far a measure has come and show it with files, all of it or nothing."""
    work.actor.require(Permission.MEASURE_REPORT)
    for upload in files:
        attach(work, measure_id, upload)
    report(work, measure_id, percent, text)


def read_evidence(work: Work, evidence_id: str) -> tuple[Evidence, bytes]:
    """A file of evidence with its content."""
    scope = work.actor.require(Permission.REGISTER_READ)
    evidence = work.store.one(Evidence, evidence_id, scope)
    return evidence, work.store.file(evidence.sha256)


def evidence_content(work: Work, evidence_id: str) -> bytes:
    """The content of a file of evidence."""
    work.actor.require(Permission.REGISTER_READ)
    return read_evidence(work, evidence_id)[1]


def check_ask_verification(work: Work, measure: Measure) -> None:
    _of_owner(work, measure)
    step_to(measure, MeasureStatus.VERIFYING, MEASURE_STEPS)


def ask_verification(work: Work, measure_id: str, text: str) -> None:
    """The owner says a measure is done and asks for somebody else to verify it."""
    scope = work.actor.require(Permission.MEASURE_REPORT)
    measure = work.store.one(Measure, measure_id, scope)
    check_ask_verification(work, measure)
    event = advance(measure, MeasureStatus.VERIFYING, MEASURE_STEPS)
    measure.percent, measure.done_on = 100, work.today
    _note(work, measure, text)
    work.record(event, measure.id, chain=measure.unit_id)


def check_verdict(work: Work, measure: Measure) -> None:
    """Refuse a verdict by whoever did the measure, took it on, ever reported on it, answers for the entry or is named
    in it, and by their relatives."""
    step_to(measure, MeasureStatus.VERIFIED, MEASURE_STEPS)
    if work.actor.person_id in work.store.with_kin(all_doers(work, measure)):
        raise Denied(N_("Nobody verifies their own measure."))
    risk = load(work, measure.risk_id, work.actor.scope(Permission.MEASURE_VERIFY))
    check_rater(work, risk)


def all_doers(work: Work, measure: Measure) -> set[str | None]:
    """Who carries a measure out, took it on, or ever had a hand in it."""
    return {measure.owner_id, measure.claimed_by, *work.store.doers(measure.id)}


def verify(work: Work, measure_id: str, text: str) -> None:
    """Confirm that a measure is done; never by whoever did it."""
    scope = work.actor.require(Permission.MEASURE_VERIFY)
    measure = work.store.one(Measure, measure_id, scope)
    _judge(work, measure, text, MeasureStatus.VERIFIED)


def send_back(work: Work, measure_id: str, text: str) -> None:
    """Send a measure back to its owner, saying what is missing."""
    scope = work.actor.require(Permission.MEASURE_VERIFY)
    measure = work.store.one(Measure, measure_id, scope)
    _judge(work, measure, text, MeasureStatus.RETURNED)


def _judge(work: Work, measure: Measure, text: str, verdict: MeasureStatus) -> None:
    check_verdict(work, measure)
    event = advance(measure, verdict, MEASURE_STEPS)
    if verdict is MeasureStatus.VERIFIED:
        measure.verified_by = work.actor.person_id
    else:
        measure.done_on = None
    _note(work, measure, text)
    notice(work, load(work, measure.risk_id, work.actor.scope(Permission.MEASURE_VERIFY)))
    work.record(event, measure.id, chain=measure.unit_id)


def _of_owner(work: Work, measure: Measure) -> None:
    if measure.owner_id != work.actor.person_id:
        raise Denied(N_("Only the owner of this measure can report on it."))


def _note(work: Work, measure: Measure, text: str) -> None:
    if len(clean(text)) < 2:
        raise Invalid(text=_("Please say what was done, or what is missing."))
    work.store.add(
        Progress(
            new_id(), measure.unit_id, measure.id, measure.status, measure.percent, clean(text)[:1000],
            work.person_id, work.now,
        )
    )  # fmt: skip

"""Steps (六步): each step of a decision entered or skipped for a reason, with its files, and shown to the public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.access import Permission
from core.errors import Invalid
from core.events import Event
from core.evidence import Upload, described
from core.ledgers.decisions import Decision
from core.ledgers.doubts import MEETINGS, PUBLISHED
from core.lifecycle import DECISION_STEPS, StepState, step_to
from core.openness.showing import ShownDecision, ShownStep
from core.orders import Reason, not_ahead, reasoned
from core.organisation.units import new_id
from core.privacy.wording import without_people
from core.store import Work
from core.text import N_, _, clean
from core.words import DecisionStep

MOST = 100_000
"""People at one meeting."""


@dataclass(eq=False)
class Step:
    """One step: taken on a day, with who was to come, came and agreed; or skipped for a reason."""

    id: str
    unit_id: str
    decision_id: str
    step: DecisionStep
    held_on: date | None = None
    expected: int | None = None
    present: int | None = None
    agreed: int | None = None
    note: str = ""
    skipped: bool = False
    said_by: str = ""

    @property
    def status(self) -> StepState:
        if self.skipped:
            return StepState.SKIPPED
        return StepState.OPEN if self.held_on is None else StepState.TAKEN


@dataclass(eq=False)
class Attached:
    """A file of one step: minutes, resolution, photo. Its content is kept by hash."""

    id: str
    unit_id: str
    decision_id: str
    step: DecisionStep
    name: str
    media_type: str
    size: int
    sha256: str
    added_by: str
    added_at: datetime


class StepForm(BaseModel):
    """A step that was taken."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    held_on: date = Field(title=N_("Day"))
    expected: int | None = Field(None, ge=0, le=MOST, title=N_("Had to come"))
    present: int | None = Field(None, ge=0, le=MOST, title=N_("Came"))
    agreed: int | None = Field(None, ge=0, le=MOST, title=N_("Agreed"))
    note: str = Field(
        "", title=N_("Note without people's names"), max_length=500, json_schema_extra={"long": True}
    )  # fmt: skip

    @model_validator(mode="after")
    def _counts(self) -> Self:
        if self.expected is not None and self.present is not None and self.present > self.expected:
            raise ValueError(_("More came than had to come. Please look at the numbers again."))
        if self.present is not None and self.agreed is not None and self.agreed > self.present:
            raise ValueError(_("More agreed than came. Please look at the numbers again."))
        return self


class BoardForm(BaseModel):
    """What the public board says of a decision: a step with an empty text is not shown."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    title: str = Field(title=N_("What was decided, for the public"), min_length=4, max_length=120)
    resolution: str = Field("", title=N_("The resolution"), max_length=500, json_schema_extra={"long": True})
    result: str = Field("", title=N_("The result"), max_length=500, json_schema_extra={"long": True})


def take(
    work: Work, decision_id: str, step: DecisionStep, form: StepForm, uploads: Sequence[Upload] = ()
) -> None:  # fmt: skip
    """Enter that a step was taken, or mend what was entered, with its files; the order of days is remarked on only."""
    scope = work.actor.require(Permission.DECISION_EDIT)
    found = work.store.one(Decision, decision_id, scope)
    not_ahead(work.today, held_on=form.held_on)
    without_people(work, found.unit_id, note=form.note)
    kept = _step(work, found, step)
    event = step_to(kept, StepState.TAKEN, DECISION_STEPS).event
    kept.held_on, kept.note, kept.skipped, kept.said_by = form.held_on, clean(form.note), False, work.person_id
    counted = step in MEETINGS
    kept.expected, kept.present, kept.agreed = (
        (form.expected, form.present, form.agreed) if counted else (None, None, None)
    )
    for upload in uploads:
        _attach(work, found, step, upload)
    _keep_shown(work, found, kept)
    work.record(event, found.id, chain=found.unit_id, step=step, on=form.held_on)


def skip(work: Work, decision_id: str, step: DecisionStep, form: Reason) -> None:
    """Enter that a step was skipped, and why."""
    scope = work.actor.require(Permission.DECISION_EDIT)
    found = work.store.one(Decision, decision_id, scope)
    why = reasoned(form.reason)
    without_people(work, found.unit_id, reason=why)
    kept = _step(work, found, step)
    event = step_to(kept, StepState.SKIPPED, DECISION_STEPS).event
    kept.held_on, kept.expected, kept.present, kept.agreed = None, None, None, None
    kept.note, kept.skipped, kept.said_by = why, True, work.person_id
    _keep_shown(work, found, kept)
    work.record(event, found.id, chain=found.unit_id, step=step, reason=why)


def _step(work: Work, found: Decision, step: DecisionStep) -> Step:
    kept = next((one for one in work.store.steps_of(found.id) if one.step is step), None)
    if kept is None:
        kept = Step(new_id(), found.unit_id, found.id, step)
        work.store.add(kept)
    return kept


def _attach(work: Work, found: Decision, step: DecisionStep, upload: Upload) -> None:
    file = Attached(new_id(), found.unit_id, found.id, step, *described(upload, work.person_id, work.now))
    if any(one.sha256 == file.sha256 for one in work.store.attached_to(found.id, step)):
        raise Invalid(file=_("This file is here already."))
    work.store.keep_file(file.sha256, upload.content)
    work.store.add(file)
    work.record(Event.DECISION_FILE_ADDED, found.id, chain=found.unit_id, step=step, sha256=file.sha256)


def file_content(work: Work, file_id: str) -> bytes:
    """A file of a decision, for the office."""
    scope = work.actor.require(Permission.DECISION_READ)
    return work.store.file(work.store.one(Attached, file_id, scope).sha256)


def show(work: Work, decision_id: str, form: BoardForm) -> None:
    """Put the published steps of a decision on the board, in words without people."""
    scope = work.actor.require(Permission.DECISION_EDIT)
    found = work.store.one(Decision, decision_id, scope)
    without_people(work, found.unit_id, title=form.title, resolution=form.resolution, result=form.result)
    days = {one.step: one.held_on for one in work.store.steps_of(found.id)}
    steps: list[ShownStep] = []
    for step, name in zip(PUBLISHED, ("resolution", "result"), strict=True):
        text = clean(getattr(form, name))
        held_on = days.get(step)
        if text and held_on is None:
            raise Invalid(**{name: _("Please enter first on which day this was made public.")})
        if text and held_on:
            steps.append(ShownStep(step=step.value, on=held_on.isoformat(), text=text))
    if not steps:
        raise Invalid(resolution=_("Please write what the public reads of the resolution or the result."))
    page = work.store.find(ShownDecision, found.id)
    if page is None:
        page = ShownDecision(found.id, found.unit_id, "", "", [], work.today)
        work.store.add(page)
    page.title, page.item, page.steps = clean(form.title), work.store.item_name(found.item_id), steps
    work.record(Event.DECISION_SHOWN, found.id, chain=found.unit_id, steps=len(steps))


def take_down(work: Work, decision_id: str) -> None:
    """Take a decision off the board."""
    scope = work.actor.require(Permission.DECISION_EDIT)
    page = work.store.one(ShownDecision, decision_id, scope)
    work.store.remove(page)
    work.record(Event.DECISION_TAKEN_DOWN, decision_id, chain=page.unit_id)


def _keep_shown(work: Work, found: Decision, kept: Step) -> None:
    """The board follows a published step whose day was mended; one that turns out skipped leaves it."""
    page = work.store.find(ShownDecision, found.id)
    if page is None or not any(shown["step"] == kept.step for shown in page.steps):
        return
    day = kept.held_on.isoformat() if kept.held_on else ""
    mended = [
        ShownStep(step=one["step"], on=day, text=one["text"]) if one["step"] == kept.step else one
        for one in page.steps
    ]  # fmt: skip
    page.steps = [one for one in mended if one["on"]]
    if not page.steps:
        work.store.remove(page)

"""Meetings (专责小组会商): what lies before a meeting of a unit, and what it decides, with an owner and a day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission, Scope
from core.alerts.warnings import WarningRow
from core.entries.escalation import UP
from core.entries.risks import load
from core.errors import Invalid
from core.events import Event
from core.orders import not_ahead
from core.organisation.people import Found, Person, found
from core.organisation.units import Unit, new_id
from core.prevention.measures import MeasureForm, plan
from core.privacy.wording import without_people
from core.rows import MeasureRow
from core.store import Work
from core.text import N_, _, clean
from core.turning import START, Listed, Turn
from core.words import Handing, Level, MeasureType, RiskStatus, WarningLevel


@dataclass(eq=False)
class Meeting:
    """A meeting that was held: of which unit, when, and how many were there."""

    id: str
    unit_id: str
    held_on: date
    present: int
    held_by: str


@dataclass(eq=False)
class Decision:
    """What a meeting decided: a measure of an entry, or a note."""

    id: str
    unit_id: str
    meeting_id: str
    text: str
    owner_id: str
    due_on: date
    risk_id: str | None = None
    measure_id: str | None = None


@dataclass(frozen=True)
class AgendaEntry:
    """An open entry as it lies before a meeting: no word of anybody who spoke in it."""

    risk_id: str
    number: int
    title: str
    unit: str
    level: Level | None
    status: RiskStatus
    owner: str
    holder_id: str
    holder: str
    how: Handing
    due_on: date


@dataclass(frozen=True)
class Agenda:
    """What lies before a meeting of a unit, on a day; `is_community` says that the unit holds a register itself."""

    unit: str
    day: date
    is_community: bool
    closings: tuple[AgendaEntry, ...]
    raised: tuple[AgendaEntry, ...]
    red: tuple[WarningRow, ...]
    unrated: tuple[AgendaEntry, ...]
    late: tuple[AgendaEntry, ...]
    late_measures: tuple[MeasureRow, ...]
    open: tuple[AgendaEntry, ...]

    def by_weight(self, entries: Iterable[AgendaEntry]) -> list[AgendaEntry]:
        """Entries in the order in which a meeting attends to them: red warnings, then what is past its limit, was
        raised to this unit, or is undecided; of these, and of all others, the nearest limit first."""
        red = {row.risk_id for row in self.red}
        raised = {entry.risk_id for entry in self.raised}

        def rank(entry: AgendaEntry) -> tuple[bool, bool, bool, bool, date]:
            undecided = entry.status in (RiskStatus.UNRATED, RiskStatus.VERIFYING)
            return (
                entry.risk_id not in red, entry.due_on >= self.day, entry.risk_id not in raised, not undecided,
                entry.due_on,
            )  # fmt: skip

        return sorted(entries, key=rank)


@dataclass(frozen=True)
class DecisionRow:
    """A decision with its owner and, where it became a measure, its entry."""

    text: str
    owner: str
    due_on: date
    risk_id: str | None
    number: int | None


@dataclass(frozen=True)
class MeetingRow:
    """A meeting with what it decided."""

    id: str
    unit_id: str
    unit: str
    held_on: date
    present: int
    held_by: str
    decisions: tuple[DecisionRow, ...]


class MeetingForm(BaseModel):
    """A meeting to enter; of those present only the number is kept."""

    model_config = ConfigDict(frozen=True)

    unit_id: str = Field(title=N_("Meeting of"), min_length=1)
    held_on: date = Field(title=N_("Date"))
    present: int = Field(5, ge=1, le=200, title=N_("How many were there"))


class DecisionForm(BaseModel):
    """A decision to enter; with an entry it becomes a measure of it and needs somebody who verifies."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    text: str = Field(title=N_("What was decided"), min_length=4, max_length=500, json_schema_extra={"long": True})
    owner_id: str = Field(title=N_("Owner"), min_length=1)
    watchdog_id: str | None = Field(None, title=N_("Who verifies"))
    measure_type: MeasureType = Field(MeasureType.PROCESS, title=N_("Kind of measure"))
    due_on: date = Field(title=N_("Due on"))


def is_above(work: Work, unit_id: str) -> bool:
    """Whether a unit stands above communities: its paper is put together from theirs, and shown when asked for."""
    scope = work.actor.require(Permission.MEETING_HOLD)
    return not work.store.kind(work.store.one(Unit, unit_id, scope).kind).holds_register


def agenda(work: Work, unit_id: str) -> Agenda:
    """What lies before a meeting of a unit; nothing sealed, and nothing in which the actor is named."""
    scope = work.actor.require(Permission.MEETING_HOLD)
    unit = work.store.one(Unit, unit_id, scope)
    here = Scope((unit.path,), scope.viewer)
    entries = work.store.agenda_entries(here)
    told = {entry.risk_id for entry in entries}
    warnings = work.store.warning_rows(here, work.person_id, WarningLevel.RED)
    measures = work.store.measure_rows(here, late=work.today)
    return Agenda(
        unit.name, work.today, work.store.kind(unit.kind).holds_register,
        _those(entries, lambda entry: entry.status is RiskStatus.VERIFYING),
        _those(entries, lambda entry: entry.holder_id == unit.id and entry.how in UP),
        tuple(row for row in warnings if row.risk_id is None or row.risk_id in told),
        _those(entries, lambda entry: entry.status is RiskStatus.UNRATED),
        _those(entries, lambda entry: entry.due_on < work.today),
        tuple(row for row in measures if row.risk_id in told),
        tuple(entries),
    )  # fmt: skip


def hold(work: Work, form: MeetingForm) -> str:
    """Enter that a unit met."""
    scope = work.actor.require(Permission.MEETING_HOLD)
    unit = work.store.one(Unit, form.unit_id, scope)
    not_ahead(work.today, held_on=form.held_on)
    meeting = Meeting(new_id(), unit.id, form.held_on, form.present, work.person_id)
    work.store.add(meeting)
    work.record(Event.MEETING_KEPT, meeting.id, chain=unit.id)
    return meeting.id


def owners(work: Work, words: str = "") -> Found:
    """Who can be given a note, with their units."""
    scope = work.actor.require(Permission.MEETING_HOLD)
    return found(work, scope, words, lambda row: _("{name} · {unit}", name=row.name, unit=row.unit))


def decide(work: Work, meeting_id: str, risk_id: str | None, form: DecisionForm) -> str:
    """Enter what a meeting decided: with an entry it becomes a measure of it, by the rules of planning; else a note."""
    scope = work.actor.require(Permission.MEETING_HOLD)
    meeting = work.store.one(Meeting, meeting_id, scope)
    decision = Decision(new_id(), meeting.unit_id, meeting.id, clean(form.text), form.owner_id, form.due_on, risk_id)
    if risk_id:
        decision.measure_id = _planned(work, scope, meeting, risk_id, form)
    else:
        _check_note(work, scope, meeting, form)
    work.store.add(decision)
    work.record(
        Event.MEETING_DECIDED, meeting.id, chain=meeting.unit_id, risk=risk_id, owner=form.owner_id, due=form.due_on
    )
    return decision.id


def meetings(work: Work, turn: Turn = START) -> Listed[MeetingRow]:
    """The meetings in the actor's area, the newest first, without decisions on entries that name the actor."""
    scope = work.actor.require(Permission.MEETING_HOLD)
    return work.store.meeting_page(scope, turn)


CHOICE = 30
"""Entries that are offered at once for a decision to be about."""


def to_decide_on(work: Work, unit_id: str, words: str = "") -> tuple[list[AgendaEntry], bool]:
    """The open entries a meeting of a unit may decide on, with some words in the title or community or of that number,
    the nearest limit first; and whether there are more than are offered."""
    scope = work.actor.require(Permission.MEETING_HOLD)
    here = Scope((work.store.one(Unit, unit_id, scope).path,), scope.viewer)
    found = work.store.agenda_choice(here, clean(words), CHOICE + 1)
    return found[:CHOICE], len(found) > CHOICE


def _planned(work: Work, scope: Scope, meeting: Meeting, risk_id: str, form: DecisionForm) -> str:
    risk, unit = load(work, risk_id, scope), work.store.one(Unit, meeting.unit_id, scope)
    if not work.store.register_of(risk.unit_id).path.startswith(unit.path):
        raise Invalid(risk_id=_("Please choose one of the options."))
    if not form.watchdog_id:
        raise Invalid(watchdog_id=_("Please fill this in."))
    asked = form.model_dump() | {"starts_on": work.today}
    return plan(work, risk.id, MeasureForm.model_validate(asked))


def _check_note(work: Work, scope: Scope, meeting: Meeting, form: DecisionForm) -> None:
    if work.store.one(Person, form.owner_id, scope).left_on is not None:
        raise Invalid(owner_id=_("This account is closed."))
    if form.due_on < work.today:
        raise Invalid(due_on=_("The due date has passed."))
    without_people(work, meeting.unit_id, text=form.text)


def _those(entries: Iterable[AgendaEntry], wanted: Callable[[AgendaEntry], bool]) -> tuple[AgendaEntry, ...]:
    return tuple(entry for entry in entries if wanted(entry))

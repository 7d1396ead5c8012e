"""Joint vetting (资格联审): which departments have answered, and when. What, and about whom, is not kept."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission
from core.errors import Invalid, Refused
from core.events import Event
from core.orders import not_ahead
from core.organisation.units import Unit, is_community, new_id
from core.privacy.wording import without_names, without_people
from core.store import Work
from core.text import N_, _, clean
from core.turning import START, Listed, Turn

MOST, LONGEST = 20, 40
"""Departments in one vetting, and characters of a name."""


@dataclass(eq=False)
class Vetting:
    """One vetting: an occasion, never the people who are vetted."""

    id: str
    unit_id: str
    title: str
    held_on: date
    kept_by: str


@dataclass(eq=False)
class VettingAnswer:
    """A department that is asked; `answered_on` is all that is kept of its answer."""

    id: str
    unit_id: str
    vetting_id: str
    n: int
    department: str
    answered_on: date | None = None


@dataclass(frozen=True)
class AnswerRow:
    """A department and the day of its answer, where there is one."""

    id: str
    department: str
    answered_on: date | None


@dataclass(frozen=True)
class VettingRow:
    """A vetting with every department that is asked; complete when all have answered."""

    id: str
    unit: str
    title: str
    held_on: date
    answers: tuple[AnswerRow, ...]

    @property
    def answered(self) -> int:
        return sum(answer.answered_on is not None for answer in self.answers)

    @property
    def is_complete(self) -> bool:
        return self.answered == len(self.answers)


class VettingForm(BaseModel):
    """A vetting to begin."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    unit_id: str = Field(title=N_("Community"), min_length=1)
    title: str = Field(
        title=N_("Occasion"), min_length=2, max_length=60,
        description=N_("For instance a by-election. Neither names nor numbers of the people who are vetted."),
    )  # fmt: skip
    held_on: date = Field(title=N_("Date"))
    departments: str = Field(title=N_("Departments, one a line"), min_length=1, json_schema_extra={"long": True})


class Answered(BaseModel):
    """The day on which a department answered."""

    model_config = ConfigDict(frozen=True)

    answer_id: str = Field(title=N_("Department"), min_length=1)
    answered_on: date = Field(title=N_("Answered on"))


def begin(work: Work, form: VettingForm) -> str:
    """Begin a vetting and name the departments that are asked."""
    scope = work.actor.require(Permission.LEDGER_KEEP)
    unit = work.store.one(Unit, form.unit_id, scope)
    if not is_community(unit, work):
        raise Invalid(unit_id=_("Please choose communities."))
    names = list(dict.fromkeys(name for line in form.departments.splitlines() if (name := clean(line))))
    if not 0 < len(names) <= MOST or any(len(name) > LONGEST for name in names):
        raise Invalid(departments=_("Please name one to {n} departments, one a line and short.", n=MOST))
    without_people(work, unit.id, title=form.title, departments="\n".join(names))
    without_names(title=form.title, departments="\n".join(names))
    vetting = Vetting(new_id(), unit.id, clean(form.title), form.held_on, work.person_id)
    work.store.add(vetting)
    for n, name in enumerate(names):
        work.store.add(VettingAnswer(new_id(), unit.id, vetting.id, n, name))
    work.record(Event.VETTING_BEGUN, vetting.id, chain=unit.id, title=vetting.title)
    return vetting.id


def answer(work: Work, form: Answered) -> None:
    """Enter the day on which a department answered; what it answered stays with the department."""
    scope = work.actor.require(Permission.LEDGER_KEEP)
    asked = work.store.one(VettingAnswer, form.answer_id, scope)
    if asked.answered_on is not None:
        raise Refused(N_("This department has answered already."))
    not_ahead(work.today, answered_on=form.answered_on)
    asked.answered_on = form.answered_on
    work.record(Event.VETTING_ANSWERED, asked.vetting_id, chain=asked.unit_id, name=asked.department)


def vettings(work: Work, turn: Turn = START) -> Listed[VettingRow]:
    """The vettings in the actor's area, the newest first."""
    scope = work.actor.require(Permission.LEDGER_READ)
    return work.store.vetting_page(scope, turn)

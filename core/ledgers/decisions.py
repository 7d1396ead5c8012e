"""Decisions (三重一大, 四议两公开): each with its six steps, entered by the community, read by those who watch."""

from dataclasses import dataclass, field
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission, Scope
from core.entries.rating import computed
from core.errors import Invalid, Missing, Stale
from core.events import Event
from core.items import Item
from core.ledgers import doubts
from core.ledgers.doubts import Doubt, Suspicion
from core.openness.showing import ShownDecision
from core.organisation.units import Unit, is_community, new_id
from core.privacy.wording import without_people
from core.store import Work
from core.text import N_, _, clean
from core.turning import START, Listed, Turn
from core.voices import flags, points
from core.voices.flags import CadreFlag, ResidentFlag, Spoken
from core.voices.points import PointForm
from core.words import Channel, DecisionStep, RiskType, Source


@dataclass(eq=False)
class Decision:
    """One matter to be decided in six steps. `raised` says on which day a flag was raised on which doubt."""

    id: str
    unit_id: str
    title: str
    item_id: str | None
    opened_on: date
    raised: dict[str, str] = field(default_factory=dict)


class DecisionForm(BaseModel):
    """A matter to be decided."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    unit_id: str = Field(title=N_("Community"), min_length=1)
    title: str = Field(title=N_("What is to be decided"), min_length=4, max_length=120)
    item_id: str | None = Field(None, title=N_("Power item"))


@dataclass(frozen=True)
class DecisionRow:
    """A decision as it is listed: how many steps are taken and skipped, and the last one."""

    id: str
    unit_id: str
    unit: str
    path: str
    title: str
    item_id: str | None
    item: str
    opened_on: date
    raised: dict[str, str]
    taken: dict[DecisionStep, "StepRow"]
    is_shown: bool

    @property
    def next_step(self) -> DecisionStep | None:
        """The first step that is neither taken nor skipped."""
        return next((step for step in DecisionStep if step not in self.taken), None)


@dataclass(frozen=True)
class StepRow:
    """A step with the name of who entered it and its files as (id, name, media type)."""

    step: DecisionStep
    held_on: date | None
    expected: int | None
    present: int | None
    agreed: int | None
    note: str
    skipped: bool
    said_by: str
    files: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Opened:
    """A decision with what its steps suggest, and what the actor may do about it."""

    row: DecisionRow
    suspicions: tuple[Suspicion, ...]
    remarks: tuple[str, ...]
    shown: ShownDecision | None
    may_edit: bool
    may_flag: bool


def decisions(work: Work, turn: Turn = START) -> Listed[Opened]:
    """The decisions of the actor's communities, the newest first, each with what its steps suggest."""
    scope = work.actor.require(Permission.DECISION_READ)
    return _opened(work, scope, work.store.decision_page(scope, turn))


def decision(work: Work, decision_id: str) -> Opened:
    """One decision."""
    scope = work.actor.require(Permission.DECISION_READ)
    rows = work.store.decision_page(scope, START, decision_id)
    if not rows:
        raise Missing
    return _opened(work, scope, rows)[0]


def _opened(work: Work, scope: Scope, rows: Listed[DecisionRow]) -> Listed[Opened]:
    shown = work.store.seen_all(ShownDecision, [row.id for row in rows if row.is_shown], scope)
    edit, flag = (work.actor.scope(right) for right in (Permission.DECISION_EDIT, Permission.DECISION_FLAG))
    return rows.of(
        Opened(
            row, tuple(doubts.suspicions(row.title, row.taken, work.today, work.calendar)),
            tuple(doubts.remarks(row.taken)), shown.get(row.id), edit.covers(row.path), flag.covers(row.path),
        )
        for row in rows
    )


def items_for(work: Work, unit_id: str) -> dict[str, str]:
    """The power items a decision may be about, the major ones first, by id."""
    scope = work.actor.require(Permission.DECISION_EDIT)
    rows = [row for row in work.store.item_rows(scope, unit_id) if not row.retired]
    major = _("major")
    return {
        row.id: f"{row.name} · {major}" if row.major else row.name
        for row in sorted(rows, key=lambda row: (not row.major, row.name))
    }


def add(work: Work, form: DecisionForm) -> str:
    """Enter a matter to be decided."""
    scope = work.actor.require(Permission.DECISION_EDIT)
    unit = work.store.one(Unit, form.unit_id, scope)
    if not is_community(unit, work):
        raise Missing
    item = work.store.seen(Item, form.item_id, scope) if form.item_id else None
    if form.item_id and (item is None or item.unit_id != unit.id or item.retired):
        raise Invalid(item_id=_("Please choose one of the options."))
    without_people(work, unit.id, title=form.title)
    new = Decision(new_id(), unit.id, clean(form.title), form.item_id, work.today)
    work.store.add(new)
    work.record(Event.DECISION_ADDED, new.id, chain=unit.id, title=new.title)
    return new.id


def raise_doubt(work: Work, decision_id: str, code: str, form: CadreFlag) -> str:
    """Raise what a decision suggests as a flag: a superior's point for who may raise points there, else the
    community's own voice, cadre's or watchdog's; the first review then goes its way. Gives the id of the decision."""
    scope = work.actor.require(Permission.DECISION_FLAG)
    found = work.store.one(Decision, decision_id, scope)
    if code in found.raised:
        raise Stale(N_("A flag on this has been raised already."))
    if code not in {one.code for one in decision(work, decision_id).suspicions}:
        raise Stale
    unit, factors = work.store.register_of(found.unit_id), form.factors()
    if work.actor.scope(Permission.FLAG_RAISE).covers(unit.path):
        item_name = work.store.item_name(found.item_id) or None
        points.raise_point(
            work, PointForm.model_validate(form.model_dump() | {"unit_ids": [unit.id], "item_name": item_name})
        )
    else:
        spoken = Spoken(
            Source.SELF, Channel.SELF_CHECK, work.person_id, form.risk_type, computed(factors) if factors else None,
            factors,
        )  # fmt: skip
        item = work.store.find(Item, found.item_id) if found.item_id else None
        item_id = item.id if item and not item.retired else None
        flags.take(work, unit, ResidentFlag(text=form.text, item_id=item_id, place_id=None), spoken)
    found.raised = {**found.raised, code: work.today.isoformat()}
    work.record(Event.DECISION_FLAGGED, found.id, chain=found.unit_id, doubt=Doubt(code.split(":", maxsplit=1)[0]))
    return found.id


def draft(suspicion: Suspicion) -> dict[str, object]:
    """What a flag on a doubt begins with; a person puts it into their own words."""
    return {"text": suspicion.draft, "risk_type": RiskType.PROCESS}

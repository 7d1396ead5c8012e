"""Rounds (轮次) of self-inspection: each post-holder goes through the power items of their own post."""

from dataclasses import dataclass, replace
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission, Scope
from core.entries.rating import computed
from core.errors import Denied, Invalid, Missing, Refused
from core.events import Event
from core.inspection.quarters import FIELDS, Calendar, checked, inspected_by, proposed
from core.items import Item
from core.lifecycle import RoundState
from core.organisation.units import Unit, new_id
from core.rows import InspectionRow, SaidRow
from core.store import Work
from core.text import N_, _, clean
from core.voices.flags import CadreFlag, ResidentFlag, Spoken, take
from core.words import Answer, Channel, Dimension, Source


@dataclass(eq=False)
class Round:
    """A campaign of self-inspection at a unit and all below it."""

    id: str
    unit_id: str
    title: str
    starts_on: date
    ends_on: date
    filing_from: date
    control_from: date
    evaluation_from: date
    closed_on: date | None = None
    closed_by: str | None = None
    reason: str = ""
    run_id: str | None = None

    @property
    def status(self) -> RoundState:
        return RoundState.OPEN if self.closed_on is None else RoundState.CLOSED


@dataclass(eq=False)
class RoundPost:
    """A post, by its name, that is asked in a round; where none is named, every post with power items is."""

    id: str
    unit_id: str
    round_id: str
    name: str


@dataclass(eq=False)
class Inspection:
    """What a post-holder said of one power item in one round; the last word counts.

    `note` is what changed, or why nothing was found; `changed_on` is when a change was said that still stands.
    """

    id: str
    unit_id: str
    round_id: str
    item_id: str
    person_id: str
    answer: Answer
    note: str
    said_on: date
    changed_on: date | None = None


class RoundForm(BaseModel):
    """A round to open."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    unit_id: str = Field(title=N_("Unit"), min_length=1)
    title: str = Field(title=N_("Title"), min_length=2, max_length=60)
    starts_on: date = Field(title=N_("Starts on"))
    ends_on: date = Field(title=N_("Ends on"))
    filing_from: date | None = Field(default=None, title=N_("Rating, notice and filing from"))
    control_from: date | None = Field(default=None, title=N_("Measures and spot checks from"))
    evaluation_from: date | None = Field(default=None, title=N_("Evaluation from"))
    posts: list[str] = Field(default=[], title=N_("Only these posts"))

    def calendar(self) -> Calendar:
        """The days as they were typed, and for the others those that are proposed."""
        days = proposed(self.starts_on, self.ends_on)
        return replace(days, **{name: day for name in FIELDS if (day := getattr(self, name)) is not None})


@dataclass(frozen=True)
class Sheet:
    """What one post-holder goes through in one community by `due_on`; `round_id` is empty while no round is open there,
    and there are no rows where the round does not ask their posts."""

    unit_id: str
    unit: str
    round_id: str
    title: str
    due_on: date | None
    rows: tuple[InspectionRow, ...]

    @property
    def left(self) -> int:
        return sum(row.answer is None for row in self.rows)

    @property
    def done(self) -> int:
        return len(self.rows) - self.left

    @property
    def reason(self) -> str:
        """A reason why nothing was found that stands on the sheet already."""
        return next((row.note for row in self.rows if row.answer is Answer.NOTHING and row.note), "")


@dataclass(frozen=True)
class OwnRound:
    """The posts a person holds, and a sheet for each community where power items hang on them."""

    posts: tuple[str, ...]
    sheets: tuple[Sheet, ...]


def own_round(work: Work, *, in_words: bool = True) -> OwnRound:
    """What the actor has said in the round that is open, and what is left; without what cadres raised meanwhile where
    it is not wanted `in_words`."""
    scope = work.actor.require(Permission.FLAG_INSPECT)
    me = work.person_id
    posts = tuple(work.store.posts_held(scope, me))
    sheets = []
    for unit in work.store.inspected_units(scope, me):
        current = work.store.round_at(unit, work.today)
        rows = tuple(sorted(work.store.inspections(scope, unit.id, current, me, in_words), key=_in_order))
        if current is None:
            sheets.append(Sheet(unit.id, unit.name, "", "", None, rows))
        else:
            sheets.append(Sheet(unit.id, unit.name, current.id, current.title, inspected_by(current), rows))
    return OwnRound(posts, tuple(sheets))


def said_of(work: Work, item_id: str) -> list[SaidRow]:
    """What post-holders said of one power item, round by round, so that it is rated again when something changed."""
    scope = work.actor.require(Permission.ITEM_READ)
    return work.store.said_of(scope, item_id)


def _in_order(row: InspectionRow) -> tuple[int, str]:
    return list(Dimension).index(row.dimension), row.item


def posts(work: Work) -> list[str]:
    """The names of the posts with power items where the actor may open a round."""
    scope = work.actor.require(Permission.ROUND_OPEN)
    return work.store.inspected_posts(scope)


def open_round(work: Work, form: RoundForm) -> str:
    """Open a round for a unit and all below it."""
    scope = work.actor.require(Permission.ROUND_OPEN)
    unit = work.store.one(Unit, form.unit_id, scope)
    if unit.closed_on or unit.kind not in _campaigning(work):
        raise Invalid(unit_id=_("A round is opened at a community or above it."))
    days = checked(form.calendar())
    if form.ends_on < work.today:
        raise Invalid(ends_on=_("The end lies in the past."))
    other = work.store.round_during(unit, form.starts_on, form.ends_on)
    if other is not None:
        raise Refused(
            N_("“{title}” runs here from {first} to {last}; rounds do not overlap."),
            title=other.title, first=other.starts_on, last=other.ends_on,
        )  # fmt: skip
    new = Round(
        new_id(), unit.id, clean(form.title), days.starts_on, days.ends_on, days.filing_from, days.control_from,
        days.evaluation_from,
    )  # fmt: skip
    work.store.add(new)
    for name in dict.fromkeys(map(clean, form.posts)):
        work.store.add(RoundPost(new_id(), unit.id, new.id, name))
    work.record(Event.ROUND_OPENED, new.id, chain=unit.id, title=new.title)
    return new.id


def _campaigning(work: Work) -> set[str]:
    """The kinds of units at which a round may be opened: those that hold a register and those above them."""
    kinds = work.store.kinds()
    lowest = max((kind.rank for kind in kinds if kind.holds_register), default=0)
    return {kind.code for kind in kinds if kind.rank <= lowest}


def inspect(work: Work, item_id: str, answer: Answer, note: str = "", found: CadreFlag | None = None) -> bool:
    """Say of one power item of one's own post: no new risk (with a reason, given once for a whole sheet), changed (with
    a note), or found one (with a flag).

    The last answer counts, and several risks may be found. Gives whether what was found is sealed, because it names
    somebody together with misconduct.
    """
    scope = work.actor.require(Permission.FLAG_INSPECT)
    item, community, current = to_inspect(work, item_id, scope)
    said = work.store.inspection(current.id, item.id)
    if answer is Answer.NOTHING and said is not None and said.answer is Answer.FOUND:
        raise Refused(N_("A risk was found here in this round already; it has gone to the first review and stays."))
    note = _noted(work, current, item, answer, clean(note)[:500])
    sealed = answer is Answer.FOUND and _raise(work, community, item, found)
    if said is None:
        said = Inspection(new_id(), item.unit_id, current.id, item.id, work.person_id, answer, note, work.today)
        work.store.add(said)
    else:
        _say_again(work, said, answer, note)
    if answer is not Answer.FOUND:
        said.changed_on = work.today if answer is Answer.CHANGED else None
    work.record(Event.ITEM_INSPECTED, item.id, chain=item.unit_id, round=current.id, answer=said.answer)
    return sealed


def _noted(work: Work, current: Round, item: Item, answer: Answer, note: str) -> str:
    """What was typed beside an answer; for nothing found, else the reason the actor gave last on this sheet."""
    if answer is Answer.NOTHING and len(note) < 2:
        note = work.store.reason_given(current.id, item.unit_id, work.person_id)
        if not note:
            raise Invalid(reason=_("Please say in a few words how you looked. Once is enough for all your items."))
    if answer is Answer.CHANGED and len(note) < 2:
        raise Invalid(note=_("Please say what changed."))
    return note


def _say_again(work: Work, said: Inspection, answer: Answer, note: str) -> None:
    """The last answer counts; but a risk that was found stays found, and a change that was noted stays noted."""
    kept = said.note if said.changed_on else ""
    found = Answer.FOUND in (answer, said.answer)
    said.person_id, said.answer, said.said_on = work.person_id, Answer.FOUND if found else answer, work.today
    said.note = note or kept


class Looked(BaseModel):
    """Why nothing was found."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    reason: str = Field(title=N_("How did you look?"), min_length=2, max_length=200)


def find_nothing(work: Work, item_id: str, looked: Looked) -> None:
    """Say that nothing new was found, and how one looked; kept for the other items of the sheet too."""
    work.actor.require(Permission.FLAG_INSPECT)
    inspect(work, item_id, Answer.NOTHING, looked.reason)


class Change(BaseModel):
    """What changed about a power item."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    note: str = Field(title=N_("What changed?"), min_length=2, max_length=500, json_schema_extra={"long": True})


def note_change(work: Work, item_id: str, change: Change) -> None:
    """Say that duties, process or post-holder of a power item have changed, so that it is rated again."""
    work.actor.require(Permission.FLAG_INSPECT)
    inspect(work, item_id, Answer.CHANGED, change.note)


def _raise(work: Work, community: Unit, item: Item, found: CadreFlag | None) -> bool:
    if found is None:
        raise Invalid(text=_("Please say what could go wrong."))
    factors = found.factors()
    spoken = Spoken(
        Source.SELF, Channel.SELF_CHECK, work.person_id, found.risk_type, computed(factors) if factors else None,
        factors,
    )  # fmt: skip
    return take(work, community, ResidentFlag(text=found.text, item_id=item.id, place_id=None), spoken).sealed


def to_inspect(work: Work, item_id: str, scope: Scope) -> tuple[Item, Unit, Round]:
    """A power item of one's own post, its community, and the round in which one says something of it; refused without
    one of them."""
    item = work.store.one(Item, item_id, scope)
    if item.retired:
        raise Missing
    if work.actor.person_id not in work.store.owners(item.id, item.unit_id):
        raise Denied(N_("This power item belongs to another post."))
    community = work.store.one(Unit, item.unit_id, scope)
    current = work.store.round_at(community, work.today)
    if current is None:
        raise Refused(N_("No round is open now."))
    return item, community, current

"""Rounds (轮次) of self-inspection: each post-holder goes through the power items of their own post."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission, Scope
from core.errors import Denied, Invalid, Refused
from core.flags import CadreFlag, ResidentFlag, Spoken, take
from core.items import Item
from core.rating import computed
from core.store import Work
from core.text import N_, _, clean
from core.units import Unit, new_id
from core.words import Answer, Channel, Event, Source


@dataclass(eq=False)
class Round:
    """A campaign of self-inspection at a unit and all below it."""

    id: str
    unit_id: str
    title: str
    starts_on: date
    ends_on: date


@dataclass(eq=False)
class Inspection:
    """What a post-holder said of one power item in one round; the last word counts."""

    id: str
    unit_id: str
    round_id: str
    item_id: str
    person_id: str
    answer: Answer
    note: str
    said_on: date


class RoundForm(BaseModel):
    """A round to open."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    unit_id: str = Field(title=N_("Unit"), min_length=1)
    title: str = Field(title=N_("Title"), min_length=2, max_length=60)
    starts_on: date = Field(title=N_("Starts on"))
    ends_on: date = Field(title=N_("Ends on"))


def open_round(work: Work, form: RoundForm) -> str:
    """Open a round for a unit and all below it."""
    scope = work.actor.require(Permission.ROUND_OPEN)
    unit = work.store.one(Unit, form.unit_id, scope)
    if form.ends_on < form.starts_on:
        raise Invalid(ends_on=_("The end lies before the start."))
    current = work.store.round_at(unit, form.starts_on)
    if current is not None:
        raise Refused(N_("A round is under way here already: “{title}”."), title=current.title)
    new = Round(new_id(), unit.id, form.title, form.starts_on, form.ends_on)
    work.store.add(new)
    work.record(Event.ROUND_OPENED, new.id, chain=unit.id, title=new.title)
    return new.id


def inspect(work: Work, item_id: str, answer: Answer, note: str = "", found: CadreFlag | None = None) -> None:
    """Say of one power item of one's own post: no new risk, changed (with a note), or found one (with a flag)."""
    scope = work.actor.require(Permission.FLAG_INSPECT)
    item = _own_item(work, item_id, scope)
    community = work.store.one(Unit, item.unit_id, scope)
    current = work.store.round_at(community, work.today)
    if current is None:
        raise Refused(N_("No round is open now."))
    if answer is Answer.CHANGED and len(clean(note)) < 2:
        raise Invalid(note=_("Please say what changed."))
    if answer is Answer.FOUND:
        if found is None:
            raise Invalid(text=_("Please say what could go wrong."))
        factors = found.factors()
        spoken = Spoken(
            Source.SELF, Channel.SELF_CHECK, work.person_id, found.risk_type,
            computed(factors) if factors else None, factors,
        )  # fmt: skip
        take(work, community, ResidentFlag(text=found.text, item_id=item.id, place_id=None), spoken)
    said = work.store.inspection(current.id, item.id)
    if said is None:
        said = Inspection(
            new_id(), item.unit_id, current.id, item.id, work.person_id, answer, clean(note)[:500], work.today
        )
        work.store.add(said)
    else:
        said.person_id, said.answer, said.note, said.said_on = work.person_id, answer, clean(note)[:500], work.today
    work.record(Event.ITEM_INSPECTED, item.id, chain=item.unit_id, round=current.id, answer=answer)


def _own_item(work: Work, item_id: str, scope: Scope) -> Item:
    item = work.store.one(Item, item_id, scope)
    if work.actor.person_id not in work.store.owners(item.id, item.unit_id):
        raise Denied(N_("This power item belongs to another post."))
    return item

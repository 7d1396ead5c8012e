"""Superiors' points: one point raised with one or many communities, each of which answers in 15 working days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import Field, field_validator

from core import dates
from core.access import Permission
from core.alike.matching import Candidate, Match
from core.alike.pieces import Said
from core.entries.rating import computed
from core.entries.register import RegisterRow
from core.entries.risks import Risk, RiskForm
from core.errors import Invalid, Refused, Stale
from core.events import Event
from core.items import Item, library
from core.organisation import places
from core.organisation.places import Reach
from core.organisation.units import Unit, new_id
from core.review.merging import found_entry, join
from core.review.suggesting import matches
from core.review.triage import decide
from core.rows import PointRow, UnitRow
from core.store import Work
from core.text import N_, _, clean
from core.turning import START, Listed, Turn
from core.voices.flags import LONGEST, Flag, OwnRating, ResidentFlag, Spoken, load, said, take
from core.words import Channel, Dimension, FlagStatus, RiskType, Source


@dataclass(eq=False)
class Point:
    """What a superior raised, once; each community below has a flag of its own that answers it.

    `group_id` is the common risk it was raised for.
    """

    id: str
    unit_id: str
    text: str
    raised_by: str
    raised_on: date
    due_on: date
    group_id: str | None = None


@dataclass(frozen=True)
class RaisedRow:
    """A superior's point: with how many communities in sight it was raised, and how many have answered."""

    point_id: str
    text: str
    raised_by: str
    raised_on: date
    communities: int
    answered: int


class PointForm(OwnRating):
    """A point to raise with communities below."""

    unit_ids: list[str] = Field(title=N_("With which communities"), min_length=1)  # or units above them: all there
    text: str = Field(
        title=N_("What could go wrong?"), min_length=1, max_length=LONGEST, json_schema_extra={"long": True}
    )
    item_name: str | None = Field(None, title=N_("Power item"))
    risk_type: RiskType = Field(RiskType.INSTITUTION, title=N_("Kind of risk"))
    channel: Channel = Field(Channel.INSPECTION, title=N_("Where it was seen"))

    _text = field_validator("text")(said)

    @field_validator("channel")
    @classmethod
    def _seen(cls, value: Channel) -> Channel:
        if value not in SEEN:
            raise ValueError(_("Please choose one of the options."))
        return value


SEEN = (Channel.INSPECTION, Channel.PATROL_FEEDBACK, Channel.WEB)


def raise_point(work: Work, form: PointForm, *, group_id: str | None = None, reason: str = "") -> str:
    """Raise one point with every chosen community; each gets a flag and a clock. A `reason` is kept in the log."""
    scope = work.actor.require(Permission.FLAG_RAISE)
    chosen = {unit_id: work.store.one(Unit, unit_id, scope) for unit_id in form.unit_ids}
    rows = {row.id: row for row in work.store.communities_in(scope, list(chosen))}
    if not rows or any(not any(row.path.startswith(unit.path) for row in rows.values()) for unit in chosen.values()):
        raise Invalid(unit_ids=_("Please choose communities."))
    units = [work.store.one(Unit, unit_id, scope) for unit_id in rows]
    due = work.calendar.after(work.today, dates.POINT_ANSWER)
    home = work.actor.unit_id or units[0].id
    point = Point(new_id(), home, form.text, work.person_id, work.today, due, group_id)
    work.store.add(point)
    why = {"reason": reason} if reason else {}
    work.record(Event.POINT_RAISED, point.id, chain=home, communities=len(units), **why)
    factors = form.factors()
    for unit in units:
        items = work.store.some(Item, scope, unit_id=unit.id, name=form.item_name) if form.item_name else []
        spoken = Spoken(
            Source.SUPERIOR, form.channel, work.person_id, form.risk_type,
            computed(factors) if factors else None, factors, point.id,
        )  # fmt: skip
        item = next((item for item in items if not item.retired), None)
        flag = take(work, unit, ResidentFlag(text=form.text, item_id=item.id if item else None, place_id=None), spoken)
        if flag.sealed:
            raise Invalid(text=_("This names somebody with misconduct. Hand it to the discipline desk instead."))
        flag.due_on = due
    return point.id


SHOWN = 12
"""Communities of a point that are named before it is raised."""


def reach(work: Work, unit_ids: Sequence[str]) -> tuple[int, list[UnitRow]]:
    """How many communities a point with some units goes to, and the first of them."""
    scope = work.actor.require(Permission.FLAG_RAISE)
    if not unit_ids:
        return 0, []
    return work.store.count_communities(scope, unit_ids), work.store.communities_in(scope, unit_ids, SHOWN)


NEAR = 20
"""Communities whose power items are named; a point for more of them takes its name from the library."""


def item_names(work: Work, unit_ids: Sequence[str] = ()) -> list[str]:
    """Names of power items a point may be about: those of the communities it goes to or, before these are chosen, of
    all in sight, where they are few; then the library's."""
    scope = work.actor.require(Permission.FLAG_RAISE)
    offer = places.offer(work, Permission.FLAG_RAISE, Reach.REGISTERS)
    near = [row.id for row in offer.communities] or [
        row.id for row in work.store.communities_in(scope, unit_ids, NEAR)
    ]
    own = set(work.store.item_names(scope, near))
    return [*sorted(own), *(point.power_item for point in library() if point.power_item not in own)]


def raised(
    work: Work, point_id: str | None = None, open_only: bool = False, turn: Turn = START
) -> Listed[PointRow]:
    """What communities made of the points raised with them, or of one: the newest point first, by community; of
    `open_only` those that have not answered. `RaisedRow` says how many there are."""
    scope = work.actor.require(Permission.FLAG_RAISE)
    return work.store.point_page(scope, False if open_only else None, turn, of_point=point_id)


def raised_points(work: Work, open_only: bool = False, turn: Turn = START) -> Listed[RaisedRow]:
    """The points raised with communities of the actor's, the newest first; `open_only` those that wait for answers."""
    scope = work.actor.require(Permission.FLAG_RAISE)
    return work.store.raised_page(scope, open_only, turn)


def outstanding(work: Work) -> int:
    """How many answers to points the actor's communities still owe."""
    scope = work.actor.require(Permission.FLAG_RAISE)
    return work.store.waiting_points(scope)


@dataclass(frozen=True)
class ToAnswer:
    """A point as the community reads it, with all it needs to answer: likely and other open entries, a first draft."""

    point: PointRow
    item: str
    draft: RiskForm
    likely: tuple[RegisterRow, ...]
    others: tuple[RegisterRow, ...]


def received(
    work: Work, answered: bool | None = None, turn: Turn = START, flag_id: str | None = None
) -> Listed[PointRow]:
    """Superiors' points in the actor's communities, or one of them: those that wait, the one due first; those that
    were `answered`, the last one first; or all. Nobody counts them."""
    scope = work.actor.require(Permission.POINT_ANSWER)
    return work.store.point_page(scope, answered, turn, of_flag=flag_id)


def answering(work: Work, flag_id: str) -> ToAnswer:
    """One point that has not been answered, ready to be."""
    scope = work.actor.require(Permission.POINT_ANSWER)
    flag = _unanswered(work, flag_id)
    [row] = work.store.point_page(scope, None, START, of_flag=flag.id)
    point = work.store.find(Point, flag.point_id) if flag.point_id else None
    own = work.store.members_at(scope, point.group_id, flag.unit_id) if point and point.group_id else []
    first = list(dict.fromkeys([*own, *(match.risk_id for match in likely(work, flag.id))]))
    pool = [candidate.risk_id for candidate in work.store.candidates(scope, flag.unit_id)]
    entries = {entry.id: entry for entry in work.store.entries(scope, pool)}
    others = sorted((e for e in entries.values() if e.id not in first), key=lambda entry: entry.number)
    return ToAnswer(
        row, work.store.item_name(flag.item_id), draft_entry(flag),
        tuple(entries[one] for one in first if one in entries), tuple(others),
    )


def likely(work: Work, flag_id: str) -> list[Match]:
    """Entries of the same community that may be the same matter as a superior's point, told by what the register says
    of them: residents' words neither count nor show here."""
    scope = work.actor.require(Permission.POINT_ANSWER)
    flag = _unanswered(work, flag_id)
    pool = [candidate.risk_id for candidate in work.store.candidates(scope, flag.unit_id)]
    entries = work.store.entries(scope, pool)
    titles = [Candidate(e.id, e.item_id, (Said(e.id, e.title, "", e.item_id, group=e.id),)) for e in entries]
    return matches(work, flag, titles)


def accept(work: Work, flag_id: str, form: RiskForm) -> str:
    """The community accepts a superior's point and opens an entry for it."""
    work.actor.require(Permission.POINT_ANSWER)
    return found_entry(work, _unanswered(work, flag_id), form)


def already_entry(work: Work, flag_id: str, risk_id: str, reason: str) -> str:
    """The community says a superior's point is entry N already."""
    work.actor.require(Permission.POINT_ANSWER)
    flag = _unanswered(work, flag_id)
    risk = work.store.one(Risk, risk_id, work.actor.scope(Permission.POINT_ANSWER))
    return join(work, flag, risk, reason)


def not_applicable(work: Work, flag_id: str, reason: str) -> None:
    """The community says a superior's point does not apply to it, with a reason."""
    work.actor.require(Permission.POINT_ANSWER)
    flag = _unanswered(work, flag_id)
    if len(clean(reason)) < 4:
        raise Invalid(reason=_("Please give a reason."))
    event = decide(work, flag, FlagStatus.DECLINED, clean(reason)[:1000], None)
    work.record(event, flag.id, chain=flag.unit_id)


def _unanswered(work: Work, flag_id: str) -> Flag:
    scope = work.actor.require(Permission.POINT_ANSWER)
    flag = load(work, flag_id, scope)
    if flag.source is not Source.SUPERIOR:
        raise Refused(N_("This was not raised by a superior."))
    if flag.status not in (FlagStatus.NEW, FlagStatus.ASKED):
        raise Stale(N_("This point has been answered already: {answer}."), answer=flag.status)
    return flag


def draft_entry(flag: Flag, dimension: Dimension | None = None) -> RiskForm:
    """What an entry opened on a flag begins with; for a person to put into the words of the register."""
    title = flag.text if len(flag.text) <= 60 else ""
    return RiskForm.model_construct(
        title=title, manifestation="", item_id=flag.item_id,
        dimension=flag.dimension or dimension or Dimension.CLEAN_AFFAIRS, risk_type=flag.risk_type or RiskType.PROCESS,
    )  # fmt: skip

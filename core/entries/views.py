"""Saved views (常用筛选): a filter of the register under a name, for oneself or shared with a unit.

A view keeps the filter and never what it found: whoever opens it sees what they may see, and “mine” means the reader.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission, Scope
from core.entries.register import from_query, to_query
from core.errors import Denied, Invalid, Missing
from core.events import Event
from core.organisation.places import FEW, Reach, offer
from core.organisation.units import Unit, new_id
from core.privacy.wording import without_people
from core.rows import UnitRow
from core.store import Work
from core.text import N_, _, clean, folded

MOST = 40
"""Views that one person keeps."""

Query = Mapping[str, Sequence[str]]


@dataclass(eq=False)
class SavedView:
    """A filter under a name, at the unit it is shared with, or where its maker works. `query` is its address."""

    id: str
    unit_id: str
    name: str
    query: dict[str, list[str]]
    made_by: str
    made_on: date
    shared: bool = False


@dataclass(frozen=True)
class ViewRow:
    """A view as its reader meets it; `unit` is empty for one of their own that is not shared."""

    id: str
    name: str
    query: dict[str, list[str]]
    unit: str
    maker: str
    may_change: bool
    is_default: bool

    @property
    def label(self) -> str:
        return _("{name} ({place})", name=self.name, place=self.unit) if self.unit else self.name


class ViewForm(BaseModel):
    """A name for a filter, and with whom it is shared."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    name: str = Field(title=N_("Name of the view"), min_length=2, max_length=30)
    unit_id: str | None = Field(None, title=N_("Shared with"))


def views(work: Work) -> list[ViewRow]:
    """One's own views and those shared with units one may read, by name."""
    scope = work.actor.require(Permission.REGISTER_READ)
    chosen = work.store.default_view(work.person_id)
    found = []
    for view, unit, maker in work.store.saved_views(scope, work.person_id):
        may = _may_change(work, view, unit.path)
        place = unit.name if view.shared else ""
        found.append(ViewRow(view.id, view.name, dict(view.query), place, maker, may, view.id == chosen))
    return sorted(found, key=lambda row: (bool(row.unit), row.name, row.id))


def view(work: Work, view_id: str) -> ViewRow:
    """One view by its link; `Missing` when it is not there or not for the actor."""
    work.actor.require(Permission.REGISTER_READ)
    found = next((row for row in views(work) if row.id == view_id), None)
    if found is None:
        raise Missing(N_("This view is gone, or is not shared with you."))
    return found


def default(work: Work) -> ViewRow | None:
    """The view that the register opens with, as long as the actor may see it."""
    work.actor.require(Permission.REGISTER_READ)
    return next((row for row in views(work) if row.is_default), None)


def places(work: Work, unit_id: str = "") -> list[UnitRow]:
    """The units a view may be shared with: those that hold a register or stand above one; where they are many the
    highest, and the one the view is about."""
    scope = work.actor.require(Permission.REGISTER_READ)
    offered = offer(work, Permission.REGISTER_READ, Reach.REGISTERS, unit_id)
    if offered.few is not None:
        return list(offered.few)
    tops = work.store.offered_at(scope, Reach.REGISTERS, None, "", FEW)
    return tops + [row for row in [offered.asked] if row and row not in tops]


def save(work: Work, query: Query, form: ViewForm) -> str:
    """Keep a filter under a name."""
    scope = work.actor.require(Permission.REGISTER_READ)
    own = [view for view, _unit, _maker in work.store.saved_views(scope, work.person_id)
           if view.made_by == work.person_id]  # fmt: skip
    if len(own) >= MOST:
        raise Invalid(name=_("You have {n} views already. Please remove one first.", n=MOST))
    unit = work.store.one(Unit, form.unit_id or _home(work, scope), scope)
    kept = SavedView(new_id(), unit.id, "", {}, work.person_id, work.today, form.unit_id is not None)
    _fill(work, kept, form.name, query)
    work.store.add(kept)
    work.record(Event.VIEW_SAVED, kept.id, chain=kept.unit_id, shared=kept.shared)
    return kept.id


def change(work: Work, view_id: str, name: str, query: Query | None = None) -> None:
    """Give a view another name, or another filter under its name."""
    work.actor.require(Permission.REGISTER_READ)
    kept = _load(work, view_id)
    _fill(work, kept, name, kept.query if query is None else query)
    work.record(Event.VIEW_CHANGED, kept.id, chain=kept.unit_id, shared=kept.shared)


def remove(work: Work, view_id: str) -> None:
    """Take a view away, also as anybody's default."""
    work.actor.require(Permission.REGISTER_READ)
    kept = _load(work, view_id)
    work.store.forget_defaults(kept.id)
    work.store.remove(kept)
    work.record(Event.VIEW_REMOVED, kept.id, chain=kept.unit_id, shared=kept.shared)


def make_default(work: Work, view_id: str | None) -> None:
    """Open the register with a view from now on, or with everything."""
    scope = work.actor.require(Permission.REGISTER_READ)
    if view_id is not None:
        work.store.one(SavedView, view_id, scope)  # held, so that nobody removes it meanwhile
        view(work, view_id)
    work.store.put_default_view(work.person_id, view_id)


def _load(work: Work, view_id: str) -> SavedView:
    """A view that the actor may change."""
    scope = work.actor.scope(Permission.REGISTER_READ)
    kept = work.store.one(SavedView, view_id, scope)
    if not kept.shared and kept.made_by != work.person_id:
        raise Missing
    if not _may_change(work, kept, work.store.one(Unit, kept.unit_id, scope).path):
        raise Denied(N_("Only whoever made this view, or keeps that unit's register, changes it."))
    return kept


def _home(work: Work, scope: Scope) -> str:
    """Where a view of one's own is kept: where its maker works, or the first place whose register they read."""
    own = work.actor.unit_id or ""
    return own if work.store.seen(Unit, own, scope) else next(
        (row.id for row in work.store.offered_at(scope, Reach.REGISTERS, None, "", 1)), ""
    )


def _may_change(work: Work, kept: SavedView, path: str) -> bool:
    keeps = work.actor.scope(Permission.VIEW_KEEP).covers(path)
    return kept.made_by == work.person_id or (kept.shared and keeps)


def _fill(work: Work, kept: SavedView, name: str, query: Query) -> None:
    """Names and words that are shared hold no people; a name stands once among what one sees."""
    asked = from_query(query, work.person_id)
    kept.query = {key: values for key, values in to_query(asked).items() if key not in ("after", "before", "page")}
    kept.name = clean(name)
    if len(kept.name) < 2:
        raise Invalid(name=_("Please fill this in."))
    if kept.shared:
        without_people(work, kept.unit_id, name=kept.name)
        for words in filter(None, (asked.text, asked.post, asked.item_name)):
            try:
                without_people(work, kept.unit_id, text=words)
            except Invalid as found:
                raise Invalid(name=_("The words of the filter: {sentence}", sentence=found.fields["text"])) from found
    if any(folded(row.name) == folded(kept.name) and row.id != kept.id for row in views(work)):
        raise Invalid(name=_("There is a view with this name already."))

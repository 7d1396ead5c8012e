"""Doorsteps: what stands where a link or a QR code leads a resident, before they have said anything."""

from dataclasses import dataclass
from datetime import date

from core import dates
from core.access import Permission
from core.errors import Missing
from core.organisation.units import Unit, is_community
from core.rows import UnitRow
from core.store import Work
from core.text import _
from core.words import Dimension


@dataclass(frozen=True)
class Threshold:
    """The place a code stands for, its community, and the last day of the first review of what is said today."""

    code: str
    place_id: str
    place: str
    community_id: str
    community: str
    answer_by: date


@dataclass(frozen=True)
class Doorstep(Threshold):
    """The same with the places and power items one can choose."""

    places: tuple[tuple[str, str], ...]
    items: tuple[tuple[Dimension, tuple[tuple[str, str], ...]], ...]

    def item_words(self) -> dict[str, str]:
        """Every power item with its name."""
        return {key: name for _kind, group in self.items for key, name in group}

    def place_words(self) -> dict[str, str]:
        """The community as a whole and every place in it, with their names."""
        return {self.community_id: _("The whole of {place}", place=self.community), **dict(self.places)}


def threshold(work: Work, code: str) -> Threshold:
    """Where a public code leads, without what one can choose there; `Missing` when it is unknown or closed."""
    work.actor.require(Permission.FLAG_SPEAK)
    here = work.store.unit_by_code(code)
    return _threshold(work, here, work.store.register_unit(here))


def doorstep(work: Work, code: str) -> Doorstep:
    """Where a public code leads; `Missing` when it is unknown or the place is closed."""
    work.actor.require(Permission.FLAG_SPEAK)
    return _step(work, work.store.unit_by_code(code))


def found(work: Work, code: str) -> Doorstep | None:
    """Where a public code leads; None when it is unknown or the place is closed."""
    work.actor.require(Permission.FLAG_SPEAK)
    try:
        return doorstep(work, code)
    except Missing:
        return None


def recording(work: Work, unit_id: str) -> Doorstep:
    """A community for whose residents the actor may write down what they say."""
    scope = work.actor.require(Permission.FLAG_RECORD)
    unit = work.store.one(Unit, unit_id, scope)
    if not is_community(unit, work):
        raise Missing
    return _step(work, unit)


def _step(work: Work, here: Unit) -> Doorstep:
    community = work.store.register_unit(here)
    places = tuple((row.id, _within(row, community.name)) for row in work.store.places(community.id))
    rows = work.store.public_items(community.id)
    items = [(kind, tuple((row.id, row.name) for row in rows if row.dimension == kind)) for kind in Dimension]
    shown = tuple(group for group in items if group[1])
    return Doorstep(**vars(_threshold(work, here, community)), places=places, items=shown)


def _threshold(work: Work, here: Unit, community: Unit) -> Threshold:
    return Threshold(
        here.code, here.id, here.name if here.id != community.id else "", community.id, community.name,
        work.calendar.after(work.today, dates.FIRST_REVIEW),
    )  # fmt: skip


def _within(row: UnitRow, community: str) -> str:
    """The trail of a place from below its community on."""
    return row.trail.split(f"{community} · ", 1)[-1]

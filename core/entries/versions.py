"""What was (历史): each entry as it stood at the end of a day, and the whole register of a community on that day.

A version is kept by the unit of work for each day on which an entry, its measures, ratings or voices changed. It holds
nothing a reader of today's register could not see there, and whoever may not hear a voice today does not hear that it
spoke then either.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from core.access import Permission, Scope
from core.entries.differences import told
from core.entries.register import PAGE, UNRATED, Filter, RegisterRow, Sort
from core.entries.risks import Risk
from core.errors import Missing
from core.organisation.units import Unit
from core.store import Work
from core.turning import START, Turn
from core.words import Dimension, Level, MeasureStatus, RiskStatus, RiskType, Source

Fields = Mapping[str, Any]
"""An entry by the names of core.entries.risks.Risk, people, power item and post by name, days as ISO text; `measures`
and `ratings` likewise, and `voices`: how many of each source."""


@dataclass(frozen=True)
class Version:
    """One entry at the end of `day` and on the days after it until the next version."""

    risk_id: str
    day: date
    fields: Fields


@dataclass(frozen=True)
class Past:
    """The register of one community at the end of a day: a page of rows, and what each entry was, at least of those.

    Before `known_from` nothing is known of entries that are older; None where all is known.
    """

    unit_id: str
    unit: str
    day: date
    known_from: date | None
    rows: tuple[RegisterRow, ...]
    total: int
    versions: Mapping[str, Version]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class Chapter:
    """What became different about an entry on a day, in words."""

    day: date
    said: tuple[str, ...]


def as_of(work: Work, unit_id: str, day: date, wanted: Filter | None = None) -> Past:
    """The register of a community as it stood at the end of a day, with the rights of today."""
    scope = work.actor.require(Permission.REGISTER_READ)
    unit = _community(work, unit_id, scope)
    kept, opened = work.store.known_since(scope, unit.id) or (day, day)
    known_from, wanted = kept if opened < kept else None, wanted or Filter()
    if wanted != Filter(levels=wanted.levels, statuses=wanted.statuses, turn=wanted.turn):  # all that was must be read
        found = work.store.versions_on(scope, unit.id, min(day, work.today))
        return pictured(unit, day, found, wanted, known_from)
    shown, total = _shown(work, scope, unit.id, min(day, work.today), wanted)
    rows = tuple(row(one, unit, day) for one in shown)
    return Past(unit.id, unit.name, day, known_from, rows, total, {one.risk_id: one for one in shown})


def _shown(work: Work, scope: Scope, unit_id: str, day: date, wanted: Filter) -> tuple[list[Version], int]:
    """A page of the versions of a day, the last one where there are fewer; and how many there are."""
    found, total = work.store.versions_shown(scope, unit_id, day, wanted)
    if found or wanted.turn.page == 1:
        return found, total
    _first, total = work.store.versions_shown(scope, unit_id, day, replace(wanted, turn=START))
    return work.store.versions_shown(scope, unit_id, day, replace(wanted, turn=Turn(page=max(1, -(-total // PAGE)))))


def entry_on(work: Work, unit_id: str, risk_id: str, day: date) -> Version | None:
    """One entry of a community as it stood at the end of a day; None where it was not there."""
    scope = work.actor.require(Permission.REGISTER_READ)
    risk = work.store.seen(Risk, risk_id, scope)
    if risk is None or risk.unit_id != unit_id:
        return None
    stood = next((one for one in reversed(work.store.versions_of(scope, risk.id)) if one.day <= day), None)
    return replace(stood, day=day) if stood else None


def pictured(unit: Unit, day: date, found: Sequence[Version], wanted: Filter, known_from: date | None = None) -> Past:
    """Versions as a register is read: filtered, sorted, a page of it, the last one where there are fewer."""
    rows = [(one, row(one, unit, day)) for one in found]
    kept = sorted((pair[1] for pair in rows if _fits(*pair, wanted)), key=_ORDERS[wanted.sort])
    page = max(1, min(wanted.turn.page, -(-len(kept) // PAGE)))
    shown = tuple(kept[PAGE * (page - 1) : PAGE * page])
    return Past(unit.id, unit.name, day, known_from, shown, len(kept), {one.risk_id: one for one in found})


def row(version: Version, unit: Unit, day: date) -> RegisterRow:
    """A version as a row of the register on a day; signatures are no part of what was, so none has lapsed."""
    fields = version.fields
    dues = [date.fromisoformat(m["due_on"]) for m in fields["measures"] if m["status"] != MeasureStatus.VERIFIED]
    late = [m for m in fields["measures"] if m["done_on"] is None and date.fromisoformat(m["due_on"]) < day]
    return RegisterRow(
        version.risk_id, unit.id, unit.name, fields["number"], fields["title"], fields["item_id"], fields["item"] or "",
        Dimension(fields["dimension"]), RiskType(fields["risk_type"]), RiskStatus(fields["status"]),
        Level(fields["level"]) if fields["level"] else None,
        tuple(source.value for source in Source if fields["voices"].get(source.value)), fields["owner"] or "",
        min(dues, default=None), len(late), date.fromisoformat(fields["opened_on"]), lapsed=False,
    )  # fmt: skip


_ORDERS: dict[Sort, Callable[[RegisterRow], Any]] = {
    Sort.NUMBER: lambda row: row.number,
    Sort.LEVEL: lambda row: (list(Level).index(row.level) if row.level else len(Level), row.number),
    Sort.NEWEST: lambda row: (-row.opened_on.toordinal(), -row.number),
    Sort.DUE: lambda row: (row.next_due is None, row.next_due or date.max, row.number),
}


def _fits(version: Version, row: RegisterRow, wanted: Filter) -> bool:
    """Whether a row is one that a filter shows; of the filter what the read-only register offers."""
    told = " ".join((row.title, version.fields["manifestation"], row.item)).casefold()
    said = all(any(form.casefold() in told for form in forms) for forms in wanted.words)
    return (
        (row.status in wanted.statuses if wanted.statuses else row.status is not RiskStatus.ARCHIVED)
        and (not wanted.levels or (row.level or UNRATED) in wanted.levels)
        and (not wanted.sources or any(source in row.sources for source in wanted.sources))
        and (said or wanted.number == row.number)
    )


def life(work: Work, risk_id: str) -> list[Chapter]:
    """What became different about an entry from day to day, the newest first."""
    scope = work.actor.require(Permission.REGISTER_READ)
    risk = work.store.one(Risk, risk_id, scope)
    found = work.store.versions_of(scope, risk.id)
    chapters = [Chapter(after.day, told(before.fields, after.fields)) for before, after in pairwise(found)]
    return [chapter for chapter in reversed(chapters) if chapter.said]


def _community(work: Work, unit_id: str, scope: Scope) -> Unit:
    unit = work.store.one(Unit, unit_id, scope)
    if not work.store.kind(unit.kind).holds_register:
        raise Missing
    return unit

"""From year to year (结转): what of last year's register is carried over, what is new, changed or gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.access import Permission
from core.entries.differences import Fields, material, told
from core.entries.register import Filter, Page
from core.entries.versions import Version
from core.inspection.completion import to_rate_again
from core.inspection.snapshots import Snapshot, SnapshotRow, for_viewer, versions
from core.lifecycle import ENDED
from core.organisation.units import Unit
from core.store import Work
from core.text import _
from core.words import Change, RiskStatus


@dataclass(frozen=True)
class Moved:
    """One entry from one year to the next: what it `was` (None where it was not there) and `now` is."""

    risk_id: str
    number: int
    title: str
    change: Change
    was: Fields | None
    now: Fields

    @property
    def said(self) -> tuple[str, ...]:
        """What became different in words, which are found for those alone that are shown."""
        if self.was is None:
            return (_("Opened on {day}", day=date.fromisoformat(self.now["opened_on"])),)
        return told(self.was, self.now) if self.change is not Change.SAME else ()


@dataclass(frozen=True)
class Year:
    """A community's entries against the register its former round left; `former` is None where none did.

    `until` is the day they are compared on: the one the round was frozen on, else today.
    """

    former: SnapshotRow | None
    until: date
    rows: tuple[Moved, ...]

    def count(self, change: Change) -> int:
        return sum(row.change is change for row in self.rows)




def year_on_year(work: Work, round_id: str, unit_id: str) -> Year:
    """How a community's register differs from what the round before left. Voices that are sealed or name anybody do
    not count, nor those of which the actor may hear none today."""
    scope = work.actor.require(Permission.REGISTER_READ)
    unit = work.store.one(Unit, unit_id, scope)
    current = work.store.round_row(scope, round_id)
    kept = work.store.snapshot_rows(scope, unit.id)
    before = next((row for row in kept if row.starts_on < current.starts_on), None)
    now = next((row for row in kept if row.round_id == current.id), None)
    found = (
        versions(work.store.one(Snapshot, now.id, scope)) if now
        else work.store.public_versions(unit.id, work.today)
    )  # fmt: skip
    old = versions(work.store.one(Snapshot, before.id, scope)) if before else None
    sides = [for_viewer(work, scope, unit.id, side) if side else side for side in (old, found)]
    return Year(before, now.taken_on if now else work.today, compare(sides[0], sides[1] or [], current.starts_on))


def register(work: Work, wanted: Filter) -> Page:
    """The register as it is filtered by what became of entries since last year, or by which are to be rated again.

    The former needs one community; without one, or without a round there, no entry is shown.
    """
    scope = work.actor.require(Permission.REGISTER_READ)
    return work.store.register(scope, wanted, work.today, narrowed(work, wanted))


def narrowed(work: Work, wanted: Filter) -> set[str] | None:
    """The ids to which what became of entries narrows a filter; None where it does not ask for that."""
    scope = work.actor.require(Permission.REGISTER_READ)
    ids: set[str] | None = None
    if wanted.change is not None:
        ids = set()
        unit = work.store.seen(Unit, wanted.unit_id, scope) if wanted.unit_id else None
        current = work.store.round_at(unit, work.today) if unit else None
        if unit and current:
            ids = {row.risk_id for row in year_on_year(work, current.id, unit.id).rows if row.change is wanted.change}
    if wanted.again:
        again = {row.risk_id for row in to_rate_again(work, wanted.unit_id)}
        ids = again if ids is None else ids & again
    return ids


def compare(before: Sequence[Version] | None, now: Sequence[Version], since: date) -> tuple[Moved, ...]:
    """Every entry of either side that was not over on both, by number.

    Without a side before, what was opened since a day is new and the rest carried over; changes cannot be told then.
    """
    old = {one.risk_id: one for one in before or ()}
    found = []
    for one in now:
        was = old.get(one.risk_id)
        change = _change(was, one, since, known=before is not None)
        if change is not None:
            fields = one.fields
            former = was.fields if was else None
            found.append(Moved(one.risk_id, fields["number"], fields["title"], change, former, fields))
    return tuple(sorted(found, key=lambda row: row.number))


def _change(was: Version | None, one: Version, since: date, *, known: bool) -> Change | None:
    over = RiskStatus(one.fields["status"]) in ENDED
    if was is None:
        if one.fields["status"] == RiskStatus.ARCHIVED:
            return None
        new = known or date.fromisoformat(one.fields["opened_on"]) >= since
        return Change.NEW if new else None if over else Change.SAME
    was_over = RiskStatus(was.fields["status"]) in ENDED
    if over:
        return None if was_over else Change.GONE
    return Change.CHANGED if was_over or material(was.fields) != material(one.fields) else Change.SAME

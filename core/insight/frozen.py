"""What a closed round left in figures (封账数字): counted from the registers it froze, not from what stands today."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core.access import Permission
from core.entries.differences import Fields
from core.insight import figures, timely, trends
from core.insight.figures import EntryCount, Overview, Punctuality
from core.inspection.snapshots import Snapshot, for_viewer, versions
from core.rows import RoundRow
from core.store import Work
from core.words import Dimension, Level, MeasureStatus, RatingStage, RiskStatus, Source


@dataclass(frozen=True)
class Frozen:
    """The figures of the registers a round froze: `overview` with how residents were heard as of today, for a frozen
    register holds no flags; `missing` communities have none of this round."""

    day: date
    overview: Overview
    ages: dict[timely.Age, int]
    missing: int


def figures_of(work: Work, unit_id: str, current: RoundRow) -> Frozen | None:
    """The figures a closed round left in a unit; None where it goes on, or froze nothing that is in sight there."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    if current.closed_on is None:
        return None
    entries: list[Fields] = []
    days, missing = [], 0
    for unit in trends.communities(work, scope, unit_id, current):
        kept = next((row for row in work.store.snapshot_rows(scope, unit.id) if row.round_id == current.id), None)
        if kept is None:
            missing += 1
            continue
        days.append(kept.taken_on)
        found = versions(work.store.one(Snapshot, kept.id, scope))
        entries += [one.fields for one in for_viewer(work, scope, unit.id, found) if _stands(one.fields)]
    if not days:
        return None
    return Frozen(max(days), _overview(work, unit_id, entries, max(days)), _ages(entries, max(days)), missing)


def _stands(fields: Fields) -> bool:
    """Whether an entry was not withdrawn: an archived one has been closed."""
    return fields["status"] != RiskStatus.ARCHIVED or fields["closed_on"] is not None


def _overview(work: Work, unit_id: str, entries: Sequence[Fields], day: date) -> Overview:
    counted = [_counted(fields) for fields in entries]
    return Overview(
        {stage: figures.heat(counted, stage) for stage in RatingStage},
        figures.overlap((one.sources, one.n) for one in counted), figures.stages(counted),
        figures.heard(work, unit_id), _punctuality(entries, day), figures.eased(counted), len(counted),
    )  # fmt: skip


def _counted(fields: Fields) -> EntryCount:
    level, expected, verified = (
        Level(fields[name]) if fields[name] else None for name in ("level", "expected_level", "verified_level")
    )
    voices = frozenset(Source(source) for source, n in fields["voices"].items() if n)
    return EntryCount(Dimension(fields["dimension"]), level, RiskStatus(fields["status"]), voices, expected, verified)


def _measures(entries: Sequence[Fields]) -> Iterator[tuple[date, date | None, str]]:
    """Each measure as its day, the day it was done, and its state."""
    for fields in entries:
        for one in fields["measures"]:
            done = date.fromisoformat(one["done_on"]) if one["done_on"] else None
            yield date.fromisoformat(one["due_on"]), done, one["status"]


def _punctuality(entries: Sequence[Fields], day: date) -> Punctuality:
    found = list(_measures(entries))
    on_time = sum(done is not None and done <= due for due, done, _status in found)
    late = sum(done is not None and done > due for due, done, _status in found)
    return Punctuality(on_time, late, sum(done is None and due < day for due, done, _status in found))


def _ages(entries: Sequence[Fields], day: date) -> dict[timely.Age, int]:
    left = [(due, 1) for due, done, status in _measures(entries) if done is None and status != MeasureStatus.VERIFIED]
    return timely.ages(left, day)

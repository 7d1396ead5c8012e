"""The schedule (一览表) as Word: a wide page, its head on every page, every row of the filter, to print and sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.access import Permission
from core.entries.register import Filter
from core.formats import word
from core.store import Work
from core.tables import schedule
from core.tables.schedule import Of, ScheduleRow
from core.text import _, day

SHARES = {
    Of.NUMBER: 4, Of.ITEM: 7, Of.POST: 6, Of.KIND: 5, Of.TITLE: 9, Of.SHOWS: 9, Of.LEVEL: 4, Of.MEASURES: 13,
    Of.OWNER: 6, Of.LEADER: 6, Of.WATCHDOG: 6, Of.DUE: 6, Of.PROGRESS: 10, Of.SOURCES: 5, Of.DIMENSION: 5,
    Of.OPENNESS: 6, Of.REMARK: 6,
}  # fmt: skip
"""What share of the width each column takes; what is not here is not printed."""
PAGES = {"a3": (word.A3_ACROSS, 12, 9.0), "a4": (word.A4_ACROSS, 8, 6.5)}
"""By the name of a paper its page and margin in millimetres and its letters in points."""


@dataclass(frozen=True)
class Schedule:
    """The rows of a filter on a day."""

    rows: tuple[ScheduleRow, ...]
    day: date


def loaded(work: Work, wanted: Filter, chosen: schedule.Chosen = None) -> Schedule:
    """Every entry a filter shows, or those chosen of it, to be written as Word."""
    work.actor.require(Permission.REGISTER_READ)
    return Schedule(tuple(schedule.rows(work, wanted, chosen)), work.today)


def written(found: Schedule, paper: str = "a3") -> bytes:
    """The schedule as a Word file on `a3` or `a4` across; some 1 ms a row."""
    page, margin, size = PAGES[paper]
    document = word.begun(page, body=size + 1, margin=margin)
    units = list(dict.fromkeys(row.unit for row in found.rows))
    word.heading(document, _("Integrity risk points of the community and what is done about them"), 0)
    where = units[0] if len(units) == 1 else _("{n} communities", n=len(units))
    word.line(document, _("{where}, {n} entries, as of {day}", where=where, n=len(found.rows), day=found.day))
    whole = (page[0] - 2 * margin) / sum(SHARES.values())
    word.table(
        document, [of.label for of in SHARES], [_words(row, len(units) > 1) for row in found.rows],
        widths=[share * whole for share in SHARES.values()], size=size,
    )  # fmt: skip
    return word.saved(document)


def _words(row: ScheduleRow, several: bool) -> Sequence[str]:
    cells = schedule.told(row, several=several)
    values = (cells[of] for of in SHARES)
    return [day(value) if isinstance(value, date) else str(value if value is not None else "") for value in values]

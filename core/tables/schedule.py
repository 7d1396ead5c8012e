"""The schedule (社区廉政风险点及防控措施一览表): the register as one table that people print, fill in and hand on."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.access import Permission
from core.entries.register import Filter
from core.entries.risks import CHECKERS, DOERS
from core.formats.books import Book, Column, Tell, Value, as_said, bound, harmless, listed
from core.insight import yearly
from core.rows import PersonRow
from core.store import Work
from core.text import N_, Term, _, day
from core.words import Dimension, DisclosureClass, DisclosureWhen, Level, MeasureStatus, RiskStatus, RiskType, Source


class Of(Term):
    """The columns of the schedule in their order; the last two are out of sight and bring a row home again."""

    NUMBER = "number", N_("Serial number")
    ITEM = "item", N_("Power item")
    POST = "post", N_("Post in charge")
    KIND = "risk_type", N_("Kind of risk")
    TITLE = "title", N_("Risk point")
    SHOWS = "manifestation", N_("How it shows")
    LEVEL = "level", N_("Risk level")
    MEASURES = "measures", N_("Preventive measures")
    OWNER = "owner", N_("Owner (post)")
    LEADER = "leader", N_("Leader in charge")
    WATCHDOG = "watchdog", N_("Who watches")
    DUE = "due", N_("Due on")
    PROGRESS = "progress", N_("How far it is carried out")
    SOURCES = "sources", N_("Source")
    DIMENSION = "dimension", N_("Dimension")
    OPENNESS = "openness", N_("How and when disclosed")
    REMARK = "remark", N_("Remarks")
    ID = "id", N_("Mark of the row")
    STATE = "state", N_("State of the row")


@dataclass(frozen=True)
class PlannedRow:
    """A measure as the schedule tells it; `percent` is 0 to 100."""

    id: str
    text: str
    status: MeasureStatus
    percent: int
    due_on: date


@dataclass(frozen=True)
class ScheduleRow:
    """One entry with all that its line in the schedule says; people as (id, name, posts held today)."""

    id: str
    unit_id: str
    unit: str
    number: int
    item: str
    post: str
    risk_type: RiskType
    title: str
    manifestation: str
    level: Level | None
    owner: tuple[str, str, tuple[str, ...]] | None
    leader: tuple[str, str, tuple[str, ...]] | None
    watchdog: tuple[str, str, tuple[str, ...]] | None
    measures: tuple[PlannedRow, ...]
    sources: tuple[str, ...]
    dimension: Dimension
    status: RiskStatus
    disclosure_class: DisclosureClass
    disclosure_when: DisclosureWhen | None


CHANGEABLE = (Of.ITEM, Of.KIND, Of.TITLE, Of.SHOWS, Of.MEASURES, Of.OWNER, Of.LEADER, Of.WATCHDOG, Of.DUE, Of.DIMENSION)
"""What a file that comes back may change; of measures only that there are further ones, and their day."""
FIXED = tuple(of for of in Of if of not in (*CHANGEABLE, Of.ID, Of.STATE))


Chosen = Collection[str] | None
"""The ids of entries that were chosen one by one; None where the whole of a filter is meant."""


def rows(work: Work, wanted: Filter, chosen: Chosen = None) -> list[ScheduleRow]:
    """Every entry the actor may see that a filter shows, in its order, never cut; of the chosen ones alone, those."""
    scope = work.actor.require(Permission.REGISTER_READ)
    ids = yearly.narrowed(work, wanted)
    if chosen is not None:
        ids = set(chosen) if ids is None else ids & set(chosen)
    return work.store.schedule_rows(scope, wanted, work.today, ids)


def workbook(work: Work, wanted: Filter, chosen: Chosen = None, tell: Tell | None = None) -> bytes:
    """The schedule as Excel. `tell` is told how far it is."""
    work.actor.require(Permission.REGISTER_READ)
    found = rows(work, wanted, chosen)
    units = {row.unit_id: row.unit for row in found}
    lines = (list(told(row, several=len(units) > 1).values()) for row in found)
    return bound(book(work, found, units), lines, len(found), tell)


def text_table(work: Work, wanted: Filter, chosen: Chosen = None) -> bytes:
    """The schedule as CSV, without what is out of sight."""
    work.actor.require(Permission.REGISTER_READ)
    found = rows(work, wanted, chosen)
    several = len({row.unit_id for row in found}) > 1
    shown = [of for of in Of if of not in (Of.ID, Of.STATE)]
    values = (told(row, several=several) for row in found)
    return listed([of.label for of in shown], ([line[of] for of in shown] for line in values))


def told(row: ScheduleRow, *, several: bool = False) -> dict[Of, Value]:
    """One entry as its cells; with `several` communities in the table the remark names the one."""
    cells = _cells(row, several)
    return cells | {Of.ID: row.id, Of.STATE: f"{digest(cells, CHANGEABLE)}-{digest(cells, FIXED)}"}


def _cells(row: ScheduleRow, several: bool) -> dict[Of, Value]:
    status = row.status.label
    return {
        Of.NUMBER: row.number, Of.ITEM: row.item, Of.POST: row.post, Of.KIND: row.risk_type.label,
        Of.TITLE: row.title, Of.SHOWS: row.manifestation, Of.LEVEL: level(row.level),
        Of.MEASURES: numbered([measure.text for measure in row.measures]), Of.OWNER: person(row.owner),
        Of.LEADER: person(row.leader), Of.WATCHDOG: person(row.watchdog), Of.DUE: due(row.measures),
        Of.PROGRESS: numbered([_progress(measure, len(row.measures)) for measure in row.measures]),
        Of.SOURCES: _(", ").join(source.label for source in Source if source.value in row.sources),
        Of.DIMENSION: row.dimension.label, Of.OPENNESS: _openness(row),
        Of.REMARK: _("{unit}: {status}", unit=row.unit, status=status) if several else status,
    }  # fmt: skip


def digest(cells: Mapping[Of, Value], of: Sequence[Of]) -> str:
    """A short hash of some cells of a row, by which one sees later whether they are still the same."""
    said = "\x1f".join(as_text(cells.get(column)) for column in of)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:10]


def as_text(value: Value) -> str:
    """A cell as it is compared: days with the year first, as a file can hold it, no white space that a spreadsheet
    changes by itself."""
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(as_said(harmless(str(value))).split()) if value is not None else ""


def level(value: Level | None) -> str:
    return value.label if value else RiskStatus.UNRATED.label


def person(who: tuple[str, str, tuple[str, ...]] | None) -> str:
    """Somebody with their posts, as people are named on paper."""
    if who is None:
        return ""
    _id, name, posts = who
    return _("{name} ({posts})", name=name, posts=_(", ").join(posts)) if posts else name


def numbered(texts: Sequence[str]) -> str:
    """Several texts in one cell, each on a line with its number; one alone stands for itself."""
    flat = [" ".join(text.split()) for text in texts]
    return flat[0] if len(flat) == 1 else "\n".join(f"{n}. {text}" for n, text in enumerate(flat, start=1))


def due(measures: Sequence[PlannedRow]) -> date | None:
    """The day by which everything still to be carried out is due; of what is all verified the last day."""
    left = [measure.due_on for measure in measures if measure.status is not MeasureStatus.VERIFIED]
    return max(left or [measure.due_on for measure in measures], default=None)


def _progress(measure: PlannedRow, count: int) -> str:
    said = measure.status.label
    if measure.status is MeasureStatus.DOING:
        said = f"{said} {measure.percent}%"
    return _("{state}, due on {day}", state=said, day=day(measure.due_on)) if count > 1 else said


def _openness(row: ScheduleRow) -> str:
    return "·".join(term.label for term in (row.disclosure_class, row.disclosure_when) if term)


def book(work: Work, found: Sequence[ScheduleRow], units: Mapping[str, str]) -> Book:
    """The table as it is laid out; power items and people are offered where it is about one community."""
    scope = work.actor.require(Permission.REGISTER_READ)
    offered: dict[Of, tuple[str, ...]] = {
        Of.KIND: tuple(kind.label for kind in RiskType), Of.DIMENSION: tuple(one.label for one in Dimension),
        Of.LEVEL: (*(level(one) for one in Level), level(None)),
    }  # fmt: skip
    if len(units) == 1:
        [unit_id] = units
        doers, checkers = (people(work.store.holders(scope, unit_id, sorted(roles))) for roles in (DOERS, CHECKERS))
        offered |= {
            Of.OWNER: tuple(doers.values()), Of.LEADER: tuple(doers.values()), Of.WATCHDOG: tuple(checkers.values()),
            Of.ITEM: tuple(sorted({row.name for row in work.store.item_rows(scope, unit_id) if not row.retired})),
        }  # fmt: skip
    columns = tuple(_column(of, offered.get(of, ()), len(found)) for of in Of)
    where = next(iter(units.values())) if len(units) == 1 else _("{n} communities", n=len(units))
    line = _("{where}, {n} entries, as of {day}. What is changed in grey columns is not taken over.", where=where,
             n=len(found), day=work.today)  # fmt: skip
    return Book(_("Integrity risk points of the community and what is done about them"), line, columns,
                tuple(map(_, NOTES)), wide=True)  # fmt: skip


def people(holders: Sequence[PersonRow]) -> dict[str, str]:
    """People by id as the table names them."""
    return {one.id: person((one.id, one.name, one.posts)) for one in holders}


def _column(of: Of, choices: tuple[str, ...], count: int) -> Column:
    hidden = of in (Of.ID, Of.STATE)
    head = f"{of.label} ({count})" if of is Of.ID else of.label
    closed = of not in (Of.OWNER, Of.LEADER, Of.WATCHDOG)
    return Column(head, WIDTHS.get(of, 12), _(ABOUT[of]) if of in ABOUT else "", choices, closed, of in FIXED, hidden,
                  of in CENTRED, "" if hidden else _back(of))  # fmt: skip


def _back(of: Of) -> str:
    """What becomes of a change in a column when the file comes back."""
    return _(BACK[of]) if of in BACK else _("Not taken over") if of in FIXED else _("Taken over")


BACK = {
    Of.MEASURES: N_("Further lines are taken over"), Of.DUE: N_("Taken over, with the reason in the remarks"),
    Of.REMARK: N_("Taken as the reason for another day; else not taken over"),
}  # fmt: skip


CENTRED = (Of.NUMBER, Of.LEVEL, Of.DUE)
WIDTHS = {
    Of.NUMBER: 6, Of.ITEM: 16, Of.TITLE: 24, Of.SHOWS: 28, Of.LEVEL: 9, Of.MEASURES: 34, Of.OWNER: 16, Of.LEADER: 16,
    Of.WATCHDOG: 16, Of.PROGRESS: 22, Of.OPENNESS: 14, Of.REMARK: 14,
}  # fmt: skip
ABOUT = {
    Of.NUMBER: N_("The number of the entry in the register. It stays."),
    Of.ITEM: N_("The power item the risk hangs on, by its name in the catalogue of power items."),
    Of.POST: N_("The post in charge of the power item. It is changed in the catalogue of power items."),
    Of.KIND: N_("What kind of risk it is."),
    Of.TITLE: N_("What could go wrong, as a condition and without people. 4 to 200 characters."),
    Of.SHOWS: N_("How it shows. Up to 1,000 characters, without people."),
    Of.LEVEL: N_("The agreed level. A level needs a rating with its four factors, so it is rated at the entry."),
    Of.MEASURES: N_("What is done about it. Further measures are written on a line of their own; planned ones stay."),
    Of.OWNER: N_("Who answers for the entry, a cadre of the community: name, or name and post."),
    Of.LEADER: N_("Who leads, a cadre of the community: name, or name and post."),
    Of.WATCHDOG: N_("Who watches: a member of the watchdog committee or a supervisor, never who answers for it."),
    Of.DUE: N_("The day by which everything still to be carried out is due; for further measures, their day. Another "
               "day moves the measures due on it, and an earlier one also those that would be due later."),
    Of.PROGRESS: N_("How far each measure is. It is reported and verified at the measure."),
    Of.SOURCES: N_("Which of the three voices spoke. They come from what was said."),
    Of.DIMENSION: N_("Which part of clean community work it belongs to."),
    Of.OPENNESS: N_("Where and when it is made public. It is set with the public notice."),
    Of.REMARK: N_("The state of the entry. It moves by its steps. Where another day is written, why."),
}
NOTES = (
    N_("This file can be changed and handed in again under “Register”. What would change is shown first, and nothing "
       "is saved before somebody agrees."),
    N_("Grey columns are changed in the product alone, where a rating, a report or a step belongs to them."),
    N_("A new row, with its first column empty, becomes a proposal that waits for its first review. A row taken out of "
       "the file is not taken out of the register."),
)  # fmt: skip

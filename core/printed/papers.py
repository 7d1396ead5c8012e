"""The paper of a meeting: what lies before it as sections of a table, on a page, in print and as Word.

A community reads all of it. Above one, a section holds the `MOST` rows that weigh most and says where the others stand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from core.access import Permission
from core.alerts.warnings import WarningRow
from core.documents import Document, kept
from core.formats import word
from core.ledgers.meetings import Agenda, AgendaEntry, agenda
from core.organisation.units import Unit
from core.rows import MeasureRow
from core.store import Work
from core.text import N_, _, day, left

T = TypeVar("T")
MOST = 40
"""Rows of a section above a community, about three pages."""


@dataclass(frozen=True)
class Section:
    """One table of the paper. `about` is the entry of each row, where there is one; `decide` asks for a decision;
    `total` counts also the rows that are left out, of which `more` says where they stand."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    about: tuple[str | None, ...]
    total: int
    more: str
    decide: bool = False


def sections(found: Agenda) -> list[Section]:
    """The paper of a meeting in its order: what is to be decided, what is overdue, and everything that is open."""
    return [
        _entries(_("To decide: closings asked for"), found, found.closings, decide=True),
        _entries(_("To decide: raised to us"), found, found.raised, decide=True),
        _warnings(found),
        _entries(_("To decide: entries without a level"), found, found.unrated, decide=True),
        _entries(_("Overdue entries"), found, found.late),
        _measures(found),
        _entries(_("All open entries"), found, found.open),
    ]  # fmt: skip


def paper(work: Work, unit_id: str) -> tuple[Agenda, list[Section]]:
    """What lies before a meeting of a unit, with the sections in which it is told."""
    work.actor.require(Permission.MEETING_HOLD)
    found = agenda(work, unit_id)
    return found, sections(found)


def taken(work: Work, unit_id: str) -> tuple[Agenda, list[Section]]:
    """The paper of a meeting to be written as Word; that it was taken is kept."""
    scope = work.actor.require(Permission.MEETING_HOLD)
    found, told = paper(work, unit_id)
    kept(work, work.store.one(Unit, unit_id, scope), Document.MEETING)
    return found, told


def title(found: Agenda) -> str:
    return named(found.unit)


def named(unit: str) -> str:
    return _("Papers for the meeting of {unit}", unit=unit)


def written(found: Agenda, told: list[Section]) -> bytes:
    """Sections as a Word file: A4 across, heads repeated on every page, an empty section in words."""
    document = word.begun(word.A4_ACROSS)
    word.heading(document, title(found), 0)
    word.line(document, _("As of {day}. No words of residents, nothing sealed.", day=found.day))
    for section in told:
        word.heading(document, _("{title} ({n})", title=section.title, n=section.total))
        if section.rows:
            word.table(document, section.head, section.rows, widths=_WIDTHS[len(section.head)])
            if section.more:
                word.line(document, section.more)
        else:
            word.line(document, _("None."))
    word.heading(document, _("Decisions of the meeting"))
    blank = (("",) * len(_OF_DECISION),) * BLANK
    word.table(document, tuple(map(_, _OF_DECISION)), blank, widths=_WIDTHS[len(_OF_DECISION)])
    return word.saved(document)


BLANK = 6
"""Empty lines for decisions, to be filled in by hand."""
_OF_ENTRY = (
    N_("Community"), N_("Number"), N_("Risk point"), N_("Level"), N_("State"), N_("Owner"),
    N_("Holder of the entry"), N_("Limit"),
)  # fmt: skip
_OF_MEASURE = (N_("Community"), N_("Number"), N_("Measure"), N_("Owner"), N_("Progress"), N_("Due"))
_OF_WARNING = (N_("Community"), N_("Number"), N_("What is seen"), N_("About"), N_("Warned on"))
_WIDTHS = {
    8: (26, 14, 79, 18, 24, 24, 28, 44), 6: (26, 14, 123, 28, 22, 44), 5: (26, 14, 80, 93, 44), 3: (167, 45, 45),
}  # fmt: skip
"""Millimetres of the columns, by how many a table has."""
_OF_DECISION = (N_("What was decided"), N_("Owner"), N_("Due on"))


def _first(found: Agenda, rows: Sequence[T], by_weight: Iterable[T]) -> tuple[T, ...]:
    """The rows a section holds: all as they stand, or where they are too many the first of those by weight."""
    return tuple(rows) if found.is_community or len(rows) <= MOST else tuple(by_weight)[:MOST]


def _more(found: Agenda, total: int, where: str) -> str:
    """How many rows are left out and where they stand; empty where none is."""
    if found.is_community or total <= MOST:
        return ""
    return _("These {most} come first. {n} more stand under “{where}” in the app, for {unit}.", most=MOST,
             n=total - MOST, where=_(where), unit=found.unit)  # fmt: skip


def _entries(words: str, found: Agenda, entries: tuple[AgendaEntry, ...], *, decide: bool = False) -> Section:
    shown = _first(found, entries, found.by_weight(entries))
    rows = tuple(
        (
            entry.unit, str(entry.number), entry.title, entry.level.label if entry.level else _("To be rated"),
            entry.status.label, entry.owner or "—", entry.holder,
            f"{day(entry.due_on)}\n{left(entry.due_on, found.day)}",
        )
        for entry in shown
    )  # fmt: skip
    return Section(words, tuple(map(_, _OF_ENTRY)), rows, tuple(entry.risk_id for entry in shown), len(entries),
                   _more(found, len(entries), N_("Register")), decide)  # fmt: skip


def _warnings(found: Agenda) -> Section:
    shown, total = _first(found, found.red, found.red), len(found.red)
    return Section(
        _("To decide: red warnings"), tuple(map(_, _OF_WARNING)), tuple(map(_warning, shown)),
        tuple(row.risk_id for row in shown), total, _more(found, total, N_("Early warnings")), decide=True,
    )  # fmt: skip


def _measures(found: Agenda) -> Section:
    shown, total = _first(found, found.late_measures, found.late_measures), len(found.late_measures)
    return Section(
        _("Overdue measures"), tuple(map(_, _OF_MEASURE)), tuple(_measure(row, found) for row in shown),
        tuple(row.risk_id for row in shown), total, _more(found, total, N_("Measures")),
    )  # fmt: skip


def _measure(row: MeasureRow, found: Agenda) -> tuple[str, ...]:
    due = f"{day(row.due_on)}\n{left(row.due_on, found.day)}"
    return row.unit, str(row.number), row.text, row.owner, f"{row.percent}%", due


def _warning(row: WarningRow) -> tuple[str, ...]:
    return row.unit, str(row.number or "—"), _(row.of.what), row.title or "—", day(row.raised_on)

"""The paper of a meeting: what lies before it as sections of a table, on a page, in print and as Word."""

from dataclasses import dataclass

from core.access import Permission
from core.alerts.warnings import WarningRow
from core.documents import Document, kept
from core.formats import word
from core.ledgers.meetings import Agenda, AgendaEntry, agenda
from core.organisation.units import Unit
from core.rows import MeasureRow
from core.store import Work
from core.text import N_, _, day, left


@dataclass(frozen=True)
class Section:
    """One table of the paper. `about` is the entry of each row, where there is one; `decide` asks for a decision."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    about: tuple[str | None, ...]
    decide: bool = False


def sections(found: Agenda) -> list[Section]:
    """The paper of a meeting in its order: what is to be decided, what is overdue, and everything that is open."""
    return [
        _entries(_("To decide: closings asked for"), found, found.closings, decide=True),
        _entries(_("To decide: raised to us"), found, found.raised, decide=True),
        Section(
            _("To decide: red warnings"), tuple(map(_, _OF_WARNING)), tuple(map(_warning, found.red)),
            tuple(row.risk_id for row in found.red), decide=True,
        ),
        _entries(_("To decide: entries without a level"), found, found.unrated, decide=True),
        _entries(_("Overdue entries"), found, found.late),
        Section(
            _("Overdue measures"), tuple(map(_, _OF_MEASURE)),
            tuple(_measure(row, found) for row in found.late_measures),
            tuple(row.risk_id for row in found.late_measures),
        ),
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
    return _("Papers for the meeting of {unit}", unit=found.unit)


def written(found: Agenda, told: list[Section]) -> bytes:
    """Sections as a Word file: A4 across, heads repeated on every page, an empty section in words."""
    document = word.begun(word.A4_ACROSS)
    word.heading(document, title(found), 0)
    word.line(document, _("As of {day}. No words of residents, nothing sealed.", day=found.day))
    for section in told:
        word.heading(document, _("{title} ({n})", title=section.title, n=len(section.rows)))
        if section.rows:
            word.table(document, section.head, section.rows, widths=_WIDTHS[len(section.head)])
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


def _entries(words: str, found: Agenda, entries: tuple[AgendaEntry, ...], *, decide: bool = False) -> Section:
    rows = tuple(
        (
            entry.unit, str(entry.number), entry.title, entry.level.label if entry.level else _("To be rated"),
            entry.status.label, entry.owner or "—", entry.holder,
            f"{day(entry.due_on)}\n{left(entry.due_on, found.day)}",
        )
        for entry in entries
    )  # fmt: skip
    return Section(words, tuple(map(_, _OF_ENTRY)), rows, tuple(entry.risk_id for entry in entries), decide)


def _measure(row: MeasureRow, found: Agenda) -> tuple[str, ...]:
    due = f"{day(row.due_on)}\n{left(row.due_on, found.day)}"
    return row.unit, str(row.number), row.text, row.owner, f"{row.percent}%", due


def _warning(row: WarningRow) -> tuple[str, ...]:
    return row.unit, str(row.number or "—"), _(row.of.what), row.title or "—", day(row.raised_on)

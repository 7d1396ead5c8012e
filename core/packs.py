"""The paper of a meeting: what lies before it as sections of a table, on a page, in print and as Word."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core.access import Permission
from core.meetings import Pack, PackEntry, pack
from core.rows import MeasureRow
from core.store import Work
from core.text import N_, _, day, left
from core.warnings import WarningRow

BODY, HEADING = "FangSong", "SimHei"
"""The fonts of official papers, by the names under which Word and WPS know them."""


@dataclass(frozen=True)
class Section:
    """One table of the paper. `about` is the entry of each row, where there is one; `decide` asks for a decision."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    about: tuple[str | None, ...]
    decide: bool = False


def sections(found: Pack) -> list[Section]:
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


def paper(work: Work, unit_id: str) -> tuple[Pack, list[Section]]:
    """What lies before a meeting of a unit, with the sections in which it is told."""
    work.actor.require(Permission.MEETING_HOLD)
    found = pack(work, unit_id)
    return found, sections(found)


def document(work: Work, unit_id: str) -> bytes:
    """The paper of a meeting as a Word file."""
    work.actor.require(Permission.MEETING_HOLD)
    return written(*paper(work, unit_id))


def title(found: Pack) -> str:
    return _("Papers for the meeting of {unit}", unit=found.unit)


def written(found: Pack, told: list[Section]) -> bytes:
    """Sections as a Word file: A4 across, fonts named, heads repeated on every page, an empty section in words."""
    document = Document()
    _shape(document)
    document.add_heading(title(found), 0)
    document.add_paragraph(_("As of {day}. No words of residents, nothing sealed.", day=found.day))
    for section in told:
        document.add_heading(_("{title} ({n})", title=section.title, n=len(section.rows)), 1)
        if section.rows:
            _table(document, section)
        else:
            document.add_paragraph(_("None."))
    document.add_heading(_("Decisions of the meeting"), 1)
    _table(document, Section("", tuple(map(_, _OF_DECISION)), (("",) * len(_OF_DECISION),) * BLANK, ()))
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


BLANK = 6
"""Empty lines for decisions, to be filled in by hand."""
_OF_ENTRY = (
    N_("Community"), N_("Number"), N_("Risk point"), N_("Level"), N_("State"), N_("Owner"),
    N_("Holder of the entry"), N_("Limit"),
)  # fmt: skip
_OF_MEASURE = (N_("Community"), N_("Number"), N_("Measure"), N_("Owner"), N_("Progress"), N_("Due"))
_OF_WARNING = (N_("Community"), N_("Number"), N_("What is seen"), N_("About"), N_("Warned on"))
_OF_DECISION = (N_("What was decided"), N_("Owner"), N_("Due on"))


def _entries(words: str, found: Pack, entries: tuple[PackEntry, ...], *, decide: bool = False) -> Section:
    rows = tuple(
        (
            entry.unit, str(entry.number), entry.title, entry.level.label if entry.level else _("To be rated"),
            entry.status.label, entry.owner or "—", entry.holder,
            f"{day(entry.due_on)} {left(entry.due_on, found.day)}",
        )
        for entry in entries
    )  # fmt: skip
    return Section(words, tuple(map(_, _OF_ENTRY)), rows, tuple(entry.risk_id for entry in entries), decide)


def _measure(row: MeasureRow, found: Pack) -> tuple[str, ...]:
    due = f"{day(row.due_on)} {left(row.due_on, found.day)}"
    return row.unit, str(row.number), row.text, row.owner, f"{row.percent}%", due


def _warning(row: WarningRow) -> tuple[str, ...]:
    return row.unit, str(row.number or "—"), _(row.of.what), row.title or "—", day(row.raised_on)


def _shape(document: Any) -> None:
    """A4 across, and both fonts for Latin and Chinese letters alike."""
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    page.left_margin = page.right_margin = Mm(20)
    for name, font, size in (("Normal", BODY, 12), ("Title", HEADING, 20), ("Heading 1", HEADING, 14)):
        style = document.styles[name]
        style.font.name, style.font.size = font, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in [key for key in fonts.attrib if "Theme" in key]:
            del fonts.attrib[attribute]
        fonts.set(qn("w:eastAsia"), font)


def _table(document: Any, section: Section) -> None:
    table = document.add_table(1, len(section.head), style="Table Grid")
    for cell, word in zip(table.rows[0].cells, section.head, strict=True):
        cell.text = word
        cell.paragraphs[0].runs[0].bold = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in section.rows:
        for cell, word in zip(table.add_row().cells, row, strict=True):
            cell.text = word

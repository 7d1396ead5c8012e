"""Books (工作簿): tables as they leave the house, as Excel or CSV. Nothing else writes either, so that no text of ours
is ever a formula of theirs."""

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from core import late
from core.text import N_, _, clean, printable

Value = str | int | date | None
Tell = Callable[[float], object]
"""Is told how far a long work is, from 0 to 1."""

_COUNTS = re.compile(r"[\s']*[=+\-@|%＝＋－＠]")
LONGEST = 32_000
"""Characters of one cell; Excel holds 32,767."""
SPARE = 200
"""Rows below the last one in which choices are still offered."""
EVERY = 200
"""Rows between two words on how far it is."""
HEAD = 3
"""The row of the headings; above it stand the title and a line on what the table is."""
ABOUT = N_("About this table")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula (CWE-1236): one that could begin one gets an apostrophe in front.

    `as_said` takes it away again. Outer blanks, and characters that cannot stand in a file, are left out.
    """
    plain = printable(text)[:LONGEST].rstrip()
    return f"'{plain}" if _COUNTS.match(plain) else plain


def as_said(text: str) -> str:
    """The text that `harmless` made safe, as it was."""
    return text[1:] if text.startswith("'") and _COUNTS.match(text) else text


@dataclass(frozen=True)
class Column:
    """One column: `width` in characters, what may stand in it, and whether it is kept out of sight.

    `choices` are offered in each cell, and nothing else is taken where they are `closed`. A `fixed` one stands grey:
    what is written there changes nothing when the file comes back. `back` says so in words; it is empty where a table
    does not come back.
    """

    head: str
    width: float = 14
    about: str = ""
    choices: tuple[str, ...] = ()
    closed: bool = True
    fixed: bool = False
    hidden: bool = False
    centred: bool = False
    back: str = ""


@dataclass(frozen=True)
class Book:
    """A table for people: its title, a line below it, its columns, and more that they should know."""

    title: str
    line: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    wide: bool = False

    @property
    def paper(self) -> str:
        return "8" if self.wide else "9"  # A3 or A4, by Excel's own numbers


def listed(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A table as CSV: UTF-8 with its mark, as Excel opens it, days with the year first."""
    kept = io.StringIO(newline="")
    put = csv.writer(kept)
    put.writerow([harmless(word) for word in head])
    for row in rows:
        put.writerow([harmless(value) if isinstance(value, str) else _plain(value) for value in row])
    return kept.getvalue().encode("utf-8-sig")


def _plain(value: int | date | None) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def bound(book: Book, rows: Iterable[Sequence[Value]], count: int, tell: Tell | None = None) -> bytes:
    """A table as Excel, written row by row: one sheet with it, and one that says what its columns mean where any is
    explained."""
    made = late.openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet(clean(book.title)[:31])
    last = HEAD + count + SPARE
    _laid_out(sheet, book, last)
    _offer(sheet, book, _(ABOUT), last)
    _write(sheet, book, rows, count, tell)
    if book.notes or any(column.about or column.choices for column in book.columns):
        _explain(made.create_sheet(_(ABOUT)), book)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _laid_out(sheet: Any, book: Book, last: int) -> None:
    """Widths, what stays in sight, and how it is printed."""
    for n, column in enumerate(book.columns, start=1):
        shape = sheet.column_dimensions[late.openpyxl_letters.get_column_letter(n)]
        shape.width, shape.hidden = column.width, column.hidden
    shown = [column for column in book.columns if not column.hidden]
    ends = late.openpyxl_letters.get_column_letter(len(shown))
    sheet.freeze_panes = f"A{HEAD + 1}"
    sheet.auto_filter.ref = f"A{HEAD}:{ends}{max(HEAD + 1, last - SPARE)}"
    sheet.print_title_rows = f"{HEAD}:{HEAD}"
    page = sheet.page_setup
    page.orientation, page.paperSize, page.fitToWidth, page.fitToHeight = "landscape", book.paper, 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top = margins.bottom = 0.6
    margins.header = margins.footer = 0.25
    footer = sheet.oddFooter
    footer.left.text, footer.right.text = (text.replace("&", "&&") for text in (clean(book.title)[:60], book.line[:80]))
    footer.center.text = _("Page {page} of {pages}", page="&P", pages="&N")


def _offer(sheet: Any, book: Book, about: str, last: int) -> None:
    """In each column with choices a list of them, kept on the sheet that explains."""
    listing = [column for column in book.columns if column.choices]
    for n, column in enumerate(book.columns, start=1):
        if not column.choices:
            continue
        at = late.openpyxl_letters.get_column_letter(_LISTS + listing.index(column))
        offered = late.openpyxl_choice.DataValidation(
            type="list", formula1=f"'{about}'!${at}${HEAD + 1}:${at}${HEAD + len(column.choices)}", allow_blank=True,
            showErrorMessage=True, errorStyle="stop" if column.closed else "warning",
            errorTitle=_("Not in the list"), error=_("Please choose one of the values of the list."),
        )  # fmt: skip
        letter = late.openpyxl_letters.get_column_letter(n)
        offered.add(f"{letter}{HEAD + 1}:{letter}{last}")
        sheet.data_validations.append(offered)


_WIDTHS = (20, 60, 60, 30)
"""Of the sheet that explains."""
_LISTS = 6
"""The first column, from 1, in which the sheet that explains keeps the choices."""
_FONT = "SimSun"
"""The font of the cells, by the name under which Excel and WPS know it."""
LINE, TALLEST = 14.0, 400.0
"""Points of a line of text in a cell, and of the tallest row (Excel's limit is 409)."""
_GREY, _BLUE = "F1F3F4", "DCE9EA"


def _box() -> Any:
    """A thin line on each side of a cell."""
    thin = late.openpyxl_styles.Side(style="thin", color="B8C0C4")
    return late.openpyxl_styles.Border(left=thin, right=thin, top=thin, bottom=thin)


def _filled(colour: str) -> Any:
    return late.openpyxl_styles.PatternFill("solid", fgColor=colour)


def _style(sheet: Any, **parts: Any) -> Any:
    """A style as cells share it; to make one anew for each cell would take most of the time."""
    cell = late.openpyxl_cell.WriteOnlyCell(sheet)
    for name, part in parts.items():
        setattr(cell, name, part)
    return cell._style


def _cell(sheet: Any, value: Value, style: Any) -> Any:
    cell = late.openpyxl_cell.WriteOnlyCell(sheet, harmless(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"
    cell._style = style
    return cell


def _heading(sheet: Any, words: Sequence[str], title: str, line: str) -> None:
    """Title, line and heads, as every sheet of ours begins."""
    across = late.openpyxl_styles.Alignment(horizontal="centerContinuous", vertical="center")
    first = _style(sheet, font=late.openpyxl_styles.Font(name=_FONT, bold=True, size=16), alignment=across)
    second = _style(sheet, font=late.openpyxl_styles.Font(name=_FONT, size=10, color="4A5558"), alignment=across)
    heads = _style(
        sheet, font=late.openpyxl_styles.Font(name=_FONT, bold=True, size=10), fill=_filled(_BLUE), border=_box(),
        alignment=late.openpyxl_styles.Alignment(horizontal="center", vertical="center", wrap_text=True),
    )  # fmt: skip
    for text, style in ((title, first), (line, second)):
        sheet.append([_cell(sheet, text if not n else "", style) for n in range(len(words))])
    sheet.append([_cell(sheet, word, heads) for word in words])


def _write(sheet: Any, book: Book, rows: Iterable[Sequence[Value]], count: int, tell: Tell | None) -> None:
    for n, height in ((1, 28), (2, 18), (HEAD, 32)):
        sheet.row_dimensions[n].height = height
    _heading(sheet, [column.head for column in book.columns], book.title, book.line)
    text, days = zip(*[_styles(sheet, column) for column in book.columns], strict=True)
    widths = [math.inf if column.hidden else column.width for column in book.columns]
    for done, row in enumerate(rows):
        if tell and not done % EVERY:
            tell(min(1.0, done / max(count, 1)))
        sheet.row_dimensions[HEAD + 1 + done].height = _height(row, widths)
        sheet.append([
            _cell(sheet, value, (days if isinstance(value, date) else text)[n]) for n, value in enumerate(row)
        ])  # fmt: skip


def _height(row: Sequence[Value], widths: Sequence[float]) -> float:
    """How tall a row must be for its longest text, in points: a Chinese character is as wide as two others."""
    lines = 1
    for value, width in zip(row, widths, strict=True):
        if isinstance(value, str) and value:
            lines = max(lines, sum(_lines(line, width) for line in value.split("\n")))
    return min(TALLEST, LINE * lines + 4)


def _lines(text: str, width: float) -> int:
    wide = sum(1.0 if ord(c) < 0x2000 else 1.9 for c in text) if len(text) * 1.9 > width - 2 else 0.0
    return max(1, math.ceil(wide / (width - 2)))


def _styles(sheet: Any, column: Column) -> tuple[Any, Any]:
    """How the cells of a column look, and those of them that hold a day."""
    parts: dict[str, Any] = {
        "border": _box(), "font": late.openpyxl_styles.Font(name=_FONT, size=10),
        "alignment": late.openpyxl_styles.Alignment(
            horizontal="center" if column.centred else None, vertical="top", wrap_text=True
        ),
    }
    if column.fixed:
        parts["fill"] = _filled(_GREY)
    return _style(sheet, **parts), _style(sheet, **parts, number_format="yyyy-mm-dd")


def _explain(about: Any, book: Book) -> None:
    """What each column means and what may stand in it, then what else one should know, and out of sight the lists."""
    listing = [column for column in book.columns if column.choices]
    for letter, width in zip("ABCD", _WIDTHS, strict=True):
        about.column_dimensions[letter].width = width
    for n in range(len(listing)):
        about.column_dimensions[late.openpyxl_letters.get_column_letter(_LISTS + n)].hidden = True
    about.freeze_panes = f"A{HEAD + 1}"
    about.page_setup.orientation, about.page_setup.paperSize, about.page_setup.fitToHeight = "landscape", "9", 0
    about.sheet_properties.pageSetUpPr.fitToPage = True
    heads = (_("Column"), _("What it means"), _("What may stand in it"), _("When the file comes back"))
    shown = len(heads) if any(column.back for column in book.columns) else len(heads) - 1
    _heading(about, heads[:shown], _("{title}: what the columns mean", title=book.title), book.line)
    top = late.openpyxl_styles.Alignment(vertical="top", wrap_text=True)
    cells = _style(about, border=_box(), font=late.openpyxl_styles.Font(name=_FONT, size=10), alignment=top)
    bare = _style(about)
    for n, (told, offered) in enumerate(zip_longest(_told(book), _rows(listing), fillvalue=()), start=HEAD + 1):
        if told:
            about.row_dimensions[n].height = _height(told, _WIDTHS)
        row = [_cell(about, text, cells) for text in told[:shown]]
        row += [None] * (_LISTS - 1 - len(row))
        about.append([*row, *(_cell(about, text, bare) if text else None for text in offered)])


def _told(book: Book) -> Iterator[tuple[str, str, str, str]]:
    for column in book.columns:
        if not column.hidden:
            yield column.head, column.about, _(", ").join(column.choices[:40]), column.back
    for note in book.notes:
        yield "", note, "", ""


def _rows(listing: Sequence[Column]) -> Iterator[tuple[str, ...]]:
    yield from zip_longest(*[column.choices for column in listing], fillvalue="")

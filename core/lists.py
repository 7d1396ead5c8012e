"""Lists (清单): a table of texts as it leaves the house in an Excel file, in which nothing is ever a formula."""

import io
import re
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from core.text import shown

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_000
"""Characters of one cell; Excel holds 32,767."""
_TOP, _BOLD = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
_COUNTS = re.compile(r"[\s\ufeff']*[=+\-@|%＝＋－＠\t]")
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def harmless(value: object) -> object:
    """A value as it may stand in a cell: a text that a spreadsheet could take for a formula (CWE-1236) gets an
    apostrophe in front, and what cannot stand in a file is left out."""
    if isinstance(value, int):
        return value
    plain = _UNWRITABLE.sub("", str(shown(value)))[:LONGEST]
    return f"'{plain}" if _COUNTS.match(plain) else plain


def written(title: str, head: Sequence[tuple[str, float]], rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as an Excel file; `head` gives each column's word and width in characters. The head stays in sight and is
    repeated on every printed page."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    for n, (_word, width) in enumerate(head, start=1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    for n, row in enumerate(([word for word, _width in head], *rows)):
        cells = [WriteOnlyCell(sheet, harmless(value)) for value in row]
        for cell in cells:
            cell.alignment = _TOP
            if n == 0:
                cell.font = _BOLD
        sheet.append(cells)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()

"""Sheets (表格): a CSV or Excel file as it was handed in, told by its content and read into rows of plain text."""

import codecs
import csv
import io
import lzma
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from core import late
from core.errors import Invalid
from core.evidence import LARGEST, Upload
from core.text import N_, _

ROWS = 10_000
"""Rows of one file below its head; blank ones are not counted."""
ABOVE = 10
"""Rows that titles and heads may take up above them; `core.formats.columns.head` finds where they end and counts."""
LAST = 1_048_576
"""The last row there can be in Excel; a file may claim to have any."""
COLUMNS = 60
LONGEST_CELL = 50_000
"""Characters of one cell; more than an Excel cell can hold (32,767)."""
UNPACKED = 60 * 1024 * 1024
"""Bytes of all parts of an Excel file together once unpacked."""
PARTS = 500
BROKEN = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError, OverflowError, zlib.error,
    lzma.LZMAError,
)  # fmt: skip
"""All that reading a damaged zip file can raise."""
ACCEPTED = N_("Excel (.xlsx) or CSV, up to 10 MB and {n} rows below the headings")

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DELIMITERS = ",\t;"


@dataclass(frozen=True)
class Line:
    """One row that is not empty: its number in the file, counted from 1, and its cells."""

    n: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Merged:
    """Cells that were made one: rows as in the file, columns from 0, each first and last."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """What stands in a file: its rows, and of an Excel file the sheet that was read, how many others were not, and
    which cells are one; of these the first alone holds what is written."""

    lines: tuple[Line, ...]
    name: str = ""
    others: int = 0
    merged: tuple[Merged, ...] = ()


def read(upload: Upload) -> Sheet:
    """Read a file; `Invalid` with a sentence on what would be right. Nothing in it is calculated or followed."""
    content = upload.content
    if not content:
        raise Invalid(file=_("This file is empty. Please choose it again."))
    if len(content) > LARGEST:
        raise Invalid(file=_("This file is larger than 10 MB."))
    if content.startswith(_OLD_EXCEL):
        raise Invalid(file=_("This is an Excel file of the old kind, or one with a password. Please save it as .xlsx."))
    sheet = _excel(content) if content.startswith(b"PK") else Sheet(_limited(_csv(content)))
    if not sheet.lines:
        raise Invalid(file=_("There is nothing in this file."))
    return sheet


def _limited(rows: Iterable[tuple[int, list[str]]]) -> tuple[Line, ...]:
    """The rows that are not empty; `Invalid` where there are more, or longer ones, than can be taken."""
    lines: list[Line] = []
    for n, row in rows:
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > COLUMNS:
            raise Invalid(file=_("Row {n} has more than {most} columns.", n=n, most=COLUMNS))
        if max(map(len, cells)) > LONGEST_CELL:
            raise Invalid(file=_("A cell in row {n} has more than {most} characters.", n=n, most=LONGEST_CELL))
        lines.append(Line(n, tuple(cells)))
        if len(lines) > ROWS + ABOVE:
            raise too_many()
    return tuple(lines)


def too_many() -> Invalid:
    """That a file has more rows than can be taken."""
    return Invalid(file=_("This file has more than {n} rows below its headings. Please split it.", n=ROWS))


def _csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the row in the table, as a spreadsheet would count it."""
    text = _decoded(content)
    head = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    n = 0
    try:
        for n, row in enumerate(rows, start=1):
            yield n, row
    except csv.Error as fault:
        raise Invalid(file=_("The quotation marks in row {n} do not match. Please mend that row.", n=n + 1)) from fault


def _decoded(content: bytes) -> str:
    """The text of a file in UTF-8 with or without its mark, or GB18030; `Invalid` for whatever is no such text."""
    plain = content.removeprefix(codecs.BOM_UTF8)
    if b"\0" in plain or plain.lstrip()[:1] == b"<" or plain.startswith(b"%PDF-"):
        raise Invalid(file=_not_taken())
    for encoding in ("utf-8", "gb18030"):
        try:
            return plain.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(file=_not_taken())


def _not_taken() -> str:
    return _("This kind of file cannot be taken. {accepted}.", accepted=_(ACCEPTED, n=ROWS))


def _excel(content: bytes) -> Sheet:
    _check_parts(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = late.openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            if not seen:
                raise Invalid(file=_("There is nothing in this file."))
            rows = seen[0].iter_rows(max_row=LAST, max_col=COLUMNS + 1, values_only=True)
            filled = ((n, row) for n, row in enumerate(rows, start=1) if row.count(None) < len(row))
            lines = _limited((n, [_text(value) for value in row]) for n, row in filled)
            return Sheet(lines, str(seen[0].title), len(seen) - 1, _merged(content, seen[0]._worksheet_path))
    except Invalid:
        raise
    except Exception as fault:  # a damaged file can make the library stumble anywhere
        raise Invalid(file=_("This Excel file is damaged. Please save it anew and choose it again.")) from fault


_ONE = re.compile(rb'<(?:\w+:)?mergeCell\b[^<>]*?\bref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
MERGED = 20_000
"""Merged cells of one sheet that are looked at."""


def _merged(content: bytes, path: str) -> tuple[Merged, ...]:
    """Which cells of a sheet are one; the library does not tell when it reads row by row."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        hits = islice(_ONE.finditer(packed.read(path)), MERGED)
        return tuple(
            Merged(int(top), late.openpyxl_letters.column_index_from_string(left.decode()) - 1, int(bottom),
                   late.openpyxl_letters.column_index_from_string(right.decode()) - 1)
            for left, top, right, bottom in (hit.groups() for hit in hits)
        )  # fmt: skip


def _check_parts(content: bytes) -> None:
    """Refuse what only looks like a workbook, holds macros, or would unpack into more than can be held."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            names = [part.filename for part in parts]
            if "xl/workbook.xml" not in names:
                raise Invalid(file=_not_taken())
            if any("vbaProject" in name for name in names):
                raise Invalid(file=_("This file holds macros. Please save it as .xlsx."))
            if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
                raise Invalid(file=_("This file unpacks into more than can be taken. Please save its rows as CSV."))
            for part in parts:
                said = _unpacked(packed, part)
                if part.filename.endswith((".xml", ".rels")) and _is_odd(said):
                    raise Invalid(file=_not_taken())
    except BROKEN as fault:
        raise Invalid(file=_not_taken()) from fault


def _unpacked(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """A part, never more of it than it claims to hold; `BadZipFile` where that was no true claim."""
    with packed.open(part) as stream:
        return stream.read(max(1, part.file_size))


def _is_odd(part: bytes) -> bool:
    """Whether a part declares entities, which could grow without end, or is written so that one could not see it."""
    return b"\0" in part or _DECLARES.search(part) is not None


def _text(value: object) -> str:
    """A cell as text: a formula as it is written, a date with its year first, a number without a needless `.0`."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, late.openpyxl_formula.ArrayFormula | late.openpyxl_formula.DataTableFormula):
        return str(getattr(value, "text", "") or "=")
    return str(value)

"""What leaves the house as Excel or CSV: readable again by others, and never a formula of theirs."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.formats.books import HEAD, Book, Column, as_said, bound, harmless, listed
from core.text import clean

pytestmark = pytest.mark.documents

NASTY = ("=1+1", "+8613800000000", "-2+3", "@SUM(A1)", "\t=1", "\n=1", " =1", "'=1", "＝1+1",
         '=HYPERLINK("http://x")', "|cmd", "%0A=1", "-", "#N/A", "'", "''", "'甲", "0012", "1e5",
         "_x0041_", "𠮷\ufffe\x07", "a\x00=b")  # fmt: skip
ODD = st.text(st.sampled_from("=+-@|%'＝＋－＠ \t\r\n\ufeff12甲,;\"\\")) | st.text() | st.sampled_from(NASTY)


@given(ODD)
def test_no_text_begins_like_a_formula_and_none_is_lost(text: str) -> None:
    safe = harmless(text)
    assert safe[:1] not in tuple("=+-@|%＝＋－＠ \t\r\n")
    assert as_said(safe) == clean(text.replace("\ufffe", "").replace("\uffff", ""))
    assert clean(safe) == safe


def reread(content: bytes) -> list[list[object]]:
    return [list(row) for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)]


@settings(max_examples=15)
@given(st.lists(st.tuples(ODD, st.integers(-9, 9), st.dates(date(1950, 1, 1)) | st.none()), max_size=6))
def test_every_row_is_read_again_by_others_with_days_as_days(rows: list[tuple[str, int, date | None]]) -> None:
    book = Book("表", "今天", (Column("甲"), Column("乙"), Column("丙")))
    made = load_workbook(io.BytesIO(bound(book, rows, len(rows))))
    cells = list(made.worksheets[0].iter_rows(min_row=HEAD + 1))
    assert len(cells) == len(rows)
    for (_text, number, day), (first, second, third) in zip(rows, cells, strict=True):
        assert first.data_type in ("s", "n", "inlineStr")
        assert not str(first.value or "").startswith("=")
        assert (second.value, third.value.date() if third.value else None) == (number, day)
        assert third.number_format == "yyyy-mm-dd" or day is None
    table = list(csv.reader(io.StringIO(listed(("甲", "=乙", "丙"), rows).decode("utf-8-sig"), newline="")))
    assert table[0][1] == "'=乙"
    assert len(made.worksheets) == 1  # nothing is explained
    assert [(as_said(row[0]), row[1], row[2]) for row in table[1:]] == [
        (as_said(harmless(text)), str(n), day.isoformat() if day else "") for text, n, day in rows
    ]


def test_a_book_is_laid_out_to_be_read_printed_and_filled_in() -> None:
    columns = (
        Column("名称", 20, "叫什么"), Column("等级", 8, "多重", ("高", "中", "低")),
        Column("来源", 8, "谁说的", ("甲", "乙"), fixed=True), Column("标识", hidden=True),
    )  # fmt: skip
    book = Book("一览表 & 附", "榕树社区", columns, ("另起一行",), wide=True)
    content = bound(book, [["甲", "高", "乙", "x"]] * 3, 3)
    made = load_workbook(io.BytesIO(content))
    sheet, about = made.worksheets
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A4", "A3:C6", "$3:$3")
    page = sheet.page_setup
    assert (page.orientation, int(page.paperSize), page.fitToWidth, page.fitToHeight) == ("landscape", 8, 1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert "&P" in sheet.oddFooter.center.text
    assert "&&" in sheet.oddFooter.left.text
    assert [sheet.column_dimensions[letter].hidden for letter in "ABCD"] == [False, False, False, True]
    offered, _fixed = sheet.data_validations.dataValidation
    assert str(offered.sqref).startswith("B4:B")
    at = offered.formula1.split("!")[1].replace("$", "")
    assert [row[0].value for row in about[at]] == ["高", "中", "低"]
    told = {row[0].value: row for row in about.iter_rows(min_row=4)}
    assert told["等级"][1].value == "多重"
    assert told["等级"][2].value == "高、中、低"
    assert "标识" not in told
    assert sheet["A4"].alignment.wrap_text


def test_how_far_it_is_is_told_as_it_goes_on() -> None:
    told: list[float] = []
    bound(Book("表", "", (Column("甲"),)), [["x"]] * 1000, 1000, told.append)
    assert told == sorted(told)
    assert len(told) == 5

"""Sheets handed in: told by their content, limited in every direction, never calculated."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from core.errors import Invalid
from core.evidence import Upload
from core.formats import columns, sheets
from core.formats.sheets import read
from core.tables import people_tables, schedule_said, unit_tables


def book(*rows: list[object], name: str = "表1", hidden: bool = False) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    if hidden:
        sheet.sheet_state = "hidden"
        sheet.append(["别读我"])
        sheet = made.create_sheet()
    sheet.title = name
    for row in rows:
        sheet.append(row)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def rows(content: bytes, name: str = "x") -> list[tuple[int, tuple[str, ...]]]:
    return [(line.n, line.cells) for line in read(Upload(name, content)).lines]


def refusal(content: bytes, name: str = "表.csv") -> str:
    with pytest.raises(Invalid) as refused:
        read(Upload(name, content))
    return refused.value.fields["file"]


TABLE = '编号,内容\r\n1,低保名单没贴\r\n\r\n2,"他说""公章""\n谁都能盖"\r\n'
READ = [(1, ("编号", "内容")), (2, ("1", "低保名单没贴")), (4, ("2", '他说"公章"\n谁都能盖'))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_text_is_read_in_each_way_offices_save_it(encoding: str, delimiter: str) -> None:
    assert rows(TABLE.replace(",", delimiter).encode(encoding), "名单.xlsx") == READ


def test_a_character_outside_gbk_survives_gb18030() -> None:
    assert rows("内容\n𠮷祥里的门面没公示".encode("gb18030"))[1][1] == ("𠮷祥里的门面没公示",)


def test_a_workbook_is_read_as_text_and_nothing_is_calculated() -> None:
    content = book(
        ["编号", "日期", "内容", "是否"],
        [1.0, datetime(2026, 3, 5), "=SUM(A1:A9)", True],
        [None, None, None, None],
        [2.5, date(2026, 3, 6), '  =HYPERLINK("http://x","点我") ', None],
        [3, datetime(2026, 3, 5, 9, 30), None, None],
    )
    assert rows(content, "假的.csv") == [
        (1, ("编号", "日期", "内容", "是否")), (2, ("1", "2026-03-05", "=SUM(A1:A9)", "True")),
        (4, ("2.5", "2026-03-06", '=HYPERLINK("http://x","点我")')), (5, ("3", "2026-03-05 09:30")),
    ]  # fmt: skip


def test_the_first_sheet_that_is_seen_is_read_and_the_others_are_counted() -> None:
    sheet = read(Upload("x", book(["内容"], ["低保名单没贴"], name="汇总", hidden=True)))
    assert (sheet.name, sheet.others, sheet.lines[1].cells) == ("汇总", 0, ("低保名单没贴",))


def test_what_is_no_sheet_is_refused_by_its_content_whatever_it_is_called() -> None:
    word = io.BytesIO()
    with zipfile.ZipFile(word, "w") as parts:
        parts.writestr("word/document.xml", "<w/>")
    for content in (
        b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n\0\0", b"<html><table><tr><td>1", word.getvalue(), b"PK\x03\x04broken",
        b"\xff\xfe1\x00,\x00", b"\x81", "<?xml version='1.0'?>".encode("utf-8-sig"),
    ):  # fmt: skip
        assert "不能接收" in refusal(content), content[:12]
    assert "旧式" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert refusal(b"")
    assert refusal(b"\r\n,,\r\n")


def packed(**parts: str | bytes) -> bytes:
    """A good workbook with some of its parts replaced or added; `_` in a name stands for `/`."""
    made = io.BytesIO()
    names = {name.replace("__", "/"): content for name, content in parts.items()}
    good = zipfile.ZipFile(io.BytesIO(book(["内容"], ["低保名单没贴"])))
    with good, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as other:
        for part in good.infolist():
            if part.filename not in names:
                other.writestr(part, good.read(part))
        for name, content in names.items():
            other.writestr(name, content)
    return made.getvalue()


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert "解开后" in refusal(packed(**{"xl__media__x.bin": b"\0" * (sheets.UNPACKED + 1)}))
    assert "解开后" in refusal(packed(**{f"xl__media__{n}.bin": b"" for n in range(sheets.PARTS)}))
    laughs = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><sst>&b;</sst>"
    assert refusal(packed(**{"xl__sharedStrings.xml": laughs}))
    assert "宏" in refusal(packed(**{"xl__vbaProject.bin": b"x"}))
    assert "损坏" in refusal(packed(**{"xl__worksheets__sheet1.xml": "<worksheet><sheetData><row"}))
    assert "没有内容" in refusal(packed(**{"xl__workbook.xml": "<nothing/>"}))


@pytest.mark.parametrize("claimed", [0, 1000])
def test_a_part_that_claims_to_be_small_is_not_unpacked_further(claimed: int) -> None:
    size = 80_000_000
    for name in ("xl/media/x.bin", "xl/x.xml"):
        bomb = packed(**{name.replace("/", "__"): b"0" * size})
        told = bomb.replace(size.to_bytes(4, "little"), claimed.to_bytes(4, "little"))
        tracemalloc.start()
        assert "不能接收" in refusal(told)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
        tracemalloc.stop()


def test_entities_that_grow_are_stopped_even_where_they_are_not_seen_beforehand() -> None:
    grow = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 50}'>" for n in range(1, 7))
    laughs = f"<?xml version='1.0' encoding='utf-16'?><!DOCTYPE x [<!ENTITY a0 'ha'>{grow}]><sst>&a6;</sst>"
    assert refusal(packed(**{"xl__sharedStrings.xml": laughs.encode("utf-16")}))


def test_a_sheet_that_claims_a_million_rows_costs_nothing() -> None:
    huge = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>内容</t></is></c></row>'
        '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>低保名单没贴</t></is></c></row></sheetData></worksheet>'
    )
    content = packed(**{"xl__worksheets__sheet1.xml": huge})
    assert rows(content) == [(1, ("内容",)), (1048576, ("低保名单没贴",))]


def rewritten(content: bytes, before: bytes, after: bytes) -> bytes:
    """A workbook whose sheet was written by hand."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            said = old.read(name)
            new.writestr(name, said.replace(before, after) if name == "xl/worksheets/sheet1.xml" else said)
    return kept.getvalue()


def test_a_row_that_claims_a_number_excel_does_not_know_costs_nothing() -> None:
    far = b'<row r="3000000000"><c t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    assert rows(rewritten(book(["编号", "内容"], ["1", "甲"]), b"</sheetData>", far)) == [
        (1, ("编号", "内容")), (2, ("1", "甲")),
    ]  # fmt: skip


def test_merged_cells_that_never_end_are_passed_over() -> None:
    """Each of them would else be looked through to the end of the file: hours for what unpacks to 60 MB."""
    never = b"<!-- " + b"<mergeCell " * 400_000 + b"--><sheetData>"
    content = rewritten(book(["编号", "内容"], ["1", "甲"]), b"<sheetData>", never)
    assert read(Upload("x", content)).merged == ()


def test_cells_full_of_brackets_or_blanks_are_read_as_fast_as_others() -> None:
    """Each of these took a minute and more by patterns that look again from every sign on."""
    longest = sheets.LONGEST_CELL - 2
    for text in ("(" * longest, "a" + " " * longest + "b"):
        assert columns.recognised([text] * sheets.COLUMNS) == {}
        assert people_tables.several(text) == (text,)
        assert unit_tables.parts(text) == (text.replace(" ", ""),)
        assert schedule_said.bare(text) == text


def test_too_many_rows_columns_or_characters_are_told_with_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS", 3)
    monkeypatch.setattr(sheets, "ABOVE", 1)
    assert len(rows(b"a\nb\nc\nd\n")) == 4
    assert "3" in refusal(b"a\nb\nc\nd\ne\n")
    assert "第 2 行" in refusal(("a\n" + ",".join("b" * (sheets.COLUMNS + 1))).encode())
    assert "第 2 行" in refusal(book(["a"], ["b"] * (sheets.COLUMNS + 1)))
    assert "第 2 行" in refusal(("a\n" + "长" * (sheets.LONGEST_CELL + 1)).encode())
    assert "第 3 行" in refusal(b'a\nb\n"c\nd\n')
    monkeypatch.setattr(sheets, "LARGEST", 10)
    assert "10 MB" in refusal(b"a\nb\nc\nd\ne\n" * 2)


@given(st.binary(max_size=300))
def test_any_bytes_are_either_read_or_refused_in_one_sentence(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xef\xbb\xbf"):
        try:
            found = len(read(Upload("x", start + content)).lines)
        except Invalid as refused:
            found = len(refused.fields["file"])
        assert found

"""Documents read again as their receivers do: the text of a Word file and of a PDF, and the QR codes drawn in one."""

from collections.abc import Iterator
from io import BytesIO

import pypdfium2
import segno
from docx import Document
from PIL import Image

NASTY = (
    "=SUM(A1)+cmd|' /C calc'!A0", "@import", "-1+2", "#[]{}$*_@<>\\ // /* ` ~ ^ & % |",
    "#import \"x.typ\"; #eval(1)",
    "$ sum_(k=1)^n k $", "<w:t>&amp;</w:t>]]>", "a\u202eb\u200fc",
    "\x00\x07\x1b[31m红\x85\ufffe\uffff\ud800", "低保👨‍👩‍👧😀",
    "长" * 10_000, "x" * 3000, "第一行\n第二行\r\n第三行\t列", "  ", "\u3000全角　＝１", "مرحبا", "é\u0301",
)  # fmt: skip


def word_text(content: bytes) -> str:
    """Every paragraph and cell of a Word file, headers and footers left out."""
    file = Document(BytesIO(content))
    rows = [row for table in file.tables for row in table._tbl.tr_lst]
    cells = [paragraph.text for row in rows for cell in row.tc_lst for paragraph in cell.p_lst]
    return "\n".join([paragraph.text for paragraph in file.paragraphs] + cells)


def pdf_text(content: bytes) -> list[str]:
    """The text of each page, without the breaks of its lines."""
    file = pypdfium2.PdfDocument(content)
    return ["".join(page.get_textpage().get_text_range().split()).replace("\u200b", "") for page in file]


def fonts_of(content: bytes) -> Iterator[bool]:
    """Whether the font of each piece of text lies in the file itself."""
    raw = pypdfium2.raw
    for page in pypdfium2.PdfDocument(content):
        for piece in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=9):
            yield bool(raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(piece)))


def has_code(content: bytes, page: int, address: str, box: tuple[float, float, float, float]) -> bool:
    """Whether the dark squares in a box of a page (millimetres from its left upper corner) are those of the QR code of
    an address, each looked at in its middle."""
    drawn = pypdfium2.PdfDocument(content)[page].render(scale=4).to_pil().convert("L")
    dot = 4 * 72 / 25.4
    part = drawn.crop(tuple(round(edge * dot) for edge in box)).point(lambda grey: 255 * (grey < 128))
    found = part.getbbox()
    if found is None:
        return False
    rows = [list(row) for row in segno.make(address, error="m").matrix]
    n = len(rows)
    seen = part.crop(found).resize((n * 8, n * 8), Image.Resampling.NEAREST)
    return all(bool(seen.getpixel((x * 8 + 4, y * 8 + 4))) == bool(rows[y][x]) for y in range(n) for x in range(n))

"""Word files: the shape every paper written as Word has in common: its page, fonts, tables and page numbers."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from core.late import docx, docx_section, docx_text
from core.late import docx_names as names
from core.late import docx_oxml as oxml
from core.late import docx_shared as units
from core.late import lxml as xml
from core.text import printable

BODY, HEADING = "FangSong", "SimHei"
"""The fonts of official papers, by the names under which Word and WPS know them."""
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
A4, A4_ACROSS, A3_ACROSS = (210, 297), (297, 210), (420, 297)
"""Width and height of a page in millimetres."""
NOTE = 10
"""Points of a note."""
TOGETHER = 8
"""Rows up to which a table stands on one page as a whole."""


def begun(page: tuple[int, int], *, body: float = 12, margin: float = 20) -> Any:
    """An empty file: `body` in points, `margin` in millimetres; the number of each page stands at its foot."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = units.Mm(page[0]), units.Mm(page[1])
    section.orientation = docx_section.WD_ORIENT.LANDSCAPE if page[0] > page[1] else docx_section.WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = units.Mm(margin)
    for tongue in document.styles.element.iter(names.qn("w:lang")):
        # without it a missing font is replaced by one of another country's signs
        tongue.set(names.qn("w:eastAsia"), "zh-CN")
    for name, font, size in (("Normal", BODY, body), ("Title", HEADING, 20), ("Heading 1", HEADING, 14)):
        _font(document.styles[name], font, size)
    document.styles["Title"].paragraph_format.alignment = docx_text.WD_ALIGN_PARAGRAPH.CENTER
    _numbered(section.footer.paragraphs[0])
    return document


def heading(document: Any, words: str, level: int = 1) -> None:
    """A heading; level 0 is the title of the paper."""
    document.add_heading(printable(words), level)


def line(
    document: Any, words: str, *, right: bool = False, middle: bool = False, indent: float = 0, keep: bool = False
) -> Any:
    """A paragraph; `indent` of its first line in letters of the body, `keep` on one page with what follows."""
    paragraph = document.add_paragraph(printable(words))
    if right or middle:
        paragraph.alignment = docx_text.WD_ALIGN_PARAGRAPH.RIGHT if right else docx_text.WD_ALIGN_PARAGRAPH.CENTER
    if indent:
        paragraph.paragraph_format.first_line_indent = units.Pt(indent * document.styles["Normal"].font.size.pt)
    paragraph.paragraph_format.keep_with_next = keep or None
    return paragraph


def small(paragraph: Any) -> None:
    """A paragraph as a note."""
    for run in paragraph.runs:
        run.font.size = units.Pt(NOTE)


def table(
    document: Any, head: Sequence[str], rows: Sequence[Sequence[str]], *, widths: Sequence[float] = (),
    size: float | None = None,
) -> None:
    """A table whose head stands again on every page and whose rows are not torn; `widths` in millimetres.

    The rows are written as the XML they become: through the library each cell costs half a millisecond.
    """
    drawn = document.add_table(0, len(head), style="Table Grid")
    drawn.autofit = not widths
    for column, width in zip(drawn.columns, widths, strict=False):
        column.width = units.Mm(width)
    _padded(drawn._tbl.tblPr)
    twips = [round(units.Mm(width).twips) for width in widths]
    short = len(rows) <= TOGETHER
    drawn._tbl.append(_row(head, twips, size, head=True, keep=short and bool(rows)))
    drawn._tbl.extend([_row(row, twips, size, keep=short and row is not rows[-1]) for row in rows])


def picture(document: Any, png: bytes, width: float) -> None:
    """A picture, `width` in millimetres, in the middle of its line."""
    document.add_picture(BytesIO(png), width=units.Mm(width))
    document.paragraphs[-1].alignment = docx_text.WD_ALIGN_PARAGRAPH.CENTER


def saved(document: Any) -> bytes:
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def _row(
    words: Sequence[str], widths: Sequence[int], size: float | None, *, head: bool = False, keep: bool = False
) -> Any:
    """A row; `keep` holds it on one page with the next."""
    row = oxml.OxmlElement("w:tr")
    shape = xml.SubElement(row, names.qn("w:trPr"))
    xml.SubElement(shape, names.qn("w:cantSplit"))
    if head:
        xml.SubElement(shape, names.qn("w:tblHeader"))
    for at, word in enumerate(words):
        cell = xml.SubElement(row, names.qn("w:tc"))
        width = xml.SubElement(xml.SubElement(cell, names.qn("w:tcPr")), names.qn("w:tcW"))
        width.set(names.qn("w:type"), "dxa" if widths else "auto")
        width.set(names.qn("w:w"), str(widths[at]) if widths else "0")
        paragraph = xml.SubElement(cell, names.qn("w:p"))
        if keep:
            xml.SubElement(xml.SubElement(paragraph, names.qn("w:pPr")), names.qn("w:keepNext"))
        _run(paragraph, printable(word), size, bold=head)
    return row


def _padded(shape: Any) -> None:
    """Room between the words of a cell and its lines, in twentieths of a point."""
    room = xml.SubElement(shape, names.qn("w:tblCellMar"))
    for side, twips in (("top", 50), ("left", 90), ("bottom", 50), ("right", 90)):
        edge = xml.SubElement(room, names.qn(f"w:{side}"))
        edge.set(names.qn("w:w"), str(twips))
        edge.set(names.qn("w:type"), "dxa")


def _run(paragraph: Any, text: str, size: float | None, *, bold: bool) -> None:
    """Text with its line breaks; `size` in points."""
    run = xml.SubElement(paragraph, names.qn("w:r"))
    shape = xml.SubElement(run, names.qn("w:rPr"))
    if bold:
        xml.SubElement(shape, names.qn("w:b"))
    for name in ("w:sz", "w:szCs") if size else ():
        xml.SubElement(shape, names.qn(name)).set(names.qn("w:val"), str(round(2 * (size or 0))))
    for n, part in enumerate(text.split("\n")):
        if n:
            xml.SubElement(run, names.qn("w:br"))
        told = xml.SubElement(run, names.qn("w:t"))
        told.text = part
        told.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _font(style: Any, font: str, size: float) -> None:
    """One font for Latin and Chinese letters alike, in black and without a line below."""
    style.font.name, style.font.size, style.font.color.rgb = font, units.Pt(size), units.RGBColor(0, 0, 0)
    for border in style.element.findall(f".//{names.qn('w:pBdr')}"):
        border.getparent().remove(border)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in [key for key in fonts.attrib if "Theme" in key]:
        del fonts.attrib[attribute]
    fonts.set(names.qn("w:eastAsia"), font)


def _numbered(paragraph: Any) -> None:
    """The number of the page and of all pages, as fields that Word counts itself."""
    paragraph.alignment = docx_text.WD_ALIGN_PARAGRAPH.CENTER
    for words in ("PAGE", " / ", "NUMPAGES"):
        if words == " / ":
            paragraph.add_run(words)
            continue
        field = oxml.OxmlElement("w:fldSimple")
        field.set(names.qn("w:instr"), words)
        paragraph._p.append(field)
        run = oxml.OxmlElement("w:r")
        run.append(oxml.OxmlElement("w:t"))
        run[0].text = "1"
        field.append(run)

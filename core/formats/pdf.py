"""PDF: papers set by Typst from templates of layout alone; what they say goes in as data, never as markup."""

import json
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from typing import Any

import segno
import typst

from core import DATA
from core.formats import fonts
from core.text import printable

KIND = "application/pdf"
TEMPLATES = DATA / "print"


def written(template: str, told: Mapping[str, Any]) -> bytes:
    """A paper as PDF, its fonts embedded; `told` is what the template asks for. Refused where there is no Chinese font.

    Takes some 20 ms a page and leaves the interpreter to others meanwhile.
    """
    data = json.dumps(_plain({**told, "font": fonts.chinese().family}), ensure_ascii=False)
    source = "\n".join((TEMPLATES / f"{name}.typ").read_text(encoding="utf-8") for name in ("base", template))
    return typst.compile(source.encode(), font_paths=_fonts(), sys_inputs={"data": data}, format="pdf")


def code(address: str) -> str:
    """An address as a QR code, drawn as SVG."""
    kept = BytesIO()
    segno.make(address, error="m").save(kept, kind="svg", omitsize=True, xmldecl=False, border=2, light="#fff")
    return kept.getvalue().decode()


@cache
def _fonts() -> typst.Fonts:
    """The fonts of this machine, read once."""
    return typst.Fonts(include_embedded_fonts=False, font_paths=[str(fonts.chinese().file.parent)])


def _plain(told: Any) -> Any:
    """The same data with every text cleaned of marks that no paper can show or that would turn its line."""
    if isinstance(told, str):
        return printable(told)
    if isinstance(told, Mapping):
        return {key: _plain(value) for key, value in told.items()}
    return [_plain(value) for value in told] if isinstance(told, list | tuple) else told

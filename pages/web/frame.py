"""Streamlit's page as we serve it: in the reader's language, with its built-in English turned into Chinese."""

import re
from functools import cache
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from core.text import _, language
from pages.web.pages import FOLDER

SHIPPED = Path(streamlit.__file__).parent / "static" / "index.html"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FILES = frozenset({"plain.css", "search.js", "turn.js", "drop.svg", "resident.css", "resident.js", "paper.css"})


class Unfamiliar(AssertionError):
    """Streamlit's page is no longer built as this module knows it: look at it anew before upgrading."""


def frame() -> HTMLResponse:
    """The page in which Streamlit draws the app."""
    return HTMLResponse(_page(language.get()), headers={"Cache-Control": "no-cache"})


@cache
def _page(reader: str) -> str:
    chinese = reader == "zh_CN"
    page = SHIPPED.read_text(encoding="utf-8")
    name, notice = _("Qingyuan"), _("Please allow JavaScript and open this page again.")
    script = "".join(f'<script defer src="/web/{name}.js"></script>' for name in ("search", "turn"))
    script += '<script defer src="/web/zh.js"></script>' if chinese else ""
    for form, ours in (
        (r"<!--.*?-->", ""),
        (r'<html lang="en">', f'<html lang="{"zh-CN" if chinese else "en"}">'),
        (r'<link rel="shortcut icon"[^>]*>', '<link rel="icon" href="/web/drop.svg" type="image/svg+xml">'),
        (r'<link\s+rel="preload"[^>]*as="font"[^>]*>', ""),
        (r'<link rel="service-desc"[^>]*>', ""),
        (r"<title>Streamlit</title>", f"<title>{name}</title>{script}"),
        (r"<script>\s*window\.prerenderReady = false\s*</script>", ""),
        (r"<noscript>.*?</noscript>", f"<noscript><p>{notice}</p></noscript>"),
    ):
        page, times = re.subn(form, ours.replace("\\", r"\\"), page, flags=re.DOTALL)
        if not times:
            raise Unfamiliar(form)
    return re.sub(r'(href|src)="\./', r'\1="/', page).strip()


async def chinese_words(_request: Request) -> Response:
    """The script that turns Streamlit's own English into Chinese, with its dictionary inside."""
    return Response(_script(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@cache
def _script() -> str:
    words = (FOLDER / "static" / "zh.json").read_text(encoding="utf-8")
    return (FOLDER / "static" / "zh.js").read_text(encoding="utf-8").replace("__WORDS__", words)


async def static(request: Request) -> Response:
    """A file that plain pages need."""
    name = request.path_params["name"]
    if name not in FILES:
        return Response(status_code=404)
    path = FOLDER / "static" / name
    return FileResponse(path, media_type=KINDS[path.suffix], headers={"Cache-Control": "public, max-age=3600"})

"""The notice of a place: a sheet to print and hang up, its QR codes leading to the form and to the public board, with
the form on paper on its back. Asked for one power item, its code leads to the form with that item chosen."""

import segno
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.access import RESIDENT
from core.errors import Missing
from core.voices.doorstep import doorstep
from core.words import RECORDED
from pages.ui import gate
from pages.web.doors import places
from pages.web.pages import render
from pages.web.plainly import Sent, page


def routes() -> list[Route]:
    return [Route("/n/{code}", page(notice), methods=["GET"])]


def notice(request: Request, sent: Sent) -> Response:
    """The sheet of one place; the addresses are those under which this page was opened."""
    code, asked = str(request.path_params["code"])[:16].lower(), request.query_params.get("item", "")
    try:
        step = gate.inquire(RESIDENT, doorstep, code)
    except Missing:
        return places(request, sent, 404)
    item = step.item_words().get(asked, "")
    speak, board = (f"{request.base_url}{letter}/{step.code}" for letter in "rb")
    return render(
        request, "resident/notice.html", step=step, item=item, gone=bool(asked and not item),
        speak=speak, board=board, channels=RECORDED,
        speak_picture=_picture(f"{speak}?item={asked}" if item else speak), board_picture=_picture(board),
    )  # fmt: skip


def _picture(address: str) -> str:
    return segno.make(address, error="m").svg_data_uri(scale=8, border=2, light="#fff")

"""The notice of a place: a sheet to print and hang up, its QR codes leading to the form and to the public board."""

import segno
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.access import RESIDENT
from core.doorstep import doorstep
from core.errors import Missing
from core.text import _
from pages.ui import gate
from pages.web.pages import render
from pages.web.plainly import Sent, page


def routes() -> list[Route]:
    return [Route("/n/{code}", page(notice), methods=["GET"])]


def notice(request: Request, _sent: Sent) -> Response:
    """The sheet of one place; the addresses are those under which this page was opened."""
    code = str(request.path_params["code"])[:16].lower()
    try:
        step = gate.inquire(RESIDENT, doorstep, code)
    except Missing:
        return render(request, "sentence.html", 404, sentence=_("There is no place with this code."))
    speak, board = (f"{request.base_url}{letter}/{step.code}" for letter in "rb")
    return render(
        request, "resident/notice.html", step=step, speak=speak, board=board,
        speak_picture=_picture(speak), board_picture=_picture(board),
    )  # fmt: skip


def _picture(address: str) -> str:
    return segno.make(address, error="m").svg_data_uri(scale=8, border=2, light="#fff")

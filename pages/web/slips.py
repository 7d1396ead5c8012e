"""Slips (回执条): the receipts of one occasion on a sheet to print and cut; nothing is looked up for their codes."""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.access import RESIDENT
from core.errors import Missing
from core.review.recording import MOST
from core.voices.doorstep import doorstep
from core.voices.receipts import grouped, parts
from pages.ui import gate
from pages.web.doors import picture
from pages.web.pages import render
from pages.web.plainly import Sent, page
from pages.web.progress import in_look, private

_ONE = re.compile(r"(\d{1,2}):(\d{36})")


def routes() -> list[Route]:
    return [Route("/slips", page(slips), methods=["POST"])]


def slips(request: Request, sent: Sent) -> Response:
    """The sheet, also in another language or print."""
    return private(in_look(request, sent, lambda: _sheet(request, sent)))


def _sheet(request: Request, sent: Sent) -> Response:
    try:
        step = gate.inquire(RESIDENT, doorstep, sent.get("unit", "")[:16])
    except Missing as refusal:
        return render(request, "sentence.html", 404, sentence=str(refusal))
    codes = [(n, digits) for n, digits in _ONE.findall(sent.get("codes", "")) if parts(digits)][:MOST]
    rows = [(n, grouped(digits).split(" "), picture(f"{request.base_url}receipt#", digits)) for n, digits in codes]
    return render(
        request, "resident/slips.html", community=step.community, unit=step.code, rows=rows,
        codes=" ".join(f"{n}:{digits}" for n, digits in codes), address=f"{request.base_url}receipt",
    )  # fmt: skip

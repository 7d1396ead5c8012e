"""Checking a proof of handing in: open to everybody who was given one."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.access import RESIDENT
from core.text import day
from core.voices import proofs
from pages.ui import gate
from pages.web.pages import render
from pages.web.plainly import Sent, filled, page


def routes() -> list[Route]:
    return [
        Route("/proof", page(ask), methods=["GET"]),
        Route("/proof", page(check), methods=["POST"]),
    ]


def ask(request: Request, _sent: Sent) -> Response:
    """Where a proof is pasted."""
    return render(request, "resident/proof.html", typed=filled({}), found=None, day=day)


def check(request: Request, sent: Sent) -> Response:
    """Whether it is genuine, in plain words, with what was pasted still there."""
    found = gate.inquire(RESIDENT, proofs.check, sent.get("proof", ""), sent.get("words", ""))
    return render(request, "resident/proof.html", typed=filled(sent), found=found, day=day)

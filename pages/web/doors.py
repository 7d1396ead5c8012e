"""What every door for people without an account has: the place behind a code, the token of a form, the trap,
and addresses as pictures."""

import re
from typing import Any

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from core.access import RESIDENT
from core.organisation.units import communities
from core.text import N_
from core.words import Channel
from pages.ui import gate
from pages.web.pages import render
from pages.web.plainly import Sent

TRAP = "website"
"""A field that no person sees. Whoever fills it is asked to send again, on a form without it: a browser that fills in
by itself loses nothing, and a program that reads no answers is stopped."""
TRAPPED = N_("Please press “Send” once more. What you wrote is still here.")
CROWDED = N_(
    "Many people are sending at this moment. Your words are still here: please send them again in a minute."
)


_DARK = re.compile(b"\x01+")


def places(request: Request, _sent: Sent, status: int = 200) -> Response:
    """The communities one can speak to; with 404 also where a code led nowhere."""
    return render(
        request, "resident/places.html", status, unknown=status == 404,
        communities=gate.inquire(RESIDENT, communities),
    )  # fmt: skip


def code_of(request: Request) -> str:
    """The public code in the address."""
    return str(request.path_params["code"])[:16].lower()


def once_of(sent: Sent) -> str:
    """The random token of the form that was sent; empty where it is none of ours."""
    once = sent.get("once", "")
    return once if _is_token(once) else ""


def _is_token(value: str) -> bool:
    return bool(re.fullmatch("[0-9a-f]{32}", value))


def channel_of(sent: Sent) -> Channel:
    """By QR code, or from a page of the site."""
    return Channel.WEB if sent.get("web") else Channel.QR


def picture(address: str, digits: str = "", *, quickly: bool = False) -> Markup:
    """An address as a QR code, and `digits` after it, which take half the room of letters; `quickly` for one on a
    screen, without trying which of the eight masks spreads dark and light best, which takes longer than all the rest.
    Every reader reads each of them."""
    parts: Any = [address, digits] if digits else address  # segno takes parts too, though its types do not say so
    code = segno.make(parts, error="m", mask=0 if quickly else None)
    side = len(code.matrix) + 4
    dark = "".join(
        f"M{run.start() + 2} {y}.5h{run.end() - run.start()}"
        for y, row in enumerate(code.matrix, 2) for run in _DARK.finditer(bytes(row))
    )  # fmt: skip
    return Markup(
        '<svg viewBox="0 0 {side} {side}"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        '<path stroke="#000" d="{dark}"/></svg>'
    ).format(side=side, dark=dark)

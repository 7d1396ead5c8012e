"""What every door for people without an account has: the place behind a code, the token of a form, the trap,
and addresses as pictures."""

import math
import re
from functools import cache, lru_cache
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


_DARK = re.compile("1+")


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
    modules = _quickly(address, digits) if quickly else _modules(address, digits)
    side = math.isqrt(len(modules))
    moves = _moves(side)
    dark = "".join([f"{moves[run.start()]}{run.end() - run.start()}" for run in _DARK.finditer(modules)])
    return Markup(
        '<svg viewBox="0 0 {side} {side}"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        '<path stroke="#000" d="{dark}"/></svg>'
    ).format(side=side + 4, dark=dark)


def _modules(address: str, digits: str, mask: int | None = None) -> str:
    """A code line by line, 1 for what is dark, and one that is light after each line."""
    parts: Any = [address, digits] if digits else address  # segno takes parts too, though its types do not say so
    code = segno.make(parts, error="m", mask=mask)
    return "".join("".join(map(str, line)) + "0" for line in code.matrix)


def _quickly(address: str, digits: str) -> str:
    """The same with the first mask. Three digits are ten bits of such a code, and each module is the sum of some bits:
    what one bit turns over is the same for all addresses of one length, and is found once."""
    if len(address) > SHORT or not address.isascii() or address == address.upper() or len(digits) % 3:
        return _modules(address, digits, 0)
    bare = _bare(address, len(digits))
    found = int(bare, 2)
    for at in range(0, len(digits), 3):
        number = int(digits[at : at + 3])
        for bit in range(number.bit_length()):
            if number >> bit & 1:
                found ^= _turned(len(address), len(digits), at, bit)
    return f"{found:0{len(bare)}b}"


SHORT = 60
"""Signs of an address up to which it is remembered what digits after it turn over."""


@lru_cache(maxsize=16)
def _bare(address: str, size: int) -> str:
    return _modules(address, "0" * size, 0)


@cache
def _turned(length: int, size: int, at: int, bit: int) -> int:
    """What one bit of the three digits at a place turns over, among so many digits after an address of a length."""
    address, number = "a" * length, f"{1 << bit:03}"
    digits = "0" * at + number + "0" * (size - at - 3)
    return int(_modules(address, digits, 0), 2) ^ int(_bare(address, size), 2)


@cache
def _moves(side: int) -> list[str]:
    """How a line is begun at each place of a code, with two light ones around it."""
    return [f"M{at % (side + 1) + 2} {at // (side + 1) + 2}.5h" for at in range(side * (side + 1))]

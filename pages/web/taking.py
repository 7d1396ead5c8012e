"""What a sender takes along as a text file: the receipt, all that is kept of their words, the proof of handing in."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from core.access import RESIDENT
from core.openness import requests
from core.text import _, day
from core.voices import followup, proofs, supports
from core.voices.receipts import grouped, plain
from core.voices.story import Line
from core.voices.unlocking import Opened
from pages.ui import gate


def receipt(request: Request, code: str) -> Response:
    """The receipt; nothing is looked up for it."""
    where = _("See what became of it at: {address}", address=f"{request.base_url}receipt")
    return file(_("receipt"), [_("Your receipt code"), grouped(plain(code)), "", where])


def everything(opened: Opened) -> Response:
    """All that is kept of what somebody said, joined or asked for, and what became of it."""
    if opened.asks:
        asked = gate.inquire(RESIDENT, requests.follow, opened)
        kept = [asked.community, asked.headline, asked.subject, asked.text, "", asked.answer, "", *_ways(asked.lines)]
    elif opened.supports:
        joined = gate.inquire(RESIDENT, supports.follow, opened)
        where = " · ".join(part for part in (joined.community, joined.place) if part)
        kept = [where, joined.headline, joined.wording, "", *_ways(joined.lines)]
    else:
        story = gate.inquire(RESIDENT, followup.follow, opened)
        facts = gate.inquire(RESIDENT, followup.stored, opened)
        kept = [
            story.headline, "", _("What is kept of you"), *(f"{name}: {value}" for name, value in facts), "",
            _("What has happened"), *_ways(story.lines),
        ]  # fmt: skip
    return file(_("progress"), kept)


def _ways(lines: tuple[Line, ...]) -> list[str]:
    return [f"{day(line.day) if line.day else ''} {line.sentence}".strip() for line in lines]


def proof(request: Request, opened: Opened) -> Response:
    """The proof that one's words were handed in on a day, and how it is checked."""
    signed = gate.inquire(RESIDENT, proofs.proof, opened)
    what = _("It shows that words with this hash (SHA-256) were handed in on this day. It holds neither a name nor the words.")  # fmt: skip  # noqa: E501
    where = _("To be checked at: {address}", address=f"{request.base_url}proof")
    return file(_("proof"), [_("Proof of handing in"), what, where, "", *signed.split("\n")])


def file(name: str, lines: list[str]) -> Response:
    """Lines as a text file to save."""
    body = "\r\n".join(line.replace("\n", "\r\n") for line in lines) + "\r\n"
    named = {"Content-Disposition": f"attachment; filename=receipt.txt; filename*=UTF-8''{quote(name)}.txt"}
    return Response(body.encode("utf-8-sig"), 200, named, "text/plain; charset=utf-8")

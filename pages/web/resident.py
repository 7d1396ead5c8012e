"""A resident's way in, without an account: the form behind a link or QR code, the receipt, the public board."""

import re
import secrets
from collections.abc import Mapping
from datetime import date

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import board as boards
from core import dates
from core.access import RESIDENT
from core.doorstep import Doorstep, doorstep
from core.errors import Invalid, Missing, Stale, explain
from core.flags import LONGEST, ResidentFlag, speak
from core.text import _, day
from core.units import communities
from core.words import Channel, RiskStatus
from pages.ui import gate
from pages.ui.marks import due_words, level_words
from pages.ui.throttle import may_speak
from pages.web import progress
from pages.web.pages import render
from pages.web.plainly import Sent, filled, page


def routes() -> list[Route]:
    """Everything a resident can open."""
    return [
        Route("/r", page(places), methods=["GET"]),
        Route("/r/{code}", page(form), methods=["GET"]),
        Route("/r/{code}", page(send), methods=["POST"]),
        Route("/b/{code}", page(board), methods=["GET"]),
        *progress.routes(),
    ]


def places(request: Request, _sent: Sent) -> Response:
    """The communities one can speak to."""
    return _places(request, 200)


def _places(request: Request, status: int) -> Response:
    return render(
        request, "resident/places.html", status, unknown=status == 404,
        communities=gate.inquire(RESIDENT, communities),
    )  # fmt: skip


def form(request: Request, _sent: Sent) -> Response:
    """The form of a place."""
    try:
        step = gate.inquire(RESIDENT, doorstep, _code(request))
    except Missing:
        return _places(request, 404)
    asked = request.query_params
    web = "1" if "web" in asked else ""
    return _form(request, step, {"place_id": step.place_id, "web": web, "item_id": asked.get("item", "")})


def _form(
    request: Request, step: Doorstep, typed: Sent, wrong: Mapping[str, str] | None = None, status: int = 200,
    notice: str = "",
) -> Response:  # fmt: skip
    once = typed.get("once", "")
    return render(
        request, "resident/form.html", status, step=step, typed=filled(typed), wrong=filled(wrong or {}), notice=notice,
        longest=LONGEST, once=once if _is_token(once) else secrets.token_hex(16), answer_by=day(step.answer_by),
    )  # fmt: skip


def _code(request: Request) -> str:
    return str(request.path_params["code"])[:16].lower()


def _is_token(value: str) -> bool:
    return bool(re.fullmatch("[0-9a-f]{32}", value))


def send(request: Request, sent: Sent) -> Response:
    """Take what was said and give the receipt; else the same form again with everything that was typed."""
    code = _code(request)
    try:
        step = gate.inquire(RESIDENT, doorstep, code)
    except Missing:
        return _places(request, 404)
    try:
        draft = ResidentFlag(
            text=sent.get("text", ""), item_id=sent.get("item_id") or None, place_id=sent.get("place_id") or None
        )
    except ValidationError as error:
        return _form(request, step, sent, explain(error), 422)
    if not may_speak(step.community_id):
        return _form(request, step, sent, status=429, notice=_("Many people are sending at this moment. Your words are still here: please send them again in a minute."))  # fmt: skip  # noqa: E501
    try:
        receipt = _speak(code, draft, sent)
    except Invalid as refusal:
        return _form(request, step, sent, refusal.fields, 422)
    except Stale as refusal:
        return _form(request, step, sent, status=409, notice=str(refusal))
    return progress.receipt_page(request, receipt, step)


def _speak(code: str, draft: ResidentFlag, sent: Sent) -> str:
    """Speak; once more when two sent forms met, which gives the second the receipt of the first."""
    channel = Channel.WEB if sent.get("web") else Channel.QR
    once = sent.get("once", "")
    once = once if _is_token(once) else ""
    try:
        return gate.perform(RESIDENT, speak, code, draft, channel, once)
    except Stale:
        return gate.perform(RESIDENT, speak, code, draft, channel, once)


def board(request: Request, _sent: Sent) -> Response:
    """What a community has published, and how its power items are handled."""
    code = _code(request)
    try:
        step = gate.inquire(RESIDENT, doorstep, code)
    except Missing:
        return _places(request, 404)
    name, entries = gate.inquire(RESIDENT, boards.board, code)
    over = (RiskStatus.CLOSED, RiskStatus.ARCHIVED)
    return render(
        request, "resident/board.html", step=step, place=name, level_words=level_words, day=day, shown=_day, due=_due,
        today=day(dates.today(dates.now())), open=[entry for entry in entries if entry.status not in over],
        done=[entry for entry in entries if entry.status in over],
        items=gate.inquire(RESIDENT, boards.public_items, code),
    )  # fmt: skip


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso))


def _due(iso: str) -> str:
    return due_words(date.fromisoformat(iso), dates.today(dates.now()))

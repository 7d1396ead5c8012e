"""A resident's way in, without an account: the form behind a link or QR code, the receipt, the public board."""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import board as boards
from core import dates
from core.access import RESIDENT
from core.doorstep import Doorstep, doorstep
from core.errors import Invalid, Missing, Refused, Stale, explain
from core.flags import LONGEST, ResidentFlag, speak
from core.supports import Alike, already_said, join
from core.text import _, day
from core.units import communities
from core.words import Channel, RiskStatus
from pages.ui import gate
from pages.ui.marks import due_words, level_words
from pages.ui.throttle import may_speak
from pages.web import faults, progress, proof
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
        *proof.routes(),
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
    return render(
        request, "resident/form.html", status, step=step, typed=filled(typed), wrong=filled(wrong or {}), notice=notice,
        longest=LONGEST, once=_once(typed) or secrets.token_hex(16), answer_by=day(step.answer_by),
    )  # fmt: skip


def _code(request: Request) -> str:
    return str(request.path_params["code"])[:16].lower()


def _is_token(value: str) -> bool:
    return bool(re.fullmatch("[0-9a-f]{32}", value))


def send(request: Request, sent: Sent) -> Response:
    """Take what was said and give the receipt, or show first what the board says of the same matter; else the same
    form again with everything that was typed."""
    code, wish = _code(request), sent.get("do", "")
    try:
        step = gate.inquire(RESIDENT, doorstep, code)
    except Missing:
        return _places(request, 404)
    if wish == "edit":
        return progress.in_look(request, sent, lambda: _form(request, step, sent))
    try:
        draft = ResidentFlag(
            text=sent.get("text", ""), item_id=sent.get("item_id") or None, place_id=sent.get("place_id") or None
        )
    except ValidationError as error:
        return _form(request, step, sent, explain(error), 422)
    if wish != "all" and not wish.startswith("join") and (alike := _alike(code, draft)):
        return progress.in_look(request, sent, lambda: _already(request, step, sent, alike))
    if wish == "look":
        return _form(request, step, sent)
    if not may_speak(step.community_id):
        return _form(request, step, sent, status=429, notice=_("Many people are sending at this moment. Your words are still here: please send them again in a minute."))  # fmt: skip  # noqa: E501
    try:
        if wish.startswith("join"):
            return _join(request, step, sent, wish.removeprefix("join"))
        return progress.receipt_page(request, _speak(code, draft, sent), step)
    except Invalid as refusal:
        return _form(request, step, sent, refusal.fields, 422)
    except Refused as refusal:
        return _form(request, step, sent, status=409, notice=str(refusal))


def _alike(code: str, draft: ResidentFlag) -> Sequence[Alike]:
    """What the board says of the same matter. Whatever goes wrong with this question, the words are taken."""
    try:
        return gate.inquire(RESIDENT, already_said, code, draft)
    except Exception as fault:
        faults.note(fault)
        return ()


def _already(request: Request, step: Doorstep, sent: Sent, alike: Sequence[Alike]) -> Response:
    return render(
        request, "resident/already.html", step=step, typed=filled(sent), once=_once(sent) or secrets.token_hex(16),
        alike=[(one, _marked(one.wording, one.shared)) for one in alike],
    )  # fmt: skip


def _marked(text: str, shared: Sequence[str]) -> list[tuple[str, bool]]:
    """A text in pieces, with whether each is one of the shared words."""
    runs = "|".join(re.escape(run) for run in sorted(shared, key=len, reverse=True) if run)
    pieces = re.split(f"({runs})", text) if runs else [text]
    return [(piece, n % 2 == 1) for n, piece in enumerate(pieces)]


def _join(request: Request, step: Doorstep, sent: Sent, number: str) -> Response:
    """Join an entry on the board; what was typed is not kept."""
    asked = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
    about = (asked, sent.get("place_id") or None, _channel(sent), _once(sent))
    try:
        receipt = gate.perform(RESIDENT, join, step.code, *about)
    except Stale:
        receipt = gate.perform(RESIDENT, join, step.code, *about)
    return progress.receipt_page(request, receipt, step, str(asked))


def _channel(sent: Sent) -> Channel:
    return Channel.WEB if sent.get("web") else Channel.QR


def _once(sent: Sent) -> str:
    once = sent.get("once", "")
    return once if _is_token(once) else ""


def _speak(code: str, draft: ResidentFlag, sent: Sent) -> str:
    """Speak; once more when two sent forms met, which gives the second the receipt of the first."""
    try:
        return gate.perform(RESIDENT, speak, code, draft, _channel(sent), _once(sent))
    except Stale:
        return gate.perform(RESIDENT, speak, code, draft, _channel(sent), _once(sent))


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

"""Asking for something to be made public (点题公开), without an account, behind the walls of the resident's form."""

import secrets
from collections.abc import Mapping

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import dates
from core.access import RESIDENT
from core.errors import Invalid, Missing, Refused, explain
from core.openness import requests
from core.openness.requests import ANSWER, RequestForm
from core.privacy.crowd import is_crowded
from core.text import _, day
from core.voices import telling
from core.voices.doorstep import Doorstep, doorstep
from core.voices.flags import LONGEST
from pages.ui import gate, workdays
from pages.ui.throttle import may_speak, turn
from pages.web import look as looks
from pages.web import progress
from pages.web.doors import CROWDED, TRAP, TRAPPED, channel_of, code_of, once_of, places
from pages.web.pages import render
from pages.web.plainly import Sent, filled, page
from pages.web.progress import Added


def routes() -> list[Route]:
    return [
        Route("/b/{code}/ask", page(form), methods=["GET"]),
        Route("/b/{code}/ask", page(send), methods=["POST"]),
    ]


def form(request: Request, _sent: Sent) -> Response:
    """The form of a community."""
    try:
        step = gate.inquire(RESIDENT, doorstep, code_of(request))
    except Missing:
        return places(request, {}, 404)
    asked = request.query_params
    return _form(request, step, {"web": "1" if "web" in asked else "", "subject_id": asked.get("about", "")})


def _form(
    request: Request, step: Doorstep, typed: Sent, wrong: Mapping[str, str] | None = None, status: int = 200,
    notice: str = "", trap: bool = True,
) -> Response:  # fmt: skip
    return render(
        request, "resident/ask.html", status, step=step, typed=filled(typed), wrong=filled(wrong or {}), notice=notice,
        longest=LONGEST, once=once_of(typed) or secrets.token_hex(16), answer_by=_answer_by(),
        subjects=gate.inquire(RESIDENT, requests.subjects_to_ask, step.code),
        cautions=looks.cautions(typed.get("text", "")), trap=TRAP if trap else "",
    )  # fmt: skip


def _answer_by() -> str:
    return day(workdays.calendar().after(dates.today(dates.now()), ANSWER))


def send(request: Request, sent: Sent) -> Response:
    """Take a request and give its receipt; else the same form again with everything that was typed."""
    try:
        step = gate.inquire(RESIDENT, doorstep, code_of(request))
    except Missing:
        return places(request, {}, 404)
    if sent.get("do") == "edit":
        return progress.in_look(request, sent, lambda: _form(request, step, sent))
    if sent.get(TRAP):
        return _form(request, step, sent, status=409, notice=_(TRAPPED), trap=False)
    try:
        draft = RequestForm(text=sent.get("text", ""), subject_id=sent.get("subject_id") or None)
    except ValidationError as error:
        return _form(request, step, sent, explain(error), 422)
    with turn(step.community_id) as free:
        if not free or not may_speak(step.community_id, gate.inquire(RESIDENT, is_crowded, step.community_id)):
            return _form(request, step, sent, status=429, notice=_(CROWDED))
        return _take(request, step, draft, sent)


def _take(request: Request, step: Doorstep, draft: RequestForm, sent: Sent) -> Response:
    try:
        taken = gate.insist(RESIDENT, requests.ask, step.code, draft, channel_of(sent), once_of(sent))
    except Invalid as refusal:
        return _form(request, step, sent, refusal.fields, 422)
    except Refused as refusal:
        return _form(request, step, sent, status=409, notice=str(refusal))
    if taken.as_flag:
        told = _("What you wrote is about a person or cannot wait, so it was taken as your words and not as a request: the community's office does not read it.")  # fmt: skip  # noqa: E501
        concerns = telling.urgent(looks.cautions(draft.text))
        return progress.receipt_page(request, taken.code, step, concerns=concerns, added=Added(thanks=told))
    return progress.receipt_page(request, taken.code, step, asked=_answer_by())

"""A resident's way in, without an account: the form behind a link or QR code, and the receipt."""

import re
import secrets
from collections.abc import Collection, Mapping, Sequence

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import dates
from core.access import RESIDENT
from core.alike import hints
from core.errors import Invalid, Missing, Refused, explain
from core.privacy.crowd import is_crowded
from core.text import N_, _, day
from core.voices import telling
from core.voices.doorstep import Doorstep, Threshold, doorstep, threshold
from core.voices.flags import LONGEST, ResidentFlag, speak
from core.voices.foreseeing import Foreseen, foreseen, uncompared
from core.voices.supports import Alike, already_said, join
from core.voices.telling import Caution, Concern
from pages.ui import gate
from pages.ui.throttle import may_speak, turn
from pages.web import asking, board, faults, files, progress, proof, slips
from pages.web import look as looks
from pages.web.doors import CROWDED, TRAP, TRAPPED, channel_of, code_of, once_of, places
from pages.web.pages import render
from pages.web.plainly import Sent, filled, page

MANY = 8
"""Power items beyond which a word helps to find one; fewer are seen at a glance."""


def routes() -> list[Route]:
    """Everything a resident can open."""
    return [
        Route("/r", page(places), methods=["GET"]),
        *looks.routes(),
        Route("/r/{code}", page(form), methods=["GET"]),
        Route("/r/{code}", page(send), methods=["POST"]),
        *board.routes(),
        *asking.routes(),
        *progress.routes(),
        *files.routes(),
        *proof.routes(),
        *slips.routes(),
    ]


def form(request: Request, _sent: Sent) -> Response:
    """The form of a place."""
    try:
        step = gate.inquire(RESIDENT, doorstep, code_of(request))
    except Missing:
        return places(request, {}, 404)
    asked = request.query_params
    web, item = "1" if "web" in asked else "", asked.get("item", "")
    gone = "" if not item or item in step.item_words() else _("The matter on that notice is no longer in the list. You may choose another, or leave this open.")  # fmt: skip  # noqa: E501
    return _form(request, step, {"place_id": step.place_id, "web": web, "item_id": item}, notice=gone)


def _form(
    request: Request, step: Threshold, typed: Sent, wrong: Mapping[str, str] | None = None, status: int = 200,
    notice: str = "", trap: bool = True,
) -> Response:  # fmt: skip
    step = step if isinstance(step, Doorstep) else gate.inquire(RESIDENT, doorstep, step.code)
    return render(
        request, "resident/form.html", status, step=step, typed=filled(typed), wrong=filled(wrong or {}), notice=notice,
        longest=LONGEST, once=once_of(typed) or secrets.token_hex(16), answer_by=day(step.answer_by),
        cautions=looks.cautions(typed.get("text", "")), trap=TRAP if trap else "", plain_words=_plain_words,
        searchable=len(step.item_words()) > MANY,
    )  # fmt: skip


def _plain_words(name: str) -> str:
    """What people say of a power item, for those who look for it by their own word."""
    return " ".join(hints.plain_words().get(name, ())[:8])


def send(request: Request, sent: Sent) -> Response:
    """Take what was said and give the receipt, or show first what may deserve a look; else the same form again with
    everything that was typed."""
    code, wish = code_of(request), sent.get("do", "")
    try:
        step = gate.inquire(RESIDENT, threshold, code)
    except Missing:
        return places(request, {}, 404)
    if wish == "edit":
        return progress.in_look(request, sent, lambda: _form(request, step, sent))
    if sent.get(TRAP):
        return _form(request, step, sent, status=409, notice=_(TRAPPED), trap=False)
    try:
        draft = ResidentFlag(
            text=sent.get("text", ""), item_id=sent.get("item_id") or None, place_id=sent.get("place_id") or None
        )
    except ValidationError as error:
        return _form(request, step, sent, explain(error), 422)
    with turn(step.community_id) as free:
        return _ask_or_take(request, step, draft, sent) if free else _crowded(request, step, sent)


def _ask_or_take(request: Request, step: Threshold, draft: ResidentFlag, sent: Sent) -> Response:
    wish, hint = sent.get("do", ""), looks.hint(draft.text)
    told = looks.cautions(draft.text, hint)
    if wish in ("", "look"):
        alike, found = _alike(step.community_id, draft, hint), telling.second_look(told)
        if alike or found:
            return progress.in_look(request, sent, lambda: _already(request, step, sent, alike, found))
        if wish == "look":
            return _form(request, step, sent)
    if wish == "cover":
        draft = draft.model_copy(update={"text": telling.covered(draft.text)})
        hint = looks.hint(draft.text)
    return _take(request, step, draft, sent, telling.urgent(told), hint)


def _take(
    request: Request, step: Threshold, draft: ResidentFlag, sent: Sent, concerns: Collection[Concern], hint: hints.Hint
) -> Response:  # fmt: skip
    if not may_speak(step.community_id, gate.inquire(RESIDENT, is_crowded, step.community_id)):
        return _crowded(request, step, sent)
    wish = sent.get("do", "")
    try:
        if wish.startswith("join"):
            return _join(request, step, sent, wish.removeprefix("join"))
        known = _foreseen(step, draft, hint)
        receipt = gate.insist(RESIDENT, speak, step.code, draft, channel_of(sent), once_of(sent), known)
        return progress.receipt_page(request, receipt, step, concerns=concerns)
    except Invalid as refusal:
        return _form(request, step, sent, refusal.fields, 422)
    except Refused as refusal:
        return _form(request, step, sent, status=409, notice=str(refusal))


def _crowded(request: Request, step: Threshold, sent: Sent) -> Response:
    return _form(request, step, sent, status=429, notice=_(CROWDED))


def _alike(community_id: str, draft: ResidentFlag, hint: hints.Hint) -> Sequence[Alike]:
    """What the board says of the same matter. Whatever goes wrong with this question, the words are taken."""
    try:
        return gate.inquire(RESIDENT, already_said, community_id, draft, hint)
    except Exception as fault:
        faults.note(fault)
        return ()


def _foreseen(step: Threshold, draft: ResidentFlag, hint: hints.Hint) -> Foreseen:
    """What is found out about the words. Whatever goes wrong with the comparing, the words are taken."""
    try:
        return gate.inquire(RESIDENT, foreseen, step, draft, hint)
    except Exception as fault:
        faults.note(fault)
        return uncompared(step, draft, hint, dates.today(dates.now()))


def _already(
    request: Request, step: Threshold, sent: Sent, alike: Sequence[Alike], found: Sequence[Caution]
) -> Response:
    text = sent.get("text", "")
    return render(
        request, "resident/already.html", step=step, typed=filled(sent), once=once_of(sent) or secrets.token_hex(16),
        alike=[(one, _marked(one.wording, one.shared)) for one in alike], cautions=found,
        words=_marked(text, [piece for one in found for piece in one.pieces]), may_cover=telling.can_cover(text),
        numbers_only=any(one.concern is Concern.NUMBER for one in found),
    )  # fmt: skip


def _marked(text: str, shared: Sequence[str]) -> list[tuple[str, bool]]:
    """A text in pieces, with whether each is one of the shared words."""
    runs = "|".join(re.escape(run) for run in sorted(shared, key=len, reverse=True) if run)
    pieces = re.split(f"({runs})", text) if runs else [text]
    return [(piece, n % 2 == 1) for n, piece in enumerate(pieces)]


def _join(request: Request, step: Threshold, sent: Sent, number: str) -> Response:
    """Join an entry on the board; what was typed is not kept. Who comes from the receipt of a joining is not counted
    again for the same entry."""
    if number == sent.get("joined"):
        raise Refused(N_("You have joined this already."))
    asked = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
    about = (asked, sent.get("place_id") or None, channel_of(sent), once_of(sent))
    receipt = gate.insist(RESIDENT, join, step.code, *about)
    return progress.receipt_page(request, receipt, step, str(asked))

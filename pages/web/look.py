"""A look at words before they are sent: what a script asks while somebody types, and what the pages show without one.

Nothing is kept or logged of the words, and no cookie is read: the language comes with the question.
"""

import threading

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.alike import hints
from core.alike.hints import Hint
from core.text import LANGUAGES, language
from core.voices import telling
from core.voices.flags import LONGEST
from core.voices.telling import Caution
from pages.ui.throttle import may_look
from pages.web import faults
from pages.web.pages import is_own
from pages.web.plainly import Sent, TooLong, sent

_few = threading.Semaphore(2)
"""A text made to be slow takes half a second; only so many are looked at at once, the others are not told."""


def routes() -> list[Route]:
    return [Route("/r/look", look, methods=["POST"])]


async def look(request: Request) -> Response:
    """The sentences about a text as JSON; an empty list whenever there is none to give."""
    try:
        fields = await sent(request)
    except (TooLong, ValueError):
        return _answer(400)
    if not is_own(request):
        return _answer(403)
    if not may_look(fields.get("unit", "")[:16]):
        return _answer(429)
    return await run_in_threadpool(_looked, fields)


def _looked(fields: Sent) -> Response:
    if not _few.acquire(blocking=False):
        return _answer(429)
    try:
        return _told(fields)
    finally:
        _few.release()


def _told(fields: Sent) -> Response:
    language.set("en" if fields.get("lang") == "en" else LANGUAGES[0])
    return _answer(200, cautions(fields.get("text", "")))


def _answer(status: int, found: tuple[Caution, ...] = ()) -> Response:
    told = [{"concern": one.concern.value, "sentence": one.sentence} for one in found]
    return JSONResponse({"told": told}, status, {"Cache-Control": "no-store"})


def hint(text: str) -> Hint:
    """What kind of matter a text may be. Whatever goes wrong with that, nobody is kept from speaking."""
    try:
        return hints.triage(text)
    except Exception as fault:
        faults.note(fault)
        return hints.NOTHING


def cautions(text: str, hint: Hint | None = None) -> tuple[Caution, ...]:
    """What there is to tell about a text, whose hint may be known. Whatever goes wrong with that, nobody is kept from
    speaking."""
    try:
        return telling.cautions(text[:LONGEST], hint=hint)
    except Exception as fault:
        faults.note(fault)
        return ()

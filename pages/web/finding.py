"""Some of what a search finds, while somebody types: asked by a script of the office pages, with their own sign-in.

The words come in the body of a request; nothing of them is kept or logged.
"""

import threading

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.access import Actor, Permission
from core.entries.searching import search
from core.text import _
from pages.ui import finding, gate
from pages.web import faults, guard
from pages.web.pages import is_own
from pages.web.plainly import TooLong, sent

FEW, MOST = 3, 12
"""Hits shown of one kind, and in all."""
_few = threading.Semaphore(4)
"""So many are searched for at once; the others are shown when the words are sent."""


def routes() -> list[Route]:
    return [Route("/search/look", look, methods=["POST"])]


async def look(request: Request) -> Response:
    """What was found as JSON: lines with title, address, kind and what is said beside it."""
    if not is_own(request):
        return _answer(403)
    person = await guard.visitor(request)
    if person is None or person.must_change or not person.actor.may(Permission.SEARCH_USE):
        return _answer(403)
    try:
        fields = await sent(request)
    except (TooLong, ValueError):
        return _answer(400)
    return await run_in_threadpool(_looked, person.actor, fields.get("words", ""))


def _looked(actor: Actor, words: str) -> Response:
    if not _few.acquire(blocking=False):
        return _answer(429)
    try:
        return _answer(200, lines(actor, words))
    except Exception as fault:
        faults.note(fault)
        return _answer(500)
    finally:
        _few.release()


def lines(actor: Actor, words: str) -> list[dict[str, str]]:
    """At most so many lines: pages of the menu first, then things, the best of each kind."""
    found = [{"kind": _("Pages"), "title": title, "to": to, "beside": ""} for title, to in finding.pages(words, actor)]
    for group in gate.inquire(actor, search, words, most=FEW):
        found += [
            {"kind": group.kind.label, "title": finding.title(hit), "to": finding.target(hit, actor),
             "beside": finding.detail(hit)}
            for hit in group.hits
        ]  # fmt: skip
    return found[:MOST]


def _answer(status: int, found: list[dict[str, str]] | None = None) -> Response:
    told = {"found": found or [], "count": _("{n} hits", n=len(found or [])), "none": _("Nothing found so far")}
    return JSONResponse(told, status, {"Cache-Control": "no-store"})

"""The first address: a plain page for visitors, the app for people with an account, the set-up before all else."""

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.access import RESIDENT
from core.organisation import units
from pages.ui import gate
from pages.ui.nav import PAGES
from pages.web import frame, guard
from pages.web.account import PASSWORD
from pages.web.pages import render

MOST = 30
"""How many communities are shown before a visitor has to search."""


async def first(request: Request) -> Response:
    """The page at "/"."""
    if not await run_in_threadpool(gate.is_set_up):
        return RedirectResponse("/setup", 303)
    person = await guard.visitor(request)
    if person:
        return _changing("/") if person.must_change else frame.frame()
    search = request.query_params.get("q", "")[:60]
    everywhere = await run_in_threadpool(gate.inquire, RESIDENT, units.communities)
    found = await run_in_threadpool(gate.inquire, RESIDENT, units.communities, search) if search else everywhere
    return render(
        request, "front.html", communities=found[:MOST], more=len(found) - MOST, search=search,
        searchable=len(everywhere) > 8,
    )  # fmt: skip


async def app_page(request: Request) -> Response:
    """A page of the app by its address. The first page lives at "/" alone."""
    address, query = request.url.path, f"?{request.url.query}" if request.url.query else ""
    if not await run_in_threadpool(gate.is_set_up):
        return RedirectResponse("/setup", 303)
    if address == f"/{PAGES[0].address}":
        return RedirectResponse(f"/{query}", 303)
    person = await guard.visitor(request)
    return _changing(address + query) if person and person.must_change else frame.frame()


def _changing(onward: str) -> Response:
    return RedirectResponse(f"{PASSWORD}?next={quote(onward, safe='')}", 303)


async def nowhere(_request: Request) -> Response:
    raise HTTPException(404)


def routes() -> list[Route]:
    return [
        Route("/", first, methods=["GET"]),
        *(Route(f"/{place.address}", app_page, methods=["GET"]) for place in PAGES),
    ]

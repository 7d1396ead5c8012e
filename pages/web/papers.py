"""Papers to print: the blank pledge, family's pledge and visit sheet, and what lies before a meeting."""

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.access import Permission
from core.errors import Denied, Missing
from core.ledgers.meetings import Agenda
from core.organisation.signin import SignedIn
from core.printed import papers, pledges
from core.printed.papers import Section
from core.text import day
from core.words import CommitmentKind
from pages.ui import gate
from pages.web import guard
from pages.web.pages import render


def routes() -> list[Route]:
    return [
        Route("/print/meeting/{unit_id}", meeting, methods=["GET"]),
        Route("/print/{kind}", blank, methods=["GET"]),
    ]


async def blank(request: Request) -> Response:
    """An empty sheet to sign; 404 where there is none of that name."""
    person = await guard.visitor(request)
    if person is None:
        return _sign_in(request)
    kind = request.path_params["kind"]
    if kind not in list(CommitmentKind) or not person.actor.may(Permission.LEDGER_READ):
        raise HTTPException(404)
    return render(request, "papers/pledge.html", sheet=pledges.sheet(CommitmentKind(kind)))


async def meeting(request: Request) -> Response:
    """What lies before a meeting, for whoever may hold one; 404 for everybody else."""
    person = await guard.visitor(request)
    if person is None or person.must_change:
        return _sign_in(request)
    found, told = await run_in_threadpool(_paper, person, str(request.path_params["unit_id"]))
    return render(request, "papers/meeting.html", title=papers.title(found), found=found, sections=told, day=day)


def _paper(person: SignedIn, unit_id: str) -> tuple[Agenda, list[Section]]:
    try:
        return gate.inquire(person.actor, papers.paper, unit_id)
    except (Denied, Missing) as refusal:
        raise HTTPException(404) from refusal


def _sign_in(request: Request) -> Response:
    return RedirectResponse(f"/account/login?next={request.url.path}", 303)

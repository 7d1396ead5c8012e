"""Signing in and out on plain pages, choosing a password, and the language and print of a browser."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.access import RESIDENT
from core.errors import Expired, Invalid, Refused
from core.organisation import signin
from core.text import _
from pages.ui import first_start, gate
from pages.web import guard
from pages.web.pages import inside, is_secure, look, posted, refuse_foreign, render

PASSWORD = "/account/password"


async def show_sign_in(request: Request) -> Response:
    """The sign-in form; whoever is signed in already goes on."""
    onward = inside(request.query_params.get("next"))
    if not await run_in_threadpool(gate.is_set_up):
        return RedirectResponse("/setup", 303)
    if await guard.visitor(request):
        return RedirectResponse(onward, 303)
    return render(request, "login.html", next=onward, account="", sentence="")


async def sign_in(request: Request) -> Response:
    """Sign in, or say one sentence that is the same for a wrong account and a wrong password."""
    form = await posted(request)
    onward, account = inside(_text(form.get("next"))), _text(form.get("account")).strip()
    status, sentence = 401, _("Account or password is not right.")
    token = None
    try:
        token = await run_in_threadpool(gate.sign_in, account[:100], _text(form.get("password"))[:200])
    except Refused as refusal:
        status, sentence = 429, str(refusal)
    if token is None:
        return render(request, "login.html", status, next=onward, account=account, sentence=sentence)
    await _end(guard.own_token(request))
    return signed_in(request, token, onward)


def signed_in(request: Request, token: str, onward: str) -> Response:
    """Hand the browser the cookie of a new session and let it go on."""
    response = RedirectResponse(onward, 303)
    name = guard.SAFE if is_secure(request) else guard.PLAIN
    response.set_cookie(name, token, httponly=True, samesite="lax", secure=is_secure(request), path="/")
    return response


async def sign_out(request: Request) -> Response:
    """End the session on the server and take the cookie back."""
    refuse_foreign(request)
    await _end(guard.own_token(request))
    response = RedirectResponse("/", 303)
    name = guard.SAFE if is_secure(request) else guard.PLAIN
    response.delete_cookie(name, path="/", secure=is_secure(request), httponly=True, samesite="lax")
    return response


async def _end(token: str | None) -> None:
    if token:
        await run_in_threadpool(gate.perform, RESIDENT, signin.sign_out, token)


async def show_password(request: Request) -> Response:
    """The form for a new password of one's own."""
    person = await guard.visitor(request)
    if person is None:
        return RedirectResponse(f"/account/login?next={PASSWORD}", 303)
    onward = inside(request.query_params.get("next"))
    return render(request, "password.html", next=onward, forced=person.must_change, errors={})


async def change_password(request: Request) -> Response:
    """Take the new password, or say beside the field why not."""
    form = await posted(request)
    person = await guard.visitor(request)
    if person is None:
        return RedirectResponse(f"/account/login?next={PASSWORD}", 303)
    onward = inside(_text(form.get("next")))
    old, new, again = (_text(form.get(name))[:200] for name in ("old", "new", "again"))
    try:
        await run_in_threadpool(gate.change_password, person.session_id, old, new, again)
    except Invalid as refusal:
        facts = {"next": onward, "forced": person.must_change, "errors": refusal.fields}
        return render(request, "password.html", 422, **facts)
    except Expired:
        return RedirectResponse(f"/account/login?next={PASSWORD}", 303)
    return RedirectResponse(onward, 303)


async def enter_demo(request: Request) -> Response:
    """Be one of the demo's invented people."""
    form = await posted(request)
    try:
        token = await run_in_threadpool(first_start.enter_demo, _text(form.get("person")))
    except Refused as refusal:
        return render(request, "sentence.html", 404, sentence=str(refusal))
    await _end(guard.own_token(request))
    return signed_in(request, token, "/")


async def choose_look(request: Request) -> Response:
    """Keep the chosen language and print, and go back."""
    refuse_foreign(request)
    return look(request, await request.form())


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def routes() -> list[Route]:
    return [
        Route("/account/login", show_sign_in, methods=["GET"]),
        Route("/account/login", sign_in, methods=["POST"]),
        Route("/account/logout", sign_out, methods=["POST"]),
        Route(PASSWORD, show_password, methods=["GET"]),
        Route(PASSWORD, change_password, methods=["POST"]),
        Route("/account/demo", enter_demo, methods=["POST"]),
        Route("/account/look", choose_look, methods=["POST"]),
    ]

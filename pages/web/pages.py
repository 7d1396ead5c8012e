"""Plain web pages: how they are drawn, in which language and print, and how what they send is checked."""

import secrets
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import Unavailable
from core.text import LANGUAGES, _, language
from pages.ui import gate
from pages.web import faults

FOLDER = Path(__file__).parent
TOKEN = "form"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
YEAR = 365 * 24 * 3600

_templates = Environment(
    loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True, auto_reload=False,
)  # fmt: skip
_templates.globals["_"] = _


def render(request: Request, name: str, status: int = 200, **facts: object) -> HTMLResponse:
    """A page from a template, in the reader's language and print.

    Templates have `_`, `lang`, `large`, `demo` and `csrf`; a form that is checked with `posted` carries `csrf`.
    """
    read_language(request)
    token = request.cookies.get(TOKEN) or secrets.token_urlsafe(16)
    page = _templates.get_template(name).render(
        lang="zh-CN" if language.get() == "zh_CN" else "en", large=is_large(request), demo=gate.is_demo(), csrf=token,
        **facts,
    )  # fmt: skip
    response = HTMLResponse(page, status, {"Cache-Control": "no-store", "Content-Security-Policy": POLICY})
    if TOKEN not in request.cookies:
        response.set_cookie(TOKEN, token, httponly=True, samesite="lax", secure=is_secure(request))
    return response


def read_language(connection: HTTPConnection) -> None:
    """Use the language of the reader's cookie from here on."""
    chosen = connection.cookies.get("lang")
    language.set(chosen if chosen in LANGUAGES else LANGUAGES[0])


def is_large(connection: HTTPConnection) -> bool:
    return connection.cookies.get("print") == "large"


def is_secure(connection: HTTPConnection) -> bool:
    return connection.scope["scheme"] in ("https", "wss")


def is_own(request: Request) -> bool:
    """Whether a request was sent by a page of this site, by what the browser itself says of it."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in (None, "same-origin", "none"):
        return False
    if origin and origin != "null":
        return _split(origin).netloc == request.headers.get("host")
    return site is not None


def _split(address: str) -> SplitResult:
    """The parts of an address that a browser sent; of one that is none, nothing."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


async def posted(request: Request) -> FormData:
    """What a form of this site sent; refused with 403 when another site sent it or its `csrf` field is not ours."""
    refuse_foreign(request)
    form = await request.form(max_files=5, max_fields=60)
    token, field = request.cookies.get(TOKEN, ""), form.get("csrf")
    if not token or not isinstance(field, str) or not secrets.compare_digest(field.encode(), token.encode()):
        raise HTTPException(403)
    return form


def refuse_foreign(request: Request) -> None:
    """403 for what another site sent."""
    if not is_own(request):
        raise HTTPException(403)


def inside(address: str | None, otherwise: str = "/") -> str:
    """An address of this site to go on to; anything that could lead elsewhere becomes `otherwise`."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return otherwise
    return address if address.isprintable() and "\\" not in address else otherwise


def look(request: Request, chosen: FormData) -> Response:
    """Keep the chosen language and print in cookies, and back to the page it came from."""
    came = _split(request.headers.get("referer", ""))
    query = f"?{came.query}" if came.query else ""
    back = inside(came.path + query) if came.netloc == request.headers.get("host") else "/"
    response = RedirectResponse(back, 303)
    for name, allowed in (("lang", LANGUAGES), ("print", ("normal", "large"))):
        value = chosen.get(name)
        if isinstance(value, str) and value in allowed:
            response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="lax", secure=is_secure(request))
    return response


async def explain(request: Request, error: Exception) -> Response:
    """One sentence for a page that is not there, a form that cannot be taken, or a fault of the program."""
    read_language(request)
    if isinstance(error, Unavailable):
        faults.note(error)
        return later(render(request, "sentence.html", 503, sentence=error.sentence))
    if not isinstance(error, HTTPException):
        return render(request, "sentence.html", 500, sentence=faults.sentence(faults.note(error)))
    gone = _("There is no page at this address.")
    sentence = {
        403: _("This page was open too long or was sent from somewhere else. Please go back, reload it and try again."),
        404: gone,
        405: gone,
    }.get(error.status_code, _("This could not be done. Please go back and try again."))
    return render(request, "sentence.html", error.status_code, sentence=sentence)


def later(response: Response) -> Response:
    """With word to browsers and proxies when to come again."""
    response.headers["Retry-After"] = str(Unavailable.AFTER)
    return response


class Reader:
    """Sets the reader's language for every plain request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            read_language(HTTPConnection(scope))
        await self.app(scope, receive, send)

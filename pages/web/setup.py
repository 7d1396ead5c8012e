"""First start: a door to the demo and a door to a real site, both behind the code on the console."""

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.errors import Invalid, Refused, explain
from core.organisation.founding import Founding
from core.rows import PersonRow
from core.text import _
from core.words import Role
from pages.ui import first_start, gate
from pages.web.account import signed_in
from pages.web.pages import is_secure, posted, render

SECRETS = ("password", "again", "second_password")
HOME = ("localhost", "127.0.0.1", "::1")


def announcement() -> str:
    """What stands on the console as long as the site is not real."""
    try:
        code = first_start.door().code
    except Refused as refusal:  # the keys cannot be read
        return str(refusal)
    return _("This site has not been set up yet. Open /setup in a browser. The code for it is {code}.", code=code)


async def show(request: Request) -> Response:
    """Two doors; in the demo its people; on a real site one sentence."""
    if await run_in_threadpool(gate.is_founded):
        return render(request, "setup/done.html")
    if await run_in_threadpool(gate.is_set_up):
        return render(request, "setup/demo.html", cast=_cast(await run_in_threadpool(first_start.demo_people)))
    return render(request, "setup/doors.html", errors={})


def _cast(people: list[PersonRow]) -> list[tuple[str, list[PersonRow]]]:
    """The people of the demo under the word for their first role, in the order in which the roles are written down."""
    order = list(Role)
    first = {row.id: min((role for _id, role, _unit in row.roles), key=order.index) for row in people if row.roles}
    return [
        (role.label, [row for row in people if first.get(row.id) is role]) for role in order if role in first.values()
    ]


async def start_demo(request: Request) -> Response:
    """Make the demo for whoever has the code."""
    form = await posted(request)
    if refusal := await _kept_out(form):
        return render(request, "setup/doors.html", 422, errors={"code": refusal})
    try:
        await run_in_threadpool(first_start.start_demo)
    except Refused as refused:
        return render(request, "sentence.html", 404, sentence=str(refused))
    return RedirectResponse("/setup", 303)


async def show_founding(request: Request) -> Response:
    """The form that makes a real site."""
    if await run_in_threadpool(gate.is_founded):
        return RedirectResponse("/setup", 303)
    return _founding(request, 200, {}, {})


async def found(request: Request) -> Response:
    """Set the real site up and sign its founder in, or say beside each field what is to be mended."""
    form = await posted(request)
    if await run_in_threadpool(gate.is_founded):
        return RedirectResponse("/setup", 303)
    typed = {name: value for name in Founding.model_fields if isinstance(value := form.get(name), str)}
    errors: dict[str, str] = {}
    try:
        wanted = Founding.model_validate(typed)
    except ValidationError as error:
        errors = explain(error)
    if refusal := await _kept_out(form):
        errors["code"] = refusal
    if not errors:
        try:
            return signed_in(request, await run_in_threadpool(first_start.found, wanted), "/")
        except Invalid as invalid:
            errors = invalid.fields
        except Refused as refused:
            return render(request, "sentence.html", 409, sentence=str(refused))
    kept = {name: value for name, value in typed.items() if name not in SECRETS}
    return _founding(request, 422, kept, errors)


def _founding(request: Request, status: int, typed: dict[str, str], errors: dict[str, str]) -> Response:
    fields = {name: _(info.title or name) for name, info in Founding.model_fields.items()}
    unsafe = not is_secure(request) and request.url.hostname not in HOME
    return render(request, "setup/real.html", status, labels=fields, typed=typed, errors=errors, unsafe=unsafe)


async def _kept_out(form: FormData) -> str:
    """Why the code does not open the door, or an empty string."""
    typed = form.get("code")
    try:
        if await run_in_threadpool(first_start.knock, typed[:100] if isinstance(typed, str) else ""):
            return ""
    except Refused as refusal:
        return str(refusal)
    return _("This is not the code that stands on the server's console.")


def routes() -> list[Route]:
    return [
        Route("/setup", show, methods=["GET"]),
        Route("/setup/demo", start_demo, methods=["POST"]),
        Route("/setup/real", show_founding, methods=["GET"]),
        Route("/setup/real", found, methods=["POST"]),
    ]

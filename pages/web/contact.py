"""Leaving a contact with a receipt: a page of its own, so that nobody has to; what is kept is never shown again."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from core.access import RESIDENT
from core.errors import Invalid
from core.text import _, day
from core.voices import contacts
from core.voices.receipts import plain
from core.voices.unlocking import Opened
from pages.ui import gate
from pages.web.opening import unlocked
from pages.web.pages import render
from pages.web.plainly import Sent, filled


def ask(request: Request, code: str, _sent: Sent) -> Response:
    """The form, and since when a contact is kept."""
    return _page(request, code, unlocked(code))


def leave(request: Request, code: str, sent: Sent) -> Response:
    """Keep what was typed."""
    opened, typed = unlocked(code), sent.get("contact", "")
    try:
        gate.perform(RESIDENT, contacts.leave, opened, typed)
    except Invalid as refusal:
        return _page(request, code, opened, typed=typed, wrong=refusal.fields, status=422)
    return _page(request, code, opened, thanks=_("Thank you. Your contact is kept under lock and key."))


def forget(request: Request, code: str, _sent: Sent) -> Response:
    """Delete what is kept."""
    opened = unlocked(code)
    if gate.inquire(RESIDENT, contacts.kept_since, opened):
        gate.perform(RESIDENT, contacts.withdraw, opened)
    return _page(request, code, opened, thanks=_("Your contact has been deleted."))


def _page(
    request: Request, code: str, opened: Opened, *, typed: str = "", wrong: Mapping[str, str] | None = None,
    thanks: str = "", status: int = 200,
) -> Response:  # fmt: skip
    since = gate.inquire(RESIDENT, contacts.kept_since, opened)
    return render(
        request, "resident/contact.html", status, digits=plain(code), since=day(since) if since else "", typed=typed,
        wrong=filled(wrong or {}), thanks=thanks, longest=contacts.LONGEST,
    )  # fmt: skip

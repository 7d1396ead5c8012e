"""Coming back with a receipt: its page, what became of the matter, answering, rating, taking the words back.

The code travels in the body of forms alone: never in an address, so in no log and no history.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Concatenate, ParamSpec
from urllib.parse import quote

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import dates, followup
from core.access import RESIDENT
from core.doorstep import Doorstep, doorstep
from core.errors import Invalid, Missing, Refused
from core.followup import Opened, Story
from core.receipts import grouped, locator, parts, plain
from core.store import Work
from core.text import LANGUAGES, _, day
from core.words import Level
from pages.ui import gate
from pages.ui.marks import due_words
from pages.ui.throttle import may_guess, note_wrong
from pages.web.pages import YEAR, is_secure, read_language, render
from pages.web.plainly import Sent, filled, page

P = ParamSpec("P")

_one_by_one = threading.Semaphore(3)
"""Opening a receipt costs memory and time on purpose; only so many at once."""


def routes() -> list[Route]:
    return [
        Route("/receipt", page(ask), methods=["GET"]),
        Route("/receipt", page(answer), methods=["POST"]),
    ]


def ask(request: Request, _sent: Sent) -> Response:
    """Where the code is entered."""
    return _enter(request)


def _enter(request: Request, typed: str = "", wrong: str = "", status: int = 200) -> Response:
    return render(request, "resident/enter.html", status, typed=typed, wrong=wrong)


def answer(request: Request, sent: Sent) -> Response:
    """Do what the sender asked for and show where the matter stands."""
    code, wish = sent.get("code", "")[:200], sent.get("do", "open")
    both = parts(code)
    if both and not may_guess(both[0]):
        enough = _("Too many wrong codes were tried. Please come back in a quarter of an hour.")
        return _enter(request, code, enough, 429)
    try:
        with _one_by_one:
            return _private(_WISHES.get(wish, _open)(request, code, sent))
    except Invalid as refusal:
        if "code" not in refusal.fields:
            return _private(_story(request, code, sent, wrong=refusal.fields, status=422))
        return _private(_enter(request, code, refusal.fields["code"], 422))
    except Missing as refusal:
        note_wrong(locator(plain(code)))
        return _private(_enter(request, code, str(refusal), 404))
    except Refused as refusal:
        return _private(_story(request, code, sent, notice=str(refusal), status=409))


def _private(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def receipt_page(request: Request, code: str, step: Doorstep) -> Response:
    """The receipt, shown once. The address in its QR holds the code behind a #, a part that browsers send to nobody."""
    digits = plain(code)
    picture = segno.make(f"{request.base_url}receipt#{digits}", error="m")
    return _private(
        render(
            request, "resident/receipt.html", groups=grouped(digits).split(" "), digits=digits, step=step,
            answer_by=day(step.answer_by), address=f"{request.base_url}receipt", levels=list(Level),
            picture=Markup(picture.svg_inline(omitsize=True, border=2, light="#fff")),  # noqa: S704 - drawn by segno
        )
    )  # fmt: skip


def _open(request: Request, code: str, sent: Sent) -> Response:
    return _story(request, code, sent)


def _story(
    request: Request, code: str, sent: Sent, *, wrong: Mapping[str, str] | None = None, notice: str = "",
    thanks: str = "", status: int = 200,
) -> Response:  # fmt: skip
    story = gate.inquire(RESIDENT, followup.follow, code)
    due = due_words(story.due_on, dates.today(dates.now())) if story.due_on else ""
    return render(
        request, "resident/progress.html", status, story=story, digits=plain(code), due=due, day=day,
        wrong=filled(wrong or {}), notice=notice, thanks=thanks,
        typed=sent.get("answer", "") if status != 200 else "", levels=list(Level),
    )  # fmt: skip


def _do(deed: Callable[Concatenate[Work, Opened, P], None], code: str, *args: P.args, **kwargs: P.kwargs) -> None:
    """A deed with a receipt: the code is compared before the database is locked for the deed."""
    gate.perform(RESIDENT, deed, gate.inquire(RESIDENT, followup.unlock, code), *args, **kwargs)


def _set_level(request: Request, code: str, sent: Sent) -> Response:
    if sent.get("level") not in list(Level):
        return _story(request, code, sent)
    _do(followup.own_level, code, Level(sent["level"]))
    return _story(request, code, sent, thanks=_("Thank you. This has been noted."))


def _answer(request: Request, code: str, sent: Sent) -> Response:
    _do(followup.answer, code, sent.get("answer", ""))
    return _story(request, code, {}, thanks=_("Thank you. Your answer has arrived."))


def _rate(request: Request, code: str, sent: Sent) -> Response:
    given = [int(sent[name]) if sent.get(name, "") in set("12345") else None for name in _RATED]
    _do(followup.rate_answer, code, *given)
    return _story(request, code, {}, thanks=_("Thank you. This has been noted."))


_RATED = ("response", "solved", "satisfied")


def _ask_take_back(request: Request, code: str, _sent: Sent) -> Response:
    story = gate.inquire(RESIDENT, followup.follow, code)
    return render(request, "resident/take_back.html", digits=plain(code), story=story)


def _take_back(request: Request, code: str, _sent: Sent) -> Response:
    _do(followup.take_back, code)
    sentence = _("Your words and your receipt have been deleted.")
    return render(request, "sentence.html", sentence=sentence)


def _export(_request: Request, code: str, _sent: Sent) -> Response:
    story = gate.inquire(RESIDENT, followup.follow, code)
    return _file(_("progress"), _told(story))


def _told(story: Story) -> list[str]:
    """The story as plain text: one's own data, to take along."""
    ways = [f"{day(line.day) if line.day else ''} {line.sentence}".strip() for line in story.lines]
    you, office = _("You"), _("The office")
    talk = [f"{day(said.day)} {you if said.from_sender else office}: {said.text}" for said in story.thread]
    return [story.community, story.headline, "", story.text, "", *ways, "", *talk]


def _saved(request: Request, code: str, _sent: Sent) -> Response:
    """The receipt as a text file; nothing is looked up for it."""
    digits = plain(code)
    lines = [_("Your receipt code"), grouped(digits), "", _("See what became of it at: {address}", address=f"{request.base_url}receipt")]  # fmt: skip  # noqa: E501
    return _file(_("receipt"), lines)


def _file(name: str, lines: list[str]) -> Response:
    body = "\r\n".join(line.replace("\n", "\r\n") for line in lines) + "\r\n"
    named = {"Content-Disposition": f"attachment; filename=receipt.txt; filename*=UTF-8''{quote(name)}.txt"}
    return Response(body.encode("utf-8-sig"), 200, named, "text/plain; charset=utf-8")


def _show(request: Request, code: str, sent: Sent) -> Response:
    """The receipt page once more for a code that somebody has: to print it."""
    return receipt_page(request, code, gate.inquire(RESIDENT, doorstep, sent["unit"]))


def _look(request: Request, code: str, sent: Sent) -> Response:
    """Another language or print, without losing the page."""
    chosen = {
        name: sent[name] for name, allowed in (("lang", LANGUAGES), ("print", ("normal", "large")))
        if sent.get(name) in allowed
    }  # fmt: skip
    request.cookies.update(chosen)
    read_language(request)
    response = _show(request, code, sent) if sent.get("unit") else _story(request, code, sent)
    for name, value in chosen.items():
        response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="lax", secure=is_secure(request))
    return response


_WISHES: dict[str, Callable[[Request, str, Sent], Response]] = {
    "open": _open, "level": _set_level, "answer": _answer, "rate": _rate, "export": _export,
    "take_back": _ask_take_back, "take_back_now": _take_back, "look": _look, "keep": _saved, "show": _show,
}  # fmt: skip

"""Coming back with a receipt: its page, what became of the matter, and what its owner may do about it.

The code travels in the body of forms alone: never in an address, so in no log and no history.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Concatenate, ParamSpec

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import dates
from core.access import RESIDENT
from core.errors import Invalid, Missing, Refused
from core.openness import requests
from core.store import Work
from core.text import LANGUAGES, _, day
from core.voices import attachments, followup, supports
from core.voices.attachments import FileRow
from core.voices.doorstep import Threshold, threshold
from core.voices.receipts import grouped, locator, parts, plain
from core.voices.story import Promise
from core.voices.telling import Concern, door
from core.voices.unlocking import Opened
from core.words import Level
from pages.ui import gate
from pages.ui.marks import due_words, kept_words, left_words, working_words
from pages.ui.throttle import may_guess, note_wrong
from pages.web import contact, taking
from pages.web.doors import picture
from pages.web.opening import unlocked
from pages.web.pages import YEAR, is_secure, read_language, render
from pages.web.plainly import Sent, filled, page

P = ParamSpec("P")


@dataclass(frozen=True)
class Added:
    """What was added on the page of the receipt, what is wrong with the last file, and the rating not yet sent."""

    files: Sequence[FileRow] = ()
    wrong: str = ""
    thanks: str = ""
    level: str = ""


NOTHING = Added()


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
    return guarded(request, code, sent, lambda: _WISHES.get(wish, _open)(request, code, sent))


def guarded(request: Request, code: str, sent: Sent, draw: Callable[[], Response]) -> Response:
    """What a code opens, or why not beside what was sent: guessing is counted, and nothing of the page is kept."""
    both = parts(code)
    if both and not may_guess(both[0]):
        enough = _("Too many wrong codes were tried. Please come back in a quarter of an hour.")
        return _enter(request, code, enough, 429)
    try:
        return private(draw())
    except Invalid as refusal:
        if "code" not in refusal.fields:
            return private(story_page(request, code, sent, wrong=refusal.fields, status=422))
        return private(_enter(request, code, refusal.fields["code"], 422))
    except Missing as refusal:
        if note_wrong(locator(plain(code))):
            gate.perform(RESIDENT, followup.note_guessing)
        return private(_enter(request, code, str(refusal), 404))
    except Refused as refusal:
        return private(story_page(request, code, sent, notice=str(refusal), status=409))


def private(response: Response) -> Response:
    """A page with a code on it: nothing of it goes along with a link."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def receipt_page(
    request: Request, code: str, step: Threshold, joined: str = "", concerns: Collection[Concern] = (),
    added: Added = NOTHING, asked: str = "",
) -> Response:  # fmt: skip
    """The receipt, shown once; `joined` is the number of the entry that its owner joined, `asked` the day by which a
    request for disclosure is answered, `concerns` say which doors are nearer for what was said.

    The address in its QR holds the code behind a #, a part that browsers send to nobody.
    """
    digits = plain(code)
    return private(
        render(
            request, "resident/receipt.html", 422 if added.wrong else 200, groups=grouped(digits).split(" "),
            digits=digits, step=step, files=added.files, most=attachments.MOST, level=added.level, day=day,
            thanks=added.thanks, wrong=filled({"file": added.wrong}),
            answer_by=day(step.answer_by), address=f"{request.base_url}receipt", levels=list(Level), joined=joined,
            asked=asked, concerns=",".join(concerns), doors=[door(one) for one in concerns],
            picture=picture(f"{request.base_url}receipt#", digits, quickly=True),
        )
    )  # fmt: skip


def _open(request: Request, code: str, sent: Sent) -> Response:
    return story_page(request, code, sent)


def story_page(
    request: Request, code: str, sent: Sent, *, wrong: Mapping[str, str] | None = None, notice: str = "",
    thanks: str = "", status: int = 200,
) -> Response:  # fmt: skip
    """Where the matter of a receipt stands, with what was typed beside what is wrong with it."""
    opened, today = unlocked(code), dates.today(dates.now())
    kept = sent if status != 200 else {}
    told = {
        "digits": plain(code), "day": day, "wrong": filled(wrong or {}), "notice": notice, "thanks": thanks,
        "typed": filled(kept), "levels": list(Level), "kept_words": _kept_words,
    }  # fmt: skip
    if opened.asks:
        asked = gate.inquire(RESIDENT, requests.follow, opened)
        left = working_words(asked.due_on, today) if asked.due_on else ""
        return render(request, "resident/asked.html", status, story=asked, due=left, **told)
    if opened.supports:
        joined = gate.inquire(RESIDENT, supports.follow, opened)
        due = due_words(joined.due_on, today) if joined.due_on else ""
        return render(request, "resident/joined.html", status, story=joined, due=due, **told)
    story = gate.inquire(RESIDENT, followup.follow, opened)
    due = left_words(story.due_on, today, working=story.working) if story.due_on else ""
    facts = gate.inquire(RESIDENT, followup.stored, opened)
    files = gate.inquire(RESIDENT, attachments.own, opened)
    return render(
        request, "resident/progress.html", status, story=story, due=due, facts=facts, files=files,
        most=attachments.MOST, **told,
    )  # fmt: skip


def _kept_words(promise: Promise) -> str:
    """How a promise stands: kept on a day, in time or late, or how much time is left."""
    if promise.done_on is None:
        return left_words(promise.due_on, dates.today(dates.now()), working=promise.working)
    return kept_words(promise.due_on, promise.done_on, working=promise.working)


def _do(deed: Callable[Concatenate[Work, Opened, P], None], code: str, *args: P.args, **kwargs: P.kwargs) -> None:
    """A deed with a receipt: the code is compared before the database is locked for the deed."""
    gate.perform(RESIDENT, deed, unlocked(code), *args, **kwargs)


def _set_level(request: Request, code: str, sent: Sent) -> Response:
    if sent.get("level") not in list(Level):
        return story_page(request, code, sent)
    _do(followup.own_level, code, Level(sent["level"]))
    return story_page(request, code, sent, thanks=_("Thank you. This has been noted."))


def _write(request: Request, code: str, sent: Sent) -> Response:
    _do(followup.write, code, sent.get("answer", ""))
    return story_page(request, code, {}, thanks=_("Thank you. What you wrote has arrived."))


def _rate(request: Request, code: str, sent: Sent) -> Response:
    given = [int(sent[name]) if sent.get(name, "") in set("12345") else None for name in _RATED]
    _do(followup.rate_answer, code, *given)
    return story_page(request, code, {}, thanks=_("Thank you. This has been noted."))


_RATED = ("response", "solved", "satisfied")


def _ask_again(request: Request, code: str, sent: Sent) -> Response:
    _do(followup.ask_reopening, code, sent.get("again", ""))
    thanks = _("Your wish has arrived. The watchdog committee looks at it once more.")
    return story_page(request, code, {}, thanks=thanks)


def _ask_take_back(request: Request, code: str, _sent: Sent) -> Response:
    opened = unlocked(code)
    story = None if opened.supports or opened.asks else gate.inquire(RESIDENT, followup.follow, opened)
    joined = gate.inquire(RESIDENT, supports.follow, opened) if opened.supports else None
    asked = gate.inquire(RESIDENT, requests.follow, opened) if opened.asks else None
    return render(request, "resident/take_back.html", digits=plain(code), story=story, joined=joined, asked=asked)


def _take_back(request: Request, code: str, _sent: Sent) -> Response:
    opened = unlocked(code)
    if opened.asks:
        gate.perform(RESIDENT, requests.take_back, opened)
        return render(request, "sentence.html", sentence=_("Your request and your receipt have been deleted."))
    if opened.supports:
        gate.perform(RESIDENT, supports.leave, opened)
        return render(request, "sentence.html", sentence=_("You have left the entry, and your receipt is deleted."))
    gate.perform(RESIDENT, followup.take_back, opened)
    return render(request, "sentence.html", sentence=_("Your words and your receipt have been deleted."))


def _export(_request: Request, code: str, _sent: Sent) -> Response:
    return taking.everything(unlocked(code))


def _proof(request: Request, code: str, _sent: Sent) -> Response:
    return taking.proof(request, unlocked(code))


def _saved(request: Request, code: str, _sent: Sent) -> Response:
    return taking.receipt(request, code)


def _show(request: Request, code: str, sent: Sent) -> Response:
    """The receipt page once more for a code that somebody has: to print it."""
    files = gate.inquire(RESIDENT, attachments.own, unlocked(code)) if sent.get("files") else ()
    return receipt_again(request, code, sent, Added(files))


def receipt_again(request: Request, code: str, sent: Sent, added: Added) -> Response:
    """The receipt page once more, with what was added there."""
    step = gate.inquire(RESIDENT, threshold, sent["unit"])
    concerns = [one for one in Concern if one.value in sent.get("concerns", "").split(",")]
    return receipt_page(request, code, step, sent.get("joined", "")[:9], concerns, added, sent.get("asked", "")[:20])


def _look(request: Request, code: str, sent: Sent) -> Response:
    """Another language or print, without losing the page."""
    draw = _show if sent.get("unit") else story_page
    return in_look(request, sent, lambda: draw(request, code, sent))


def in_look(request: Request, sent: Sent, draw: Callable[[], Response]) -> Response:
    """A page that was sent for, drawn in the language and print that were chosen on it."""
    chosen = {
        name: sent[name] for name, allowed in (("lang", LANGUAGES), ("print", ("normal", "large")))
        if sent.get(name) in allowed
    }  # fmt: skip
    request.cookies.update(chosen)
    read_language(request)
    response = draw()
    for name, value in chosen.items():
        response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="lax", secure=is_secure(request))
    return response


_WISHES: dict[str, Callable[[Request, str, Sent], Response]] = {
    "open": _open, "level": _set_level, "answer": _write, "rate": _rate, "again": _ask_again, "export": _export,
    "proof": _proof, "take_back": _ask_take_back, "take_back_now": _take_back, "look": _look, "keep": _saved,
    "show": _show, "contact": contact.ask, "leave_contact": contact.leave, "forget_contact": contact.forget,
}  # fmt: skip

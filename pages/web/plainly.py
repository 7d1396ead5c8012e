"""Pages for people without an account: what a form sent, read within limits, and an answer whatever goes wrong."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from core.errors import Damaged, Unavailable
from core.text import _
from pages.ui import gate
from pages.web import faults
from pages.web.pages import TOKEN, later, read_language, render

LARGEST = 64 * 1024
Sent = Mapping[str, str]
Answer = Callable[[Request, Sent], Response]
Reader = Callable[[Request], Awaitable[dict[str, str]]]


class TooLong(Exception):
    """More was sent than a form of ours can hold."""


async def sent(request: Request) -> dict[str, str]:
    """The fields of a form as they were sent; `TooLong` beyond 64 KB, `ValueError` when it is no form."""
    if int(request.headers.get("content-length") or 0) > LARGEST:
        raise TooLong
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise TooLong
    pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=40)
    return dict(pairs)


def page(answer: Answer, read: Reader | None = None) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that reads the form, answers in a thread, and never ends in an empty page."""

    async def endpoint(request: Request) -> Response:
        read_language(request)
        fields: dict[str, str] = {}
        try:
            if request.method == "POST":
                fields = await (read or sent)(request)
            return anonymous(await run_in_threadpool(gate.visit, partial(answer, request, fields)))
        except TooLong:
            sentence = _("That is more than can be taken at once. Please go back and shorten it.")
            return anonymous(render(request, "sentence.html", 413, sentence=sentence))
        except ValueError:
            sentence = _("This could not be done. Please go back and try again.")
            return anonymous(render(request, "sentence.html", 400, sentence=sentence))
        except Damaged as refusal:
            faults.note(refusal)
            return anonymous(render(request, "sentence.html", 500, sentence=str(refusal)))
        except Unavailable as trouble:
            faults.note(trouble)
            kept = {"sentence": trouble.sentence, "fields": filled(fields)}
            return later(anonymous(render(request, "resident/trouble.html", 503, **kept)))
        except Exception as fault:
            sentence = _("The fault is ours, number {number}. Please try again in a moment.", number=faults.note(fault))
            kept = {"sentence": sentence, "fields": filled(fields)}
            return anonymous(render(request, "resident/trouble.html", 500, **kept))

    return endpoint


def filled(fields: Mapping[str, str]) -> Mapping[str, str]:
    """Fields for a template, which may ask for any: those that were not sent are empty."""
    return defaultdict(str, fields)


def anonymous(response: Response) -> Response:
    """Without the cookie that other forms use: nothing here needs to know a browser again."""
    kept = [
        (name, value) for name, value in response.raw_headers
        if name != b"set-cookie" or not value.startswith(TOKEN.encode() + b"=")
    ]  # fmt: skip
    response.raw_headers = kept
    response.headers["Cache-Control"] = "no-store"
    return response

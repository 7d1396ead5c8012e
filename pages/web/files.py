"""Adding photos and documents to what was said: read in pieces and within limits, cleaned with nothing locked.

What comes in lies in memory alone until it is sealed; what the sender calls it is not even read.
"""

import asyncio
import threading
from typing import TYPE_CHECKING

from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from core.access import RESIDENT
from core.errors import Invalid
from core.evidence import LARGEST
from core.text import _
from core.voices import attachments, followup
from core.voices.unlocking import Opened
from core.words import Level
from pages.ui import adding, gate
from pages.web import plainly
from pages.web.opening import unlocked
from pages.web.plainly import Sent, TooLong, page
from pages.web.progress import Added, guarded, receipt_again, story_page

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

READ, SECONDS = 32 * 1024 * 1024, 120
"""Bytes of a body that is read to its end, so that a browser gets its answer, though more than 10 MB are not kept; and
how long it may take."""
PARTS = 20
_slots = threading.BoundedSemaphore(6)
"""Files that may lie in memory at once; whoever comes when there are more is asked to come again."""


def routes() -> list[Route]:
    return [Route("/receipt/file", _endpoint, methods=["POST"])]


async def _endpoint(request: Request) -> Response:
    """Take a file if there is room for one; the rest of the form is heard either way."""
    request.state.parcel = parcel = Parcel(keeps=_slots.acquire(blocking=False))
    try:
        return await _take(request)
    finally:
        if parcel.keeps:
            _slots.release()


class Parcel:
    """A form with at most one file, put together from the pieces it comes in."""

    def __init__(self, *, keeps: bool) -> None:
        self.keeps, self.has_file, self.size, self.is_whole = keeps, False, 0, False
        self.content, self.fields = bytearray(), dict[str, bytearray]()
        self._head, self._value, self._into, self._parts = b"", b"", "", 0

    def callbacks(self) -> "MultipartCallbacks":
        """What the parser calls as it reads."""
        return {
            "on_part_begin": self._begin, "on_header_field": self._on_head, "on_header_value": self._on_value,
            "on_header_end": self._on_header, "on_part_data": self._on_data, "on_end": self._on_end,
        }  # fmt: skip

    def _on_end(self) -> None:
        self.is_whole = True

    def _begin(self) -> None:
        self._into, self._parts = "", self._parts + 1
        if self._parts > PARTS:
            raise TooLong

    def _on_head(self, data: bytes, start: int, end: int) -> None:
        self._head += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header(self) -> None:
        head, value, self._head, self._value = self._head, self._value, b"", b""
        if head.lower() != b"content-disposition":
            return
        told = parse_options_header(value)[1]
        self._into = told.get(b"name", b"").decode()
        if self._into == "file":  # a browser sends the part without a name when nothing was chosen
            self._into = "" if self.has_file else "file"
            self.has_file = self.has_file or bool(told.get(b"filename"))
        elif self._into:
            self.fields[self._into] = bytearray()

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._into == "file":
            self.size += end - start
            if self.keeps and self.size <= LARGEST:
                self.content += data[start:end]
            else:
                self.content.clear()
        elif self._into:
            self.fields[self._into] += data[start:end]
            if sum(map(len, self.fields.values())) > plainly.LARGEST:
                raise TooLong


async def _read(request: Request) -> dict[str, str]:
    """The fields of a form with a file in it; the file stays with the request. `TooLong` beyond 32 MB, `ValueError`
    when it is no such form or comes too slowly."""
    parcel: Parcel = request.state.parcel
    kind, told = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or not told.get(b"boundary"):
        raise ValueError("no form with a file")
    if int(request.headers.get("content-length") or 0) > READ:
        raise TooLong
    parser, size = MultipartParser(told[b"boundary"], parcel.callbacks()), 0
    try:
        async with asyncio.timeout(SECONDS):
            async for piece in request.stream():
                size += len(piece)
                if size > READ:
                    raise TooLong
                parser.write(piece)
    except (TimeoutError, ClientDisconnect) as fault:
        raise ValueError("not sent to its end") from fault
    if not parcel.is_whole:  # a length that was told too small, or a sender that broke off, cut a file in half
        raise ValueError("not sent to its end")
    return {name: value.decode() for name, value in parcel.fields.items()}


def receive(request: Request, sent: Sent) -> Response:
    """Add the file that was sent or delete the one that was chosen, and show the page it was sent from."""
    code = sent.get("code", "")[:200]
    return guarded(request, code, sent, lambda: _received(request, code, sent))


_take = page(receive, _read)


def _received(request: Request, code: str, sent: Sent) -> Response:
    opened, parcel = unlocked(code), request.state.parcel
    wrong = thanks = ""
    try:
        if sent.get("drop"):
            gate.perform(RESIDENT, followup.drop_file, opened, sent["drop"])
            thanks = _("The file has been deleted.")
        elif parcel.has_file:
            thanks = _added(opened, parcel)
        elif sent.get("do") == "add":
            raise Invalid(file=_("Please choose a file."))
        elif sent.get("do") == "level":
            thanks = _level(opened, sent)
    except Invalid as refusal:
        wrong = refusal.fields["file"]
    if sent.get("do") == "saved" and not wrong:
        return _saved(request, code, sent, opened, thanks)
    if sent.get("unit"):
        files = gate.inquire(RESIDENT, attachments.own, opened)
        return receipt_again(request, code, sent, Added(files, wrong, thanks, sent.get("level", "")))
    return story_page(request, code, {}, wrong={"file": wrong}, thanks=thanks, status=422 if wrong else 200)


def _saved(request: Request, code: str, sent: Sent, opened: Opened, thanks: str) -> Response:
    """On from the receipt to what becomes of the matter, with the sender's own rating where they gave one."""
    return story_page(request, code, {}, thanks=_level(opened, sent, thanks))


def _level(opened: Opened, sent: Sent, thanks: str = "") -> str:
    """Note the sender's own rating where they gave one; what they are told. The Enter key does this and no more, so
    that nobody leaves the receipt by it."""
    if sent.get("level") not in list(Level):
        return thanks
    gate.perform(RESIDENT, followup.own_level, opened, Level(sent["level"]))
    return thanks or _("Thank you. This has been noted.")


def _added(opened: Opened, parcel: Parcel) -> str:
    """Add the file; what its sender is told."""
    if parcel.size > LARGEST:
        raise Invalid(file=_("This file is larger than 10 MB."))
    if not parcel.keeps:
        raise Invalid(file=_("Many people are sending files at this moment. Please choose it again in a minute."))
    return adding.add(opened, bytes(parcel.content))

"""What the server adds to every answer: the rules a browser keeps to, and Streamlit's files made small."""

import gzip
from pathlib import Path

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
RULES = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
SHIPPED = Path(streamlit.__file__).parent / "static"
KINDS = {".js": "text/javascript", ".css": "text/css"}
FOREVER = "public, immutable, max-age=31536000"


class Rules:
    """Adds the rules to every answer that does not bring its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def ruled(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in RULES.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, ruled if scope["type"] == "http" else send)


class Compressed:
    """Serves Streamlit's scripts and styles compressed, from memory; they are megabytes otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[str, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _is_wanted(scope) and (body := await run_in_threadpool(self._body, scope["path"])):
            kind = KINDS[Path(scope["path"]).suffix]
            marks = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding", "Cache-Control": FOREVER}
            await Response(body, 200, marks, kind)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _body(self, path: str) -> bytes | None:
        if path not in self._kept:
            try:
                file = (SHIPPED / path.lstrip("/")).resolve()
                if not file.is_relative_to(SHIPPED / "static") or not file.is_file():
                    return None
                self._kept[path] = gzip.compress(file.read_bytes(), 6)
            except (OSError, ValueError):  # an address that can be no file's
                return None
        return self._kept[path]


def _is_wanted(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith("/static/"):
        return False
    return scope["path"].endswith(tuple(KINDS)) and "gzip" in Headers(scope=scope).get("accept-encoding", "")

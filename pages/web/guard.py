"""The guard round Streamlit: who a websocket belongs to, and what no client may send or read."""

from collections.abc import Iterable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request, cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from core.organisation import signin
from core.organisation.signin import SignedIn
from pages.ui import gate

SAFE, PLAIN = "__Host-sid", "sid"
"""The sign-in cookie: under HTTPS a browser takes the first from this very host alone; the second is for plain HTTP."""
TRUSTED = b"x-auth-sid"
CLOSED = ("/_stcore/metrics", "/_stcore/agent")
DROPPED = frozenset({"clear_cache", "set_run_on_save", "load_git_info"})
"""Frames by which any client could empty everybody's caches or change the server."""


class Guard:
    """Tells Streamlit who is at a websocket, by the cookie alone, and closes what is not for visitors."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(CLOSED):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
            return
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(b"x-auth-")]
        if token := session_token(headers, is_safe=scope["scheme"] == "wss"):
            session_id = signin.digest(token)
            if await run_in_threadpool(gate.identify, session_id):
                headers.append((TRUSTED, session_id.encode()))

        async def guarded() -> Message:
            while True:
                message = await receive()
                if not _is_dropped(message):
                    return message

        await self.app({**scope, "headers": headers}, guarded, send)


async def visitor(request: Request) -> SignedIn | None:
    """Who is signed in with the browser that sent a plain request."""
    token = own_token(request)
    return await run_in_threadpool(gate.identify, signin.digest(token)) if token else None


def own_token(request: Request) -> str | None:
    return session_token(request.scope["headers"], is_safe=request.scope["scheme"] == "https")


def session_token(headers: Iterable[tuple[bytes, bytes]], is_safe: bool) -> str | None:
    """The token of the sign-in cookie among request headers."""
    raw = b"; ".join(value for name, value in headers if name.lower() == b"cookie").decode("latin-1")
    return cookie_parser(raw).get(SAFE if is_safe else PLAIN)


def _is_dropped(message: Message) -> bool:
    if message["type"] != "websocket.receive":
        return False
    if not message.get("bytes"):  # text, or nothing: no browser of ours sends it, and Streamlit stumbles over it
        return True
    frame = BackMsg()
    try:
        frame.ParseFromString(message["bytes"])
    except Exception:  # whatever cannot be read is Streamlit's to refuse
        return False
    return frame.WhichOneof("type") in DROPPED

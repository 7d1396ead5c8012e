"""A client that speaks to Streamlit as a browser's tab does, so that reruns are measured without a browser."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

SMALL = 200
"""Bytes above which a message is not looked into while the clock runs: it cannot be the one that ends a run."""


class Failed(Exception):
    """A script could not be run to its end."""


@dataclass(frozen=True)
class Ran:
    """One run of a page: seconds from asking until its script was finished, and the messages it was told in."""

    seconds: float
    raw: tuple[bytes, ...] = field(repr=False)

    @property
    def size(self) -> int:
        return sum(len(message) for message in self.raw)

    def messages(self) -> Iterator[ForwardMsg]:
        for raw in self.raw:
            message = ForwardMsg()
            message.ParseFromString(raw)
            yield message

    def errors(self) -> list[str]:
        """What was shown as an error: a script that failed ends like any other."""
        shown = [message.delta.new_element for message in self.messages() if message.WhichOneof("type") == "delta"]
        wrong = [element.alert.body for element in shown if element.alert.format == Alert.ERROR]
        return wrong + [element.exception.message for element in shown if element.HasField("exception")]


class Tab:
    """A browser's tab at one page, signed in by a session's token or by nobody: `async with Tab(…) as tab`."""

    def __init__(self, port: int, page: str = "", query: str = "", token: str = "") -> None:
        self._address, self._page, self._query = f"ws://localhost:{port}/_stcore/stream", page, query
        self._headers = {"Cookie": f"sid={token}"} if token else {}
        self._url = f"http://localhost:{port}/{page}"
        self._hash = ""
        self._line: ClientConnection

    async def __aenter__(self) -> "Tab":
        self._line = await connect(
            self._address, additional_headers=self._headers, subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN"],  # type: ignore[list-item]
            max_size=None, compression=None, open_timeout=60, ping_interval=None,
        )  # fmt: skip
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self._line.close()

    async def run(self) -> Ran:
        """Run the page's script once more, as any click does."""
        asked = self._asked()
        begun, raw = time.perf_counter(), []
        await self._line.send(asked)
        while True:
            told = await self._line.recv()
            assert isinstance(told, bytes)
            raw.append(told)
            if len(told) <= SMALL and (end := _end(told)) is not None:
                if end == ForwardMsg.FINISHED_EARLY_FOR_RERUN:  # the page sent itself or its reader on
                    continue
                ran = Ran(time.perf_counter() - begun, tuple(raw))
                if end != ForwardMsg.FINISHED_SUCCESSFULLY:
                    raise Failed(self._page, ForwardMsg.ScriptFinishedStatus.Name(end))
                self._hash = self._hash or next(_hashes(ran), "")
                return ran

    def _asked(self) -> bytes:
        state = ClientState(query_string=self._query, page_script_hash=self._hash)
        state.page_name = "" if self._hash else self._page
        state.context_info.timezone, state.context_info.locale = "Asia/Shanghai", "zh-CN"
        state.context_info.timezone_offset, state.context_info.url = -480, self._url
        return bytes(BackMsg(rerun_script=state).SerializeToString())


def _end(raw: bytes) -> int | None:
    """How a run ended, if a message tells that; None for every other message."""
    message = ForwardMsg()
    message.ParseFromString(raw)
    return message.script_finished if message.WhichOneof("type") == "script_finished" else None


def _hashes(ran: Ran) -> Iterator[str]:
    """Under which hash Streamlit knows the page that was run: the last word is the navigation's."""
    kinds = {message.WhichOneof("type"): message for message in ran.messages()}
    if "navigation" in kinds:
        yield kinds["navigation"].navigation.page_script_hash
    if "new_session" in kinds:
        yield kinds["new_session"].new_session.page_script_hash

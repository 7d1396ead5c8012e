"""The running server: what a visitor, a forger and a signed-in person get from it, and how it starts and stops."""

import gzip
import json
import logging
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from google.protobuf.text_format import MessageToString
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest
from websockets.sync.client import ClientConnection, connect

from core import dates
from core.access import RESIDENT
from core.organisation import signin
from db.engine import connect as open_database
from db.migrate import upgrade
from pages.ui.nav import PAGES
from pages.web import faults, frame
from pages.web.guard import Guard
from pages.web.headers import POLICY
from tests.journeys.conftest import Server
from tests.makers import Place, make_place


class Tab:
    """A browser tab as far as the server can tell: the websocket and what came over it."""

    def __init__(self, socket: ClientConnection, page: str) -> None:
        self.socket, self.page, self.script = socket, page, ""

    def run(self) -> str:
        """Run the page and give everything that was sent for it, as text."""
        wanted = BackMsg()
        wanted.rerun_script.page_name, wanted.rerun_script.page_script_hash = self.page, self.script
        self.socket.send(wanted.SerializeToString())
        sent = []
        while True:
            message = ForwardMsg()
            message.ParseFromString(self.socket.recv(timeout=30))  # type: ignore[arg-type]
            sent.append(MessageToString(message, as_utf8=True))
            if message.WhichOneof("type") == "navigation":
                self.script = message.navigation.page_script_hash
            if message.WhichOneof("type") == "script_finished":
                return "\n".join(sent)


@contextmanager
def tab(server: Server, page: str, token: str = "", **headers: str) -> Iterator[Tab]:
    """A tab opened at a page, with the cookie of a sign-in or other headers of one's own."""
    if token:
        headers["Cookie"] = f"sid={token}"
    protocols: Any = ["streamlit", "PLACEHOLDER_AUTH_TOKEN"]
    address = f"ws://localhost:{server.port}/_stcore/stream"
    with connect(address, subprotocols=protocols, additional_headers=headers, max_size=None) as socket:
        yield Tab(socket, page)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Place]]:
    """A server nobody has visited yet, on a real site with the small place in it."""
    folder = tmp_path_factory.mktemp("site")
    engine = open_database(f"sqlite:///{folder / 'qingyuan.db'}")
    upgrade(engine)
    place = make_place(engine)
    place.now = dates.now()
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("QINGYUAN_KEEP", "contact=ninety")
        server = Server(folder)
    yield server, place
    engine.dispose()
    if server.process.poll() is None:
        server.stop()


def token_of(place: Place, who: str = "clerk") -> str:
    def begun(work) -> str:
        person = work.store.person(place.people[who].person_id)
        person.must_change = False
        return signin.begin(work, person)

    place.now = dates.now()
    return str(place.do(RESIDENT, begun))


def get(server: Server, address: str, **headers: str):
    request = urllib.request.Request(server.address + address, headers=headers)
    try:
        return urllib.request.urlopen(request, timeout=10)
    except urllib.error.HTTPError as error:
        return error


@pytest.mark.costly
def test_the_very_first_visitor_by_a_deep_link_gets_the_frame_and_a_refusal(running: tuple[Server, Place]) -> None:
    server, _place = running
    with tab(server, "register") as opened:
        seen = opened.run()
    assert seen.count("navigation {") == 1, "the old routing of pages/ had its turn first"
    assert "page_not_found" not in seen
    assert "请先登录" in seen
    assert "/account/login?next=" in seen
    assert set(re.findall(r'url_pathname: "(\w+)"', seen)) == {place.address for place in PAGES[1:]}


def test_a_forged_header_gives_nobody_and_the_cookie_gives_its_person(running: tuple[Server, Place]) -> None:
    server, place = running
    token = token_of(place)
    session = signin.digest(token)
    for forged in ({"X-Auth-Sid": session}, {"x-auth-sid": token}, {"Cookie": f"sid={session}"}):
        with tab(server, "register", **forged) as opened:
            assert "请先登录" in opened.run()
    with tab(server, "register", token, **{"X-Auth-Sid": signin.digest(token_of(place, "system"))}) as opened:
        seen = opened.run()
    assert "请先登录" not in seen
    assert "周小满" in seen


def test_an_open_tab_loses_its_person_as_soon_as_the_session_is_ended(running: tuple[Server, Place]) -> None:
    server, place = running
    token = token_of(place)
    with tab(server, "register", token) as opened:
        assert "周小满" in opened.run()
        place.do(RESIDENT, signin.sign_out, token)
        seen = opened.run()
    assert "请先登录" in seen
    assert "周小满" not in seen


def test_answers_carry_the_rules_and_closed_addresses_stay_closed(running: tuple[Server, Place]) -> None:
    server, _place = running
    for address in ("/register", "/_stcore/health", "/static/none.js"):
        headers = get(server, address).headers
        assert headers["Content-Security-Policy"] == POLICY, address
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"
    assert "unsafe" not in POLICY.replace("style-src 'self' 'unsafe-inline'", "")
    assert get(server, "/").headers["Content-Security-Policy"].startswith("default-src 'none'")
    for address in ("/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/agent/mcp"):
        assert get(server, address).status == 404, address


def test_the_app_comes_in_the_readers_language_and_its_files_compressed(running: tuple[Server, Place]) -> None:
    server, _place = running
    chinese, english = get(server, "/inbox").read().decode(), get(server, "/inbox", Cookie="lang=en").read().decode()
    assert '<html lang="zh-CN">' in chinese
    assert "/web/zh.js" in chinese
    assert '<html lang="en">' in english
    assert "/web/zh.js" not in english
    assert not re.search(r"<script(?![^>]* src=)", chinese)
    script = re.search(r'src="(/static/js/index\.[^"]+\.js)"', chinese)
    assert script
    small, plain = get(server, script[1], **{"Accept-Encoding": "gzip"}), get(server, script[1])
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.read()) == plain.read()
    assert "最大" in get(server, "/web/zh.js").read().decode()


def test_a_term_of_keeping_that_cannot_be_read_is_told_when_it_starts(running: tuple[Server, Place]) -> None:
    server, _place = running
    log = server.log.read_text(encoding="utf-8")
    assert ("QINGYUAN_KEEP" in log, "contact=ninety" in log) == (True, True)


@pytest.mark.costly
def test_it_stops_when_told_to_and_wrote_nothing_about_visitors(running: tuple[Server, Place]) -> None:
    server, place = running
    place.engine.dispose()
    with tab(server, "speak") as opened:
        opened.run()
        server.stop()
    log = server.log.read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert "127.0.0.1" not in log
    assert "::1" not in log
    assert not list(server.folder.glob("*.db-wal")), "the database was not closed"


def test_frames_that_are_none_or_would_empty_everybodys_caches_never_reach_streamlit() -> None:
    def framed(**fields: bool) -> bytes:
        message = BackMsg()
        for name, value in fields.items():
            setattr(message, name, value)
        return message.SerializeToString()

    rerun = BackMsg()
    rerun.rerun_script.query_string = "a=1"
    dropped = [framed(clear_cache=True), framed(set_run_on_save=True), framed(load_git_info=True)]
    frames = [*dropped, b"\xff\xff", rerun.SerializeToString()]
    queue = [{"type": "websocket.receive", "text": "{}"}, {"type": "websocket.receive", "bytes": b""}]
    queue += [{"type": "websocket.receive", "bytes": frame} for frame in frames]
    reached = []

    async def receive():
        return queue.pop(0)

    async def send(_message) -> None:
        pass

    async def streamlit(_scope, receive, _send) -> None:
        while queue:
            reached.append((await receive())["bytes"])

    scope = {"type": "websocket", "path": "/_stcore/stream", "scheme": "ws", "headers": []}
    with ThreadPoolExecutor(1) as thread:  # a browser of another test may already have a loop in this one
        thread.submit(anyio.run, Guard(streamlit), scope, receive, send).result()
    assert reached == frames[3:]


def test_a_fault_is_one_sentence_with_a_number_and_its_words_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    def page() -> None:
        import streamlit as st

        from pages.web import faults

        st.text_input("typed", key="typed")
        try:
            raise ValueError("secret words of a resident")
        except ValueError as error:
            faults.show(error)

    with caplog.at_level(logging.ERROR, "qingyuan"):
        app = AppTest.from_function(page).run()
    number = re.search(r"编号 ([0-9a-f]{6})", app.error[0].value)
    assert number
    assert number[1] in caplog.text
    assert "ValueError" in caplog.text
    assert "in page" in caplog.text
    assert "secret words of a resident" not in caplog.text.replace('raise ValueError("secret words of a resident")', "")


def test_what_others_log_of_an_error_is_without_its_words() -> None:
    faults.keep_logs_bare()
    try:
        int("words of a resident")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "Uncaught app execution", (), (ValueError, error, None))
    assert all(kept.filter(record) for kept in logging.getLogger("streamlit.error_util").filters)
    assert "ValueError" in logging.Formatter().format(record)
    assert "invalid literal" not in logging.Formatter().format(record)


def test_the_dictionary_of_streamlits_words_is_whole(root: Path) -> None:
    words = json.loads((root / "pages" / "web" / "static" / "zh.json").read_text(encoding="utf-8"))
    assert all(re.search("[\u4e00-\u9fff]", chinese) for chinese in words["words"].values() if "SVG" not in chinese)
    for form, _chinese in words["patterns"]:
        re.compile(form)
    bundle = "".join(
        path.read_text(encoding="utf-8")
        for path in (frame.SHIPPED.parent / "static" / "js").glob("*.js")
        if path.stat().st_size < 600_000
    )
    for shown in (
        "Choose an option", "No results", "Skip to main content", "Drag and drop a file here", "Page not found",
        "Connection error", "Choose date", "Sort ascending", "Running...", "Decrement",
    ):  # fmt: skip
        assert shown in bundle, f"Streamlit no longer says {shown!r}: look through its words again"
        assert shown in words["words"]

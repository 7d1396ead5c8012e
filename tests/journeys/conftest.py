"""Journeys: a real server, a real browser. Without Chromium they are skipped by name."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from db.engine import connect
from db.migrate import upgrade
from tests.makers import Place, make_place

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
SCREENS = ROOT / "shots"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": list(QUIET)}


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Server:
    """The product as its users start it, on a free port with a data folder of its own; with an environment of its own
    it is only waited for when asked."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.port = free_port()
        self.folder, self.address = folder, f"http://localhost:{self.port}"
        self.log = folder / "server.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)],
                cwd=ROOT, env={**os.environ, "QINGYUAN_DATA": str(folder), "DATABASE_URL": "", **environment},
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        if not environment:
            self.wait()

    def wait(self) -> None:
        for _try in range(600):
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self.log.read_text(encoding="utf-8"))

    def code(self) -> str:
        """The one-time code as it stands on the console."""
        import re

        found = re.search(r"\b(\d{4}-\d{4}-\d{4})\b", self.log.read_text(encoding="utf-8"))
        assert found, self.log.read_text(encoding="utf-8")
        return found[1]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Place]]:
    """A running server on a real site with the small place in it."""
    folder = tmp_path_factory.mktemp("site")
    engine = connect(f"sqlite:///{folder / 'qingyuan.db'}")
    upgrade(engine)
    from core import dates

    place = make_place(engine)
    place.now = dates.now()
    server = Server(folder)
    yield server, place
    server.stop()
    engine.dispose()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server nobody has set up yet."""
    server = Server(tmp_path_factory.mktemp("fresh"))
    yield server
    server.stop()


Visit = Callable[..., Page]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed  # type: ignore[attr-defined]
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A new browser of somebody's own: visit("http://…", phone=True)."""
    contexts: list[BrowserContext] = []

    def visited(address: str, *, phone: bool = False) -> Page:
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai", is_mobile=phone,
            has_touch=phone,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        settle(page)
        return page

    yield visited
    for n, context in enumerate(contexts):
        if request.node.stash.get(FAILED, False):
            photograph(context.pages[0], f"failed-{request.node.name}-{n}")
        context.close()


READY = """() => { const app = document.querySelector('[data-testid=stApp]');
  return !app || (app.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED'
    && document.querySelector('[data-testid=stMain] [data-testid=stElementContainer]')) }"""


def settle(page: Page) -> None:
    """Wait until the page has been drawn and nothing runs any more."""
    page.wait_for_load_state("load")
    page.wait_for_timeout(250)
    page.wait_for_function(READY, timeout=30_000)
    page.wait_for_timeout(120)


def photograph(page: Page, name: str) -> None:
    """Keep a picture of the whole page, Streamlit's inner scrolling included."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    before = page.viewport_size or DESKTOP
    height = page.evaluate(
        "() => Math.min(6000, Math.max(document.documentElement.scrollHeight,"
        " document.querySelector('[data-testid=stMain]')?.scrollHeight ?? 0))"
    )
    page.set_viewport_size({"width": before["width"], "height": max(before["height"], int(height))})
    page.wait_for_timeout(200)
    page.screenshot(path=SCREENS / f"{name}.png")
    page.set_viewport_size(before)

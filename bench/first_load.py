"""How soon somebody can begin: `python -m bench.first_load`.

Chromium as a phone with 4 Mbit/s down, 1 Mbit/s up, 100 ms and a processor four times slower, an empty cache each
time. A plain page is usable when it has been drawn and its first field takes the focus; a page of the app when its
title stands there and its script has finished; both in ms from the tap on the link. Two floors are measured in the same
run: the smallest answer of the same server, and Streamlit's own hello page with the same settings, against which the
goal is 1.3. Needs Chromium and playwright.
"""

import argparse
import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import streamlit
from playwright.sync_api import Browser, CDPSession, sync_playwright
from sqlalchemy import Engine, select

from bench import served, visitors
from core import dates, items
from core.access import FOUNDER, Actor, Grant, Scope
from core.items import library
from core.organisation import posts
from core.organisation.units import Unit
from core.privacy.keys import Ring
from core.words import DisclosureClass, DisclosureWhen, Role
from db.tables import units_
from db.work import work

LINE = {"offline": False, "latency": 100, "downloadThroughput": 4e6 / 8, "uploadThroughput": 1e6 / 8}
SLOWER, PATIENCE = 4, 60
"""Times slower than this processor; seconds until a page counts as not usable, which is then its time."""
PHONE = {"width": 390, "height": 844}
WATCH = """(() => { const look = () => {
  const found = document.readyState !== 'loading' && document.querySelector(WANTED);
  const drawn = performance.getEntriesByName('first-contentful-paint')[0];
  if (found && drawn && found.getClientRects().length) {
    found.focus();
    if (found.matches(':focus, body, h1')) { window.usable = performance.now(); return; }
  }
  setTimeout(look, 5); };
  look(); })()"""
"""Looks every 5 ms whether what is wanted is there and drawn, and takes the focus where it can."""
READY = "[data-testid=stApp][data-test-script-state=notRunning] [data-testid=stMain] h1"
"""The title of a page of the app, once its script has finished."""
HELLO = Path(streamlit.__file__).parent / "hello" / "streamlit_app.py"
PEER = "Streamlit's hello"


@dataclass
class Measured:
    """What was measured of one page, a value for each time: ms until usable, and bytes and requests over the line."""

    usable: list[float] = field(default_factory=list)
    bytes_: list[float] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)

    def told(self, floor: "Measured", peer: "Measured") -> str:
        """A row of the table: ms, what of them is above the floor, KB, requests, and times hello's ms and bytes."""
        middle, size = statistics.median(self.usable), statistics.median(self.bytes_)
        return (
            f"{middle:.0f} | {max(self.usable):.0f} | {middle - statistics.median(floor.usable):.0f} | "
            f"{size / 1024:.0f} | {statistics.median(self.requests):.0f} | "
            f"{middle / statistics.median(peer.usable):.2f} | {size / statistics.median(peer.bytes_):.2f}"
        )


def stock(engine: Engine, code: str, most: int) -> None:
    """Give a community power items out of the library, so that the list on the form is a long one."""
    with work(engine, FOUNDER, dates.now()) as doing:
        unit = doing.store.unit_by_code(code)
        post_id = posts.add_post(doing, unit.id, "综合岗")
        names = {row.name for row in doing.store.item_rows(Scope((unit.path,)), unit.id)}
    cadre = Actor("bench", "bench", (Grant(Role.CADRE, unit.path),), unit.id)
    for point in library():
        if point.power_item not in names and len(names) < most:
            names.add(point.power_item)
            _add(engine, cadre, unit, items.ItemForm(
                name=point.power_item, dimension=point.dimension, post_id=post_id,
                disclosure_class=DisclosureClass.AFFAIRS, disclosure_when=DisclosureWhen.QUARTERLY,
            ))  # fmt: skip


def _add(engine: Engine, cadre: Actor, unit: Unit, form: items.ItemForm) -> None:
    with work(engine, cadre, dates.now()) as doing:
        items.add_item(doing, unit.id, form)


@contextmanager
def phone(browser: Browser, address: str, token: str) -> Iterator[tuple[CDPSession, Measured]]:
    """A phone that has never been here, on a slow line; signed in where there is a token."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN", is_mobile=True, has_touch=True)
    if token:
        context.add_cookies([{"name": "sid", "value": token, "url": address}])
    page, measured = context.new_page(), Measured()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    line.on("Network.loadingFinished", lambda told: measured.bytes_.append(told["encodedDataLength"]))
    try:
        yield line, measured
    finally:
        context.close()


@dataclass(frozen=True)
class Wanted:
    """A page to be opened: where, what makes it usable, and who opens it."""

    address: str
    what: str = READY
    token: str = ""


def visit(browser: Browser, wanted: Wanted, found: Measured) -> None:
    """Open a page once and add what was measured."""
    with phone(browser, wanted.address, wanted.token) as (line, measured):
        [page] = browser.contexts[-1].pages
        page.add_init_script(WATCH.replace("WANTED", repr(wanted.what)))
        page.goto(wanted.address)
        for _try in range(PATIENCE * 20):  # from outside: the pages' own rules forbid a waiting script
            page.wait_for_timeout(50)
            if usable := page.evaluate("window.usable || 0"):
                break
        found.usable.append(usable or PATIENCE * 1000)
        page.wait_for_timeout(100)
        line.send("Network.getCookies")  # everything that was told before has been heard by now
        found.bytes_.append(sum(measured.bytes_))
        found.requests.append(len(measured.bytes_))


def pages(ours: str, hello: str, code: str, token: str) -> dict[str, Wanted]:
    """What is opened, the floor first."""
    return {
        "floor: two bytes of text": Wanted(f"{ours}/_stcore/health", "body"),
        PEER: Wanted(hello),
        "resident's form (`/r/CODE`)": Wanted(f"{ours}/r/{code}", "#text"),
        "public board (`/b/CODE`)": Wanted(f"{ours}/b/{code}", "a.button, a"),
        "entering a receipt (`/receipt`)": Wanted(f"{ours}/receipt", "#code"),
        "sign-in (`/account/login`)": Wanted(f"{ours}/account/login", "input[name=account]"),
        "app, a resident's form (`/speak`)": Wanted(f"{ours}/speak?unit={code}"),
        "app, a cadre's home": Wanted(f"{ours}/", token=token),
        "app, register": Wanted(f"{ours}/register", token=token),
    }


def measure(browser: Browser, wanted: dict[str, Wanted], times: int) -> dict[str, Measured]:
    """Every page so many times in turn, after one visit each that does not count."""
    found = {name: Measured() for name in wanted}
    for n in range(times + 1):
        for name, page in wanted.items():
            visit(browser, page, found[name] if n else Measured())
    return found


def table(found: dict[str, Measured]) -> Sequence[str]:
    floor, peer = next(iter(found.values())), found[PEER]
    head = "| page | usable, median ms | longest | above the floor | KB | requests | ms × hello | KB × hello |"
    return [head, "|---|" + "--:|" * 7, *(f"| {name} | {one.told(floor, peer)} |" for name, one in found.items())]


def community(engine: Engine) -> str:
    """The public code of the first community."""
    with engine.connect().execution_options(reading=True) as connection:
        query = select(units_.c.code).where(units_.c.kind == "community").order_by(units_.c.path)
        return str(connection.scalar(query))


def run(times: int, most: int) -> None:
    """Measure on the demo's place, its first community stocked with power items."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with (
        tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as theirs, sync_playwright() as player,
        visitors.opened(Path(ours)) as engine, visitors.signed_in(engine) as everybody,
        served.product(Path(ours), {}) as product, served.bare(Path(theirs), str(HELLO)) as hello,
    ):
        stock(engine, code := community(engine), most)
        token = next(one.token for one in everybody if one.role is Role.CADRE)
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        wanted = pages(product.address, hello.address, code, token)
        print("\n".join(table(measure(browser, wanted, times))))
        browser.close()


def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m bench.first_load", description=__doc__)
    reader.add_argument("--times", type=int, default=11)
    reader.add_argument("--items", type=int, default=60, help="power items in the list of the form")
    reader.add_argument("--quick", action="store_true", help="each page once, within about a minute")
    told = reader.parse_args()
    os.environ.setdefault("QINGYUAN_KEYS", Ring.made().written())
    run(1 if told.quick else told.times, told.items)


if __name__ == "__main__":
    main()

"""How soon a resident can type: `python -m bench.first_form`.

Chromium as a phone with 4 Mbit/s down, 1 Mbit/s up, 100 ms and a processor four times slower, an empty cache each
time. Usable is the moment when the page has been drawn and its first field takes the focus, in ms from the tap on the
link. The floor is the smallest answer of the same server in the same run: two bytes. Needs Chromium and playwright.
"""

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, sync_playwright

from bench import flood
from core import dates, items, posts
from core.access import FOUNDER, Actor, Grant
from core.items import library
from core.units import Unit
from core.words import DisclosureClass, DisclosureWhen, Role
from db.engine import connect
from db.work import work

LINE = {"offline": False, "latency": 100, "downloadThroughput": 4e6 / 8, "uploadThroughput": 1e6 / 8}
SLOWER, PATIENCE = 4, 60
"""Times slower than this processor; seconds until a page counts as not usable, which is then its time."""
PHONE = {"width": 390, "height": 844}
WATCH = """(() => { const look = () => {
  const field = document.readyState !== 'loading' && document.querySelector(WANTED);
  const drawn = performance.getEntriesByName('first-contentful-paint')[0];
  if (field && drawn && field.getClientRects().length) {
    field.focus();
    if (WANTED === 'body' || document.activeElement === field) { window.usable = performance.now(); return; }
  }
  setTimeout(look, 5); };
  look(); })()"""
"""Looks every 5 ms whether the field is there, drawn and takes the focus."""


@dataclass
class Measured:
    """What was measured of one page, a value for each time: ms until usable, and bytes and requests over the line."""

    usable: list[float] = field(default_factory=list)
    loaded: list[float] = field(default_factory=list)
    bytes_: list[float] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)

    def told(self, floor: float) -> str:
        middle = statistics.median(self.usable)
        return (
            f"{middle:.0f} | {max(self.usable):.0f} | {statistics.median(self.loaded):.0f} | {middle - floor:.0f} | "
            f"{statistics.median(self.bytes_) / 1024:.1f} | {statistics.median(self.requests):.0f}"
        )


def stock(folder: Path, code: str, most: int) -> None:
    """Give a community its power items out of the library, so that the list on the form is a long one."""
    engine = connect(f"sqlite:///{folder / 'qingyuan.db'}")
    with work(engine, FOUNDER, dates.now()) as doing:
        unit = doing.store.unit_by_code(code)
        post_id = posts.add_post(doing, unit.id, "综合岗")
    cadre = Actor("bench", "bench", (Grant(Role.CADRE, unit.path),), unit.id)
    names: set[str] = set()
    for point in library():
        if point.power_item not in names and len(names) < most:
            names.add(point.power_item)
            _add(engine, cadre, unit, items.ItemForm(
                name=point.power_item, dimension=point.dimension, post_id=post_id,
                disclosure_class=DisclosureClass.AFFAIRS, disclosure_when=DisclosureWhen.QUARTERLY,
            ))  # fmt: skip
    engine.dispose()


def _add(engine: object, cadre: Actor, unit: Unit, form: items.ItemForm) -> None:
    with work(engine, cadre, dates.now()) as doing:  # type: ignore[arg-type]
        items.add_item(doing, unit.id, form)


@contextmanager
def phone(browser: Browser) -> Iterator[tuple[CDPSession, Measured]]:
    """A phone that has never been here, on a slow line."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN", is_mobile=True, has_touch=True)
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


def visit(browser: Browser, address: str, wanted: str, found: Measured) -> None:
    """Open a page once and add what was measured."""
    with phone(browser) as (line, measured):
        [page] = browser.contexts[-1].pages
        page.add_init_script(WATCH.replace("WANTED", repr(wanted)))
        page.goto(address)
        for _try in range(PATIENCE * 20):  # from outside: the pages' own rules forbid a waiting script
            page.wait_for_timeout(50)
            if usable := page.evaluate("window.usable || 0"):
                break
        found.usable.append(usable or PATIENCE * 1000)
        found.loaded.append(page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"))
        page.wait_for_timeout(100)
        line.send("Network.getCookies")  # everything that was told before has been heard by now
        found.bytes_.append(sum(measured.bytes_))
        found.requests.append(len(measured.bytes_))


def measure(browser: Browser, port: int, code: str, times: int) -> dict[str, Measured]:
    """Every page so many times in turn, after one visit each that does not count."""
    at = f"http://localhost:{port}"
    pages = {
        "floor: two bytes of text": (f"{at}/_stcore/health", "body"),
        "plain form (`/r/CODE`)": (f"{at}/r/{code}", "#text"),
        "public board (`/b/CODE`)": (f"{at}/b/{code}", "a.button, a"),
        "entering a receipt (`/receipt`)": (f"{at}/receipt", "#code"),
    }
    found = {name: Measured() for name in pages}
    for n in range(times + 1):
        for name, (address, wanted) in pages.items():
            visit(browser, address, wanted, found[name] if n else Measured())
    return found


def table(found: dict[str, Measured]) -> Sequence[str]:
    floor = statistics.median(next(iter(found.values())).usable)
    head = "| page | usable, median ms | longest | DOM loaded | above the floor | KB | requests |"
    return [head, "|---|" + "--:|" * 6, *(f"| {name} | {one.told(floor)} |" for name, one in found.items())]


def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m bench.first_form")
    reader.add_argument("--times", type=int, default=11)
    reader.add_argument("--items", type=int, default=60, help="power items in the list of the form")
    told = reader.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as player:
        code, _other = flood.site(Path(name))
        stock(Path(name), code, told.items)
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        with flood.server(Path(name)) as port:
            print("\n".join(table(measure(browser, port, code, told.times))))
        browser.close()


if __name__ == "__main__":
    main()

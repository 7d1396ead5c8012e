"""A resident's pages in a real browser: nothing for axe to find, with and without a script."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from core import dates
from core.text import day
from tests import makers
from tests.journeys.conftest import PHONE, Server, Visit
from tests.makers import Place

WORRY = "停车费收了钱，账从来没有贴出来过"


def faultless(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert not found, [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_form_receipt_progress_and_board_have_no_fault_in_any_look(served: tuple[Server, Place], visit: Visit) -> None:
    server, place = served
    code = place.units["building"].code
    makers.controlled(place)
    place.now = dates.now()
    for language, size in (("zh_CN", "normal"), ("zh_CN", "large"), ("en", "normal")):
        page = visit(f"{server.address}/r/{code}", phone=True)
        for name, value in (("lang", language), ("print", size)):
            page.context.add_cookies([{"name": name, "value": value, "url": server.address}])
        page.reload()
        faultless(page)
        page.fill("#text", "停")
        page.click("button.first")
        faultless(page)
        page.fill("#text", WORRY)
        page.click("button.first")
        faultless(page)
        page.check("input[value=high]")
        page.click("button.first")
        faultless(page)
        page.goto(f"{server.address}/b/{code}")
        faultless(page)


def test_what_is_typed_survives_a_reload_and_is_gone_after_sending(served: tuple[Server, Place], visit: Visit) -> None:
    server, place = served
    page = visit(f"{server.address}/r/{place.units['building'].code}", phone=True)
    page.fill("#text", WORRY)
    page.reload()
    assert page.input_value("#text") == WORRY
    page.click("button.first")
    digits = page.get_attribute("[data-copy]", "data-copy")
    assert page.evaluate("sessionStorage.length") == 0
    page.click("button.first")
    page.go_back()
    assert digits not in page.content()
    assert page.input_value("#text") == ""
    page.goto("about:blank")
    page.goto(f"{server.address}/receipt#{digits}")
    assert page.input_value("#code").replace(" ", "") == digits
    assert digits not in page.url
    page.click("button.first")
    assert WORRY in page.content()


def test_everything_works_without_a_script(served: tuple[Server, Place], browser: Browser) -> None:
    server, place = served
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{server.address}/r/{place.units['building'].code}")
    page.fill("#text", WORRY + "啊")
    page.select_option("#item_id", label="公章使用")
    page.click("button.first")
    digits = "".join(page.locator("#code span").all_inner_texts())
    page.click("button.first")
    assert WORRY + "啊" in page.content()
    page.goto(f"{server.address}/receipt")
    page.fill("#code", digits)
    page.click("button.first")
    assert day(dates.today(dates.now())) in page.content()
    context.close()

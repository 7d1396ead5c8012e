"""What helps while somebody types, in a real browser: with a script, without one, in large print; and the notices."""

import pypdfium2
from playwright.sync_api import Browser

from tests.journeys.conftest import PHONE, Server, Visit, photograph
from tests.journeys.test_resident import faultless
from tests.makers import Place

OWN = "我叫王小明，住3栋502室，电话13812345678，公告栏的账没有贴"


def test_sentences_appear_while_typing_and_once_more_before_sending(
    served: tuple[Server, Place], visit: Visit
) -> None:
    server, place = served
    for size in ("normal", "large"):
        page = visit(f"{server.address}/r/{place.units['building'].code}", phone=True)
        page.context.add_cookies([{"name": "print", "value": size, "url": server.address}])
        page.reload()
        page.locator("#text").press_sequentially(OWN)
        page.wait_for_selector(".told p")
        assert "像是电话号码" in page.locator("[aria-live=polite]").inner_text()
        faultless(page)
        photograph(page, f"resident-told-{size}")
        page.click("button.first")
        assert page.locator("h1").inner_text() == "请再看一眼"
        faultless(page)
        photograph(page, f"resident-look-{size}")
        page.click("button[value=edit]")
        assert page.input_value("#text") == OWN
        page.fill("#text", "着火了快来人")
        page.click("button.first")
        assert "119" in page.locator(".notice").inner_text()
        faultless(page)


def test_the_script_asks_without_a_cookie_and_after_a_pause_alone(served: tuple[Server, Place], visit: Visit) -> None:
    server, place = served
    page = visit(f"{server.address}/r/{place.units['building'].code}", phone=True)
    page.context.add_cookies([{"name": "print", "value": "large", "url": server.address}])
    asked = []
    page.on("request", lambda request: asked.append(request) if request.url.endswith("/r/look") else None)
    page.locator("#text").press_sequentially(OWN, delay=20)
    page.wait_for_selector(".told p")
    assert len(asked) == 1
    assert "cookie" not in asked[0].all_headers()


def test_without_a_script_the_second_look_stands_before_keeping(served: tuple[Server, Place], browser: Browser) -> None:
    server, place = served
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{server.address}/r/{place.units['building'].code}")
    page.fill("#text", OWN)
    page.click("button.first")
    page.click("button[value=cover]")
    digits = "".join(page.locator("#code span").all_inner_texts())
    page.goto(f"{server.address}/receipt")
    page.fill("#code", digits)
    page.click("button.first")
    assert ("我叫***" in page.content(), "王小明" in page.content()) == (True, False)
    context.close()


def test_a_notice_is_one_sheet_with_two_sides(served: tuple[Server, Place], visit: Visit) -> None:
    server, place = served
    code = place.units["building"].code
    for address in (f"/n/{code}", f"/n/{code}?item={place.items['relief']}", f"/n/{code}?item=gone"):
        page = visit(f"{server.address}{address}", phone=True)
        faultless(page)
        printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
        assert len(printed) == 2
        printed.close()

"""A resident's pages in a real browser: nothing for axe to find, with and without a script."""

from datetime import timedelta

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from core import dates
from core.access import RESIDENT
from core.review import recording, triage
from core.text import day
from core.voices import flags, followup, proofs
from core.voices.receipts import plain
from tests import makers
from tests.journeys.conftest import PHONE, Server, Visit, photograph
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


def test_by_keyboard_alone_in_large_print_one_joins_what_is_on_the_board(
    served: tuple[Server, Place], visit: Visit
) -> None:
    server, place = served
    place.now = dates.now() - timedelta(days=30)
    makers.controlled(place)
    place.now = dates.now()
    page = visit(f"{server.address}/r/{place.units['building'].code}", phone=True)
    press(page, "button[value=large]")
    reach(page, "#text")
    page.keyboard.type("救助名单到现在也没有贴出来")
    reach(page, "#item_id")
    page.keyboard.press("ArrowDown")
    press(page, "button.first")
    expect(page.locator("h1")).to_have_text("这事是不是已经有了？")
    faultless(page)
    photograph(page, "resident-already-large")
    press(page, "button[value^=join]")
    expect(page.locator("h1")).to_have_text("已计入您这一份")
    faultless(page)
    photograph(page, "resident-joined-receipt-large")
    digits = "".join(page.locator("#code span").all_inner_texts())
    press(page, "button.first")  # the script changes the history first, which counts as a navigation of its own
    expect(page.locator("h1")).to_contain_text("您已附议")
    faultless(page)
    photograph(page, "resident-joined-large")
    page.goto(f"{server.address}/receipt")
    reach(page, "#code")
    page.keyboard.type(digits)
    press(page, "button.first")
    expect(page.locator("h1")).to_contain_text("您已附议")
    press(page, "form:has([value=take_back]) button")
    faultless(page)


def test_progress_with_all_it_can_show_and_the_check_of_a_proof_have_no_fault(
    served: tuple[Server, Place], visit: Visit
) -> None:
    server, place = served
    code = makers.speak(place, "门口的公告栏半年没换过", None)
    row = next(row for row in makers.inbox(place) if row.text == "门口的公告栏半年没换过")
    place.do("watchdog", flags.note_reading, row.id)
    place.do("watchdog", triage.ask_sender, row.id, "是哪个门口？")
    place.do(RESIDENT, followup.answer, code, "三栋北门，旁边是快递柜")
    place.do("watchdog", triage.decline, row.id, "公告栏归物业管，已转告")
    proof = place.ask(RESIDENT, proofs.proof, code)
    for size in ("normal", "large"):
        page = visit(f"{server.address}/receipt", phone=True)
        page.context.add_cookies([{"name": "print", "value": size, "url": server.address}])
        page.fill("#code", code)
        page.click("button.first")
        for summary in page.locator("summary").all():
            summary.click()
        faultless(page)
        photograph(page, f"resident-progress-{size}")
        page.click("form:has([value=take_back]) button")
        faultless(page)
        photograph(page, f"resident-take-back-{size}")
        page.goto(f"{server.address}/proof")
        faultless(page)
        page.fill("#proof", proof)
        page.fill("#words", "门口的公告栏半年没换过")
        page.click("button.first")
        assert page.locator("#verdict").inner_text() == "✓ 真"
        faultless(page)
        photograph(page, f"resident-proof-{size}")


def test_the_slips_of_an_occasion_have_no_fault(served: tuple[Server, Place], visit: Visit) -> None:
    server, place = served
    texts = ("楼道的灯坏了没人修", "电梯的账没有公布")
    held = recording.Occasion(held_on=place.today, present=9, consent=True)
    matters = [recording.Matter(text=text, receipt=True) for text in texts]
    codes = place.do("clerk", recording.record_occasion, place.units["banyan"].id, held, matters)
    given = " ".join(f"{n}:{plain(code)}" for n, code in enumerate(codes, 1))
    for size in ("normal", "large"):
        page = visit(f"{server.address}/receipt", phone=True)
        page.context.add_cookies([{"name": "print", "value": size, "url": server.address}])
        with page.expect_navigation():
            page.evaluate(SENT, {"codes": given, "unit": place.units["banyan"].code})
        assert page.locator(".slip").count() == 2
        faultless(page)
        photograph(page, f"resident-slips-{size}")


SENT = """fields => { const form = document.createElement('form'); form.method = 'post'; form.action = '/slips';
  for (const [name, value] of Object.entries(fields)) {
    form.append(Object.assign(document.createElement('input'), {name, value})); }
  document.body.append(form); form.submit(); }"""
"""A form such as the page of the app sends."""


def reach(page: Page, wanted: str) -> None:
    """Go on with the Tab key until something has the focus."""
    for _n in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"no key leads to {wanted}")


def press(page: Page, wanted: str) -> None:
    """Reach a button by key and press it."""
    reach(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")

"""Signing in with a real browser: it lasts over a reload and a new tab, and the strict rules let the page live."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import Server, Visit, settle
from tests.makers import PASSWORD, Place
from tests.pages.conftest import session_of


def test_plain_pages_have_no_fault_that_hinders_a_reader(visit: Visit, served: tuple[Server, Place]) -> None:
    server, _place = served
    page = visit(server.address)
    for address in ("/", "/account/login", "/setup", "/nothing", "/nothing/at/all"):
        answer = page.goto(server.address + address)
        assert answer is not None
        assert answer.status == (404 if "nothing" in address else 200)
        found = Axe().run(page)
        assert found.violations_count == 0, (address, found.generate_report())


def test_a_browser_stays_signed_in_and_reads_chinese_under_the_rules(
    visit: Visit, served: tuple[Server, Place]
) -> None:
    server, place = served
    session_of(place, "clerk")
    told: list[str] = []
    page = visit(f"{server.address}/account/login?next=/register")
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(f"Content Security Policy? {error}"))
    page.get_by_label("账号").fill("clerk")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{server.address}/register")
    settle(page)
    expect(page.get_by_text("周小满").first).to_be_attached()
    expect(page.get_by_text("跳到主要内容").first).to_be_attached()
    page.reload()
    settle(page)
    expect(page.get_by_text("周小满").first).to_be_attached()
    other = page.context.new_page()
    other.goto(f"{server.address}/overview")
    settle(other)
    expect(other.get_by_text("周小满").first).to_be_attached()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("link", name="工作人员登录")).to_be_visible()
    assert not [line for line in told if "Content Security Policy" in line]

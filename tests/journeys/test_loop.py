"""The whole loop in real browsers: a resident, two cadres, a watchdog and a supervisor, and what each of them sees."""

import contextlib
import re
from datetime import timedelta

from playwright.sync_api import Page, TimeoutError, expect
from sqlalchemy import update

from core import dates
from core.text import _
from core.words import Answer, Dimension, Level, RiskType
from db.tables import risks_
from tests.journeys.conftest import Server, Visit, photograph, settle
from tests.makers import PASSWORD, Place, opened_round

HEARD = "低保名单从来没见贴出来过，也不知道谁在吃低保"
FOUND = "救助对象名单公示不够及时，公示期不足七天"
RAISED = "救助名单应当按季度公开，个别社区没有做到"
TITLE = "救助对象名单公开不及时"
WORDING = "救助名单的公开有时不够及时，居民不容易看到"
MEASURE = "每季度首月五日前在各楼栋公告栏张贴救助名单"


def _press(page: Page, label: str, *, exact: bool = True) -> None:
    page.get_by_role("button", name=label, exact=exact).first.click()
    settle(page)


def _press_last(page: Page, label: str) -> None:
    """The button of the panel that is open, where the one that opened it reads alike."""
    page.get_by_test_id("stMain").get_by_role("button", name=label, exact=True).last.click()
    settle(page)


def _type(page: Page, label: str, text: str) -> None:
    field = page.get_by_role("textbox", name=label).first
    field.fill(text)
    field.press("Tab")
    settle(page)


def _say(page: Page, text: str) -> None:
    """Into the text field of the panel that is open."""
    field = page.get_by_test_id("stMain").locator("textarea").last
    field.fill(text)
    field.press("Tab")
    settle(page)


def _choose(page: Page, label: str, option: str) -> None:
    box = page.get_by_role("combobox", name=re.compile(re.escape(label))).first
    wanted = page.get_by_role("option", name=re.compile(re.escape(option))).first
    for _try in range(5):  # a list that opens while the page is still being drawn closes again, and is opened once more
        box.click()
        with contextlib.suppress(TimeoutError):
            wanted.click(timeout=3000)
            break
    settle(page)


def _is_done(page: Page, deed: str) -> None:
    expect(page.get_by_test_id("stMain")).to_contain_text(_("Done: {what}.", what=deed))


def _factors(page: Page, value: str) -> None:
    groups = page.get_by_test_id("stButtonGroup").filter(has=page.get_by_text("3", exact=True))
    expect(groups).to_have_count(4)
    for group in groups.all():
        group.get_by_text(value, exact=True).click()
        settle(page)


def _sign_in(visit: Visit, server: Server, account: str) -> Page:
    """Through the sign-in page and the forced first change of the password."""
    page = visit(f"{server.address}/account/login")
    page.get_by_label(_("Account")).fill(account)
    page.get_by_label(_("Password"), exact=True).fill(PASSWORD)
    page.get_by_role("button", name=_("Sign in")).click()
    settle(page)
    new = f"fresh-lantern-{len(account)}7"
    page.locator("[name=old]").fill(PASSWORD)
    page.locator("[name=new]").fill(new)
    page.locator("[name=again]").fill(new)
    page.get_by_role("button", name=_("Use this password")).click()
    settle(page)
    return page


def _go(page: Page, server: Server, path: str) -> None:
    page.goto(server.address + path)
    settle(page)


def _resident_speaks(visit: Visit, server: Server, place: Place) -> tuple[Page, str]:
    page = visit(f"{server.address}/r/{place.units['building'].code}", phone=True)
    expect(page.locator("main")).to_contain_text("3栋")
    page.locator("[name=text]").fill(HEARD)
    page.locator("[name=item_id]").select_option(place.items["relief"])
    page.get_by_role("button", name=_("Send")).click()
    code = re.sub(r"\s+", " ", page.locator("#code").inner_text()).strip()
    assert re.fullmatch(r"(\d{4} ){8}\d{4}", code)
    photograph(page, "journey-receipt-phone")
    page.get_by_role("button", name=_("I have saved the code")).click()
    return page, code


def _cadre_finds(page: Page, server: Server) -> None:
    _go(page, server, "/inspect")
    page.get_by_text(Answer.FOUND.label, exact=True).first.click()
    settle(page)
    _type(page, _("What could go wrong?"), FOUND)
    _press(page, _("Save what you found"))
    expect(page.get_by_test_id("stMain")).to_contain_text(FOUND)


def _supervisor_raises(page: Page, server: Server) -> None:
    _go(page, server, "/raise")
    _press(page, _("Choose all {n} communities", n=2))
    _type(page, _("What could go wrong?"), RAISED)
    _press(page, _("Raise this point"))
    expect(page.get_by_test_id("stMain")).to_contain_text(RAISED)


def _watchdog_opens_and_merges(page: Page, server: Server) -> str:
    _go(page, server, "/inbox")
    page.get_by_role("button", name=re.compile(HEARD[:12])).first.click()
    settle(page)
    expect(page.get_by_test_id("stMain")).to_contain_text(HEARD)
    page.get_by_test_id("stMain").get_by_role("button", name=re.compile(f"^{_('Open as an entry')}")).first.click()
    settle(page)
    _type(page, _("Risk point"), TITLE)
    _choose(page, _("Dimension"), Dimension.CLEAN_AFFAIRS.label)
    _choose(page, _("Kind of risk"), RiskType.PROCESS.label)
    _press_last(page, _("Open as an entry"))
    expect(page.get_by_role("status").filter(has_text=_("Opened as an entry of its own."))).to_be_visible()
    expect(page.get_by_test_id("stMain")).to_contain_text(FOUND)
    photograph(page, "journey-inbox-desktop")
    _press(page, _("Merge into No. {n}…", n=1))
    page.keyboard.press("Control+Enter")
    settle(page)
    expect(page.get_by_role("status").filter(has_text=_("Merged into entry No. {n}.", n=1))).to_be_visible()
    _go(page, server, "/register")
    page.get_by_text(TITLE).first.click()
    settle(page)
    page.wait_for_url(re.compile(r"/entry\?id="))
    return page.url.split("id=")[1]


def _cadre_answers(page: Page, server: Server) -> None:
    _go(page, server, "/points")
    _press(page, _("Answer"))
    page.get_by_text(_("It is an entry already"), exact=True).click()
    settle(page)
    _choose(page, _("Which entry"), TITLE)
    _press(page, _("Answer: it is this entry"))
    expect(page.get_by_test_id("stMain")).to_contain_text(_("Your answer has been sent."))


def _rated_and_assigned(page: Page, server: Server, risk_id: str) -> None:
    _go(page, server, f"/entry?id={risk_id}")
    main = page.get_by_test_id("stMain")
    for words in (HEARD, FOUND, RAISED):
        expect(main).to_contain_text(words)
    _press(page, _("Decide the level"))
    _factors(page, "2")
    _choose(page, _("Level decided"), Level.MEDIUM.label)
    _press_last(page, _("Decide the level"))
    _is_done(page, _("Decide the level"))
    _press(page, _("Name the people"))
    _choose(page, _("Owner"), "周小满")
    _choose(page, _("Who watches"), "郑守正")
    _press(page, _("Name these people"))
    _is_done(page, _("Name the people"))


def _announced(page: Page, server: Server, place: Place, risk_id: str) -> None:
    _go(page, server, f"/entry?id={risk_id}")
    _press(page, _("Put on public notice"))
    _type(page, _("Public wording"), WORDING)
    _press(page, _("Preview the public card"))
    page.get_by_role("dialog").get_by_role("button", name=_("Publish now")).click()
    settle(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    seven_days_go_by(place, risk_id)


def seven_days_go_by(place: Place, risk_id: str) -> None:
    """The one thing a test cannot wait for."""
    before = dates.today(dates.now()) - timedelta(days=7)
    with place.engine.begin() as connection:
        connection.execute(update(risks_).where(risks_.c.id == risk_id).values(announced_on=before))


def _filed_and_planned(page: Page, server: Server, risk_id: str) -> None:
    _go(page, server, f"/entry?id={risk_id}")
    _press(page, _("File"))
    _press_last(page, _("File this entry"))
    page.get_by_role("dialog").get_by_role("button", name=_("File now")).click()
    settle(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    _press(page, _("Plan a measure"))
    _type(page, _("Measure"), MEASURE)
    _press_last(page, _("Plan this measure"))
    expect(page.get_by_test_id("stMain")).to_contain_text(MEASURE)
    _press(page, _("Put under control"))
    _press_last(page, _("Put under control now"))
    _is_done(page, _("Put under control"))


def _carried_out(page: Page, server: Server, risk_id: str) -> None:
    _go(page, server, f"/entry?id={risk_id}")
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text(RAISED)
    expect(main).not_to_contain_text(HEARD)
    photograph(page, "journey-entry-owner-desktop")
    _press(page, _("Report progress"))
    file = {"name": "公示照片.pdf", "mimeType": "image/png", "buffer": b"%PDF-1.7 x"}
    page.locator("input[type=file]").set_input_files(file)
    settle(page)
    _say(page, "已在六个楼栋张贴")
    _press(page, _("Report this"))
    _press(page, _("Ask for verification"))
    _say(page, "请到3栋公告栏查看")
    _press_last(page, _("Ask for verification"))


def _verified(page: Page, server: Server, risk_id: str) -> None:
    _go(page, server, "/measures?view=verify")
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text(MEASURE)
    _press(page, _("Verify"))
    _say(page, "现场看过，六个楼栋都已张贴")
    _press_last(page, _("Verify"))
    expect(main).not_to_contain_text(MEASURE)


def _closing_asked(page: Page, server: Server, risk_id: str) -> None:
    _go(page, server, f"/entry?id={risk_id}")
    _press(page, _("Ask for the closing"))
    _say(page, "措施已经落实，名单按季度公开")
    _press(page, _("Ask somebody else to confirm"))
    expect(page.get_by_role("button", name=_("Confirm the closing"))).to_have_count(0)


def _closed(page: Page, server: Server, risk_id: str) -> None:
    _go(page, server, f"/entry?id={risk_id}")
    _press(page, _("Confirm the closing"))
    _press_last(page, _("Close this entry"))
    page.get_by_role("dialog").get_by_role("button", name=_("Close now")).click()
    settle(page)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_three_voices_one_register_a_measure_done_and_seen(visit: Visit, served: tuple[Server, Place]) -> None:
    server, place = served
    opened_round(place)
    resident, code = _resident_speaks(visit, server, place)
    clerk = _sign_in(visit, server, "clerk")
    secretary = _sign_in(visit, server, "secretary")
    watchdog = _sign_in(visit, server, "watchdog")
    supervisor = _sign_in(visit, server, "supervisor")

    _cadre_finds(clerk, server)
    _supervisor_raises(supervisor, server)
    risk_id = _watchdog_opens_and_merges(watchdog, server)
    _cadre_answers(secretary, server)
    _rated_and_assigned(supervisor, server, risk_id)
    _announced(watchdog, server, place, risk_id)
    _filed_and_planned(supervisor, server, risk_id)
    _carried_out(clerk, server, risk_id)
    _verified(watchdog, server, risk_id)
    _closing_asked(clerk, server, risk_id)
    _closed(watchdog, server, risk_id)

    resident.goto(f"{server.address}/receipt")
    resident.locator("[name=code]").fill(code)
    resident.locator("main form button").first.click()
    story = resident.locator("main")
    expect(story).to_contain_text(_("Done: entry {n} of the register is closed.", n=1).rstrip("。"))
    expect(story).to_contain_text(MEASURE)
    photograph(resident, "journey-progress-phone")
    resident.goto(f"{server.address}/b/{place.units['building'].code}")
    expect(resident.locator("main")).to_contain_text(WORDING)
    expect(resident.locator("main")).not_to_contain_text(HEARD)

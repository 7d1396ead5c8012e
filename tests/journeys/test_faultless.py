"""Every page a resident can meet, on a phone in normal and large print: nothing for axe to find, nothing cut off.

axe-core comes with the packages of requirements-dev.txt, so this needs no network.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from core import dates, items
from core.access import RESIDENT
from core.review import triage
from core.text import language
from core.voices import contacts, flags, followup, proofs
from core.words import Dimension, DisclosureClass, DisclosureWhen
from pages.web import pages as web
from tests import makers
from tests.core.voices.test_attachments import picture
from tests.journeys.conftest import Server, Visit, photograph, settle
from tests.journeys.test_resident import faultless
from tests.makers import Place

WORRY = "停车费收了钱，账从来没有贴出来过"
ON_BOARD = "救助名单到现在也没有贴出来"
OWN = "我叫王小明，住3栋502室，电话13812345678，救助名单到现在也没有贴出来"
NAMES = ("印章管理", "停车和公共空间管理", "物资采购", "临时救助", "高龄津贴", "出具证明", "社会捐赠款物")


@pytest.fixture(scope="module")
def lived(served: tuple[Server, Place]) -> tuple[Server, Place, dict[str, str]]:
    """A site with something on its board, and the receipts of three people: declined, asked, joined."""
    server, place = served
    for name in NAMES:
        form = items.ItemForm(
            name=name, dimension=Dimension.CLEAN_AFFAIRS, post_id=place.posts["relief"],
            disclosure_class=DisclosureClass.AFFAIRS, disclosure_when=DisclosureWhen.QUARTERLY,
        )  # fmt: skip
        place.do("secretary", items.add_item, place.units["banyan"].id, form)
    place.later(-30)
    makers.controlled(place)
    place.now = dates.now()
    codes = {}
    for name, words in (("declined", "门口的公告栏半年没换过"), ("asked", "旧衣回收箱的钱去哪了没人知道")):
        codes[name] = makers.speak(place, words, None)
        row = next(row for row in makers.inbox(place) if row.text == words)
        place.do("watchdog", flags.note_reading, row.id)
        place.do("watchdog", triage.ask_sender, row.id, "是哪个门口？")
        if name == "declined":
            place.do(RESIDENT, followup.answer, codes[name], "三栋北门，旁边是快递柜")
            place.do("watchdog", triage.decline, row.id, "公告栏归物业管，已转告")
    place.do(RESIDENT, contacts.leave, place.ask(RESIDENT, followup.unlock, codes["asked"]), "微信同号，晚上方便")
    return server, place, codes


class Walk:
    """Somebody on a phone who looks at everything: each page is checked and kept as a picture."""

    def __init__(self, page: Page, address: str, size: str) -> None:
        self.page, self.address, self.size, self.n = page, address, size, 0

    def go(self, path: str, name: str) -> None:
        self.page.goto(self.address + path)
        self.look(name)

    def press(self, button: str, name: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(button).first.click()
        self.look(name)

    def open(self, code: str, name: str) -> None:
        self.page.goto(f"{self.address}/receipt")
        self.page.fill("#code", code)
        self.press("button.first", name)

    def look(self, name: str) -> None:
        self.n += 1
        self.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        faultless(self.page)
        assert self.small() == [], name
        photograph(self.page, f"phone-{self.size}-{self.n:02}-{name}")

    def small(self) -> list[str]:
        """What is to be touched and is less high than the print asks for (44 px, 60 in large print)."""
        return list(self.page.evaluate(
            """least => [...document.querySelectorAll('button, a.button, select, summary, input, label.choice')]
              .filter(e => e.type !== 'hidden' && e.offsetParent && !e.closest('.away') && e.tabIndex >= 0
                && !['radio', 'checkbox'].includes(e.type) && e.getBoundingClientRect().height < least)
              .map(e => e.outerHTML.slice(0, 80))""",
            60 if self.size == "large" else 44,
        ))  # fmt: skip


@pytest.fixture(params=["normal", "large"])
def walk(request: pytest.FixtureRequest, lived: tuple[Server, Place, dict[str, str]], visit: Visit) -> Walk:
    server = lived[0]
    page = visit(f"{server.address}/receipt", phone=True)
    page.context.add_cookies([{"name": "print", "value": request.param, "url": server.address}])
    return Walk(page, server.address, request.param)


def test_speaking_from_the_first_address_to_the_receipt(
    walk: Walk, lived: tuple[Server, Place, dict[str, str]], tmp_path: Path
) -> None:
    code, page = lived[1].units["building"].code, walk.page
    walk.go("/", "front")
    walk.go("/r", "places")
    walk.go(f"/r/{code}", "form")
    page.fill("#find", "车位")
    walk.look("form-found")
    page.fill("#text", "停")
    walk.press("button.first", "form-wrong")
    page.fill("#text", OWN)
    page.wait_for_selector(".told p")
    walk.look("form-told")
    walk.press("button.first", "second-look")
    walk.press("button[value=edit]", "form-again")
    page.fill("#text", ON_BOARD)
    walk.press("button.first", "already-said")
    walk.press("button[value=all]", "receipt")
    photo = tmp_path / "photo.png"
    photo.write_bytes(picture(3))
    page.set_input_files("#file", photo)
    walk.press("button[value=add]", "receipt-file")
    walk.press("button[value=add]", "receipt-no-file")
    page.check("input[value=high]")
    walk.press("button.first", "progress-new")
    page.fill("#answer", "补充一句：二栋也一样")
    walk.press("form:has(#answer) button", "progress-written")
    walk.press("form:has([value=contact]) button", "contact")
    page.fill("#contact", "1")
    walk.press("button.first", "contact-wrong")
    page.fill("#contact", "晚上七点后敲门")
    walk.press("button.first", "contact-kept")
    walk.press("button[value=open]", "progress-contact")
    walk.press("form:has([value=take_back]) button", "take-back")
    walk.press("button[value=take_back_now]", "taken-back")


def test_an_emergency_and_an_accusation(walk: Walk, lived: tuple[Server, Place, dict[str, str]]) -> None:
    for name, words in (("emergency", "五栋楼道着火了，浓烟往上冒"), ("accusation", "孙立人收了施工队的好处费")):
        walk.page.goto(f"{walk.address}/r/{lived[1].units['building'].code}")
        walk.page.fill("#text", words)
        walk.press("button.first", f"{name}-asked")
        if walk.page.locator("button[value=all]").count():
            walk.press("button[value=all]", f"{name}-receipt")
        walk.press("button.first", f"{name}-progress")


def test_coming_back_joining_and_the_board(walk: Walk, lived: tuple[Server, Place, dict[str, str]]) -> None:
    _server, place, codes = lived
    code, page = place.units["building"].code, walk.page
    walk.go("/receipt", "enter")
    page.fill("#code", "1234")
    walk.press("button.first", "enter-wrong")
    for name in ("declined", "asked"):
        walk.open(codes[name], f"progress-{name}")
    page.fill("#answer", "")
    walk.press("button.first", "progress-answer-wrong")
    walk.press("form:has([value=contact]) button", "contact-since")
    walk.go(f"/b/{code}", "board")
    walk.go(f"/b/{place.units['river'].code}", "board-empty")
    page.goto(f"{walk.address}/r/{code}")
    page.fill("#text", ON_BOARD)
    walk.press("button.first", "already-said-again")
    walk.press("button[value^=join]", "joined-receipt")
    walk.press("button.first", "joined")
    walk.press("button[value=edit]", "own-words-after-joining")
    page.fill("#text", ON_BOARD)
    walk.press("button.first", "joined-already")


def test_notices_proofs_and_what_goes_wrong(walk: Walk, lived: tuple[Server, Place, dict[str, str]]) -> None:
    _server, place, codes = lived
    code, page = place.units["building"].code, walk.page
    for query, name in (("", "notice"), (f"?item={place.items['relief']}", "notice-item"), ("?item=x", "notice-gone")):
        walk.go(f"/n/{code}{query}", name)
    walk.go("/proof", "proof")
    proof = place.ask(RESIDENT, proofs.proof, codes["asked"])
    for words, name in (("旧衣回收箱的钱去哪了没人知道", "true"), ("别的话", "other")):
        page.fill("#proof", proof)
        page.fill("#words", words)
        walk.press("button.first", f"proof-{name}")
    walk.go("/r/gone", "code-unknown")
    walk.go("/nowhere", "nowhere")
    walk.go("/account/login", "login")
    page.goto(f"{walk.address}/r/{code}?item=gone")
    walk.look("form-item-gone")
    page.evaluate("document.querySelector('.away input').value = 'x'")
    page.fill("#text", WORRY)
    walk.press("button.first", "form-trap")
    trouble(walk, code)


def trouble(walk: Walk, code: str) -> None:
    """The page of a fault of ours, which no request can bring about: drawn from its template in place of an answer."""
    token = language.set("zh_CN")
    drawn = web._templates.get_template("resident/trouble.html").render(
        lang="zh-CN", large=walk.size == "large", demo=False, csrf="",
        sentence="这是我们的差错，编号 a1b2c3。请稍后再试。", fields={"text": WORRY, "answer": ""},
    )  # fmt: skip
    language.reset(token)
    walk.page.route("**/r/*", lambda route: route.fulfill(status=500, content_type="text/html", body=drawn))
    walk.page.goto(f"{walk.address}/r/{code}")
    walk.look("trouble")
    walk.page.unroute("**/r/*")


OURS = "[class*=qy-], [data-testid=stHtml]"


def test_the_same_inside_the_app_has_no_fault_of_ours(walk: Walk, lived: tuple[Server, Place, dict[str, str]]) -> None:
    _server, place, codes = lived
    page = walk.page
    for path, name in ((f"/speak?unit={place.units['building'].code}", "app-speak"), ("/follow", "app-follow")):
        page.goto(walk.address + path)
        settle(page)
        faultless(page)
        photograph(page, f"phone-{walk.size}-{name}")
    page.locator("input").first.fill(codes["declined"])
    page.keyboard.press("Enter")
    settle(page)
    faultless(page)
    photograph(page, f"phone-{walk.size}-app-story")

"""The two faces of a resident's way in, the plain page and the page of the app: one set of tests for both."""

import html
import re
import threading
from collections.abc import Callable
from typing import Any, Protocol

import pytest
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from core.access import FOUNDER
from core.evidence import LARGEST
from core.organisation import units
from core.review import triage
from core.voices import attachments
from core.voices.flags import LONGEST
from core.voices.receipts import grouped
from core.words import Channel, Triage
from pages.web import files
from tests import makers
from tests.core.privacy.test_cleaning import SECRET, told
from tests.core.voices.test_attachments import picture
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown
from tests.pages.test_resident import ON_BOARD, WORRY, address, once, published, web

__all__ = ["web"]


class Face(Protocol):
    """What somebody without an account does and reads, whichever page it is."""

    channel: Channel

    def speak(self, text: str = WORRY, **more: str) -> None: ...
    def press(self, label: str) -> None: ...
    def words(self) -> str: ...  # of the page as it stands now
    def typed(self) -> str: ...  # what stands in the large field
    def code(self) -> str: ...
    def add(self, content: bytes) -> None: ...
    def has_field(self) -> bool: ...  # for one more file
    def follow(self, code: str) -> None: ...


class Plain:
    channel = Channel.QR

    def __init__(self, web: TestClient, site: Place, _open: OpenApp) -> None:
        self.web, self.here = web, address(site)
        self.page = web.get(self.here).text

    def speak(self, text: str = WORRY, **more: str) -> None:
        form = {"once": once(self.page), "text": text, **more}
        self.page = self.web.post(self.here, data=form).text

    def press(self, label: str) -> None:
        """A button with the fields of its form, as a browser sends them."""
        for form in re.findall(r"<form.*?</form>", self.page, re.DOTALL):
            found = re.search(rf'<button[^>]*?(?:name="(\w+)" value="(\w+)")?[^>]*>\s*{label}\s*</button>', form)
            if not found:
                continue
            fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
            if named := re.search(rf'name="(\w+)" value="(\w+)"[^>]*>\s*{label}', form):
                fields[named[1]] = named[2]
            to = re.search(r'action="([^"]+)"', form)
            assert to
            parts: dict[str, Any] = {"files": {"file": ("", b"")}} if "multipart" in form else {}
            unescaped = {name: html.unescape(value) for name, value in fields.items()}
            self.page = self.web.post(to[1], data=unescaped, **parts).text
            return
        raise AssertionError(label)

    def words(self) -> str:
        return html.unescape(self.page)

    def typed(self) -> str:
        found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", self.page, re.DOTALL)
        assert found
        return html.unescape(found[1])

    def code(self) -> str:
        found = re.search(r'name="code" value="(\d{36})"', self.page)
        assert found, self.page
        return found[1]

    def add(self, content: bytes) -> None:
        unit = re.search(r'name="unit" value="(\w+)"', self.page)
        form = {"code": self.code(), "do": "add"} | ({"unit": unit[1]} if unit else {})
        part = ("王阿姨家.jpg", content, "image/jpeg")
        self.page = self.web.post("/receipt/file", data=form, files={"file": part}).text

    def has_field(self) -> bool:
        return 'type="file"' in self.page

    def follow(self, code: str) -> None:
        self.page = self.web.post("/receipt", data={"code": code}).text


class InApp:
    channel = Channel.WEB

    def __init__(self, _web: TestClient, site: Place, open_app: OpenApp) -> None:
        self.open, self.app = open_app, open_app(None, "speak", unit=site.units["building"].code)

    def speak(self, text: str = WORRY, **more: str) -> None:
        self.app.text_area[0].set_value(text).run()
        for name, value in more.items():
            next(box for box in self.app.selectbox if box.key.endswith(f":{name}")).set_value(value).run()
        self.press("送出")

    def press(self, label: str) -> None:
        [button] = [one for one in self.app.button if one.label == label]
        button.click().run()
        assert not self.app.exception, self.app.exception

    def words(self) -> str:
        labels = [str(widget.label) for widget in (*self.app.expander, *self.app.get("file_uploader"))]
        return html.unescape(shown(self.app)) + "\n".join(labels)

    def typed(self) -> str:
        return str(self.app.text_area[0].value)

    def code(self) -> str:
        found = re.findall(r"qy-digits'>(.*?)</p>", shown(self.app))
        return re.sub(r"\D", "", found[0]) if found else str(self.app.text_input[0].value)

    def add(self, content: bytes) -> None:
        if content and self.has_field():
            self.app.get("file_uploader")[0].set_value(("王阿姨家.jpg", content, "image/jpeg")).run()
        self.press("添加这个文件")

    def has_field(self) -> bool:
        return bool(self.app.get("file_uploader"))

    def follow(self, code: str) -> None:
        self.app = self.open(None, "follow")
        self.app.text_input[0].set_value(code)
        self.press("查看")


@pytest.fixture(params=[Plain, InApp], ids=["plain", "app"])
def face(request: pytest.FixtureRequest, web: TestClient, site: Place, open_app: OpenApp) -> Face:
    make: Callable[..., Face] = request.param
    return make(web, site, open_app)


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_slots", threading.BoundedSemaphore(6))


def test_a_link_that_is_wrong_or_retired_says_so_and_offers_the_communities(
    site: Place, web: TestClient, open_app: OpenApp
) -> None:
    site.do(FOUNDER, units.close_unit, site.units["building"].id)
    for code in ("tampered", site.units["building"].code):
        plain = web.get(f"/r/{code}")
        app = open_app(None, "speak", unit=code)
        offered = app.selectbox[0]
        assert plain.status_code == 404
        for words in ("这个链接已经失效", "榕树社区", "江畔社区"):
            assert words in plain.text
            assert words in shown(app) + " ".join(offered.options)
        offered.set_value(site.units["banyan"].code).run()
        app.text_area[0].set_value(f"{WORRY}{code}").run()
        next(button for button in app.button if button.label == "送出").click().run()
        assert not app.exception
        assert "您的回执码" in shown(app)


def test_the_form_says_where_one_is_and_what_comes_of_it(face: Face) -> None:
    for words in ("榕树社区 · 3栋", "5 个工作日", "不用留姓名", "12388", "12345", "110"):
        assert words in face.words()


@pytest.mark.parametrize(("typed", "why"), [("停", "至少 4 个字"), ("停" * (LONGEST + 1), "2000"), ("", "请填写")])
def test_what_cannot_be_taken_is_told_and_what_was_typed_stays(face: Face, site: Place, typed: str, why: str) -> None:
    face.speak(typed)
    assert why in face.words()
    assert face.typed() == typed
    assert makers.inbox(site) == []


@pytest.mark.costly
def test_words_arrive_with_their_place_and_matter_and_the_code_opens_them(face: Face, site: Place) -> None:
    face.speak(WORRY, item_id=site.items["relief"], place_id=site.units["grid"].id)
    code = face.code()
    assert grouped(code).split(" ")[0] in face.words()
    [row] = makers.inbox(site)
    assert (row.text, row.item_id, row.place, row.channel) == (WORRY, site.items["relief"], "第一网格", face.channel)
    face.press("我已记下")
    face.follow(code)
    assert WORRY in face.words()
    assert "等待初审" in face.words()


def test_what_is_left_of_a_limit_is_told_in_working_days(face: Face, site: Place) -> None:
    face.speak()
    face.follow(face.code())
    left = site.ask("clerk", lambda work: work.calendar.left(work.today, work.calendar.after(work.today, 15)))
    for n in (5, left):
        assert f"还剩 {n} 个工作日" in face.words()
    assert not re.search(r"还剩 \d+ 天", face.words())


@pytest.mark.costly
def test_a_number_is_pointed_out_and_covered_and_an_emergency_is_told_where_help_is_nearer(
    face: Face, site: Place
) -> None:
    face.speak("我的电话 13812345678，名单没贴过")
    assert "13812345678" in face.words()
    assert makers.inbox(site) == []
    face.press("遮盖后提交")
    assert "13812345678" not in makers.inbox(site)[0].text
    face.press("我已记下")


def test_the_same_on_the_board_is_offered_and_joined(face: Face, site: Place) -> None:
    published(site)
    face.speak(ON_BOARD)
    assert "这事是不是已经有了" in face.words()
    face.press("这也是我的事")
    assert "已计入您这一份" in face.words()
    assert makers.inbox(site) == []


@pytest.mark.costly
@pytest.mark.parametrize("later", [False, True], ids=["on the receipt", "with the code"])
def test_a_photo_is_added_as_a_clean_copy_and_deleted_again(face: Face, site: Place, later: bool) -> None:
    face.speak()
    if later:
        face.follow(face.code())
    assert face.has_field()
    face.add(told())
    assert "文件已收到" in face.words()
    assert "可查看的副本已去除拍摄信息" in face.words()
    assert "王阿姨家" not in face.words()
    [row] = makers.inbox(site)
    [file] = site.ask("watchdog", attachments.files_of, row.id)
    assert SECRET not in site.do("watchdog", attachments.clean_copy, file.id).content
    face.press("删除照片 1") if isinstance(face, InApp) else face.press("删除")
    assert "文件已删除" in face.words()
    assert site.ask("watchdog", attachments.files_of, row.id) == []


@pytest.mark.parametrize(("content", "why"), [
    (b"<svg onload='x'/>", "这种文件"), (b"PK\x03\x04" + bytes(90), "这种文件"), (bytes(LARGEST + 1), "超过 10 MB"),
])  # fmt: skip
def test_a_file_that_cannot_be_taken_is_told_and_the_code_stays(face: Face, content: bytes, why: str) -> None:
    face.speak()
    code = face.code()
    face.add(content)
    assert why in face.words()
    assert face.code() == code


def test_nothing_chosen_is_told(face: Face) -> None:
    face.speak()
    if isinstance(face, InApp):
        face.add(b"")
        assert "请选择文件" in face.words()
    face.press("我已记下")
    assert "照片 1" not in face.words()


def test_what_cannot_be_cleaned_is_told_kindly_and_sealed(face: Face) -> None:
    face.speak()
    face.add(b"%PDF-1.7 broken")
    assert "不会给居务监督委员会看" in face.words()
    assert "已封存" in face.words()


@pytest.mark.costly
def test_three_files_are_taken_and_no_fourth_asked_for(face: Face) -> None:
    face.speak()
    for n in range(3):
        assert face.has_field()
        face.add(picture(n))
    assert not face.has_field()


@pytest.mark.costly
def test_nothing_is_asked_for_once_it_is_decided_on(face: Face, site: Place) -> None:
    face.speak()
    code = face.code()
    face.add(picture(1))
    site.do("watchdog", triage.refer, makers.inbox(site)[0].id, Triage.LIVELIHOOD, "属于民生诉求")
    face.follow(code)
    assert (face.has_field(), "照片 1" in face.words()) == (False, True)


@pytest.mark.costly
def test_a_file_and_a_receipt_that_the_server_lost_are_told(site: Place, open_app: OpenApp) -> None:
    face = InApp(None, site, open_app)  # type: ignore[arg-type]
    face.speak()
    code = face.code()
    face.follow(code)
    face.app.get("file_uploader")[0].set_value(("a.png", picture(1), "image/png")).run()
    asked = dict(face.app.query_params)
    assert asked == {"chosen": "files-follow"}
    after = open_app(None, "follow", chosen="files-follow")  # the address is all that is left of the tab
    after.text_input[0].set_value(code)
    next(button for button in after.button if button.label == "查看").click().run()
    assert "之前选的文件没有保留下来" in shown(after)
    lost = open_app(None, "speak", unit=site.units["building"].code, receipt="speak")
    assert "无法再次显示" in shown(lost)
    assert not _told_of_code(face.app, code)


def _told_of_code(app: AppTest, code: str) -> bool:
    """Whether anything of a code stands in the address of a page."""
    return any(code[:9] in str(value) for value in app.query_params.values())

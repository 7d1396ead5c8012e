"""Photos and documents on the plain pages: added after the receipt, told beside the field, and nothing else lost."""

import re
import threading
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from core.evidence import LARGEST
from pages.web import files
from tests.core.privacy.test_cleaning import SECRET, told
from tests.core.voices.test_attachments import picture
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown
from tests.pages.test_resident import WORRY, address, digits, once, send, web

__all__ = ["web"]
NAME = "王阿姨家-IMG_20261125.jpg"


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(files, "_slots", threading.BoundedSemaphore(6))
    yield
    for _n in range(6):
        assert files._slots.acquire(blocking=False), "every place is given back"


def add(web: TestClient, code: str, content: bytes = b"", **more: str) -> tuple[int, str]:
    """Send a form with a file, as a browser would; gives the status and the page."""
    part = (NAME, content or told(), "image/jpeg")
    answer = web.post("/receipt/file", data={"code": code, "do": "add", **more}, files={"file": part})
    return answer.status_code, answer.text


def receipt(web: TestClient, site: Place) -> str:
    return web.post(address(site), data={"once": once(web.get(address(site)).text), "text": WORRY}).text


def unit(page: str) -> str:
    found = re.search(r'name="unit" value="(\w+)"', page)
    assert found
    return found[1]


def test_a_photo_is_added_on_the_receipt_page_which_stays_with_its_code_and_the_chosen_rating(
    web: TestClient, site: Place
) -> None:
    page = receipt(web, site)
    assert 'enctype="multipart/form-data"' in page
    code = digits(page)
    status, after = add(web, code, unit=unit(page), level="high")
    assert (status, digits(after), NAME in after) == (200, code, False)
    assert "可查看的副本已去除拍摄信息" in after
    assert re.search(r'value="high" checked', after)
    assert 'id="code"' in after
    status, story = add(web, code, picture(1), do="saved", unit=unit(page), level="high")
    assert (status, story.count("可查看的副本已去除拍摄信息"), 'value="high" checked' in story) == (200, 2, True)


def test_the_code_is_saved_without_any_file(web: TestClient, site: Place) -> None:
    page = receipt(web, site)
    nothing = {"file": ("", b"", "application/octet-stream")}
    form = {"code": digits(page), "unit": unit(page), "do": "saved", "level": ""}
    answer = web.post("/receipt/file", data=form, files=nothing)
    assert (answer.status_code, WORRY in answer.text, "照片 1" in answer.text) == (200, True, False)
    assert "请选择文件" in web.post("/receipt/file", data={**form, "do": "add"}, files=nothing).text


@pytest.mark.parametrize("on_receipt", [True, False])
@pytest.mark.parametrize(("content", "why"), [
    (b"<svg onload='x'/>", "这种文件"), (b"<html>hello</html>", "这种文件"), (bytes(30), "这种文件"),
    (bytes(LARGEST + 1), "超过 10 MB"), (told() + bytes(LARGEST), "超过 10 MB"),
])  # fmt: skip
def test_what_cannot_be_taken_is_told_beside_the_field_and_nothing_else_is_lost(
    web: TestClient, site: Place, content: bytes, why: str, on_receipt: bool
) -> None:
    page = receipt(web, site)
    more = {"unit": unit(page), "level": "low"} if on_receipt else {}
    status, after = add(web, digits(page), content, **more)
    assert status == 422
    assert re.search(rf'id="file-wrong" role="alert">[^<]*{why}', after), after
    assert 'aria-describedby="file-wrong file-hint"' in after
    assert digits(after) == digits(page)
    assert ('value="low" checked' in after) is on_receipt


def test_an_empty_file_is_told_as_empty(web: TestClient, site: Place) -> None:
    part = {"file": ("a.jpg", b"", "image/jpeg")}
    answer = web.post("/receipt/file", data={"code": send(web, site), "do": "add"}, files=part)
    assert (answer.status_code, "空" in answer.text) == (422, True)


def test_a_fourth_file_is_not_asked_for_and_told_when_it_comes(web: TestClient, site: Place) -> None:
    code = send(web, site)
    for n in range(3):
        status, page = add(web, code, picture(n))
        assert status == 200
    assert 'type="file"' not in page
    status, page = add(web, code, picture(9))
    assert (status, "已经有 3 个文件" in page, page.count('name="drop"')) == (422, True, 3)


def test_one_file_is_deleted_again(web: TestClient, site: Place) -> None:
    code = send(web, site)
    page = add(web, code)[1]
    found = re.search(r'name="drop" value="(\w+)"', page)
    assert found
    answer = web.post("/receipt/file", data={"code": code, "drop": found[1]}, files={"file": ("", b"")})
    assert (answer.status_code, "文件已删除" in answer.text, 'name="drop"' in answer.text) == (200, True, False)


def test_a_file_that_cannot_be_cleaned_is_told_kindly(web: TestClient, site: Place) -> None:
    status, page = add(web, send(web, site), b"%PDF-1.7 broken")
    assert (status, "不会给居务监督委员会看" in page, "已封存" in page) == (200, True, True)


@pytest.mark.privacy
def test_what_the_sender_calls_a_file_is_kept_nowhere(
    web: TestClient, site: Place, caplog: pytest.LogCaptureFixture
) -> None:
    add(web, send(web, site), picture(3))
    with site.engine.connect() as rows:
        dump = "\n".join(rows.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    for gone in (NAME, "IMG_2026", SECRET.decode()):
        assert gone not in dump
        assert gone not in caplog.text


@pytest.mark.privacy
def test_a_wrong_code_adds_nothing_and_counts_as_a_guess(web: TestClient, site: Place) -> None:
    code = send(web, site)
    from core.voices.receipts import check_digits

    body = "9" * (len(code) - len(check_digits("9")))
    wrong = body + check_digits(body)
    assert add(web, wrong)[0] == 404
    for _n in range(6):
        last = add(web, wrong)[0]
    assert last == 429


@pytest.mark.parametrize(("headers", "body", "status"), [
    ({"content-type": "application/x-www-form-urlencoded"}, b"code=1", 400),
    ({"content-type": "multipart/form-data"}, b"x", 400),
    ({"content-type": "multipart/form-data; boundary=b"}, b"--nonsense", 400),
    ({"content-type": "multipart/form-data; boundary=b"}, b"--b\r\n" + b"x" * 9000 + b": y\r\n\r\n", 400),
    ({"content-type": "multipart/form-data; boundary=b"},
     b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' * 30 + b"--b--", 413),
    ({"content-type": "multipart/form-data; boundary=b"},
     b'--b\r\nContent-Disposition: form-data; name="code"\r\n\r\n' + b"1" * 70000 + b"\r\n--b--", 413),
    ({"content-type": "multipart/form-data; boundary=b"},
     b'--b\r\nContent-Disposition: form-data; name="code"\r\n\r\n\xff\xfe\r\n--b--', 400),
    ({"content-type": "multipart/form-data; boundary=b", "content-length": "99999999999"}, b"x", 413),
])  # fmt: skip
@pytest.mark.costly
def test_a_form_that_is_none_of_ours_gets_a_sentence(
    web: TestClient, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = web.post("/receipt/file", content=body, headers=headers)
    assert (answer.status_code, "<main" in answer.text) == (status, True)


def test_a_body_without_end_is_stopped(web: TestClient, site: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "READ", 1024 * 1024)
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        while read < 64 * 1024 * 1024:
            read += 65536
            yield bytes(65536)

    answer = web.post("/receipt/file", content=endless(), headers={"content-type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 413


def test_when_there_is_no_room_the_file_is_asked_for_again_and_the_rest_is_heard(web: TestClient, site: Place) -> None:
    page = receipt(web, site)
    taken = [files._slots.acquire(blocking=False) for _n in range(6)]
    status, after = add(web, digits(page), unit=unit(page), level="high")
    for _one in taken:
        files._slots.release()
    assert (status, "请过一分钟再选一次" in after, 'value="high" checked' in after) == (422, True, True)


@pytest.mark.costly
def test_the_watchdog_looks_at_the_copy_in_the_inbox(web: TestClient, site: Place, open_app: OpenApp) -> None:
    code = send(web, site)
    add(web, code)
    add(web, code, "账没有贴，电话 13812345678".encode())
    add(web, code, b"%PDF-1.7 broken")
    app = open_app("watchdog", "inbox")
    assert "照片（第 1 份）" in shown(app)
    assert "无法去除拍摄或制作信息" in shown(app)
    buttons = [button for button in app.button if button.label == "查看附件"]
    assert len(buttons) == 2
    app = buttons[0].click().run()
    assert not app.exception
    assert "data:image/jpeg;base64," in shown(app)
    app = next(button for button in app.button if button.label == "查看附件").click().run()
    assert "账没有贴" in shown(app)
    assert "13812345678" not in shown(app)


def test_the_enter_key_on_the_receipt_notes_the_rating_and_leaves_nothing(web: TestClient, site: Place) -> None:
    """The first button of a form is what the Enter key presses."""
    page = receipt(web, site)
    form = page[page.index('enctype="multipart/form-data"') :]
    first = re.search(r"<button[^>]*>", form)
    assert first
    assert 'value="level"' in first[0]
    fields = {"code": digits(page), "unit": unit(page), "do": "level", "level": "high"}
    after = web.post("/receipt/file", data=fields, files={"file": ("", b"", "application/octet-stream")}).text
    assert ("已经记下" in after or "已记下" in after, 'id="code"' in after) == (True, True)
    assert re.search(r'value="high" checked', after)
    assert "请选择" not in after

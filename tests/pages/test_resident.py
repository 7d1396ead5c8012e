"""A resident's way without an account: plain pages, the same inside the app, and nothing left that tells on them."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import items
from core.access import FOUNDER
from core.organisation import units
from core.organisation.tries import Tries
from core.review import triage
from core.voices import flags, receipts
from core.words import Dimension, DisclosureClass, DisclosureWhen, Triage
from pages.ui import throttle
from pages.web import notice, resident
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown

WORRY = "停车费收了钱，账从来没有贴出来过"


@pytest.fixture
def web(site: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(throttle, "_guessing_here", Tries(5, throttle.QUARTER))
    monkeypatch.setattr(throttle, "_guessing", Tries(100, throttle.MINUTE))
    monkeypatch.setattr(throttle, "_speaking_here", Tries(60, throttle.MINUTE))
    with TestClient(Starlette(routes=[*resident.routes(), *notice.routes()])) as client:
        yield client


def address(site: Place, unit: str = "building") -> str:
    return f"/r/{site.units[unit].code}"


def once(page: str) -> str:
    found = re.search(r'name="once" value="(\w+)"', page)
    assert found
    return found[1]


def digits(page: str) -> str:
    found = re.search(r'name="code" value="(\d{36})"', page)
    assert found, page
    return found[1]


def send(web: TestClient, site: Place, text: str = WORRY) -> str:
    form = {"once": once(web.get(address(site)).text), "text": text}
    return digits(web.post(address(site), data=form).text)


def test_the_form_knows_its_place_asks_three_things_and_says_what_comes_next(web: TestClient, site: Place) -> None:
    page = web.get(address(site)).text
    assert "榕树社区 · 3栋" in page
    seen = re.sub(r'<div class="away".*?</div>', "", page, flags=re.DOTALL)
    assert len(re.findall(r"<(?:textarea|select|input(?! type=\"hidden\"))", seen)) == 3
    assert f'value="{site.units["building"].id}" selected' in page
    for words in ("不用留姓名", "5 个工作日", "12388", "12345", "110"):
        assert words in page
    assert "set-cookie" not in web.get(address(site)).headers


@pytest.mark.parametrize(("typed", "why"), [("停", "至少 4 个字"), ("停" * 2500, "2000"), ("", "请填写")])
def test_what_cannot_be_taken_comes_back_with_a_sentence_and_everything_typed(
    web: TestClient, site: Place, typed: str, why: str
) -> None:
    item, place = site.items["relief"], site.units["grid"].id
    answer = web.post(address(site), data={"once": "a" * 32, "text": typed, "item_id": item, "place_id": place})
    assert answer.status_code == 422
    assert why in answer.text
    assert f">\n{typed}</textarea>" in answer.text
    for kept in (f'"{item}" selected', f'"{place}" selected', "a" * 32):
        assert kept in answer.text


def test_a_choice_that_is_not_there_is_told_beside_its_field(web: TestClient, site: Place) -> None:
    for name in ("item_id", "place_id"):
        answer = web.post(address(site), data={"text": WORRY, name: "nonsense"})
        assert (answer.status_code, WORRY in answer.text, 'aria-invalid="true"' in answer.text) == (422, True, True)


def test_typed_markup_stays_text(web: TestClient, site: Place) -> None:
    attack = "<script>alert(1)</script>\"'</textarea>"
    assert "<script>alert" not in web.post(address(site), data={"text": attack, "place_id": "x"}).text
    code = send(web, site, attack)
    page = web.post("/receipt", data={"code": code}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_pressing_twice_gives_one_flag_and_the_same_receipt(web: TestClient, site: Place) -> None:
    form = {"once": once(web.get(address(site)).text), "text": WORRY}
    first, second = (digits(web.post(address(site), data=form).text) for _n in range(2))
    assert first == second
    assert [row.text for row in makers.inbox(site)] == [WORRY]


def test_an_unknown_or_closed_link_leads_kindly_to_the_communities(web: TestClient, site: Place) -> None:
    site.do(FOUNDER, units.close_unit, site.units["building"].id)
    for link in (address(site), "/r/nonsense", "/b/nonsense", "/r/%27%3Cb%3E"):
        answer = web.get(link)
        assert (answer.status_code, "榕树社区" in answer.text) == (404, True)
    assert web.post("/r/nonsense", data={"text": WORRY}).status_code == 404
    assert web.get("/r").status_code == 200


def test_too_much_and_what_is_no_form_is_refused_politely(web: TestClient, site: Place) -> None:
    assert web.post(address(site), content=b"text=" + b"a" * 70_000).status_code == 413
    pieces = (b"a" * 1024 for _n in range(80))
    assert web.post(address(site), content=pieces).status_code == 413
    for body in (b"text=%ff%fe", "text=名单".encode(), b"&".join(b"a%d=1" % n for n in range(90))):
        assert web.post(address(site), content=body).status_code == 400


def test_a_crowd_is_asked_to_wait_and_loses_nothing(
    web: TestClient, site: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "_speaking_here", Tries(1, throttle.MINUTE))
    assert web.post(address(site), data={"text": WORRY}).status_code == 200
    answer = web.post(address(site), data={"text": WORRY + "。"})
    assert (answer.status_code, WORRY + "。</textarea>" in answer.text) == (429, True)
    assert web.post(address(site, "river"), data={"text": WORRY}).status_code == 200


def test_a_fault_of_ours_still_shows_what_was_typed_and_logs_none_of_it(
    web: TestClient, site: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object) -> str:
        raise RuntimeError(WORRY)

    monkeypatch.setattr(resident, "speak", broken)
    with caplog.at_level(logging.DEBUG):
        answer = web.post(address(site), data={"text": WORRY, "once": "b" * 32})
    assert (answer.status_code, f"{WORRY}</textarea>" in answer.text, "b" * 32 in answer.text) == (500, True, True)
    assert WORRY not in caplog.text
    assert "RuntimeError" in caplog.text


def test_the_receipt_opens_the_story_and_everything_in_it_works(web: TestClient, site: Place) -> None:
    code = send(web, site)
    wide = " ".join(chr(ord(c) + 0xFEE0) for c in code)
    answer = web.post("/receipt", data={"code": wide})
    assert (answer.status_code, WORRY in answer.text, "等待初审" in answer.text) == (200, True, True)
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert "checked" in web.post("/receipt", data={"code": code, "do": "level", "level": "high"}).text
    [row] = makers.inbox(site)
    site.do("watchdog", triage.ask_sender, row.id, "是哪个小区？")
    wrong = web.post("/receipt", data={"code": code, "do": "answer", "answer": "啊"})
    assert (wrong.status_code, ">\n啊</textarea>" in wrong.text) == (422, True)
    assert "三期" in web.post("/receipt", data={"code": code, "do": "answer", "answer": "三期"}).text
    early = web.post("/receipt", data={"code": code, "do": "rate", "response": "5"})
    assert (early.status_code, "还没有答复" in early.text) == (409, True)
    site.do("watchdog", triage.refer, row.id, Triage.LIVELIHOOD, "属于民生诉求")
    assert web.post("/receipt", data={"code": code, "do": "rate"}).status_code == 422
    assert web.post("/receipt", data={"code": code, "do": "rate", "response": "5"}).status_code == 200
    for wish in ("export", "keep"):
        file = web.post("/receipt", data={"code": code, "do": wish})
        assert file.headers["content-disposition"].startswith("attachment")
    larger = web.post("/receipt", data={"code": code, "do": "look", "print": "large"})
    assert 'class="large"' in larger.text
    assert WORRY in larger.text


def test_taking_back_asks_first_and_then_the_code_opens_nothing(web: TestClient, site: Place) -> None:
    code = send(web, site)
    assert "不能恢复" in web.post("/receipt", data={"code": code, "do": "take_back"}).text
    assert web.post("/receipt", data={"code": code}).status_code == 200
    assert web.post("/receipt", data={"code": code, "do": "take_back_now"}).status_code == 200
    assert web.post("/receipt", data={"code": code}).status_code == 404


def test_a_slip_keeps_what_was_typed_and_guessing_is_stopped(web: TestClient, site: Place) -> None:
    code = send(web, site)
    slip = web.post("/receipt", data={"code": "1234"})
    assert (slip.status_code, "1234</textarea>" in slip.text) == (422, True)
    body = code[:9] + "0" * 25
    guess = body + receipts.check_digits(body)
    assert [web.post("/receipt", data={"code": guess}).status_code for _n in range(6)] == [404] * 5 + [429]
    assert web.post("/receipt", data={"code": code}).status_code == 429
    assert web.post("/receipt", data={"code": send(web, site, WORRY + "。")}).status_code == 200


def test_the_code_is_in_no_address(web: TestClient, site: Place) -> None:
    code = send(web, site)
    for page in (web.post("/receipt", data={"code": code}), web.post("/receipt", data={"code": code, "do": "look"})):
        assert not re.findall(rf'(?:href|action|src)="[^"#]*{code}', page.text)
    assert web.get(f"/receipt?code={code}").text.count(code) == 0


def test_the_board_shows_what_is_announced_and_teaches_when_empty(web: TestClient, site: Place) -> None:
    board = f"/b/{site.units['building'].code}"
    assert "公开栏还没有内容" in web.get(board).text
    site.now -= timedelta(days=30)
    makers.controlled(site)
    page = web.get(board).text
    assert "救助名单的公开有时不够及时" in page
    assert "◆ 中" in page
    assert "从来没见贴" not in page
    assert not [name for name in makers.NAMES.values() if name in page]


def test_after_a_whole_journey_the_database_tells_neither_code_nor_hour_nor_device(
    web: TestClient, site: Place, tmp_path: Path
) -> None:
    device = {"user-agent": "Telltale/7.7", "x-forwarded-for": "203.0.113.77"}
    token = once(web.get(address(site), headers=device).text)
    code = digits(web.post(address(site), data={"once": token, "text": WORRY}, headers=device).text)
    [row] = makers.inbox(site)
    site.do("watchdog", triage.ask_sender, row.id, "是哪个小区？")
    for form in ({"do": "level", "level": "high"}, {"do": "answer", "answer": "三期那个小区"}, {"do": "open"}):
        assert web.post("/receipt", data={"code": code, **form}, headers=device).status_code == 200
    with site.engine.connect() as connection:
        tables = [r[0] for r in connection.exec_driver_sql("select name from sqlite_master where type='table'")]
        rows = [(t, str(tuple(r))) for t in tables for r in connection.exec_driver_sql(f'select * from "{t}"')]
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("qingyuan.db*"))
    assert "三期那个小区".encode() in kept
    for secret in (code, code[9:34], receipts.grouped(code), token, "Telltale", "203.0.113.77", "testclient"):
        assert secret.encode() not in kept, secret
    own = [text for table, text in rows if table in ("flags", "messages", "receipts", "readings", "recusals")]
    own += [text for table, text in rows if table == "audit_entries" and ":residents" in text]
    assert len(own) >= 6
    assert not [text for text in own if re.search(r"\d\d:\d\d|\dT\d\d:|datetime", text.replace(":residents", ""))]


def test_the_app_speaks_keeps_the_receipt_through_reruns_and_follows_it_up(open_app: OpenApp, site: Place) -> None:
    app = open_app(None, "speak", unit=site.units["building"].code)
    app.text_area[0].set_value("停").run()
    press(app, "送出")
    assert "至少 4 个字" in shown(app)
    assert app.text_area[0].value == "停"
    app.text_area[0].set_value(WORRY).run()
    press(app, "送出")
    code = re.sub(r"\D", "", re.findall(r"qy-digits'>(.*?)</p>", shown(app))[0])
    app.run()
    assert code in re.sub(r"\D", "", shown(app))
    press(app, "我已记下")
    assert "class='qy-digits'" not in shown(app)
    follow = open_app(None, "follow")
    follow.text_input[0].set_value("12")
    press(follow, "查看")
    assert "请与回执核对" in shown(follow)
    follow.text_input[0].set_value(code)
    press(follow, "查看")
    assert WORRY in shown(follow)
    assert "等待初审" in shown(follow)


def test_recording_asks_for_consent_and_hands_over_a_receipt(open_app: OpenApp, site: Place) -> None:
    app = open_app("clerk", "record")
    app.text_area[0].set_value("大爷说名单没贴").run()
    press(app, "代录并出回执")
    assert "请先征得居民同意" in shown(app)
    assert app.text_area[0].value == "大爷说名单没贴"
    app.checkbox[0].check().run()
    press(app, "代录并出回执")
    assert "class='qy-digits'" in shown(app)
    assert "/receipt" in shown(app)
    press(app, "已交给居民")
    assert app.text_area[0].value == ""
    [row] = makers.inbox(site)
    assert (row.text, row.channel) == ("大爷说名单没贴", flags.Channel.ON_BEHALF)


def press(app, label: str) -> None:
    [button] = [one for one in app.button if one.label == label]
    button.click().run()
    assert not app.exception, app.exception


def test_a_notice_carries_the_place_in_its_codes(web: TestClient, site: Place) -> None:
    sheet = web.get(f"/n/{site.units['building'].code}")
    assert "榕树社区 · 3栋" in sheet.text
    assert f"http://testserver{address(site)}" in sheet.text
    assert sheet.text.count("data:image/svg+xml") == 2
    assert web.get("/n/nothing0").status_code == 404
    site.do(FOUNDER, units.close_unit, site.units["building"].id)
    assert web.get(f"/n/{site.units['building'].code}").status_code == 404


ON_BOARD = "救助名单到现在也没有贴出来"


def published(site: Place) -> None:
    now = site.now
    site.now -= timedelta(days=30)
    makers.controlled(site)
    site.now = now


def question(web: TestClient, site: Place, **more: str) -> tuple[str, dict[str, str]]:
    """The page that asks whether it has been said already, with the form it carries."""
    form = {"once": once(web.get(address(site)).text), "text": ON_BOARD, "item_id": site.items["relief"], **more}
    page = web.post(address(site), data=form).text
    return page, form


def test_what_is_on_the_board_is_shown_before_anything_is_kept(web: TestClient, site: Place) -> None:
    published(site)
    page, form = question(web, site, place_id=site.units["grid"].id)
    assert "救助<mark>" in page or "<mark>救助名单</mark>" in page
    assert "从来没见贴" not in page
    for kept in form.values():
        assert f'value="{kept}"' in page
    assert makers.inbox(site) == []
    larger = web.post(address(site), data={**form, "do": "look", "print": "large"})
    assert ('class="large"' in larger.text, "都不是，照样提交" in larger.text) == (True, True)
    again = web.post(address(site), data={**form, "do": "edit"})
    assert f">\n{ON_BOARD}</textarea>" in again.text
    assert makers.inbox(site) == []


def test_sending_it_all_the_same_keeps_the_words_as_typed_and_once(web: TestClient, site: Place) -> None:
    published(site)
    _page, form = question(web, site)
    first, second = (digits(web.post(address(site), data={**form, "do": "all"}).text) for _n in range(2))
    assert first == second
    assert [row.text for row in makers.inbox(site)] == [ON_BOARD]


def test_joining_twice_is_one_and_its_receipt_opens_the_board_and_leaves_again(web: TestClient, site: Place) -> None:
    published(site)
    _page, form = question(web, site)
    first, second = (web.post(address(site), data={**form, "do": "join1"}).text for _n in range(2))
    code = digits(first)
    assert code == digits(second)
    assert "您已附议台账第 1 项" in first
    assert makers.inbox(site) == []
    page = web.post("/receipt", data={"code": code}).text
    assert "每季度首月五日前在公开栏张贴名单" in page
    assert "class=\"large\"" in web.post("/receipt", data={"code": code, "do": "look", "print": "large"}).text
    sheet = web.post("/receipt", data={"code": code, "do": "show", "unit": site.units["building"].code, "joined": "1"})
    assert "已计入您这一份" in sheet.text
    export = web.post("/receipt", data={"code": code, "do": "export"})
    assert "您表示这也是您的事" in export.text
    assert "取消附议" in web.post("/receipt", data={"code": code, "do": "take_back"}).text
    assert web.post("/receipt", data={"code": code}).status_code == 200
    assert "附议已取消" in web.post("/receipt", data={"code": code, "do": "take_back_now"}).text
    assert web.post("/receipt", data={"code": code}).status_code == 404


@pytest.mark.costly
@pytest.mark.parametrize("wish", ["join99", "join", "joinx", "join-1"])
def test_what_cannot_be_joined_loses_nothing_that_was_typed(web: TestClient, site: Place, wish: str) -> None:
    published(site)
    _page, form = question(web, site)
    answer = web.post(address(site), data={**form, "do": wish})
    assert (answer.status_code, f">\n{ON_BOARD}</textarea>" in answer.text) == (409, True)


def test_a_fault_of_the_question_does_not_keep_anybody_from_speaking(
    web: TestClient, site: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(resident, "already_said", broken)
    assert send(web, site, ON_BOARD)
    assert [row.text for row in makers.inbox(site)] == [ON_BOARD]


def test_a_sender_adds_asks_again_and_takes_everything_along(web: TestClient, site: Place) -> None:
    code = send(web, site)
    assert "我要补充" in web.post("/receipt", data={"code": code}).text
    wrong = web.post("/receipt", data={"code": code, "do": "answer", "answer": "啊"})
    assert (wrong.status_code, "<details class=\"more\" open>" in wrong.text) == (422, True)
    assert "三期也一样" in web.post("/receipt", data={"code": code, "do": "answer", "answer": "三期也一样"}).text
    early = web.post("/receipt", data={"code": code, "do": "again", "again": "还没有办"})
    assert (early.status_code, ">\n还没有办</textarea>" in early.text) == (409, False)
    [row] = makers.inbox(site)
    site.do("watchdog", triage.refer, row.id, Triage.LIVELIHOOD, "属于民生诉求")
    wrong = web.post("/receipt", data={"code": code, "do": "again", "again": ""})
    assert (wrong.status_code, "请填写" in wrong.text or "2" in wrong.text) == (422, True)
    page = web.post("/receipt", data={"code": code, "do": "again", "again": "还没有办"}).text
    assert "您的请求已经收到" in page
    assert "没解决？请求重新办理" not in page
    export = web.post("/receipt", data={"code": code, "do": "export"}).text
    for words in (WORRY, "三期也一样", "还没有办", "联系方式"):
        assert words in export


def test_a_proof_is_saved_with_a_receipt_and_checked_by_anybody(web: TestClient, site: Place) -> None:
    code = send(web, site)
    proof = web.post("/receipt", data={"code": code, "do": "proof"})
    assert proof.headers["content-disposition"].startswith("attachment")
    text = proof.content.decode("utf-8-sig")
    assert code not in text
    assert "✓ 真" in web.post("/proof", data={"proof": text}).text
    assert "说的就是这段话" in web.post("/proof", data={"proof": text, "words": WORRY}).text
    other = web.post("/proof", data={"proof": text, "words": "别的话"}).text
    assert ("✗ 假" in other, ">\n别的话</textarea>" in other) == (True, True)
    assert "✗ 假" in web.post("/proof", data={"proof": text.replace("榕树", "江畔")}).text
    attack = web.post("/proof", data={"proof": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in attack
    assert web.get("/proof").status_code == 200


@pytest.mark.privacy
def test_a_stopped_burst_of_guesses_is_logged_once_by_date(web: TestClient, site: Place) -> None:
    code = send(web, site)
    body = code[:9] + "0" * 25
    for _n in range(8):
        web.post("/receipt", data={"code": body + receipts.check_digits(body)})
    with site.engine.connect() as connection:
        rows = connection.exec_driver_sql("select * from audit_entries where event = 'guessing_stopped'").all()
    assert len(rows) == 1
    assert code[:9] not in str(rows)
    assert not re.search(r"\dT\d\d:", str(rows))


@pytest.mark.costly
def test_the_app_asks_too_and_joins(open_app: OpenApp, site: Place) -> None:
    published(site)
    app = open_app(None, "speak", unit=site.units["building"].code)
    app.text_area[0].set_value(ON_BOARD).run()
    press(app, "送出")
    assert "这事是不是已经有了" in shown(app)
    press(app, "回去修改")
    assert app.text_area[0].value == ON_BOARD
    press(app, "送出")
    press(app, "这也是我的事")
    assert "已计入您这一份" in shown(app)
    code = re.sub(r"\D", "", re.findall(r"qy-digits'>(.*?)</p>", shown(app))[0])
    assert makers.inbox(site) == []
    follow = open_app(None, "follow")
    follow.text_input[0].set_value(code)
    press(follow, "查看")
    assert "您已附议台账第 1 项" in shown(follow)


def test_the_app_sends_all_the_same(open_app: OpenApp, site: Place) -> None:
    published(site)
    app = open_app(None, "speak", unit=site.units["building"].code)
    app.text_area[0].set_value(ON_BOARD).run()
    press(app, "送出")
    press(app, "都不是，照样提交")
    assert "class='qy-digits'" in shown(app)
    assert [row.text for row in makers.inbox(site)] == [ON_BOARD]


def test_the_office_sees_who_asks_again_and_answers(open_app: OpenApp, web: TestClient, site: Place) -> None:
    code = send(web, site)
    [row] = makers.inbox(site)
    site.do("watchdog", triage.decline, row.id, "已经公示过")
    web.post("/receipt", data={"code": code, "do": "again", "again": "还没有办"})
    assert "请求重新办理" in shown(open_app("watchdog", "home"))
    app = open_app("watchdog", "inbox")
    assert "还没有办" in shown(app)
    app.radio[0].set_value("维持答复并说明").run()
    app.text_area[0].set_value("照片在公开栏左侧").run()
    press(app, "维持答复并说明")
    assert "还没有办" not in shown(app)
    assert "居务监督委员会看过了" in web.post("/receipt", data={"code": code}).text
    assert "照片在公开栏左侧" in web.post("/receipt", data={"code": code}).text


def test_who_comes_from_the_receipt_of_a_joining_is_not_counted_again(web: TestClient, site: Place) -> None:
    published(site)
    send_on = {"text": ON_BOARD, "do": "join1", "once": "a" * 32}
    code = digits(web.post(address(site), data=send_on).text)
    page = web.post("/receipt", data={"code": code}).text
    assert '<input type="hidden" name="joined" value="1">' in page
    form = web.post(address(site), data={"do": "edit", "web": "1", "joined": "1"}).text
    assert '<input type="hidden" name="joined" value="1">' in form
    asked = web.post(address(site), data={"text": ON_BOARD, "joined": "1", "once": once(form)}).text
    assert ("这一项您已经附议过了" in asked, "这也是我的事</button>" in asked) == (True, False)
    refused = web.post(address(site), data={"text": ON_BOARD, "do": "join1", "joined": "1", "once": once(form)})
    assert (refused.status_code, ON_BOARD in refused.text) == (409, True)
    with site.engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from supports").scalar() == 1


def test_a_long_list_of_power_items_is_found_by_a_word_where_there_is_a_script(web: TestClient, site: Place) -> None:
    assert "data-find" not in web.get(address(site)).text
    for name in ("印章管理", "停车和公共空间管理", "物资采购", "临时救助", "高龄津贴", "出具证明", "社会捐赠款物"):
        form = items.ItemForm(
            name=name, dimension=Dimension.CLEAN_AFFAIRS, post_id=site.posts["relief"],
            disclosure_class=DisclosureClass.AFFAIRS, disclosure_when=DisclosureWhen.QUARTERLY,
        )  # fmt: skip
        site.do("secretary", items.add_item, site.units["banyan"].id, form)
    page = web.get(address(site)).text
    assert re.search(r'<div data-find="item_id"[^>]* hidden>', page)
    assert 'name="find"' not in page
    assert re.search(r'data-words="停车 车位[^"]*">停车和公共空间管理</option>', page)

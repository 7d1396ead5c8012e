"""Writing down for residents on the page: a form with its scan, and an occasion with several matters."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from core.access import RESIDENT
from core.voices import attachments, drafts, followup
from core.voices.receipts import grouped, plain
from core.words import Channel
from tests import makers
from tests.core.privacy.test_cleaning import told as photo
from tests.core.voices.test_attachments import picture
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown
from tests.pages.test_resident import press, web

__all__ = ["web"]
TALK = ("低保名单贴两天就没了", "门面租给谁没人知道", "停车收费的账没公布过")


def field(app: AppTest, kind: str, end: str) -> Any:
    return next(one for one in getattr(app, kind) if one.key.endswith(end))


def typed(app: AppTest, *texts: str, receipts: tuple[int, ...] = ()) -> AppTest:
    """Matters typed one after the other, some of them with a receipt."""
    for n, text in enumerate(texts):
        if n >= len(app.text_area):
            press(app, "再加一件")
        app.text_area[n].set_value(text).run()
        if n in receipts:
            [one for one in app.checkbox if one.key.endswith(":receipt")][n].check().run()
    return app


def held(app: AppTest, present: int = 12) -> AppTest:
    field(app, "number_input", ":present").set_value(present).run()
    field(app, "checkbox", ":consent").check().run()
    return app


@pytest.mark.costly
def test_one_occasion_becomes_several_flags_and_its_receipts_are_handed_out(site: Place, open_app: OpenApp) -> None:
    app = held(typed(open_app("clerk", "occasion"), *TALK, receipts=(0, 2)))
    press(app, "录入 3 件事")
    assert "已录入 3 件" in shown(app)
    codes = [plain(code) for code in re.findall(r"<code>([\d ]+)</code>", shown(app))]
    assert len(codes) == 2
    for code, text in zip(codes, (TALK[0], TALK[2]), strict=True):
        assert site.ask(RESIDENT, followup.follow, code).text == text
    rows = makers.inbox(site)
    assert {(row.text, row.channel) for row in rows} == {(text, Channel.RESIDENTS_TALK) for text in TALK}
    app.run()
    assert "已录入 3 件" in shown(app)
    press(app, "已交给居民")
    assert [area.value for area in app.text_area] == ["", ""]


def test_without_a_receipt_there_is_nothing_to_hand_out(site: Place, open_app: OpenApp) -> None:
    app = held(typed(open_app("watchdog", "occasion"), TALK[0]))
    press(app, "录入 1 件事")
    assert "已录入 1 件" in shown(app)
    assert [row.text for row in makers.inbox(site)] == [TALK[0]]
    assert app.text_area[0].value == ""


def test_what_is_missing_is_told_and_nothing_is_kept_or_lost(site: Place, open_app: OpenApp) -> None:
    app = open_app("clerk", "occasion")
    press(app, "录入")
    assert "请填写" in shown(app)
    app = typed(app, TALK[0], "停")
    press(app, "录入 2 件事")
    for why in ("至少 4 个字", "请先征得居民同意"):
        assert why in shown(app)
    assert [area.value for area in app.text_area] == [TALK[0], "停"]
    assert makers.inbox(site) == []


@pytest.mark.costly
def test_what_was_typed_is_there_again_after_the_page_was_left(site: Place, open_app: OpenApp) -> None:
    app = held(typed(open_app("clerk", "occasion"), *TALK, receipts=(1,)), present=30)
    again = open_app("clerk", "occasion")
    assert [area.value for area in again.text_area] == list(TALK)
    assert field(again, "number_input", ":present").value == 30
    assert [one.value for one in again.checkbox if one.key.endswith(":receipt")] == [False, True, False]
    press(again, "录入 3 件事")
    here = site.units["banyan"].id
    for form in (f"occasion:{here}", f"occasion:{here}:0", f"occasion:{here}:2", f"occasion:{here}:room"):
        assert site.ask("clerk", drafts.recall, form) == {}
    assert app.text_area


def test_each_matter_is_looked_at_while_it_is_typed(site: Place, open_app: OpenApp) -> None:
    told = "我住3栋2单元502室，电话13812345678，公章使用没有登记，谁都能盖"
    app = typed(open_app("clerk", "occasion"), told, "会计收了红包才给办")
    said = shown(app)
    for words in ("13812345678", "可能让人认出是谁说的", "12388"):
        assert words in said
    assert "您是谁" not in said
    hint = next(button for button in app.button if (button.key or "").startswith("hint:occasion:"))
    hint.click().run()
    assert not app.exception
    assert field(app, "selectbox", ":item_id").value in site.items.values()
    assert app.text_area[1].value == "会计收了红包才给办"


@pytest.mark.costly
@pytest.mark.privacy
def test_the_slips_carry_the_codes_and_nothing_that_was_said_and_are_in_no_address(
    site: Place, open_app: OpenApp, web: TestClient
) -> None:
    app = held(typed(open_app("clerk", "occasion"), *TALK[:2], receipts=(0, 1)))
    press(app, "录入 2 件事")
    form = next(one for one in (e.proto.body for e in app.get("html")) if "action='/slips'" in one)
    fields = dict(re.findall(r"name='(\w+)' value='([^']*)'", form))
    sheet = web.post("/slips", data=fields)
    assert sheet.status_code == 200
    codes = re.findall(r"\d:(\d{36})", fields["codes"])
    assert len(codes) == 2
    for n, code in enumerate(codes, 1):
        assert grouped(code).split(" ")[3] in sheet.text
        assert f"榕树社区 · 第 {n} 件" in sheet.text
        assert not re.findall(rf'(?:href|action|src)="[^"#]*{code}', sheet.text)
    assert not [text for text in TALK if text in sheet.text]
    assert (sheet.headers["referrer-policy"], sheet.headers["cache-control"]) == ("no-referrer", "no-store")
    larger = web.post("/slips", data={**fields, "print": "large"})
    assert 'class="large"' in larger.text
    assert codes[0] in larger.text


def test_a_sheet_of_slips_takes_codes_alone(site: Place, web: TestClient) -> None:
    unit = site.units["banyan"].code
    wrong = web.post("/slips", data={"unit": unit, "codes": "1:" + "1" * 36 + " <b>x</b> 2:12"})
    assert (wrong.status_code, "class=\"slip\"" in wrong.text, "<b>x" in wrong.text) == (200, False, False)
    assert web.post("/slips", data={"unit": "nonsense", "codes": ""}).status_code == 404


@pytest.fixture
def paper(open_app: OpenApp) -> AppTest:
    app = open_app("clerk", "record")
    app.text_area[0].set_value("大爷说名单没贴").run()
    field(app, "selectbox", ":channel").set_value(Channel.PAPER).run()
    field(app, "checkbox", ":consent").check().run()
    return app


@pytest.mark.costly
def test_the_scan_of_a_paper_form_comes_with_its_flag(site: Place, paper: AppTest, open_app: OpenApp) -> None:
    paper.get("file_uploader")[0].set_value([("扫描.jpg", photo(), "image/jpeg"), ("b.png", picture(2), "image/png")])
    paper.run()
    press(paper, "代录并出回执")
    assert "class='qy-digits'" in shown(paper)
    press(paper, "已交给居民")
    assert "没有保留下来" not in shown(paper)
    [row] = makers.inbox(site)
    assert len(site.ask("watchdog", attachments.files_of, row.id)) == 2
    inbox = open_app("watchdog", "inbox")
    assert "照片（第 1 份）" in shown(inbox)


def test_a_scan_that_cannot_be_taken_keeps_the_words_and_a_lost_one_is_told(
    site: Place, paper: AppTest, open_app: OpenApp
) -> None:
    paper.get("file_uploader")[0].set_value([("a.svg", b"<svg onload='x'/>", "image/svg+xml")]).run()
    press(paper, "代录并出回执")
    assert "这种文件" in shown(paper)
    assert paper.text_area[0].value == "大爷说名单没贴"
    assert makers.inbox(site) == []
    again = open_app("clerk", "record")
    assert "之前选的文件没有保留下来" in shown(again)
    assert again.text_area[0].value == "大爷说名单没贴"


@pytest.mark.costly
def test_files_of_a_voice_stand_with_it_in_the_entry_for_who_may_hear(
    site: Place, paper: AppTest, open_app: OpenApp
) -> None:
    from core.review import merging

    paper.get("file_uploader")[0].set_value([("a.jpg", photo(), "image/jpeg")]).run()
    field(paper, "selectbox", ":item_id").set_value(site.items["relief"]).run()
    press(paper, "代录并出回执")
    [row] = makers.inbox(site)
    risk_id = site.do("watchdog", merging.open_entry, row.id, makers.entry_form(site))
    app = open_app("watchdog", "entry", id=risk_id)
    assert "照片（第 1 份）" in shown(app)
    press(app, "查看附件")
    assert "data:image/jpeg;base64," in shown(app)
    for who in ("clerk", "secretary"):
        assert "照片（第 1 份）" not in shown(open_app(who, "entry", id=risk_id))

"""Deeds of two people on the screen, and a contact on the resident's page: shown once, and nowhere else."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from core.access import RESIDENT
from core.organisation.tries import Tries
from core.voices import contacts, openings, unlocking
from core.voices.receipts import plain
from core.words import OpeningKind, Role
from pages.ui import lit, marks, throttle
from pages.web import progress
from tests import makers
from tests.core.voices.test_openings import confirmed, matter, with_file
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown

pytestmark = pytest.mark.privacy
REACH = "13812345678 找王阿姨"


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception


def test_a_second_click_does_not_take_away_what_is_shown_once(
    site: Place, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.make_person(site, "desk2", "许明镜", "street", Role.DISCIPLINE)
    opening = site.do("discipline", openings.ask, matter(site)[0], OpeningKind.CONTACT, "核实")
    site.do("desk2", openings.agree, opening, "同意")
    one = open_app("discipline", "openings")
    monkeypatch.setattr(lit, "HELD", 1.0)
    press(one, "查看联系方式")
    assert shown(one).count(REACH) == 1
    one.run()
    assert shown(one).count(REACH) == 1
    time.sleep(1.1)
    assert "1381234" not in str(dict(one.session_state._state.filtered_state))
    one.run()
    assert REACH not in shown(one)


@pytest.mark.costly
def test_one_asks_another_agrees_and_the_contact_is_shown_once(
    site: Place, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lit, "HELD", 0.0)
    makers.make_person(site, "desk2", "许明镜", "street", Role.DISCIPLINE)
    flag_id, _code = matter(site)
    one = open_app("discipline", "openings")
    assert "榕树社区" in shown(one)
    one.button(key=f"choose:{flag_id}").click().run()
    one.text_area[0].input("核实时间地点")
    press(one, "申请第二人同意")
    assert "许明镜" in shown(one)
    other = open_app("desk2", "openings")
    assert "核实时间地点" in shown(other)
    press(other, "同意")
    assert "请填写理由" in shown(other) or "请说明理由" in shown(other) or other.error
    other.text_area[0].input("同意，限本次")
    press(other, "同意")
    one = open_app("discipline", "openings")
    assert REACH not in shown(one)
    press(one, "查看联系方式")
    assert REACH in shown(one)
    assert "1381234" not in str(dict(one.session_state._state.filtered_state))
    one.run()
    assert REACH not in shown(one)
    assert REACH not in shown(open_app("desk2", "openings"))


def in_order(block: Any) -> list[str]:
    """The keys of buttons and the labels of fields, as they stand on the page from top to bottom."""
    if not hasattr(block, "children"):
        return [{"button": block.key, "text_area": getattr(block, "label", "")}.get(block.type, "")]
    return [word for child in block.children.values() for word in in_order(child) if word]


def test_matters_of_one_day_are_told_apart_and_what_is_done_stands_below_the_chosen_one(
    site: Place, open_app: OpenApp
) -> None:
    makers.make_person(site, "desk2", "许明镜", "street", Role.DISCIPLINE)
    chosen, other = (matter(site, f"周小满收了{n}个红包才给办低保")[0] for n in (1, 2))
    for page in ("openings", "sealed"):
        app = open_app("discipline", page)
        assert all(marks.matter(flag_id) in shown(app) for flag_id in (chosen, other))
        first = next(key for key in in_order(app.main) if key.startswith("choose:"))
        app.button(key=first).click().run()
        assert not app.exception
        below = in_order(app.main)[in_order(app.main).index(first) + 1]
        assert below
        assert not below.startswith("choose:")
    site.do("discipline", openings.ask, chosen, OpeningKind.CONTACT, "核实")
    agreeing = shown(open_app("desk2", "openings")).split("核实")[0]
    assert (marks.matter(chosen) in agreeing, marks.matter(other) in agreeing) == (True, False)


def test_whoever_is_alone_on_the_desk_reads_that_the_level_above_has_to_agree(site: Place, open_app: OpenApp) -> None:
    flag_id, _code = matter(site)
    site.do("discipline", openings.ask, flag_id, OpeningKind.CONTACT, "核实")
    app = open_app("discipline", "openings")
    assert "上级单位" in shown(app)
    assert "同意" not in {button.label for button in app.button}


def test_a_file_is_given_and_a_matter_disposed_of(site: Place, open_app: OpenApp) -> None:
    makers.make_person(site, "above", "高望远", "district", Role.DISCIPLINE)
    flag_id, _code = matter(site)
    file = with_file(site, confirmed(site, flag_id))
    for kind, what in ((OpeningKind.ORIGINAL, file), (OpeningKind.DISPOSAL, None)):
        site.do("above", openings.agree, site.do("discipline", openings.ask, flag_id, kind, "办结", what), "同意")
    app = open_app("discipline", "openings")
    assert "不能撤销" in shown(app)
    press(app, "打开附件原件")
    assert len(app.get("download_button")) == 1
    press(app, "处置事项")
    assert "事项已处置" in shown(app)
    assert "已办理、未同意、已撤回或已失效" in str(app)


def test_what_was_asked_for_is_withdrawn_by_whoever_asked_on_the_page(site: Place, open_app: OpenApp) -> None:
    makers.make_person(site, "desk2", "许明镜", "street", Role.DISCIPLINE)
    site.do("discipline", openings.ask, matter(site)[0], OpeningKind.CONTACT, "核实")
    assert "撤回申请" not in shown(open_app("desk2", "openings"))
    app = open_app("discipline", "openings")
    press(app, "撤回申请")
    assert "已撤回" in shown(app)
    assert "同意" not in {button.label for button in open_app("desk2", "openings").button}


def test_a_hold_is_set_and_lifted_on_the_page(site: Place, open_app: OpenApp) -> None:
    flag_id, _code = matter(site)
    app = open_app("discipline", "openings")
    app.button(key=f"choose:{flag_id}").click().run()
    app.text_area[1].input("法院要求保全")
    press(app, "保全此事项")
    assert "保全中" in shown(app)
    app.button(key=f"choose:{flag_id}").click().run()
    app.text_area[1].input("保全结束")
    press(app, "解除保全")
    assert "保全中" not in shown(app)


def test_an_empty_page_teaches(open_app: OpenApp) -> None:
    assert "目前没有事项" in shown(open_app("discipline", "openings"))


@pytest.fixture
def web(site: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(throttle, "_guessing_here", Tries(5, throttle.QUARTER))
    monkeypatch.setattr(throttle, "_guessing", Tries(100, throttle.MINUTE))
    with TestClient(Starlette(routes=progress.routes())) as client:
        yield client


def test_a_sender_leaves_replaces_and_deletes_a_contact_and_never_reads_it_again(web: TestClient, site: Place) -> None:
    code = plain(makers.speak(site))

    def send(do: str, **more: str) -> tuple[int, str]:
        answer = web.post("/receipt", data={"code": code, "do": do, **more})
        assert "set-cookie" not in answer.headers
        return answer.status_code, answer.text

    assert 'value="contact"' in send("open")[1]
    assert "leave_contact" in send("contact")[1]
    assert "已留联系方式" not in send("contact")[1]
    status, wrong = send("leave_contact", contact="1234")
    assert (status, 'value="1234"' in wrong, "5" in wrong) == (422, True, True)
    status, kept = send("leave_contact", contact=REACH)
    assert (status, "已留联系方式" in kept, "1381234" in kept) == (200, True, False)
    for do in ("open", "contact", "export"):
        assert "1381234" not in send(do)[1], do
    assert "已删除" in send("forget_contact")[1]
    opened = site.ask(RESIDENT, unlocking.unlock, code)
    assert site.ask(RESIDENT, contacts.kept_since, opened) is None
    assert send("contact", code="1" * 36)[0] in (404, 422)

"""Warnings and entries that are passed on, on the screen: what waits, what is done about it, and who holds what."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.alerts import warnings
from core.entries import escalation
from core.entries.escalation import HandingDown
from core.words import Handing
from db.sweeping import PROGRAM
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception


def warned(site: Place) -> str:
    """An entry whose measure is long past its day today, with its red warning."""
    today = site.now
    site.now -= timedelta(days=60)
    risk_id, _measure = makers.controlled(site)
    site.now = today
    site.do(PROGRAM, warnings.renew, site.units["banyan"].id)
    return risk_id


@pytest.mark.costly
def test_a_warning_says_what_to_do_and_takes_what_is_done(open_app: OpenApp, site: Place) -> None:
    warned(site)
    assert "待处理的预警" in shown(open_app("supervisor", "home"))
    app = open_app("supervisor", "warnings")
    assert "红色·督办" in shown(app)
    assert "措施逾期超过 15 天" in shown(app)
    press(app, "登记处理情况")
    press(app, "保存")
    assert "字" in shown(app) or "理由" in shown(app)
    app.text_area[0].input("已与社区商定一周内办结")
    press(app, "保存")
    assert "已与社区商定一周内办结" in shown(app)
    assert "待处理的预警" not in shown(open_app("supervisor", "home"))


@pytest.mark.costly
def test_only_what_is_addressed_to_me_stands_there_until_i_ask_for_all(open_app: OpenApp, site: Place) -> None:
    warned(site)
    app = open_app("watchdog", "warnings")
    assert "目前没有送给您的预警" in shown(app)
    app.toggle[0].set_value(True).run()
    assert "红色·督办" in shown(app)
    assert not any(button.label == "登记处理情况" for button in app.button)
    other = open_app("other_clerk", "warnings", all="true")
    assert "红色·督办" not in shown(other).split("全部预警规则")[0]


@pytest.mark.costly
def test_an_entry_is_raised_handed_down_and_objected_to_on_its_page(open_app: OpenApp, site: Place) -> None:
    risk_id, _measure = makers.controlled(site)
    app = open_app("clerk", "entry", id=risk_id)
    assert "由榕树社区承办" in shown(app)
    press(app, "上报上级")
    app.text_area[0].input("涉及物业公司，社区解决不了")
    press(app, "上报")
    assert "由望江街道承办" in shown(app)
    assert not any(button.label == "上报上级" for button in app.button)
    desk = open_app("supervisor", "escalations")
    assert "上报到本单位 1" in str([control.options for control in desk.segmented_control])
    assert "涉及物业公司" in shown(desk)
    app = open_app("supervisor", "entry", id=risk_id)
    press(app, "交办下级")
    app.text_area[0].input("请社区牵头，街道协调")
    press(app, "交办")
    app = open_app("clerk", "entry", id=risk_id)
    press(app, "对移交提出异议")
    app.text_area[0].input("物业归街道管")
    press(app, "提出异议")
    assert "由望江街道承办" in shown(app)
    last = site.ask("supervisor", escalation.clocks_of, risk_id)[-1]
    assert (last.how, last.reason) == (Handing.OBJECTED, "物业归街道管")


@pytest.mark.costly
def test_a_limit_is_extended_and_where_it_is_solved_is_said(open_app: OpenApp, site: Place) -> None:
    risk_id, _measure = makers.controlled(site)
    app = open_app("supervisor", "entry", id=risk_id)
    press(app, "延长时限")
    app.text_area[0].input("等上级批复")
    press(app, "延长")
    assert not any(button.label == "延长时限" for button in app.button)
    press(app, "确定解决层级")
    app.selectbox[0].select("department")
    press(app, "保存")
    assert "中事部门解" in shown(app)


@pytest.mark.costly
def test_an_empty_desk_says_so(open_app: OpenApp, site: Place) -> None:
    assert "目前没有" in shown(open_app("clerk", "escalations"))
    risk_id, _measure = makers.controlled(site)
    site.do("clerk", escalation.raise_up, risk_id, "社区解决不了")
    down = HandingDown(unit_id=site.units["banyan"].id, reason="请社区办理")
    site.do("supervisor", escalation.hand_down, risk_id, down)
    assert "请社区办理" in shown(open_app("clerk", "escalations"))

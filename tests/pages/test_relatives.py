"""The page of declared relatives: everybody declares, the other confirms, the desk decides, colleagues see nothing."""

import pytest

from core.organisation import relatives
from core.words import Kinship
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown

pytestmark = pytest.mark.privacy


@pytest.mark.costly
def test_one_declares_the_other_confirms_and_the_first_ends_it(open_app: OpenApp, site: Place) -> None:
    app = open_app("clerk", "relatives")
    next(box for box in app.selectbox if box.label == "亲属姓名").select(site.people["watchdog"].person_id)
    next(box for box in app.selectbox if box.label == "与您的关系").select(Kinship.SPOUSE)
    next(button for button in app.button if button.label == "提交申报").click().run()
    assert "已申报。涉及对方的内容，包括以前的，都不再向您显示。" in shown(app)
    assert "尚未确认" in shown(app)
    assert "郑守正" not in shown(open_app("secretary", "relatives"))

    app = open_app("watchdog", "home")
    assert "待确认的亲属回避申报" in shown(app)
    app = open_app("watchdog", "relatives")
    assert "周小满 · 榕树社区 申报：您是其配偶。" in shown(app)
    next(button for button in app.button if button.label == "属实，确认").click().run()
    assert "已确认" in shown(app)

    app = open_app("clerk", "relatives")
    next(button for button in app.button if button.label == "终止申报").click().run()
    assert "申报已终止，记录不删除。" in shown(app)
    assert not any(row.stands for row in site.ask("watchdog", relatives.own))


@pytest.mark.costly
def test_the_desk_decides_and_sees_where_nobody_is_left(open_app: OpenApp, site: Place) -> None:
    for who in ("watchdog", "watchdog2", "supervisor"):
        makers.related(site, "clerk", who)
    makers.speak(site, "低保名单没见贴出来")
    makers.related(site, "secretary", "watchdog", confirmed=False)
    assert "因回避无人可初审的线索" in shown(open_app("discipline", "home"))
    app = open_app("discipline", "relatives")
    told = shown(app)
    assert "无人可初审的线索" in told
    assert "低保名单没见贴出来" not in told
    next(button for button in app.button if button.label == "认定不属实").click().run()
    next(button for button in app.button if button.label == "确定不属实").click().run()
    assert "申报已终止" in shown(app)
    assert "辖区内的亲属回避申报" not in shown(open_app("supervisor", "relatives"))

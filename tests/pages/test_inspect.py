"""The self-inspection page: one row per power item, saved as one goes."""

from typing import Any

from streamlit.testing.v1 import AppTest

from core import items
from core.inspection import rounds
from core.words import Answer, Dimension
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def choose(app: AppTest, item: str, answer: Answer) -> AppTest:
    [group] = [g for g in app.get("button_group") if g.label == f"{item}的自查结果"]
    return group.set_value(answer).run()


def press(app: AppTest, label: str) -> AppTest:
    return next(b for b in app.button if b.label == label).click().run()


def rows(site: Place, who: str = "clerk") -> Any:
    [sheet] = site.ask(who, rounds.own_round).sheets
    return sheet.rows


def test_no_new_risk_asks_once_how_one_looked_and_the_round_is_done(open_app: OpenApp, site: Place) -> None:
    form = items.ItemForm(name="临时救助", dimension=Dimension.CLEAN_AFFAIRS, post_id=site.posts["relief"])
    site.do("clerk", items.add_item, site.units["banyan"].id, form)
    makers.opened_round(site)
    app = open_app("clerk", "inspect")
    assert "已查 0 项，共 2 项" in app.get("progress")[0].proto.text
    choose(app, "低保和特困人员初核", Answer.NOTHING)
    press(app, "保存")
    assert [row.answer for row in rows(site)] == [None, None]
    press(app, "＋ 流程、人员、制度都没有变化")
    press(app, "保存")
    choose(app, "临时救助", Answer.NOTHING)
    assert not app.exception
    assert {(row.answer, row.note) for row in rows(site)} == {(Answer.NOTHING, "流程、人员、制度都没有变化")}
    assert "都查过了" in shown(app)
    press(app, "修改说明 ›")
    app.text_input[0].set_value("查阅了申请台账").run()
    press(app, "保存")
    assert {row.note for row in rows(site)} == {"流程、人员、制度都没有变化", "查阅了申请台账"}


def test_a_find_is_taken_from_a_suggestion_and_a_second_one_can_follow(open_app: OpenApp, site: Place) -> None:
    [known] = items.suggestions("印章管理")
    form = items.ItemForm(name="印章管理", dimension=known.dimension, post_id=site.posts["relief"])
    site.do("clerk", items.add_item, site.units["banyan"].id, form)
    makers.opened_round(site)
    app = choose(open_app("clerk", "inspect"), "印章管理", Answer.FOUND)
    press(app, f"＋ {known.risk_point}")
    assert app.text_area[0].value == known.risk_point
    press(app, "保存这个风险点")
    assert not app.exception
    [row] = [row for row in rows(site) if row.item == "印章管理"]
    assert row.found == (known.risk_point,)
    next(g for g in app.get("button_group") if g.label == "显示").set_value("all").run()
    press(app, "再提一处 ›")
    app.text_area[0].set_value("登记簿有空白页").run()
    press(app, "保存这个风险点")
    [row] = [row for row in rows(site) if row.item == "印章管理"]
    assert set(row.found) == {known.risk_point, "登记簿有空白页"}


def test_a_change_needs_its_note_and_a_draft_outlives_the_tab(open_app: OpenApp, site: Place) -> None:
    makers.opened_round(site)
    app = choose(open_app("clerk", "inspect"), "低保和特困人员初核", Answer.CHANGED)
    press(app, "保存")
    assert [row.answer for row in rows(site)] == [None]
    app.text_area[0].set_value("经办人换成了网格员").run()
    again = choose(open_app("clerk", "inspect"), "低保和特困人员初核", Answer.CHANGED)
    assert again.text_area[0].value == "经办人换成了网格员"
    press(again, "保存")
    assert [row.note for row in rows(site)] == ["经办人换成了网格员"]


def test_without_a_round_one_is_opened_here_and_without_a_post_it_is_said_who_gives_one(
    open_app: OpenApp, site: Place
) -> None:
    app = open_app("clerk", "inspect")
    assert "现在没有开启的自查轮次" in shown(app)
    press(app, "开启这一轮次")
    assert not app.exception
    assert "已查 0 项，共 1 项" in app.get("progress")[0].proto.text
    assert "岗位由系统管理员安排" in shown(open_app("other_clerk", "inspect"))

"""Administration on the screen: units, accounts, roles, and the log."""

from datetime import date

import pytest
from sqlalchemy import text

from core import audit
from core.alike import calibration
from core.organisation import people, units
from tests import makers
from tests.core.alike.test_calibration import judged
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def _press(app, label: str):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception
    return app


@pytest.mark.costly
def test_a_unit_is_added_with_its_addresses_and_closed_after_a_second_question(
    open_app: OpenApp, site: Place
) -> None:
    app = open_app("system", "units")
    assert f"/r/{site.units['banyan'].code}" in shown(app)
    next(box for box in app.selectbox if box.label == "上级单位").select(site.units["banyan"].id)
    next(box for box in app.selectbox if box.label == "类别").select("grid")
    next(box for box in app.text_input if box.label == "名称").input("第九网格")
    _press(app, "增加这个单位")
    assert "单位已增加" in shown(app)
    row = next(row for row in site.ask("system", units.tree) if row.name == "第九网格")
    assert f"/b/{row.code}" in shown(app)
    app.segmented_control(key="units:deed").select("close").run()
    app.selectbox(key="units:closing").select(row.id).run()
    _press(app, "停用这个单位")
    assert "停用后不能恢复" in shown(app)
    assert next(r for r in site.ask("system", units.tree) if r.id == row.id).closed_on is None
    _press(app, "确认")
    assert next(r for r in site.ask("system", units.tree) if r.id == row.id).closed_on


def test_an_account_is_opened_with_a_password_shown_once(open_app: OpenApp, site: Place) -> None:
    app = open_app("system", "people")
    next(box for box in app.selectbox if box.label == "单位").select(site.units["banyan"].id)
    next(box for box in app.text_input if box.label == "姓名").input("方来者")
    next(box for box in app.text_input if box.label == "账号").input("clerk")
    _press(app, "开设这个账号")
    assert "已" in shown(app)
    next(box for box in app.text_input if box.label == "账号").input("newcomer")
    _press(app, "开设这个账号")
    [password] = [block.value for block in app.code]
    assert site.sign_in("newcomer", password)
    app.run()
    assert list(app.code) == []


@pytest.mark.costly
def test_a_vacant_post_is_marked(open_app: OpenApp, site: Place) -> None:
    row = next(row for row in site.ask("system", makers.posts.posts) if row.id == site.posts["seal"])
    site.do("system", makers.posts.leave_post, row.holders[0][0])
    app = open_app("system", "people")
    app.segmented_control(key="people:area").select("posts").run()
    assert "▲ 空缺" in shown(app)


def test_which_post_heads_its_unit_is_marked_and_shown(open_app: OpenApp, site: Place) -> None:
    app = open_app("system", "people")
    app.segmented_control(key="people:area").select("posts").run()
    app.segmented_control(key="posts:deed").select("head").run()
    next(box for box in app.selectbox if box.label == "岗位").select(site.posts["seal"])
    next(box for box in app.checkbox if box.label == "单位负责人岗位").check()
    _press(app, "保存这一设置")
    assert {row.name for row in site.ask("system", makers.posts.posts) if row.leads} == {"印章管理岗"}
    assert "单位负责人岗位" in shown(app)


def test_a_clash_of_roles_is_told_and_a_reset_shows_the_password_once(open_app: OpenApp, site: Place) -> None:
    app = open_app("security", "roles")
    clerk = site.people["clerk"].person_id
    for label, value in (("人员", clerk), ("角色", "watchdog"), ("任职单位", site.units["banyan"].id)):
        next(box for box in app.selectbox if box.label == label).select(value)
    _press(app, "授予这个角色")
    assert "不能" in "".join(error.value for error in app.error)
    app.segmented_control(key="roles:deed").select("reset").run()
    app.selectbox(key="roles:resetting").select(clerk).run()
    _press(app, "重置这个密码")
    assert list(app.code) == []
    _press(app, "确认重置")
    [password] = [block.value for block in app.code]
    assert people.is_weak(password, "clerk", "周小满") == ""
    assert site.sign_in("clerk", password)


@pytest.mark.parametrize("honest", [True, False])
def test_the_auditor_reads_lines_in_words_and_checks_the_chains(open_app: OpenApp, site: Place, honest: bool) -> None:
    makers.speak(site)
    if not honest:
        with site.engine.begin() as rows:
            rows.execute(text("DROP TRIGGER audit_no_update"))
            rows.execute(text("UPDATE audit_entries SET actor = 'x' WHERE n = 1 AND chain = :chain"),
                         {"chain": site.units["city"].id})  # fmt: skip
    app = open_app("auditor", "audit")
    words = shown(app)
    assert "授予角色" in words
    assert "沈审计" in words
    assert "role_granted" not in words
    _press(app, "核对这条链")
    assert ("环环相扣" in shown(app)) is honest
    assert ("在第 1 条断开" in shown(app)) is not honest
    _press(app, next(button.label for button in app.button if "全部" in button.label))
    assert ("全部完整" in shown(app)) is honest


def test_more_lines_than_a_page_can_read_are_left_to_the_command_and_each_chain_is_still_checked(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "AT_ONCE", 5)
    app = open_app("auditor", "audit")
    _press(app, next(button.label for button in app.button if "全部" in button.label))
    assert "python -m db verify --whole" in shown(app)
    assert "全部完整" not in shown(app)
    _press(app, "核对这条链")
    assert "环环相扣" in shown(app)


def test_newly_learned_weights_are_used_after_a_second_question_and_can_be_taken_back(
    open_app: OpenApp, site: Place
) -> None:
    app = open_app("system", "matching")
    assert "至少还需要 60 次判断" in shown(app)
    site.items["entry"] = makers.open_risk(site)
    judged(site, 200, learns=True)
    app.run()
    assert "产品自带的权重" in shown(app)
    _press(app, "启用新学到的权重")
    assert "可以随时退回" in shown(app)
    _press(app, "启用")
    assert "已启用新学到的权重" in shown(app)
    _press(app, "退回此前的权重")
    _press(app, "退回")
    assert "已退回此前的权重" in shown(app)
    assert site.ask("system", calibration.outlook).calibrated_on is None


def test_holidays_of_an_unknown_year_are_entered_and_taken_back(open_app: OpenApp, site: Place) -> None:
    app = open_app("system", "calendar")
    assert "2027" in shown(app)
    assert "假期尚未公布" in shown(app)
    for label, value in (("起始日", date(2027, 2, 5)), ("截止日", date(2027, 2, 11))):
        next(box for box in app.date_input if box.label == label).set_value(value)
    next(box for box in app.text_input if box.label == "事由").input("春节")
    _press(app, "录入这些日子")
    assert "假期尚未公布" not in shown(app)
    assert "春节" in shown(app)
    app.selectbox(key="calendar:back:2027").select(0).run()
    _press(app, "撤回这些日子")
    assert "假期尚未公布" in shown(app)

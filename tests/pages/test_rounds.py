"""Rounds on the screen: the calendar, the matrix, one community, and the registers of former days."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import dates
from core.entries.register import Filter
from core.inspection import campaigns, rounds, snapshots
from core.words import Answer, Change
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def press(app: AppTest, label: str) -> AppTest:
    app = next(b for b in app.button if b.label == label).click().run()
    assert not app.exception
    return app


def unfolded(app: AppTest, part: str) -> AppTest:
    app.session_state[part] = True
    return app.run()


def links(app: AppTest) -> str:
    return "\n".join(link.proto.label for link in app.get("page_link"))


def closed(site: Place, days: int = 0) -> str:
    round_id = makers.opened_round(site)
    site.later(days)
    site.do("supervisor", campaigns.close_round, round_id, "全年工作已完成")
    return round_id


def test_a_supervisor_opens_a_round_in_four_parts_moves_its_calendar_and_closes_it(
    open_app: OpenApp, site: Place
) -> None:
    app = open_app("supervisor", "rounds")
    assert "还没有开展过轮次" in shown(app)
    app.selectbox[0].set_value(site.units["street"].id).run()
    press(app, "开启这一轮次")
    text = shown(app)
    assert "第 1 阶段（共 4 个）：三方查找" in text
    assert "共 2 个社区、2 个岗位、2 项权力事项：已填报 0 个岗位，未发现 0 个，**未填报 2 个**" in text
    assert "还差 2 个岗位" in text
    days = {box.label: box for box in app.date_input}
    days["评定公示备案开始于"].set_value(days["评定公示备案开始于"].value + timedelta(days=3)).run()
    press(app, "保存日程")
    assert "日程已调整" in shown(app)
    press(app, "结束并封账")
    assert "已于" not in shown(app)
    next(a for a in app.text_area if a.label == "理由").set_value("全年工作已完成").run()
    press(app, "结束并封账")
    assert "并封账" in shown(app)
    assert "2 份台账已封账，共 2 份" in shown(app)


@pytest.mark.costly
def test_a_community_sees_its_posts_and_neither_other_communities_nor_deeds_that_are_not_its_own(
    open_app: OpenApp, site: Place
) -> None:
    makers.opened_round(site)
    site.do("clerk", rounds.inspect, site.items["relief"], Answer.NOTHING, "翻看了今年的台账")
    for who in ("clerk", "watchdog"):
        app = open_app(who, "rounds")
        text = shown(app)
        assert "还差 1 个岗位" in text
        assert "翻看了今年的台账" in text
        assert "林向前" not in text  # posts, never people
        assert "江畔社区" not in text
        assert "结束并封账" not in text
    assert "没有社区参加" not in shown(open_app("discipline", "rounds"))
    assert "还没有开展过轮次" in shown(open_app("far_supervisor", "rounds"))


@pytest.mark.costly
def test_what_came_from_last_year_stands_beside_and_filters_the_register(open_app: OpenApp, site: Place) -> None:
    site.later(-100)
    risk_id, _measure = makers.controlled(site)
    makers.open_risk(site, "盖章登记本没人记", "公章使用登记不全")
    closed(site, 30)
    site.now = dates.now()
    now = makers.opened_round(site)
    makers.rated(site, risk_id, makers.Level.HIGH, "居民反映集中")
    app = open_app("supervisor", "rounds", round=now, unit=site.units["banyan"].id)
    assert "结转·有变化" not in shown(app)  # until somebody wants to know
    text = shown(unfolded(app, "rounds:year"))
    assert "结转·有变化" in text
    assert "等级由 中 变为 高" in text
    assert "的台账：2 项" in links(app)
    app = open_app("watchdog", "register", change="changed", unit=site.units["banyan"].id)
    assert "第 1–1 项，共 1 项" in shown(app)
    assert Filter(change=Change.CHANGED).narrows
    app = open_app("watchdog", "register", again="1")
    assert "没有符合条件" in shown(app)


@pytest.mark.costly
def test_a_frozen_register_opens_read_only_and_so_does_any_other_day(open_app: OpenApp, site: Place) -> None:
    site.later(-60)
    risk_id, _measure = makers.controlled(site)
    closed(site, 5)
    [kept] = site.ask("supervisor", snapshots.of_unit, site.units["banyan"].id)
    site.now = dates.now()
    makers.rated(site, risk_id, makers.Level.HIGH, "居民反映集中")
    app = open_app("clerk", "past", snapshot=kept.id)
    assert "封账，内容不再变化" in shown(app)
    assert "◆ 中" in shown(app)
    app = open_app("clerk", "past", asof=dates.today(site.now).isoformat())
    assert "▲ 高" in shown(app)
    assert "等级由 中 变为 高" not in shown(app)
    assert "等级由 中 变为 高" in shown(unfolded(app, "past:compared"))
    changed = open_app("clerk", "past", asof=dates.today(site.now).isoformat(), change="changed")
    assert "等级由 中 变为 高" in shown(changed)
    app = open_app("clerk", "past", asof=(dates.today(site.now) - timedelta(days=3)).isoformat(), entry=risk_id)
    assert "每季度首月五日前在公开栏张贴名单" in shown(app)
    assert "◆ 中" in shown(app)
    assert [b.label for b in app.button if b.key != "find:send"] == []
    assert "没有找到" in shown(open_app("other_clerk", "past", snapshot=kept.id))
    assert not open_app("clerk", "past", asof="not-a-day").exception


@pytest.mark.costly
def test_where_several_communities_are_meant_a_former_day_leads_to_each_with_its_counts(
    open_app: OpenApp, site: Place
) -> None:
    makers.open_risk(site)
    today = dates.today(dates.now()).isoformat()
    for who in ({}, {"unit": site.units["street"].id}):
        words = shown(open_app("supervisor", "past", asof=today, **who))
        assert all(f"/past?unit={site.units[unit].id}&amp;asof={today}" in words for unit in ("banyan", "river"))
        assert "各社区未销号的风险点" in words
    assert "用印登记不全" not in shown(open_app("supervisor", "past", asof=today))
    one = open_app("supervisor", "past", asof=today, unit=site.units["banyan"].id)
    assert "各社区未销号的风险点" not in shown(one)

"""The overview: figures in words, in charts and in tables that lead to the register."""

import json
import re
from typing import Any

from streamlit.testing.v1 import AppTest

from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def _charts(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]


def test_an_empty_register_teaches_instead_of_showing_empty_charts(open_app: OpenApp) -> None:
    app = open_app("supervisor", "overview")
    assert "台账还是空的" in shown(app)
    assert _charts(app) == []


def test_figures_stand_in_a_sentence_a_chart_and_a_table_that_leads_to_the_register(
    open_app: OpenApp, site: Place
) -> None:
    risk_id = makers.open_risk(site)
    makers.rated(site, risk_id)
    makers.raise_point(site, ("river",))
    app = open_app("supervisor", "overview")
    words = shown(app)
    assert "“居务清廉”维度、等级“◆ 中”的最多：1 项中有 1 项。" in words
    assert "只有居民看到的 1 项" in words
    assert "从“已评定”到“已备案”这一步停留最多，有 1 项。" in words
    assert "还没有措施完成或到期" in words
    links = set(re.findall(r"href='([^']+)'", words))
    assert "/register?dimension=clean_affairs&amp;level=medium" in links
    assert "/register?voices=resident" in links
    assert any(link.startswith("/register?status=rated%2C") for link in links)
    assert len(_charts(app)) == 3


def test_few_residents_flags_are_not_told(open_app: OpenApp, site: Place) -> None:
    makers.open_risk(site)
    makers.raise_point(site, ("river",))
    words = shown(open_app("supervisor", "overview"))
    assert "1–5" in words
    for _n in range(6):
        makers.speak(site)
    assert "6–10" in shown(open_app("supervisor", "overview"))


def test_every_chart_starts_at_zero_and_says_its_source_and_day(open_app: OpenApp, site: Place) -> None:
    _risk_id, measure_id = makers.controlled(site)
    makers.done(site, measure_id)
    charts = _charts(open_app("clerk", "overview"))
    assert len(charts) == 4
    for chart in charts:
        assert re.fullmatch(r"来源：廉政风险点台账 · 截至\d+年\d+月\d+日", chart["title"]["text"])
        text = json.dumps(chart)
        assert '"zero": false' not in text
        domains = [layer["encoding"]["x"]["scale"]["domain"] for layer in chart["layer"]
                   if layer["encoding"].get("x", {}).get("type") == "quantitative"]  # fmt: skip
        assert all(domain[0] == 0 for domain in domains)


def test_one_community_needs_no_choice_and_several_do(open_app: OpenApp, site: Place) -> None:
    makers.open_risk(site)
    assert open_app("clerk", "overview").selectbox == []
    app = open_app("supervisor", "overview", unit=site.units["river"].id)
    assert app.selectbox(key="overview:unit").value == site.units["river"].id
    assert "台账还是空的" in shown(app)


def test_the_overview_names_the_places_nobody_hears_from_and_tells_no_small_number(
    open_app: OpenApp, site: Place
) -> None:
    makers.speak(site, "公告栏的账没有贴", None, "building")
    page = shown(open_app("watchdog", "overview"))
    assert "一年内各处都有居民反映" in page
    assert "少于5" in page
    assert "江畔社区" not in page
    assert "一年内没有居民反映的地方" in shown(open_app("other_clerk", "overview"))

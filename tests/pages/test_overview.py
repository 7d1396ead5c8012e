"""The overview: figures in words, in charts and in tables that lead to what they count, a view at a time."""

import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.access import EVERYWHERE, Scope
from core.documents import Document
from core.errors import Denied
from core.events import Event
from core.words import Source
from pages.ui import charts, downloads, figure, inks
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, session_of, shown

pytestmark = pytest.mark.figures

VIEWS = ("levels", "sources", "progress", "measures", "disclosures", "results", "time", "calendar")


def _charts(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]


def _links(app: AppTest) -> set[str]:
    return set(re.findall(r"href='([^']+)'", shown(app)))


@pytest.mark.parametrize("view", VIEWS)
def test_an_empty_site_teaches_instead_of_showing_empty_charts(open_app: OpenApp, view: str) -> None:
    app = open_app("supervisor", "overview", view=view)
    words = shown(app)
    assert any(told in words for told in ("台账还是空的", "还没有", "没有到期的", "这段时间没有工作记录"))
    assert not _charts(app)


@pytest.mark.costly
def test_figures_stand_in_a_sentence_a_chart_and_a_table_that_leads_to_the_register(
    open_app: OpenApp, site: Place
) -> None:
    risk_id = makers.open_risk(site)
    makers.rated(site, risk_id)
    makers.raise_point(site, ("river",))
    levels = open_app("supervisor", "overview")
    assert "“居务清廉”维度、等级“◆ 中”的最多：1 项中有 1 项。" in shown(levels)
    assert "还没有核定等级" in shown(levels)
    assert "/register?standing=1&amp;dimension=clean_affairs&amp;level=medium" in _links(levels)
    assert "/register?standing=1&amp;dimension=clean_affairs&amp;verified=unrated" in _links(levels)
    assert len(_charts(levels)) == 3
    sources = open_app("supervisor", "overview", view="sources")
    assert "只有居民看到的 1 项" in shown(sources)
    assert "/register?standing=1&amp;voices=resident" in _links(sources)
    progress = open_app("supervisor", "overview", view="progress")
    assert "从“已评定”到“已备案”这一步停留最多，有 1 项。" in shown(progress)
    assert any(link.startswith("/register?standing=1&amp;status=rated%2C") for link in _links(progress))
    measures = shown(open_app("supervisor", "overview", view="measures"))
    assert "还没有措施完成或到期" in measures
    assert "目前没有未完成的措施" in measures


@pytest.mark.costly
def test_measures_stand_by_post_and_by_age_and_lead_to_their_list(open_app: OpenApp, site: Place) -> None:
    _risk_id, measure_id = makers.controlled(site)
    makers.done(site, measure_id)
    makers.planned(site, _risk_id, days=20)
    app = open_app("clerk", "overview", view="measures")
    words = shown(app)
    assert "已见分晓的 1 项措施中，1 项按时完成，占 100%。" in words
    assert "低保专干" in words or "民政" in words or "专干" in words
    assert "未完成的措施 1 项，其中逾期 0 项。" in words
    assert "/measures?view=all&amp;age=month" in _links(app)
    found = shown(open_app("clerk", "measures", view="all", age="month"))
    assert "只看措施：8—30天内到期。" in found
    assert "1 项措施" in found
    assert "没有符合条件的措施" in shown(open_app("clerk", "measures", view="all", age="long"))


def test_a_filter_of_a_chart_is_said_on_the_register(open_app: OpenApp, site: Place) -> None:
    makers.open_risk(site)
    page = shown(open_app("supervisor", "register", expected="unrated", solved="undecided", standing="1"))
    assert "预期等级：尚未确定" in page
    assert "解决层级：尚未确定" in page
    assert "没有符合" in shown(open_app("supervisor", "register", post="没有这个岗位"))


@pytest.mark.costly
def test_few_residents_flags_are_not_told(open_app: OpenApp, site: Place) -> None:
    makers.open_risk(site)
    makers.raise_point(site, ("river",))
    assert "1–5" in shown(open_app("supervisor", "overview", view="progress"))
    for _n in range(6):
        makers.speak(site)
    page = shown(open_app("supervisor", "overview", view="progress"))
    assert "6–10" in page
    assert "<th scope='row'>群众帮</th><td class='qy-number' data-head='已处理'>—</td>" in page
    assert "评价的居民都不足5人" in shown(open_app("supervisor", "overview", view="results"))


@pytest.mark.costly
@pytest.mark.parametrize("view", VIEWS)
def test_every_chart_starts_at_zero_and_says_its_source_and_day_and_can_be_saved(
    open_app: OpenApp, site: Place, view: str
) -> None:
    risk_id, measure_id = makers.controlled(site)
    makers.done(site, measure_id)
    makers.planned(site, risk_id)
    app = open_app("clerk", "overview", view=view)
    drawn = _charts(app)
    saved = [button for button in app.get("download_button") if "保存为图片" in button.proto.label]
    assert len(saved) == (1 if view == "levels" else len(drawn))
    for chart in drawn:
        said = chart["title"]["text"]
        said = " · ".join(said) if isinstance(said, list) else said
        assert re.fullmatch(r"来源：廉政风险点台账 · 截至\d+年\d+月\d+日", said)
        assert '"zero": false' not in json.dumps(chart)
        for domain in _domains(chart):
            assert domain[0] == 0


def _domains(chart: dict[str, Any]) -> Iterator[list[float]]:
    for layer in chart["layer"]:
        for side in ("x", "y"):
            found = layer["encoding"].get(side, {})
            if found.get("type") == "quantitative":
                yield found["scale"]["domain"]


@pytest.mark.costly
def test_one_community_needs_no_choice_and_several_do(open_app: OpenApp, site: Place) -> None:
    makers.open_risk(site)
    assert open_app("clerk", "overview").selectbox == []
    app = open_app("supervisor", "overview", unit=site.units["river"].id)
    assert app.selectbox(key="overview:unit").value == site.units["river"].id
    assert "台账还是空的" in shown(app)


@pytest.mark.costly
def test_the_view_stands_in_the_address(open_app: OpenApp, site: Place) -> None:
    makers.open_risk(site)
    app = open_app("supervisor", "overview", view="results")
    assert "问题在哪一级解决" in shown(app)
    app.segmented_control(key="overview:view").set_value("progress").run()
    assert app.query_params["view"] == "progress"
    assert "各状态停留时间" in shown(app)
    assert "风险集中在哪里" in shown(open_app("supervisor", "overview", view="nonsense"))


@pytest.mark.costly
def test_the_overview_names_the_places_nobody_hears_from_and_tells_no_number_of_a_place(
    open_app: OpenApp, site: Place
) -> None:
    makers.speak(site, "公告栏的账没有贴", None, "building")
    page = shown(open_app("watchdog", "overview", view="sources"))
    assert "一年内各处都有居民反映" in page
    assert "件数只按整个社区分档显示" in page
    assert "江畔社区" not in page
    assert "2 个社区中有 1 个用到" in shown(open_app("supervisor", "overview", view="sources"))
    assert "一年内没有居民反映的地方" in shown(open_app("other_clerk", "overview", view="sources"))


@pytest.mark.costly
def test_a_saved_picture_speaks_the_readers_language_is_for_offices_and_stands_on_the_chain(
    site: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = figure.Head("voices", "谁看到了", "三方都看到的 1 项。" * 12, "来源：廉政风险点台账")
    pressed: list[Callable[[], bytes]] = []
    monkeypatch.setattr(downloads.st, "download_button", lambda _label, made, *_rest, **_more: pressed.append(made))

    def draw(style: inks.Style) -> Any:
        return figure.framed(charts.overlap({frozenset({source}): 1 for source in Source}, style), style)

    for who in ("clerk", "auditor", "system", None):
        monkeypatch.setattr(downloads.gate, "session_id", lambda who=who: session_of(site, who) if who else None)
        figure.save(head, draw)
    clerk, *nobody = pressed
    with Image.open(io.BytesIO(clerk())) as picture:
        assert picture.format == "PNG"
        assert picture.width > 2 * 640
    unit = site.units["banyan"].id
    entry = site.ask("clerk", lambda work: work.store.entries_of_chain(Scope((EVERYWHERE,)), unit, None, 1))[0]
    assert (entry.event, entry.facts) == (Event.DOCUMENT_TAKEN, {"document": Document.CHART.value})
    for made in nobody:
        with pytest.raises(Denied):
            made()


@pytest.mark.parametrize(
    ("sentence", "lines"),
    [("一" * 44, 1), ("一" * 45, 2), ("一" * 44 + "。", 1), ("word " * 17, 1), ("word " * 18, 2), ("", 1)],
)
def test_a_sentence_above_a_picture_is_broken_where_a_line_is_full(sentence: str, lines: int) -> None:
    found = figure.wrapped(sentence.strip())
    assert len(found) == lines
    assert (" " if " " in sentence else "").join(found) == sentence.strip()


def test_over_several_communities_the_list_of_units_says_that_all_are_meant(open_app: OpenApp) -> None:
    chosen = open_app("supervisor", "overview").selectbox[0]
    assert (chosen.index, chosen.options[0]) == (0, "我管辖的全部单位")

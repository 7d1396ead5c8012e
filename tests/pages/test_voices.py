"""The page of the three voices: said in words, drawn, in tables, leading to the register and to what can be done."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from core.entries.register import from_query
from core.inspection import rounds
from core.review import merging
from core.text import day
from core.voices import points
from core.words import Answer, RiskStatus, Source
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def ways(app: AppTest) -> list[str]:
    """Labels of the links that are no part of a table."""
    return [link.proto.label for link in app.get("page_link")]


def links(words: str) -> set[str]:
    return {link.replace("&amp;", "&") for link in re.findall(r"href='([^']+)'", words)}


def saved(app: AppTest) -> int:
    return sum("保存为图片" in button.proto.label for button in app.get("download_button"))


@pytest.mark.costly
def test_an_empty_register_teaches_on_every_view(open_app: OpenApp) -> None:
    for view, words in (("saw", "还没有"), ("agree", "还没有"), ("silence", "2 个权力事项中"), ("rate", "还没有")):
        app = open_app("supervisor", "voices", view=view)
        assert words in shown(app), view
        assert app.get("vega_lite_chart") == []


@pytest.mark.costly
def test_who_missed_what_is_said_with_how_sure_it_is_and_leads_to_the_entries(open_app: OpenApp, site: Place) -> None:
    for n in range(6):
        makers.open_risk(site, f"第{n}本名单没见贴出来", f"第{n}项公开不及时")
    app = open_app("supervisor", "voices")
    words = shown(app)
    assert "社区干部没有提到的 6 项中，居民提出了 6 项" in words
    assert "3–6" in words
    assert "**盲区：6 项（共 6 项）**" in ways(app)
    assert "/register?whole=1&voices=resident" in links(words)
    [chart] = app.get("vega_lite_chart")
    assert re.fullmatch(r"来源：廉政风险点台账 · 截至.+", json.loads(chart.proto.spec)["title"]["text"])
    assert saved(app) == 1


def test_the_choice_stands_in_the_address_and_narrows_every_view(open_app: OpenApp, site: Place) -> None:
    makers.open_risk(site)
    round_id = makers.opened_round(site)
    app = open_app(
        "watchdog", "voices", view="agree", item=site.items["relief"], dimension="clean_affairs", round=round_id
    )
    words, first = shown(app), site.today.isoformat()
    told = app.selectbox(key=f"voices:round:{round_id}").options[1]
    assert told == f"2026年度自查 · 望江街道 · {day(site.today)}"
    assert saved(app) == len(app.get("vega_lite_chart"))
    assert "低保和特困人员初核" in words
    aims = [link for link in links(words) if f"item={site.items['relief']}" in link and f"since={first}" in link]
    assert any("named=" in link for link in aims)
    assert "公章使用" not in shown(open_app("watchdog", "voices", view="silence", item=site.items["relief"]))
    app.selectbox(key=f"voices:item:{site.items['relief']}").set_value(site.items["seal"]).run()
    assert app.query_params["item"] == site.items["seal"]


@pytest.mark.costly
def test_the_register_shows_what_was_counted_archived_entries_too(open_app: OpenApp, site: Place) -> None:
    risk_id = makers.open_risk(site)

    def archive(work: object) -> None:
        from core.entries.risks import Risk

        work.store.find(Risk, risk_id).status = RiskStatus.ARCHIVED  # type: ignore[attr-defined]
        work.record("risk_archived", risk_id, chain=site.units["banyan"].id)  # type: ignore[attr-defined]

    site.do("supervisor", archive)
    assert "**盲区：1 项（共 1 项）**" in ways(open_app("supervisor", "voices"))
    assert any("公开不及时" in way for way in ways(open_app("supervisor", "register", whole="1", voices="resident")))
    assert not any("公开不及时" in way for way in ways(open_app("supervisor", "register", voices="resident")))
    there = open_app("supervisor", "register", whole="1", named="低保和特困人员初核")
    assert any("公开不及时" in way for way in ways(there))
    assert not any("公开不及时" in way for way in ways(open_app("supervisor", "register", whole="1", named="公章使用")))
    wanted = from_query({"since": ["2026-13-01"], "until": ["2026-01-02"]}, None)
    assert (wanted.since, str(wanted.until)) == (None, "2026-01-02")


@pytest.mark.costly
def test_a_silence_says_what_its_reader_can_do_about_it(open_app: OpenApp, site: Place) -> None:
    makers.open_risk(site)
    makers.opened_round(site)
    site.do("clerk", rounds.inspect, site.items["relief"], Answer.NOTHING, "翻看了今年的登记", None)
    relief, code = site.items["relief"], site.units["banyan"].code
    todo = {who: links(shown(open_app(who, "voices", view="silence"))) for who in ("clerk", "supervisor", "discipline")}
    assert f"/n/{code}?item={site.items['seal']}" in todo["clerk"]
    assert "/inspect" in todo["clerk"]
    assert not any(link.startswith("/raise") for link in todo["clerk"])
    point = next(link for link in todo["supervisor"] if link.startswith("/raise") and "%E5%85%AC" in link)
    assert f"unit={site.units['banyan'].id}" in point
    assert f"/n/{code}?item={site.items['seal']}" in todo["supervisor"]
    assert not any(link.startswith("/inspect") for link in todo["supervisor"])
    assert all(link.startswith("/register") for link in todo["discipline"])
    assert f"/register?whole=1&item={relief}&source=resident" in todo["clerk"]
    words = shown(open_app("clerk", "voices", view="silence"))
    assert "自查过，未发现新风险" in words
    app = open_app("supervisor", "raise", unit=site.units["banyan"].id, item="公章使用")
    assert app.multiselect[0].value == [site.units["banyan"].id]
    assert "公章使用" in [box.value for box in app.selectbox]


def test_ratings_that_lie_apart_are_listed_with_who_is_higher(open_app: OpenApp, site: Place) -> None:
    risk_id = makers.open_risk(site)
    [flag] = [f for f in site.ask("watchdog", merging.voices, risk_id)]

    def rate(work: object) -> None:
        from core.voices.flags import Flag
        from core.words import Level

        work.store.find(Flag, flag.flag_id).level = Level.HIGH  # type: ignore[attr-defined]
        work.record("flag_rated", flag.flag_id, chain=site.units["banyan"].id)  # type: ignore[attr-defined]

    site.do("watchdog", rate)
    makers.raise_point(site, ("banyan",), "名单公开一直不及时")
    [point] = site.ask("clerk", points.received)

    def lower(work: object) -> None:
        from core.voices.flags import Flag
        from core.words import Level

        work.store.find(Flag, point.flag_id).level = Level.LOW  # type: ignore[attr-defined]
        work.record("flag_rated", point.flag_id, chain=site.units["banyan"].id)  # type: ignore[attr-defined]

    site.do("supervisor", lower)
    site.do("clerk", points.already_entry, point.flag_id, risk_id, "")
    app = open_app("supervisor", "voices", view="rate")
    assert saved(app) == len(app.get("vega_lite_chart")) == 1
    words = shown(app)
    assert "相差两级 1 项" in words
    assert f"/entry?id={risk_id}" in words
    assert Source.RESIDENT.label in words

"""Notices: what they carry, what a retired one says, and the list for whoever hangs them up."""

import re

import pytest
from starlette.testclient import TestClient

from core import items
from core.access import FOUNDER
from core.errors import Denied, Missing
from core.organisation import units
from core.printed import posters
from pages.web import notice
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown
from tests.pages.test_look import web  # noqa: F401 - the fixture of plain pages


def sheet(web: TestClient, site: Place, item: str = "", unit: str = "building") -> str:  # noqa: F811
    return web.get(f"/n/{site.units[unit].code}" + (f"?item={item}" if item else "")).text


def test_a_notice_for_a_power_item_carries_it_to_the_form(
    web: TestClient, site: Place, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(notice, "_picture", lambda address: drawn.append(address) or "data:,")
    page = sheet(web, site, site.items["relief"])
    assert "关于：低保和特困人员初核" in page
    address = next(one for one in drawn if "/r/" in one)
    assert address.endswith(f"/r/{site.units['building'].code}?item={site.items['relief']}")
    form = web.get(address.removeprefix("http://testserver")).text
    assert f'value="{site.items["relief"]}" selected' in form


def test_the_back_is_the_form_on_paper_with_channels_consent_and_where_to_hand_it_in(
    web: TestClient, site: Place  # noqa: F811
) -> None:
    page = sheet(web, site).split("纸质反映表")[1]
    for words in ("您担心什么", "和什么事有关", "在哪里", "3栋", "交到哪里", "我同意照我写的", "入户走访", "意见箱"):
        assert words in page, words
    assert not re.search("<(input|textarea|select)", page)


def test_what_has_been_retired_or_tampered_with_says_so_and_leads_on(
    web: TestClient, site: Place  # noqa: F811
) -> None:
    relief = site.items["relief"]
    site.do("secretary", items.retire_item, relief)
    assert "这项事已不在清单里" in sheet(web, site, relief)
    form = web.get(f"/r/{site.units['building'].code}?item={relief}").text
    assert ("告示上的那项事已不在清单里" in form, f'"{relief}" selected' in form) == (True, False)
    site.do(FOUNDER, units.close_unit, site.units["building"].id)
    for code in (site.units["building"].code, "nothing0"):
        answer = web.get(f"/n/{code}")
        assert (answer.status_code, "榕树社区" in answer.text, "江畔社区" in answer.text) == (404, True, True)


def test_the_list_has_every_place_and_matter_of_ones_community_and_nobody_else_reads_it(site: Place) -> None:
    sheets = site.ask("clerk", posters.posters, site.units["banyan"].id)
    assert [one.about for one in sheets.places] == ["榕树社区", "第一网格", "第一网格 · 3栋"]
    assert [one.query() for one in sheets.items] == [{"item": site.items["relief"]}, {"item": site.items["seal"]}]
    for who, refusal in (("other_clerk", Missing), ("supervisor", Denied)):
        with pytest.raises(refusal):
            site.ask(who, posters.posters, site.units["banyan"].id)


def test_the_list_opens_from_the_page_for_recording(open_app: OpenApp) -> None:
    page = shown(open_app("watchdog", "posters"))
    assert ("第一网格 · 3栋" in page, "公章使用" in page, "江畔" in page) == (True, True, False)

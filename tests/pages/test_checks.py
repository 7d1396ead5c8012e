"""The consistency check as a page: counts, checks with their findings, the address as filter, setting aside."""

import re
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import dates
from tests import makers
from tests.core.consistency.test_checks import BY_DEEDS
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def _kept(site: Place, *bring: str) -> Place:
    site.items["entry"], site.items["measure"] = makers.controlled(site)
    for code in bring:
        BY_DEEDS[code](site)
    return site


@pytest.mark.costly
def test_where_everything_fits_the_page_says_so(open_app: OpenApp, site: Place) -> None:
    assert "核对的内容都对得上" in shown(open_app("clerk", "checks"))
    _kept(site)
    assert "核对的内容都对得上" in shown(open_app("supervisor", "checks"))


def test_findings_stand_by_weight_and_check_and_lead_to_the_entry(open_app: OpenApp, site: Place) -> None:
    _kept(site, "no_owner", "expected_above")
    app = open_app("clerk", "checks")
    words = shown(app)
    assert "■ 须纠正</span></b>0" in words
    assert "◧ 须补齐</span></b>1" in words
    assert words.index("防控中的条目没有责任人") < words.index("措施后的预期等级高于初始等级")
    assert f"/entry?id={site.items['entry']}" in words
    assert "分社区" not in words
    narrow = shown(open_app("clerk", "checks", rule="expected_above"))
    assert "没有人负责，就没有人落实" not in narrow
    assert "中 → 高" in narrow
    assert "暂不处理其中一条" not in narrow


@pytest.mark.costly
def test_a_supervisor_sees_counts_by_community_that_lead_to_one(open_app: OpenApp, site: Place) -> None:
    _kept(site, "no_owner")
    app = open_app("supervisor", "checks")
    links = set(re.findall(r"href='(/checks[^']+)'", shown(app)))
    assert f"/checks?unit={site.units['river'].id}" in links
    assert "江畔社区" not in shown(open_app("supervisor", "checks", unit=site.units["banyan"].id))
    assert not open_app("supervisor", "checks", unit="nowhere", severity="x", rule="y", page="99").exception


@pytest.mark.costly
def test_a_finding_is_set_aside_on_the_page_and_taken_up_again(open_app: OpenApp, site: Place) -> None:
    _kept(site, "expected_above")
    app = open_app("watchdog2", "checks", rule="expected_above")
    fields = {field.label: field for field in (*app.text_area, *app.date_input)}
    fields["暂不处理的理由"].set_value("下月一并处理")
    fields["暂不处理到"].set_value(dates.today(site.now) + timedelta(days=20)).run()
    next(button for button in app.button if button.label == "暂不处理").click().run()
    assert "已列为暂不处理。到期或情况有变时会再次出现" in shown(app)
    assert "没有发现这类问题" in shown(app)
    app = open_app("watchdog2", "checks", rule="expected_above", aside="1")
    assert "下月一并处理" in shown(app)
    next(button for button in app.button if button.label == "重新处理").click().run()
    assert "中 → 高" in shown(open_app("watchdog2", "checks", rule="expected_above"))


def test_an_entry_is_checked_when_somebody_unfolds_it(open_app: OpenApp, site: Place) -> None:
    _kept(site)
    entry = site.items["entry"]
    app = open_app("clerk", "entry", id=entry)
    [line] = [one for one in app.expander if one.label == "核对"]
    assert not line.proto.expanded
    assert "防控中的条目没有责任人" not in shown(_unfolded(app, entry))
    BY_DEEDS["no_owner"](site)
    app = open_app("clerk", "entry", id=entry)
    assert "防控中的条目没有责任人" not in shown(app)
    found = shown(_unfolded(app, entry))
    assert "核对：◧ 须补齐 1" in found
    assert "防控中的条目没有责任人" in found


def _unfolded(app: AppTest, entry: str) -> AppTest:
    app.session_state[f"entry:checks:{entry}"] = True
    return app.run()

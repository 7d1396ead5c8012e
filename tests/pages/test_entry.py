"""The page of one entry: three voices, what may be done, and nothing else."""

import pytest

from core.entries import entry, rating, risks
from core.inspection import rounds
from core.prevention import measures
from core.review import merging
from core.voices.flags import CadreFlag
from core.words import Answer, Level, RiskStatus
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def offered(app: object) -> set[str]:
    prefix = "entry:do:"
    return {b.key.removeprefix(prefix) for b in app.button if (b.key or "").startswith(prefix)}  # type: ignore[attr-defined]


def press(app: object, key: str) -> None:
    next(b for b in app.button if b.key == key).click().run()  # type: ignore[attr-defined]
    assert not app.exception, app.exception  # type: ignore[attr-defined]


@pytest.mark.costly
def test_an_entry_that_is_unknown_or_elsewhere_is_politely_not_found(site: Place, open_app: OpenApp) -> None:
    risk_id = makers.open_risk(site, title="救助对象名单公开不及时")
    for who, key in (("clerk", "nothing"), ("other_clerk", risk_id), ("far_supervisor", risk_id)):
        words = shown(open_app(who, "entry", id=key))
        assert "没有找到" in words or "管辖范围" in words or "不在" in words
        assert "救助对象名单" not in words
    assert "台账" in shown(open_app("clerk", "entry"))


@pytest.mark.costly
def test_each_voice_has_its_column_and_raw_words_reach_only_who_may_hear(site: Place, open_app: OpenApp) -> None:
    makers.opened_round(site)
    found = CadreFlag(text="救助名单公示不够及时", power=1, discretion=1, probability=1, harm=1)
    site.do("clerk", rounds.inspect, site.items["relief"], Answer.FOUND, "", found)
    risk_id = makers.open_risk(site, "<b>低保名单</b>从来没贴")
    [own] = makers.inbox(site)
    site.do("watchdog", merging.merge, own.id, risk_id, "同一件事")
    heard = shown(open_app("watchdog", "entry", id=risk_id))
    assert "&lt;b&gt;低保名单" in heard
    assert "上级没有提出过" in heard
    kept = shown(open_app("clerk", "entry", id=risk_id))
    assert "低保名单</b>" not in kept
    assert "&lt;b&gt;低保名单" not in kept
    assert "原话和条数都不向责任岗位显示" in kept
    assert "救助名单公示不够及时" in kept
    flag_id = next(v.flag_id for v in site.ask("watchdog", merging.voices, risk_id) if v.source == "resident")
    assert [role for role, _day in site.ask("watchdog", lambda work: work.store.readings(flag_id))] == ["watchdog"]


@pytest.mark.costly
def test_a_supervisor_decides_the_level_on_the_page(site: Place, open_app: OpenApp) -> None:
    risk_id = makers.open_risk(site)
    assert offered(open_app("clerk", "entry", id=risk_id)) == {"raise_up"}
    app = open_app("supervisor", "entry", id=risk_id)
    assert {"rate", "assign"} <= offered(app)
    assert "announce" not in offered(app)
    press(app, "entry:do:rate")
    for factor in ("power", "discretion", "probability", "harm"):
        next(g for g in app.button_group if g.key.endswith(f":{factor}")).set_value(3).run()
    assert "合计 12 分" in shown(app)
    next(s for s in app.selectbox if s.key.endswith(":level")).set_value(Level.HIGH).run()
    press(app, next(b.key for b in app.button if (b.key or "").endswith(":send")))
    row = site.ask("clerk", entry.entry, risk_id)
    assert (row.status, row.level) == (RiskStatus.RATED, "high")
    assert "已完成" in shown(app)
    assert {"object", "plan"} <= offered(open_app("clerk", "entry", id=risk_id))


@pytest.mark.costly
def test_a_measure_is_reported_and_verified_where_it_stands(site: Place, open_app: OpenApp) -> None:
    risk_id = makers.open_risk(site)
    makers.rated(site, risk_id)
    site.do("supervisor", risks.file, risk_id, "涉及隐私")
    makers.assigned(site, risk_id)
    measure_id = makers.planned(site, risk_id)
    site.do("clerk", risks.control, risk_id)
    site.do("clerk", measures.report, measure_id, 60, "已整理 <i>名单</i>")
    site.do("clerk", measures.ask_verification, measure_id, "已张贴")
    assert not any("verify" in (b.key or "") for b in open_app("clerk", "entry", id=risk_id).button)
    app = open_app("watchdog", "entry", id=risk_id)
    press(app, f"measure:verify:{measure_id}")
    press(app, next(b.key for b in app.button if (b.key or "").endswith(":send")))
    assert site.ask("clerk", lambda work: work.store.measure_states(risk_id)) == ["verifying"]
    app.text_area[0].set_value("现场看过，属实").run()
    press(app, next(b.key for b in app.button if (b.key or "").endswith(":send")))
    assert site.ask("clerk", lambda work: work.store.measure_states(risk_id)) == ["verified"]


def test_statements_stand_beside_the_rating_as_they_were_typed(site: Place, open_app: OpenApp) -> None:
    risk_id = makers.open_risk(site)
    makers.rated(site, risk_id)
    site.do("clerk", rating.state, risk_id, "[等级](http://x) <script>偏高", objection=True)
    words = shown(open_app("supervisor", "entry", id=risk_id))
    assert "[等级](http://x) &lt;script&gt;偏高" in words
    assert "异议" in words

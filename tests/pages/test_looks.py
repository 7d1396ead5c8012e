"""Signatures and second looks on the screen: what no longer holds is seen everywhere, and both are done on the page."""

from datetime import timedelta

import pytest

from core import dates
from core.entries import entry, risks, signing
from core.entries.signed import Hold
from core.prevention import looking
from core.prevention.looking import LookForm
from core.words import Level, ReviewResult, RiskStatus
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown
from tests.pages.test_entry import offered, press


def closed(site: Place, ago: int) -> str:
    """An entry that was closed so many days ago."""
    site.now -= timedelta(days=ago + 7)
    risk_id, measure_id = makers.controlled(site)
    makers.done(site, measure_id)
    site.do("clerk", risks.ask_closing, risk_id, "都已落实")
    site.do("watchdog2", risks.close, risk_id)
    site.now = dates.now()
    return risk_id


@pytest.mark.costly
def test_a_signature_that_no_longer_holds_is_seen_everywhere_and_is_signed_again_on_the_page(
    site: Place, open_app: OpenApp
) -> None:
    risk_id = makers.open_risk(site)
    makers.rated(site, risk_id)
    site.do("watchdog", risks.describe, risk_id, makers.entry_form(site, "救助名单<b>更新</b>不及时"))
    home = open_app("supervisor", "home")
    assert "签字已失效，需重新确认" in shown(home)
    assert "✎ 签字失效" in shown(open_app("clerk", "register", lapsed="1"))
    seen = open_app("clerk", "entry", id=risk_id)
    assert "签字已失效，需重新确认" in shown(seen)
    assert "sign" not in offered(seen)
    app = open_app("supervisor", "entry", id=risk_id)
    press(app, "entry:do:sign")
    assert "改为“救助名单&lt;b&gt;更新" in shown(app)
    press(app, "entry:sign")
    assert [row.hold for row in site.ask("clerk", signing.signatures, risk_id)] == [Hold.VALID, None]
    assert "有效期至" in shown(app)
    assert "没有符合条件" in shown(open_app("clerk", "register", lapsed="1"))


@pytest.mark.costly
def test_a_watchdog_looks_again_on_the_page_and_the_next_look_stands_there(site: Place, open_app: OpenApp) -> None:
    risk_id = closed(site, 31)
    assert "回头看到期" in shown(open_app("watchdog", "home"))
    assert "由其他人办理" in shown(open_app("clerk", "looks"))
    assert "您可以办理" in shown(open_app("watchdog", "looks"))
    assert "look" not in offered(open_app("watchdog2", "entry", id=risk_id))
    app = open_app("watchdog", "entry", id=risk_id)
    press(app, "entry:do:look")
    assert "居民还在反映吗" in shown(app)
    assert "没有再收到" in shown(app)
    next(s for s in app.selectbox if s.key.endswith(":result")).set_value(ReviewResult.EFFECTIVE).run()
    app.text_area[0].set_value("现场看过 <i>名单</i>").run()
    press(app, next(b.key for b in app.button if (b.key or "").endswith(":send")))
    assert "请确定核实等级" in shown(app)
    next(s for s in app.selectbox if s.key.endswith(":verified_level")).set_value(Level.LOW).run()
    press(app, next(b.key for b in app.button if (b.key or "").endswith(":send")))
    assert [one.result for one in site.ask("clerk", looking.looks_at, risk_id)] == [ReviewResult.EFFECTIVE, None]
    assert site.ask("clerk", entry.entry, risk_id).verified_level is Level.LOW
    words = shown(app)
    assert "第 2 次回头看" in words
    assert "现场看过 &lt;i&gt;名单" in words
    assert "现场看过 &lt;i&gt;" in shown(open_app("clerk", "looks", view="done"))
    assert "由其他人办理" in shown(open_app("clerk", "looks", view="ahead"))


def test_an_archived_entry_says_so(site: Place, open_app: OpenApp) -> None:
    risk_id = closed(site, 95)
    site.now -= timedelta(days=60)
    verdict = LookForm(result=ReviewResult.PARTLY, verified_level=Level.LOW, note="现场看过")
    site.do("watchdog", looking.look, risk_id, verdict)
    site.now = dates.now()
    site.do("supervisor", looking.look, risk_id, verdict)
    assert site.ask("clerk", entry.entry, risk_id).status is RiskStatus.ARCHIVED
    assert "经回头看后归档" in shown(open_app("clerk", "entry", id=risk_id))


def test_the_list_teaches_where_it_is_empty(open_app: OpenApp) -> None:
    app = open_app("discipline", "looks")
    assert "没有到期的回头看" in shown(app)
    assert "还没有做过" in shown(open_app("clerk", "looks", view="done"))

"""Disclosures on the screen: one press to record, proof or nothing, and requests answered in the office's words."""

from datetime import timedelta

import pytest

from core.access import RESIDENT
from core.openness import disclosure, requests, subjects
from core.words import Channel, DisclosureWhen
from tests.core.openness.test_disclosure import form
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown
from tests.pages.test_catalogue import press


def test_the_catalogue_is_filled_and_its_days_stand_there(open_app: OpenApp, site: Place) -> None:
    app = open_app("clerk", "disclosure", view="catalogue")
    assert "还没有列入公开目录" in shown(app)
    press(app, "列入这 2 项")
    assert not app.exception
    assert "低保和特困人员初核" in shown(app)
    assert len(site.ask("clerk", disclosure.owed)) == 2


def test_recording_without_proof_is_refused_and_with_it_done(open_app: OpenApp, site: Place) -> None:
    site.do("clerk", subjects.add, site.units["banyan"].id, form(DisclosureWhen.MONTHLY))
    [due] = site.ask("clerk", disclosure.owed)
    app = open_app("clerk", "disclosure", view="due", due=due.id)
    press(app, "登记已公开")
    press(app, "登记为已公开")
    assert "没有凭证" in shown(app)
    app.get("file_uploader")[0].upload("公开栏.txt", "已张贴".encode(), "text/plain").run()
    press(app, "登记为已公开")
    assert not app.exception
    assert "已登记公开" in shown(app)
    [row] = site.ask("clerk", disclosure.owed)
    assert row.published_on is not None
    assert len(row.files) == 1


@pytest.mark.costly
def test_who_only_reads_has_no_button(open_app: OpenApp, site: Place) -> None:
    site.do("clerk", subjects.add, site.units["banyan"].id, form(DisclosureWhen.MONTHLY))
    for who in ("watchdog", "supervisor", "discipline"):
        app = open_app(who, "disclosure", view="due", unit=site.units["banyan"].id)
        assert "居务开支" in shown(app)
        assert "登记已公开" not in shown(app)


def test_a_request_is_answered_and_stands_among_what_waits(open_app: OpenApp, site: Place) -> None:
    wanted = requests.RequestForm(text="想看看停车棚改造花了多少钱")
    site.do(RESIDENT, requests.ask, site.units["banyan"].code, wanted, Channel.QR)
    assert "点题公开待答复" in shown(open_app("clerk", "home"))
    app = open_app("clerk", "disclosure", view="asked")
    press(app, "答复这项申请")
    next(area for area in app.text_area if area.label.startswith("答复")).set_value("已在公开栏张贴收支明细").run()
    press(app, "送出答复")
    assert not app.exception
    [row] = site.ask("clerk", requests.requests)
    assert row.answer == "已在公开栏张贴收支明细"


def test_what_is_overdue_waits_at_home(open_app: OpenApp, site: Place) -> None:
    now = site.now
    site.now = now - timedelta(days=60)
    site.do("clerk", subjects.add, site.units["banyan"].id, form(DisclosureWhen.MONTHLY))
    site.now = now
    assert "公开事项到期或逾期" in shown(open_app("clerk", "home"))
    assert "逾期（1）" in str(open_app("clerk", "disclosure").get("button_group"))


@pytest.mark.costly
def test_what_is_overdue_anywhere_stands_in_one_list_for_whoever_looks_after_several(
    open_app: OpenApp, site: Place
) -> None:
    now = site.now
    site.now = now - timedelta(days=60)
    site.do("clerk", subjects.add, site.units["banyan"].id, form(DisclosureWhen.MONTHLY))
    site.now = now
    banyan, river = site.units["banyan"].id, site.units["river"].id
    for query in ({}, {"class": "finance"}, {"unit": site.units["street"].id}):
        assert f"/disclosure?unit={banyan}&amp;view=late" in shown(open_app("supervisor", "disclosure", **query))
    assert "没有逾期" in shown(open_app("supervisor", "disclosure", **{"class": "party"}))
    assert {row.unit_id for row in site.ask("supervisor", disclosure.overdue)} == {banyan}
    assert site.ask("supervisor", disclosure.overdue, river) == []

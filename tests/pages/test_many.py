"""Work on several rows on the screen: choosing, the preview, what was done; and views that are kept under a name."""

import pytest

from core.access import FOUNDER
from core.entries import views
from core.entries.risks import Risk
from core.entries.views import ViewForm
from tests import makers
from tests.db.test_register import fill
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def owners(site: Place, ids: list[str]) -> list[str | None]:
    return [site.ask(FOUNDER, lambda work, key=key: work.store.find(Risk, key)).owner_id for key in ids]


@pytest.mark.costly
def test_people_are_named_for_chosen_entries_after_a_preview(site: Place, open_app: OpenApp) -> None:
    ids = [makers.open_risk(site), makers.open_risk(site, "盖章登记本没人记", "公章使用登记不全")]
    app = open_app("watchdog", "register")
    app.toggle(key="many:on:register").set_value(True).run()
    app.checkbox(key=f"many:box:register:{ids[0]}:0").check().run()
    assert "已选 1 项" in shown(app)
    app.button(key="many:all:register").click().run()
    assert "已选 2 项" in shown(app)
    clerk = site.people["clerk"].person_id
    app.selectbox(key="many:register:assign:0:owner_id").set_value(clerk).run()
    app.button(key="many:register:assign:0:send").click().run()
    assert "将有" in shown(app)
    assert owners(site, ids) == [None, None]
    makers.rated(site, ids[1])
    app.button(key="many:do:register").click().run()
    assert not app.exception
    assert owners(site, ids) == [clerk, None]
    assert "已办理 1 项" in shown(app)
    assert "1 项没有办理，仍保持选中" in shown(app)
    assert "已选 1 项" in shown(app)


def test_what_is_refused_stands_in_the_preview_and_nothing_is_done_without_a_yes(
    site: Place, open_app: OpenApp
) -> None:
    risk_id = makers.open_risk(site)
    app = open_app("watchdog", "register")
    app.toggle(key="many:on:register").set_value(True).run()
    app.button(key="many:all:register").click().run()
    app.segmented_control(key="many:deed:register").set_value("announce").run()
    app.button(key="many:register:announce:0:send").click().run()
    assert "不办理：" in shown(app)
    assert "many:do:register" not in [button.key for button in app.button]
    assert site.ask(FOUNDER, lambda work: work.store.find(Risk, risk_id)).announced_on is None


@pytest.mark.costly
def test_chosen_entries_are_taken_away_as_a_table_also_by_who_has_no_deed(site: Place, open_app: OpenApp) -> None:
    ids = [makers.open_risk(site), makers.open_risk(site, "盖章登记本没人记", "公章使用登记不全")]
    for who in ("supervisor", "discipline"):
        app = open_app(who, "register")
        app.toggle(key="many:on:register").set_value(True).run()
        app.checkbox(key=f"many:box:register:{ids[1]}:0").check().run()
        app.segmented_control(key="many:deed:register").set_value("take").run()
        assert not app.exception
        labels = [button.proto.label for button in app.get("download_button")]
        assert labels.count("保存一览表（1 项）") + labels.count("导出 Excel（1 项）") == 1, labels


def test_more_than_a_hundred_are_not_chosen_at_once_and_nothing_is_taken_away_of_measures(
    site: Place, open_app: OpenApp
) -> None:
    site.do(FOUNDER, fill, site.units["banyan"].id, 101)
    app = open_app("watchdog", "register")
    app.toggle(key="many:on:register").set_value(True).run()
    assert "一次最多办理 100 项" in shown(app)
    assert "many:all:register" not in [button.key for button in app.button]
    assert "many:on:measures" not in [one.key for one in open_app("discipline", "measures", view="all").toggle]


def test_measures_get_another_day_together(site: Place, open_app: OpenApp) -> None:
    risk_id = makers.open_risk(site)
    makers.rated(site, risk_id)
    for days in (20, 30):
        makers.planned(site, risk_id, days=days)
    app = open_app("supervisor", "measures", view="all")
    app.toggle(key="many:on:measures").set_value(True).run()
    app.button(key="many:all:measures").click().run()
    app.date_input(key="many:measures:rearrange:0:due_on").set_value(site.today.replace(year=site.today.year + 1)).run()
    app.text_area(key="many:measures:rearrange:0:reason").input("等待材料").run()
    app.button(key="many:measures:rearrange:0:send").click().run()
    app.button(key="many:do:measures").click().run()
    assert not app.exception
    assert "已办理 2 项" in shown(app)
    days = site.ask(FOUNDER, lambda work: [m.due_on for m in work.store.measures_of(risk_id)])
    assert {day.year for day in days} == {site.today.year + 1}


@pytest.mark.costly
def test_a_view_is_kept_opened_by_its_link_and_as_what_one_begins_with(site: Place, open_app: OpenApp) -> None:
    makers.rated(site, makers.open_risk(site))
    makers.open_risk(site, "盖章登记本没人记", "公章使用登记不全")
    app = open_app("watchdog", "register", level="unrated")
    app.text_input(key="view:0:name").input("待评定的").run()
    app.button(key="view:0:send").click().run()
    assert "筛选已保存" in shown(app)
    [row] = site.ask("watchdog", views.views)
    app = open_app("watchdog", "register", view=row.id)
    assert "第 1–1 项，共 1 项" in shown(app)
    assert dict(app.query_params) == {"level": "unrated"}
    app.checkbox(key=f"views:default:{row.id}").check().run()
    app = open_app("watchdog", "register")
    assert "第 1–1 项，共 1 项" in shown(app)
    next(button for button in app.button if button.label == "清除筛选").click().run()
    assert "第 1–2 项，共 2 项" in shown(app)
    assert "已不存在，或没有共享" in shown(open_app("clerk", "register", view=row.id))


def test_a_shared_view_shows_each_reader_what_they_may_see(site: Place, open_app: OpenApp) -> None:
    makers.open_risk(site)
    form = ViewForm(name="待评定的", unit_id=site.units["street"].id)
    view_id = site.do("supervisor", views.save, {"level": ["unrated"]}, form)
    assert "救助对象名单" not in shown(open_app("far_supervisor", "register", view=view_id))
    app = open_app("supervisor", "register", view=view_id)
    assert "第 1–1 项，共 1 项" in shown(app)

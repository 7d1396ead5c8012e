"""The catalogue on the screen: read by the office, picked from the library and mended by who may."""

from streamlit.testing.v1 import AppTest

from core import items
from core.words import Dimension
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def press(app: AppTest, label: str) -> AppTest:
    return next(b for b in app.button if b.label == label).click().run()


def test_the_library_is_taken_shelf_by_shelf_and_what_is_in_is_shown_so(open_app: OpenApp, site: Place) -> None:
    app = open_app("clerk", "catalogue")
    next(g for g in app.get("button_group") if g.label == "查看").set_value("library").run()
    press(app, "全选 14 项")
    next(box for box in app.checkbox if box.label == "高龄津贴").check().run()
    next(box for box in app.checkbox if box.label == "发展党员").uncheck().run()
    assert sum(box.value for box in app.checkbox) == 14
    next(g for g in app.get("button_group") if g.label == "四清一高效维度").set_value("clean_affairs").run()
    assert [box.label for box in app.checkbox if box.value] == ["高龄津贴"]
    press(app, "选取这 14 项")
    assert not app.exception
    assert "已选取 14 项" in shown(app)
    assert len(site.ask("clerk", items.catalogue, site.units["banyan"].id)) == 16
    assert "未定岗位" in shown(app)
    next(g for g in app.get("button_group") if g.label == "查看").set_value("library").run()
    next(g for g in app.get("button_group") if g.label == "四清一高效维度").set_value("").run()
    assert sum(box.disabled for box in app.checkbox) == 14


def test_an_item_is_changed_and_retired_after_it_was_asked(open_app: OpenApp, site: Place) -> None:
    app = open_app("clerk", "catalogue", item=site.items["relief"])
    next(f for f in app.text_input if f.label.startswith("依据")).set_value("社会救助暂行办法").run()
    press(app, "保存")
    assert not app.exception
    [row] = [r for r in site.ask("clerk", items.catalogue, site.units["banyan"].id) if r.id == site.items["relief"]]
    assert (row.basis, row.version) == ("社会救助暂行办法", 2)
    press(app, "停用这一事项")
    assert "仍留在台账" in shown(app)
    press(app, "确定停用")
    assert site.items["relief"] not in {r.id for r in site.ask("clerk", items.catalogue, site.units["banyan"].id)}


def test_who_may_not_edit_reads_every_column(open_app: OpenApp, site: Place) -> None:
    app = open_app("watchdog", "catalogue", item=site.items["relief"])
    assert not [b for b in app.button if b.label in ("保存", "停用这一事项")]
    assert "民政救助岗" in shown(app)
    assert "居务公开" in shown(app)
    assert not open_app("watchdog", "catalogue").get("button_group")


def test_a_name_is_shown_as_it_was_typed_and_draws_no_picture_from_elsewhere(open_app: OpenApp, site: Place) -> None:
    form = items.ItemForm(name="用章![x](//evil.example/x.png)", dimension=Dimension.CLEAN_AFFAIRS)
    item_id = site.do("secretary", items.add_item, site.units["banyan"].id, form)
    [title] = [one.value for one in open_app("watchdog", "catalogue", item=item_id).title]
    assert title == r"用章!\[x\](//evil.example/x.png)"

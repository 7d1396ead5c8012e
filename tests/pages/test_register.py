"""The register on the screen: the address says what is shown."""

import pytest

from core.access import FOUNDER
from tests import makers
from tests.db.test_register import fill
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


@pytest.mark.costly
def test_the_address_filters_and_the_filter_is_written_into_the_address(site: Place, open_app: OpenApp) -> None:
    makers.rated(site, makers.open_risk(site))
    makers.open_risk(site, "盖章登记本没人记", "公章<b>使用</b>登记不全")
    app = open_app("watchdog", "register", level="unrated")
    assert "第 1–1 项，共 1 项" in shown(app)
    assert "救助对象名单" not in str([link.proto.label for link in app.get("page_link")])
    next(button for button in app.button if button.label == "清除筛选").click().run()
    assert "第 1–2 项，共 2 项" in shown(app)
    assert dict(app.query_params) == {}
    app.text_input[0].input("公章").run()
    assert app.query_params["text"] == "公章"
    assert "第 1–1 项，共 1 项" in shown(app)
    app.text_input[0].input("没有这样的事").run()
    assert "没有符合条件" in shown(app)
    app = open_app("watchdog", "register", voices="self,resident", item=site.items["relief"])
    assert "自己找 群众帮" in shown(app)
    assert "没有符合条件" in shown(app)


def test_fifty_stand_on_a_page_and_the_next_is_one_press_away(site: Place, open_app: OpenApp) -> None:
    site.do(FOUNDER, fill, site.units["banyan"].id, 57)
    app = open_app("clerk", "register", page="99")
    assert "第 1–50 项，共 57 项" in shown(app), "a number without the row it begins after: the beginning"
    next(b for b in app.button if "下一页" in b.label).click().run()
    assert "第 51–57 项，共 57 项" in shown(app)
    assert "第 2 页，共 2 页" in shown(app)
    asked = {name: app.query_params[name] for name in ("after", "page")}
    again = open_app("clerk", "register", **asked)
    assert "第 51–57 项，共 57 项" in shown(again)
    next(b for b in again.button if "上一页" in b.label).click().run()
    assert "第 1–50 项，共 57 项" in shown(again)
    assert "after" not in again.query_params


def test_an_empty_register_teaches_by_role(open_app: OpenApp) -> None:
    assert "台账还是空的" in shown(open_app("watchdog", "register"))
    assert "台账还是空的" in shown(open_app("discipline", "register"))

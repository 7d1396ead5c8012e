"""Tables on the screen: a file is looked at, what it would do is read, and only then it is saved."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from core import items
from core.entries.register import Filter
from core.organisation import people
from core.tables import schedule
from core.words import Role
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown

pytestmark = pytest.mark.documents
CSV = "text/csv"


def given(app: AppTest, content: bytes, name: str = "表.csv") -> AppTest:
    app.file_uploader[0].upload(name, content, CSV).run()
    assert not app.exception, app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception
    return app


def turn(app: AppTest, label: str, value: str) -> AppTest:
    next(group for group in app.get("button_group") if group.label == label).set_value(value).run()
    assert not app.exception, app.exception
    return app


def register(open_app: OpenApp, who: str) -> AppTest:
    """The register with its table unfolded."""
    app = open_app(who, "register")
    assert not app.get("download_button")
    app.session_state["register:table"] = True
    return app.run()


def edited(content: bytes, at: str, value: object) -> bytes:
    book = load_workbook(io.BytesIO(content))
    sheet: Any = book.worksheets[0]
    sheet[at] = value
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_power_items_are_taken_in_after_they_were_looked_at(site: Place, open_app: OpenApp) -> None:
    app = turn(open_app("clerk", "catalogue"), "查看", "table")
    assert len(app.get("download_button")) == 2
    app = given(app, "权力事项,维度\n食堂<b>采购</b>,居务清廉\n停,居务清廉".encode("gb18030"))
    words = shown(app)
    assert "有 1 行需要改正" in words
    assert "A 权力事项" in words
    assert "食堂&lt;b&gt;采购" in words
    assert not [button for button in app.button if "保存" in button.label]
    app = given(app, "权力事项,维度\n食堂采购,居务清廉".encode())
    assert "新增 1 行" in shown(app)
    press(app, "保存这 1 行")
    assert "已保存 1 行" in shown(app)
    assert "食堂采购" in {row.name for row in site.ask("clerk", items.catalogue, site.units["banyan"].id)}


@pytest.mark.costly
def test_the_register_is_handed_out_and_comes_back(site: Place, open_app: OpenApp) -> None:
    makers.controlled(site)
    app = register(open_app, "watchdog")
    assert [one.proto.label for one in app.get("download_button")][:2][:2] == ["导出 Excel（1 项）", "导出 CSV"]
    content = site.ask("watchdog", schedule.workbook, Filter())
    app = given(app, edited(content, "E4", "救助名单张贴时间太短"), "一览表.xlsx")
    words = shown(app)
    assert "<s>救助对象名单公开不及时</s> → 救助名单张贴时间太短" in words
    press(app, "保存这 1 行")
    assert site.ask("watchdog", schedule.rows, Filter())[0].title == "救助名单张贴时间太短"
    app = given(register(open_app, "watchdog"), edited(content, "G4", "高"), "一览表.xlsx")
    assert "导入不改动的内容" in shown(app)
    assert "没有需要保存的内容" in shown(app)
    app = given(register(open_app, "watchdog"), edited(content, "E4", "另一种说法的风险点"), "一览表.xlsx")
    assert "重新导出" in shown(app)
    assert not register(open_app, "discipline").file_uploader


def test_a_long_register_is_made_while_one_can_see_how_far_it_is(
    site: Place, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pages.desk import register_table

    makers.controlled(site)
    monkeypatch.setattr(register_table, "MANY", 0)
    app = press(register(open_app, "watchdog"), "生成 Excel（1 项）")
    assert [one.proto.label for one in app.get("download_button")][:2] == ["保存一览表（1 项）", "导出 CSV"]


def test_accounts_and_roles_of_one_file_are_two_deeds_of_two_people(site: Place, open_app: OpenApp) -> None:
    content = "账号,姓名,单位,岗位,角色\nchen.mei,陈美,榕树社区,会计岗,社区干部".encode()
    app = given(turn(open_app("system", "people"), "要办理什么？", "table"), content)
    assert "由安全管理员用同一张表授予" in shown(app)
    press(app, "保存这 1 行")
    app = given(turn(open_app("security", "roles"), "要办理什么？", "table"), content)
    press(app, "保存这 1 行")
    [row] = [row for row in site.ask("security", people.role_holders) if row.account == "chen.mei"]
    assert [role for _id, role, _unit in row.roles] == [Role.CADRE]


def test_units_and_disclosures_have_their_tables_too(site: Place, open_app: OpenApp) -> None:
    app = turn(open_app("system", "units"), "要办理什么？", "table")
    app = given(app, "上级,类别,名称\n榕树社区,网格,第二网格".encode())
    press(app, "保存这 1 行")
    assert "已保存 1 行" in shown(app)
    app = open_app("clerk", "disclosure", view="catalogue")
    app = given(app, "一级事项,二级事项,类别,公开时限\n财务公开,食堂收支,财务公开,每月".encode())
    press(app, "保存这 1 行")
    assert "已保存 1 行" in shown(app)


def test_tasks_of_a_grid_system_become_flags_of_the_grid(site: Place, open_app: OpenApp) -> None:
    app = turn(open_app("clerk", "intake"), "表格种类", "grid")
    head, row = "任务编号,上报时间,所属网格,任务标题,任务内容", "WG1,2026-09-03,第一网格,楼道堆物,楼道的杂物清了又堆"
    app = given(app, f"{head}\n{row}".encode(), "网格任务.csv")
    assert "共 1 行，可以录入 1 行" in shown(app)
    assert "网格上报" in shown(app)

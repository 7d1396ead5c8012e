"""The page of documents: what each role finds there, and that a document is made when its button is pressed."""

from io import BytesIO
from typing import Any

import docx
import pytest
from streamlit.testing.v1 import AppTest

from core.formats import fonts
from core.printed import annual
from core.tables import exchange
from pages.insight import year
from tests import makers
from tests.core.tables.test_exchange import file, told
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown

pytestmark = pytest.mark.documents


def buttons(app: AppTest) -> list[str]:
    return [button.proto.label for button in app.get("download_button")]  # type: ignore[attr-defined]


@pytest.mark.costly
def test_what_is_hung_up_can_be_saved_by_whoever_reads_the_catalogue(open_app: OpenApp, site: Place) -> None:
    for who in ("clerk", "watchdog", "supervisor", "discipline"):
        app = open_app(who, "documents")
        for choice in app.selectbox:
            if choice.key == "print:unit":
                choice.select(site.units["banyan"].id).run()
        assert buttons(app) == ["保存2页PDF", "保存公告PDF"], who
    assert "属于您的工作" in shown(open_app("auditor", "documents"))


def test_some_sheets_alone_can_be_chosen(open_app: OpenApp, site: Place) -> None:
    app = open_app("clerk", "documents")
    app.checkbox[0].uncheck().run()
    assert "请至少选一个权力事项。" in shown(app)
    app.multiselect[0].select(site.items["relief"]).run()
    assert buttons(app)[0] == "保存1页PDF"


@pytest.mark.costly
def test_a_notice_is_drafted_by_a_supervisor_after_its_words_were_checked(open_app: OpenApp, site: Place) -> None:
    risk_id, _measure = makers.controlled(site)
    assert "整改通知书" not in shown(open_app("clerk", "documents", view="word"))
    app = open_app("supervisor", "documents", view="word")
    app.selectbox(key="letter:entry").select(risk_id).run()
    app.text_area[0].input("请林向前补贴名单").run()
    press(app, "检查文字")
    assert "林向前" in "\n".join(error.value for error in app.error)
    assert "下载 Word 文件" not in buttons(app)
    app.text_area[0].input("补贴名单").run()
    press(app, "检查文字")
    assert "没有发现人名，可以保存。" in shown(app)
    assert "下载 Word 文件" in buttons(app)


def press(app: AppTest, label: str) -> Any:
    [button] = [button for button in app.button if button.label == label]
    return button.click().run()


@pytest.mark.costly
def test_a_pack_is_made_of_what_is_on_the_board_after_its_words_were_checked(open_app: OpenApp, site: Place) -> None:
    risk_id, _measure = makers.controlled(site)
    assert "交流互学" not in shown(open_app("watchdog", "documents"))
    app = open_app("clerk", "documents", view="exchange")
    app.segmented_control(key="pack:deed").set_value("out").run()
    app.multiselect[0].select(risk_id).run()
    app.text_area(key=f"pack:point:{risk_id}").input("榕树社区的名单公开不及时").run()
    press(app, "检查文字")
    assert "地名" in "\n".join(error.value for error in app.error)
    app.text_area(key=f"pack:point:{risk_id}").input("名单公开不及时").run()
    press(app, "检查文字")
    assert buttons(app) == ["保存交流包"]


def test_a_pack_is_shown_before_it_is_taken_in_and_is_then_a_chip_at_planning(open_app: OpenApp, site: Place) -> None:
    risk_id, _measure = makers.controlled(site)
    app = open_app("clerk", "documents", view="exchange")
    app.file_uploader[0].upload("包.zip", file(told()), "application/zip").run()
    assert "复核结果没有及时公开" in shown(app)
    press(app, "收进来作为参考")
    assert not app.exception
    [pack] = site.ask("clerk", exchange.packs, site.units["banyan"].id)
    assert pack.title == "交流包"
    known = site.ask("clerk", exchange.known_elsewhere, site.units["banyan"].id, "低保和特困人员初核")
    assert "按季张贴复核名单" in known[0].measures
    assert risk_id


def test_a_broken_pack_is_told_of_at_once(open_app: OpenApp, site: Place) -> None:
    app = open_app("clerk", "documents", view="exchange")
    app.file_uploader[0].upload("包.zip", file(told(), digest="0" * 64), "application/zip").run()
    assert "被改动过" in "\n".join(error.value for error in app.error)


@pytest.mark.costly
def test_the_year_report_holds_its_charts_drawn_in_another_process(site: Place) -> None:
    makers.opened_round(site)
    makers.controlled(site)
    street = site.units["street"].id
    [round_] = site.ask("supervisor", annual.rounds, street)
    found = site.do("supervisor", annual.taken, street, round_.id)
    plots = year._plots(found)
    assert set(plots) == set(annual.PICTURES)
    content = year._written(found)
    file_ = docx.Document(BytesIO(content))
    assert len(file_.inline_shapes) == len(plots)
    assert all(shape.width > shape.height / 2 for shape in file_.inline_shapes)


def test_without_a_chinese_font_the_report_has_no_pictures(site: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    makers.opened_round(site)
    street = site.units["street"].id
    [round_] = site.ask("supervisor", annual.rounds, street)
    found = site.do("supervisor", annual.taken, street, round_.id)
    monkeypatch.setattr(fonts, "_found", lambda: None)
    assert len(docx.Document(BytesIO(year._written(found))).inline_shapes) == 0

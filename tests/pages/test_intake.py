"""Intake of many on the screen: from the file to the reviewed group."""

import pytest
from streamlit.testing.v1 import AppTest

from core.review import groups, intake, runs
from core.words import GroupStatus, RunKind, RunStatus
from tests import makers
from tests.bunching import plainly  # noqa: F401
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown
from tests.sheets import HEAD, begun, worked_off

pytestmark = pytest.mark.usefixtures("plainly")

LINES = (
    "1,2026-09-03,纸质表,,,,低保名单从来没见贴出来过\n2,,,,,,低保名单<b>贴两天</b>就撕了\n"
    "3,,,,,,门面租给谁没有公布"
)  # fmt: skip


def given(app: AppTest, content: bytes, name: str = "九月.csv") -> AppTest:
    app.file_uploader[0].upload(name, content, "text/csv").run()
    assert not app.exception, app.exception
    return app


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception, app.exception
    return app


def primary(app: AppTest) -> AppTest:
    [send] = [button for button in app.button if button.proto.type == "primary"]
    send.click().run()
    assert not app.exception, app.exception
    return app


def select(app: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(box for box in app.selectbox if box.label.startswith(label))


def test_a_sheet_is_checked_then_taken_in_and_followed(site: Place, open_app: OpenApp) -> None:
    app = given(open_app("clerk", "intake"), (HEAD + LINES).encode("gb18030"))
    words = shown(app)
    assert "共 3 行，可以录入 3 行" in words
    assert "不发回执" in words
    assert select(app, "反映内容").value == 6
    primary(app)
    assert any("确认" in str(error.value) for error in app.error)
    app.checkbox[0].check().run()
    primary(app)
    [state] = site.ask("clerk", runs.runs, RunKind.INTAKE)
    assert (state.status, state.title, state.left) == (RunStatus.WAITING, "九月.csv", 3)
    assert app.query_params["run"] in ([state.id], state.id)
    assert "排队等待中" in shown(app) or "离开本页" in shown(app)
    worked_off(site)
    app.run()
    words = shown(app)
    assert "已录入 3 行" in words
    assert "居务监督委员会逐组审核" in words
    assert "低保" not in words


def test_bad_rows_are_listed_and_left_out_only_when_chosen(site: Place, open_app: OpenApp) -> None:
    app = given(open_app("watchdog", "intake"), (HEAD + LINES + "\n4,九月三日,短信,,9栋,,停车位谁先得").encode())
    words = shown(app)
    assert "有 1 行不能直接录入" in words
    assert "B 日期" in words
    assert "2026-03-05" in words
    agree = next(box for box in app.checkbox if "居民为此提供" in box.label)
    agree.check().run()
    primary(app)
    assert any("选择不录这些行" in str(error.value) for error in app.error)
    app.checkbox(key="intake:without_bad").check().run()
    primary(app)
    worked_off(site)
    app.run()
    words = shown(app)
    assert "已录入 3 行" in words
    assert "没有录入的行" in words
    assert "逐组审核" in [link.proto.label for link in app.get("page_link")]


def test_a_column_that_was_not_recognised_is_chosen_by_hand(site: Place, open_app: OpenApp) -> None:
    app = given(open_app("clerk", "intake"), "甲,乙\n1,低保名单没贴出来".encode())
    assert "请选择哪一列是反映内容" in shown(app)
    select(app, "反映内容").set_value(1).run()
    assert "可以录入 1 行" in shown(app)


def test_what_is_no_sheet_is_told_in_one_sentence(site: Place, open_app: OpenApp) -> None:
    app = given(open_app("clerk", "intake"), b"%PDF-1.7", "表.csv")
    assert "不能接收" in shown(app)
    app = given(open_app("clerk", "intake"), b"<table><tr><td>x", "表.xlsx")
    assert "不能接收" in shown(app)


@pytest.mark.costly
def test_a_run_is_stopped_and_goes_on_from_the_same_file(site: Place, open_app: OpenApp) -> None:
    run_id = begun(site, *LINES.split("\n"))
    app = open_app("clerk", "intake", run=run_id)
    press(app, f"sure:stop:{run_id}:ask")
    press(app, f"sure:stop:{run_id}:yes")
    assert "此前已录入的 0 行保留" in shown(app)
    assert site.ask("clerk", runs.state, RunKind.INTAKE, run_id).status is RunStatus.CANCELLED
    assert begun(site, *LINES.split("\n")) == run_id
    worked_off(site)
    assert "已录入 3 行" in shown(open_app("clerk", "intake", run=run_id))
    assert "以前的录入" in shown(open_app("clerk", "intake"))


def test_a_run_of_another_community_is_not_found(site: Place, open_app: OpenApp) -> None:
    run_id = begun(site, *LINES.split("\n"))
    app = open_app("other_clerk", "intake", run=run_id)
    assert "九月意见表" not in shown(app)
    assert any("没有找到" in str(w.value) or "不在" in str(w.value) for w in app.warning)


def reviewed(site: Place) -> str:
    risk_id = makers.open_risk(site)
    begun(site, *LINES.split("\n"), "4,,,,,,门面租金没人说", "5,,,,,,停车位谁先得谁有", "6,,,,,,停车位不够")
    worked_off(site)
    return risk_id


@pytest.mark.costly
def test_a_watchdog_goes_through_the_groups(site: Place, open_app: OpenApp) -> None:
    risk_id = reviewed(site)
    app = open_app("watchdog", "groups")
    words = shown(app)
    assert "还剩 3 组，共 3 组" in str([p.proto.text for p in app.get("progress")]) + words
    assert "<mark>低保</mark>" in words
    assert "&lt;b&gt;贴两天" in words
    assert "很可能是同一件事" in words
    assert len([box for box in app.checkbox if box.value]) == 2
    press(app, f"near:{risk_id}")
    assert "这 2 条将并入该项" in shown(app)
    primary(app)
    assert "2 条已并入第 1 项" in shown(app)
    press(app, "groups:open")
    next(box for box in app.text_input if box.label == "风险点").input("门面出租不公开").run()
    for term in (makers.Dimension.CLEAN_AFFAIRS, makers.RiskType.PROCESS):
        next(box for box in app.selectbox if term.label in box.options).set_value(term).run()
    primary(app)
    assert "已用 2 条立为一项" in shown(app)
    assert "可能是几件事" in shown(app)
    press(app, "groups:open")
    assert "请至少勾选一条" in shown(app)
    press(app, "groups:aside")
    app.text_area[0].input("不是一件事").run()
    primary(app)
    words = shown(app)
    assert "已暂不处理" in words
    assert "各组都已处理" in words
    [row] = [row for row in site.ask("watchdog", groups.reviews)]
    assert row.left == 0
    back = next(button for button in app.button if button.label == "重新处理")
    back.click().run()
    rows = site.ask("watchdog", groups.groups, row.run_id)
    assert [r.status for r in rows].count(GroupStatus.OPEN) == 1


def test_reading_members_is_noted_once(site: Place, open_app: OpenApp) -> None:
    reviewed(site)
    open_app("watchdog", "groups").run()
    [review] = site.ask("watchdog", groups.reviews)
    first = site.ask("watchdog", groups.groups, review.run_id)[0]
    for member in site.ask("watchdog", groups.members, first.id):
        assert len(site.ask("watchdog", lambda work, m=member: work.store.readings(m.flag_id))) == 1


def test_without_groups_the_page_teaches(site: Place, open_app: OpenApp) -> None:
    assert "没有待审核的组" in shown(open_app("watchdog", "groups"))
    assert intake.sample().startswith(b"\xef\xbb\xbf")

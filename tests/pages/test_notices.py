"""Notices and addresses on the screen: counted in the menu, read by looking, and nothing outside unless allowed."""

import pytest

from core.alerts import addresses, notices
from core.alerts.addresses import AddressForm, Outlet
from db import outside
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def cleared(site: Place) -> None:
    for who in site.people:
        site.do(who, notices.mark_read)


def test_a_notice_leads_to_its_matter_and_is_read_by_looking(site: Place, open_app: OpenApp) -> None:
    cleared(site)
    makers.raise_point(site, ("banyan",))
    app = open_app("clerk", "notices")
    assert "有上级提出的问题待答复" in shown(app)
    assert "榕树社区" in shown(app)
    assert "未读" in shown(app)
    next(button for button in app.button if button.label == "查看").click().run()
    assert not app.exception
    assert site.ask("clerk", notices.unread) == 0


def test_all_are_marked_as_read_at_once(site: Place, open_app: OpenApp) -> None:
    makers.raise_point(site, ("banyan",))
    app = open_app("clerk", "notices")
    next(button for button in app.button if button.label == "全部标为已读").click().run()
    assert "通知已全部标为已读" in shown(app)
    assert site.ask("clerk", notices.unread) == 0
    assert "全部标为已读" not in {button.label for button in app.button}


def test_an_empty_page_teaches(site: Place, open_app: OpenApp) -> None:
    makers.make_person(site, "new", "新来的", "banyan", makers.Role.WATCHDOG)
    site.do("new", notices.mark_read)
    with site.engine.begin() as rows:
        rows.exec_driver_sql("DELETE FROM notices")
    assert "暂无通知" in shown(open_app("new", "notices"))


@pytest.mark.privacy
def test_a_page_of_notices_holds_nobodys_words(site: Place, open_app: OpenApp) -> None:
    makers.speak(site, "门面租给谁没有公布")
    makers.speak(site, "周小满收了红包才给办低保")
    for who in ("watchdog", "discipline"):
        words = shown(open_app(who, "notices"))
        assert "榕树社区" in words
        assert "门面" not in words
        assert "红包" not in words
        assert "周小满" not in words


def test_without_channels_the_page_says_so_and_with_them_an_address_is_added_and_deleted(
    site: Place, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(outside.OUTSIDE, raising=False)
    assert "没有开通站外通知" in shown(open_app("clerk", "addresses"))
    monkeypatch.setenv(outside.OUTSIDE, "hook=https://hooks.test")
    site.do("clerk", addresses.add, AddressForm(outlet=Outlet.HOOK, target="https://hooks.test/secret"))
    app = open_app("clerk", "addresses")
    assert "https://hooks.test/***" in shown(app)
    assert "secret" not in shown(app)
    next(button for button in app.button if button.label == "发送测试消息").click().run()
    assert "测试消息正在发送" in shown(app)
    next(button for button in app.button if button.label == "删除").click().run()
    next(button for button in app.button if button.label == "删除这个地址").click().run()
    assert site.ask("clerk", addresses.own) == []


def test_a_new_address_is_typed_and_a_wrong_one_explained(
    site: Place, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(outside.OUTSIDE, "hook=https://hooks.test")
    app = open_app("clerk", "addresses")
    app.text_input[0].input("https://evil.test/x")
    next(button for button in app.button if button.label == "添加这个地址").click().run()
    assert "不允许向这个主机发送" in shown(app)
    app.text_input[0].input("https://hooks.test/x")
    next(button for button in app.button if button.label == "添加这个地址").click().run()
    assert not app.exception
    assert [row.mask for row in site.ask("clerk", addresses.own)] == ["https://hooks.test/***"]

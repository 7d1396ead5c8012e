"""The inbox on the screen."""

import re

import pytest

from core.access import Permission
from core.entries import risks
from core.review import merging, triage
from core.voices.flags import Flag
from core.words import Triage
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def press(app, key: str):
    app.button(key=key).click().run()
    assert not app.exception, app.exception
    return app


@pytest.mark.costly
def test_a_watchdog_merges_a_flag_turns_to_the_next_and_takes_it_back(site: Place, open_app: OpenApp) -> None:
    risk_id = makers.open_risk(site)
    makers.speak(site, "低保名单贴了两天就撕了")
    makers.speak(site, "<b>停车费</b> **收了** =SUM(A1)", None)
    app = open_app("watchdog", "inbox")
    texts = [row.text for row in makers.inbox(site)]
    [merged] = [row.id for row in makers.inbox(site) if "低保" in row.text]
    press(app, f"pick:{merged}")
    assert "<meter" in shown(app)
    assert "<mark>低保名单</mark>" in shown(app)
    assert len(site.ask("watchdog", lambda work: work.store.readings(merged))) == 1
    press(app, f"into:{risk_id}")
    assert "群众帮 1 → 2 条" in shown(app)
    assert "反映人凭回执会看到：已并入台账第 1 项" in shown(app)
    assert sum(button.proto.type == "primary" for button in app.button) == 1
    send = next(button for button in app.button if button.proto.type == "primary")
    send.click().run()
    assert "已并入台账第 1 项" in shown(app)
    assert [row.text for row in makers.inbox(site)] == [text for text in texts if "低保" not in text]
    assert "&lt;b&gt;停车费" in shown(app)
    press(app, "inbox:undo_button")
    next(area for area in app.text_area if area.label == "理由").input("不是一件事").run()
    next(button for button in app.button if button.proto.type == "primary").click().run()
    assert "已撤销" in shown(app)
    assert merged in [row.id for row in makers.inbox(site)]


@pytest.mark.costly
def test_one_click_says_not_the_same_and_one_takes_it_back(site: Place, open_app: OpenApp) -> None:
    risk_id = makers.open_risk(site)
    makers.speak(site, "低保名单贴了两天就撕了")
    [row] = makers.inbox(site)
    app = press(open_app("watchdog", "inbox"), f"apart:{risk_id}")
    assert site.ask("watchdog", lambda work: work.store.apart(row.id)) == {risk_id}
    assert "已记住：与第 1 项不是同一件事" in shown(app)
    assert not [button for button in app.button if button.key == f"into:{risk_id}"]
    assert "低保名单贴了两天" in shown(app)
    assert "已判定不是第 1 项" in shown(open_app("supervisor", "inbox"))
    press(app, "inbox:undo_button")
    assert site.ask("watchdog", lambda work: work.store.apart(row.id)) == set()
    assert [button for button in app.button if button.key == f"into:{risk_id}"]
    press(press(app, f"apart:{risk_id}"), f"again:{risk_id}")
    assert site.ask("watchdog", lambda work: work.store.apart(row.id)) == set()


def test_what_a_merge_changes_is_told_before_it_and_only_keys_and_people_merge(site: Place, open_app: OpenApp) -> None:
    risk_id = makers.open_risk(site)
    makers.rated(site, risk_id)
    site.do("watchdog", risks.announce, risk_id, risks.Notice(wording="救助名单的公开有时不够及时"))
    makers.speak(site, "低保名单贴了两天就撕了")
    app = open_app("watchdog", "inbox")
    assert {button.proto.shortcut for button in app.button} >= {"0", "1", "2", "3", "4", "5"}
    press(app, "act:merge")
    for sentence in ("依据原有 1 条声音评定", "正在进行的公示照常", "公开栏上的文字不变"):
        assert sentence in shown(app)
    [send] = [button for button in app.button if button.proto.shortcut == "ctrl+enter"]
    assert (send.label, len(makers.inbox(site))) == ("并入", 1)
    site.do("watchdog", risks.assign, risk_id, site.people["clerk"].person_id, None, None)
    send.click().run()
    assert makers.inbox(site) == []


def test_the_preselected_entry_stands_ready_and_merges_only_when_confirmed(site: Place, open_app: OpenApp) -> None:
    other = makers.open_risk(site, "公章谁都能盖一下", "公章使用登记不全")
    risk_id = makers.open_risk(site, "3栋楼下垃圾桶两个月没人清运，物业不管，一到夏天臭得不行", "3栋垃圾清运不及时")
    makers.speak(site, "3栋楼下的垃圾桶没人清，臭死了")
    app = open_app("watchdog", "inbox")
    assert "建议并入" in shown(app)
    assert "<mark class='qy-place'>3栋</mark><mark>楼下</mark>" in shown(app)
    assert [b.key for b in app.button if b.proto.type == "primary"] == [f"into:{risk_id}"]
    press(app, "act:merge")
    assert (app.selectbox[0].value, len(makers.inbox(site))) == (risk_id, 1)
    next(button for button in app.button if button.proto.shortcut == "ctrl+enter").click().run()
    assert makers.inbox(site) == []
    assert [len(site.ask("watchdog", merging.voices, one)) for one in (risk_id, other)] == [2, 1]


def test_what_is_withheld_never_appears_and_an_empty_inbox_teaches(site: Place, open_app: OpenApp) -> None:
    makers.speak(site, "钱思远的车位谁先得谁有", None)
    makers.speak(site, "周小满收了红包才给办低保")
    assert "车位谁先得" in shown(open_app("watchdog", "inbox"))
    app = open_app("watchdog2", "inbox")
    assert "车位谁先得" not in shown(app)
    assert "没有待处理的线索" in shown(app)


@pytest.mark.costly
def test_a_missing_reason_is_told_and_so_is_a_colleague_who_was_quicker(site: Place, open_app: OpenApp) -> None:
    makers.speak(site)
    [row] = makers.inbox(site)
    app = press(open_app("watchdog", "inbox"), "act:decline")
    send = next(button for button in app.button if button.proto.type == "primary")
    send.click().run()
    assert any("请" in str(error.value) for error in app.error)
    app.text_area[0].input("重复反映").run()
    site.do("watchdog2", triage.decline, row.id, "已经公示")
    next(button for button in app.button if button.proto.type == "primary").click().run()
    assert not app.exception
    assert "已由同事处理" in shown(app)
    assert "没有待处理的线索" in shown(app)
    app.run()
    assert "已由同事处理" not in shown(app)
    [kept_reason] = [flag.reason for flag in kept(site)]
    assert kept_reason == "已经公示"


def test_a_supervisor_chooses_the_community(site: Place, open_app: OpenApp) -> None:
    makers.speak(site)
    makers.speak(site, "江边停车位没有公示", None, "river")
    app = open_app("supervisor", "inbox")
    assert "江边停车位" in shown(app)
    assert app.selectbox(key="inbox:unit").options == ["全部社区（2 条）", "榕树社区（1 条）", "江畔社区（1 条）"]
    app.selectbox(key="inbox:unit").set_value(site.units["banyan"].id).run()
    assert "江边停车位" not in shown(app)


def test_a_hint_says_how_sure_it_is_and_fills_in_the_form_only_when_clicked(site: Place, open_app: OpenApp) -> None:
    makers.speak(site, "楼道灯坏了半个月，麻烦来修一下", None)
    app = press(open_app("watchdog", "inbox"), "act:refer")
    assert re.search("系统提示：很像是民生诉求（把握 [0-9]{2}%）——由您判断。　依据：“", shown(app))
    assert "110、119、120；日常诉求可打 12345" in shown(app)
    assert (app.selectbox[0].value, [row.triage for row in kept(site)]) == (None, [None])
    press(app, "hint:triage")
    assert app.selectbox[0].value is Triage.LIVELIHOOD
    assert not [button for button in app.button if button.key == "hint:triage"]
    assert [row.triage for row in kept(site)] == [None]
    app.text_area[0].input("请找物业报修").run()
    next(button for button in app.button if button.proto.type == "primary").click().run()
    assert [row.triage for row in kept(site)] == [Triage.LIVELIHOOD]


def kept(site: Place) -> list[Flag]:
    return list(site.ask("watchdog", lambda work: work.store.some(Flag, work.actor.require(Permission.INBOX_READ))))


def test_a_hint_at_an_accusation_leads_to_sealing_and_at_a_crime_never_hides_the_numbers(
    site: Place, open_app: OpenApp
) -> None:
    makers.speak(site, "听说经手的人收了施工队两万块红包，把工程给了他小舅子", None)
    makers.speak(site, "一伙人在市场收保护费，不交就砸摊", None)
    bribe, crime = (row.id for row in sorted(makers.inbox(site), key=lambda row: "保护费" in row.text))
    app = press(open_app("watchdog", "inbox"), f"pick:{crime}")
    assert any("110、119、120" in str(warning.value) for warning in app.warning)
    assert "110、119、120" in shown(press(app, "act:refer"))
    press(app, f"pick:{bribe}")
    assert "请用“封存”交街道纪工委" in shown(app)
    press(press(app, "act:refer"), "hint:seal")
    assert "封存后只有街道纪工委能看" in shown(app)


def test_power_items_are_hinted_at_where_one_is_chosen(site: Place, open_app: OpenApp) -> None:
    makers.speak(site, "公章放在前台，谁都能拿去盖，没有登记", None)
    app = press(open_app("watchdog", "inbox"), "act:open")
    [hint] = [button for button in app.button if (button.key or "").startswith("hint:")]
    assert re.fullmatch("公章使用（[0-9]{2}%）", hint.label)
    assert next(box for box in app.selectbox if "权力事项" in box.label).value is None
    press(app, hint.key)
    assert next(box for box in app.selectbox if "权力事项" in box.label).value == site.items["seal"]
    assert not [button for button in app.button if (button.key or "").startswith("hint:")]

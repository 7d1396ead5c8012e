"""Common risks on the screen: searched, explained, and carried into a point."""

import pytest

from core.review import merging, recurrence, runs
from core.words import RunKind, RunStatus
from tests import makers
from tests.bunching import plainly  # noqa: F401
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown
from tests.sheets import worked_off

pytestmark = pytest.mark.usefixtures("plainly")


def entry(site: Place, unit: str, who: str, title: str) -> str:
    makers.speak(site, f"{title}，大家都看不到", None, unit)
    [flag] = makers.inbox(site, who)
    return str(site.do(who, merging.open_entry, flag.id, makers.entry_form(site, title, None)))


@pytest.mark.costly
def test_a_supervisor_searches_and_raises_a_point_with_the_communities(site: Place, open_app: OpenApp) -> None:
    first = entry(site, "banyan", "watchdog", "低保名单公开不及时")
    entry(site, "river", "other_watchdog", "低保审核不公开")
    app = open_app("supervisor", "recurrence")
    [send] = [button for button in app.button if button.proto.type == "primary"]
    send.click().run()
    assert not app.exception, app.exception
    [state] = site.ask("supervisor", runs.runs, RunKind.RECURRENCE)
    assert state.status is RunStatus.WAITING
    worked_off(site)
    app = open_app("supervisor", "recurrence")
    words = shown(app)
    assert "共性问题 1 个" in words
    assert "2 个社区中有 2 个，共 2 项" in words
    assert f"/entry?id={first}" in words
    assert "榕树社区（未销号 1 项）" in words
    assert "低保" in words
    [common] = site.ask("supervisor", recurrence.common, state.id).common
    app = open_app("supervisor", "raise", group=common.group_id)
    assert sorted(app.multiselect[0].value) == sorted(common.unit_ids)
    assert app.text_area[0].value in ("低保名单公开不及时", "低保审核不公开")
    assert "根据共性问题起草" in shown(app)
    assert "将提给 2 个社区" in shown(app)
    assert "将收到" in shown(app)
    [send] = [button for button in app.button if button.proto.type == "primary"]
    send.click().run()
    app = open_app("supervisor", "recurrence")
    labels = [link.proto.label for link in app.get("page_link")]
    assert "看各社区答复" in labels
    assert not any("一并提出" in label for label in labels)
    assert "已向 2 个社区提出" in shown(app)
    assert "不再提：已经提过" in shown(open_app("supervisor", "raise", group=common.group_id))


@pytest.mark.costly
def test_without_common_risks_or_communities_the_page_says_so(site: Place, open_app: OpenApp) -> None:
    assert "至少有两个社区" in shown(open_app("far_supervisor", "recurrence"))
    app = open_app("supervisor", "recurrence")
    next(button for button in app.button if button.proto.type == "primary").click().run()
    worked_off(site)
    assert "没有找到两个以上社区共有的风险" in shown(open_app("supervisor", "recurrence"))

"""Home as each person meets it: what waits, the one thing to do next, and where it leads."""

import pytest

from core.access import FOUNDER, Actor
from core.organisation import people
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def primary(app: object) -> list[str]:
    return [b.label for b in app.button if b.proto.type == "primary"]  # type: ignore[attr-defined]


def test_the_most_urgent_is_the_one_primary_button_and_leads_to_its_page(open_app: OpenApp, site: Place) -> None:
    makers.opened_round(site)
    makers.raise_point(site)
    app = open_app("clerk", "home")
    assert primary(app) == ["继续自查"]
    assert "上级提的风险点待答复" in shown(app)
    app.button(key="next").click().run()
    assert app.title[0].value == "2026年度自查"


def test_the_round_of_today_stands_on_home_with_its_part_and_what_is_missing(open_app: OpenApp, site: Place) -> None:
    makers.opened_round(site)
    app = open_app("watchdog", "home")
    [line] = [link.proto.label for link in app.get("page_link") if "2026年度自查" in link.proto.label]
    assert "第 1 阶段（共 4 个）：三方查找" in line
    assert "还差 2 个岗位" in line
    assert "未完成自查的岗位" in shown(open_app("supervisor", "home"))


def test_administrators_find_their_pages_and_nothing_else(open_app: OpenApp) -> None:
    assert "开设账号" in shown(open_app("system", "home"))
    assert "查看日志" in shown(open_app("auditor", "home"))
    calm = open_app("watchdog", "home")
    assert "今天没有待办" in shown(calm)
    assert "查看日志" not in shown(calm)


def test_a_community_without_power_items_is_shown_its_first_step(open_app: OpenApp) -> None:
    app = open_app("other_clerk", "home")
    assert "江畔社区还没有权力事项" in shown(app)
    assert primary(app) == ["选取权力事项"]
    app.button(key="next").click().run()
    assert app.title[0].value == "江畔社区权力事项目录"


def test_somebody_without_a_role_is_told_whom_to_ask(open_app: OpenApp, site: Place) -> None:
    new = people.NewPerson(unit_id=site.units["banyan"].id, name="吴新人", account="newcomer", password=makers.PASSWORD)
    person_id = site.do(FOUNDER, people.open_account, new)
    site.people["newcomer"] = Actor(person_id, "吴新人", (), site.units["banyan"].id)
    assert "安全管理员" in shown(open_app("newcomer", "home"))
    assert "登录后办理" in shown(open_app(None, "home"))


def test_a_term_of_keeping_that_cannot_be_read_is_told_to_the_system_administrator(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "QINGYUAN_KEEP" not in shown(open_app("system", "home"))
    monkeypatch.setenv("QINGYUAN_KEEP", "contact=ninety")
    told = shown(open_app("system", "home"))
    assert ("QINGYUAN_KEEP" in told, "contact=ninety" in told) == (True, True)
    assert "QINGYUAN_KEEP" not in shown(open_app("watchdog", "home"))


@pytest.mark.costly
def test_a_superior_sees_where_to_look_and_draws_many_communities_only_when_asked(
    open_app: OpenApp, site: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.controlled(site)
    app = open_app("supervisor", "home")
    words = shown(app)
    assert all(part in words for part in ("关注图", "本周盲区", "风险集中在哪里", "1 项只有居民提到"))
    assert len(app.get("vega_lite_chart")) == 2
    assert "关注图" not in shown(open_app("clerk", "home"))
    monkeypatch.setattr("pages.desk.watching.INLINE", 1)
    app = open_app("supervisor", "home")
    assert app.get("vega_lite_chart") == []
    app.toggle(key="home:figures").set_value(True).run()
    assert len(app.get("vega_lite_chart")) == 2

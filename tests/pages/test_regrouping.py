"""Moving, splitting and taking back on the page of an entry."""

from typing import Any

import pytest

from core.review import merging, regrouping
from core.words import RiskStatus
from tests import makers
from tests.core.review.test_regrouping import entry_of, link_of, merged, risk_of, two_entries
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def press(app: Any, key: str) -> Any:
    next(button for button in app.button if button.key == key).click().run()
    assert not app.exception, app.exception
    return app


def send(app: Any) -> Any:
    [button] = [button for button in app.button if button.proto.type == "primary"]
    return press(app, button.key)


def offered(app: Any) -> set[str]:
    keys = (button.key or "" for button in app.button)
    return {key.split(":")[1] for key in keys if key.startswith("voice:")} | {
        "split" for button in app.button if button.key == "entry:split"
    }


@pytest.mark.costly
def test_a_voice_is_moved_with_its_preview_and_taken_back(site: Place, open_app: OpenApp) -> None:
    home, other, flag_id = two_entries(site)
    link = link_of(site, flag_id)
    app = press(open_app("watchdog", "entry", id=home), f"voice:move:{link.id}")
    app.selectbox[0].set_value(other).run()
    for sentence in ("第 1 项的声音：群众帮 2 → 1 条", "第 2 项的声音：群众帮 1 → 2 条", "新的条目号"):
        assert sentence in shown(app)
    send(app)
    assert entry_of(site, flag_id) == home
    next(text for text in app.text_input if "另一件事" in text.label).input("说的是公章").run()
    send(app)
    assert entry_of(site, flag_id) == other
    assert "已移到第 2 项" in shown(app)
    assert "移到第 2 项：说的是公章" in shown(app)
    there = open_app("supervisor", "entry", id=other)
    assert "从第 1 项移来" in shown(there)
    moved = link_of(site, flag_id)
    assert [b.key for b in app.button if (b.key or "").startswith("voice:back:")] == [f"voice:back:{link.id}"]
    press(there, f"voice:back:{moved.id}")
    there.text_area[0].input("移错了").run()
    send(there)
    assert entry_of(site, flag_id) == home
    assert "一切恢复原样" in shown(there)


@pytest.mark.costly
def test_an_entry_is_split_by_ticking_voices_and_taken_back_as_a_whole(site: Place, open_app: OpenApp) -> None:
    home, _other, flag_id = two_entries(site)
    third = merged(site, home, "**名单**字太小看不清")
    app = press(open_app("watchdog", "entry", id=home), "entry:split")
    for one in (flag_id, third):
        app.checkbox(key=f"split:{home}:{link_of(site, one).id}").check().run()
    for sentence in ("第 1 项的声音：群众帮 3 → 1 条", "新条目的声音：群众帮 0 → 2 条"):
        assert sentence in shown(app)
    app.text_input[0].input("名单张贴时间太短").run()
    app.text_input[1].input("说的是贴多久").run()
    send(app)
    founded = entry_of(site, third)
    assert founded not in ("", home)
    assert entry_of(site, flag_id) == founded
    assert "已拆分为第 3 项" in shown(app)
    press(app, next(b.key for b in app.button if (b.key or "").startswith("voice:together:")))
    assert "全部退回" in shown(app)
    app.text_area[0].input("还是一回事").run()
    send(app)
    assert [entry_of(site, one) for one in (flag_id, third)] == [home, home]
    assert risk_of(site, founded).status is RiskStatus.ARCHIVED


@pytest.mark.costly
def test_only_what_is_allowed_now_is_offered(site: Place, open_app: OpenApp) -> None:
    home, other, flag_id = two_entries(site)
    assert offered(open_app("watchdog", "entry", id=home)) == {"move", "out", "split"}
    assert offered(open_app("watchdog", "entry", id=other)) == {"move", "out"}
    for who in ("clerk", "secretary", "discipline"):
        assert offered(open_app(who, "entry", id=home)) == set()
    makers.rated(site, other)
    assert offered(open_app("watchdog", "entry", id=other)) == set()
    site.do("watchdog", regrouping.move, link_of(site, flag_id).id, other, "说的是公章")
    assert offered(open_app("watchdog", "entry", id=other)) == {"move", "out", "back", "split"}
    assert offered(open_app("watchdog", "entry", id=home)) == {"move", "out", "back"}
    assert offered(open_app("clerk", "entry", id=home)) == set()
    site.do("watchdog", merging.unmerge, link_of(site, flag_id).id, "都不是")
    assert offered(open_app("watchdog", "entry", id=home)) == {"move", "out"}


@pytest.mark.costly
def test_another_deed_on_the_entry_closes_the_panel_of_a_voice(site: Place, open_app: OpenApp) -> None:
    home, _other, flag_id = two_entries(site)
    app = press(open_app("watchdog", "entry", id=home), f"voice:out:{link_of(site, flag_id).id}")
    assert sum(button.proto.type == "primary" for button in app.button) == 1
    press(app, "entry:do:describe")
    assert sum(button.proto.type == "primary" for button in app.button) == 1
    press(app, f"voice:out:{link_of(site, flag_id).id}")
    assert sum(button.proto.type == "primary" for button in app.button) == 1
    press(app, "voice:not_now")
    assert not [button for button in app.button if button.key == "voice:not_now"]

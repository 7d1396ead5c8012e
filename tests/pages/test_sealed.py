"""Sealed matters on the screen: no words until one is opened, and none kept."""

import time

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.review import inbox
from pages.ui import lit
from pages.ui.forms import Form
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown

WORDS = "周小满收了红包才给办低保"


def begun(site: Place, open_app: OpenApp) -> tuple[AppTest, str]:
    """The page with one sealed matter, and which it is."""
    makers.speak(site, WORDS)
    [row] = site.ask("discipline", inbox.sealed)
    return open_app("discipline", "sealed"), row.id


def press(app: AppTest, reason: str = "") -> None:
    if reason:
        app.text_area[0].input(reason)
    next(button for button in app.button if button.proto.type == "primary").click().run()
    assert not app.exception


def test_a_double_click_opens_once_whenever_it_ends_the_first_run_and_a_later_opening_counts_again(
    site: Place, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lit, "HELD", 1.0)
    app, flag_id = begun(site, open_app)
    app.button(key=f"choose:{flag_id}").click().run()
    with monkeypatch.context() as cut:
        cut.setattr(Form, "clear", lambda _form: st.stop())  # as Streamlit ends a run when another click waits
        press(app, "初核")
    assert WORDS not in shown(app)
    press(app)
    assert WORDS in shown(app)
    app.run()
    assert shown(app).count(WORDS) == 1
    assert [one.openings for one in site.ask("discipline", inbox.sealed)] == [1]
    time.sleep(1.1)
    assert WORDS not in str(dict(app.session_state._state.filtered_state))
    press(app)
    assert WORDS not in shown(app)
    press(app, "复核")
    assert WORDS in shown(app)
    assert [one.openings for one in site.ask("discipline", inbox.sealed)] == [2]


def test_a_matter_is_opened_with_a_reason_shown_once_and_lifted(
    site: Place, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lit, "HELD", 0.0)
    app, flag_id = begun(site, open_app)
    assert "榕树社区" in shown(app)
    assert WORDS not in shown(app)
    app.button(key=f"choose:{flag_id}").click().run()
    press(app)
    assert WORDS not in shown(app)
    press(app, "初核")
    assert WORDS in shown(app)
    assert WORDS not in str(dict(app.session_state._state.filtered_state))
    app.run()
    assert WORDS not in shown(app)
    app.text_area[-1].input("只是说办事慢")
    next(button for button in app.button if button.label == "解除封存").click().run()
    assert not app.exception
    assert "已解除封存" in shown(app)
    assert site.ask("discipline", inbox.sealed) == []
    assert [waiting.text for waiting in makers.inbox(site)] == [WORDS]


def test_an_empty_list_teaches(open_app: OpenApp) -> None:
    assert "没有封存事项" in shown(open_app("discipline", "sealed"))

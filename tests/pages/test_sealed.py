"""Sealed matters on the screen: no words until one is opened, and none kept."""

from core.review import inbox
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown

WORDS = "周小满收了红包才给办低保"


def test_a_matter_is_opened_with_a_reason_shown_once_and_lifted(site: Place, open_app: OpenApp) -> None:
    makers.speak(site, WORDS)
    [row] = site.ask("discipline", inbox.sealed)
    app = open_app("discipline", "sealed")
    assert "榕树社区" in shown(app)
    assert WORDS not in shown(app)
    app.button(key=f"choose:{row.id}").click().run()
    send = next(button for button in app.button if button.proto.type == "primary")
    send.click().run()
    assert WORDS not in shown(app)
    app.text_area[0].input("初核").run()
    next(button for button in app.button if button.proto.type == "primary").click().run()
    assert not app.exception
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

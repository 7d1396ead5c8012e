"""Nothing typed is lost: not by leaving a page, not by a mistake, not when the sign-in ends meanwhile."""

from datetime import timedelta

from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from core.text import _
from db.tables import sessions
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown

TYPED = "个别社区的印章由一人保管，登记本长期空白"


def _field(app: AppTest):
    return next(area for area in app.text_area if area.label == _("What could go wrong?"))


def _press(app: AppTest) -> None:
    next(button for button in app.button if button.label == _("Raise this point")).click().run()


def test_what_is_typed_comes_back_after_leaving_the_page_and_to_nobody_else(open_app: OpenApp, site: Place) -> None:
    _field(open_app("supervisor", "raise")).set_value(TYPED).run()
    assert _field(open_app("supervisor", "raise")).value == TYPED
    assert _field(open_app("far_supervisor", "raise")).value == ""


def test_a_mistake_gets_a_sentence_beside_its_field_and_keeps_the_rest(open_app: OpenApp, site: Place) -> None:
    app = open_app("supervisor", "raise")
    _field(app).set_value(TYPED).run()
    _press(app)
    assert _("Please choose at least {min_length}.", min_length=1) in [error.value for error in app.error]
    assert _field(app).value == TYPED


def test_words_typed_when_the_sign_in_ends_are_there_after_signing_in_again(open_app: OpenApp, site: Place) -> None:
    app = open_app("supervisor", "raise")
    _field(app).set_value("先写一半").run()
    long_ago = site.now - timedelta(minutes=31)
    with site.engine.begin() as connection:
        connection.execute(update(sessions).values(seen_at=long_ago, begun_at=long_ago))
    _field(app).set_value(TYPED)
    app.run()
    assert _("Please sign in to open this page.") in shown(app)
    assert _field(open_app("supervisor", "raise")).value == TYPED

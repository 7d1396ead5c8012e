"""Points on the screen: raised with communities, answered in three ways, and who has not answered."""

import pytest
from streamlit.testing.v1 import AppTest

from core.voices import points
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def press(app: AppTest, label: str) -> AppTest:
    return next(b for b in app.button if b.label == label).click().run()


@pytest.mark.costly
def test_a_point_is_raised_with_every_community_and_the_silent_ones_are_seen(open_app: OpenApp, site: Place) -> None:
    app = open_app("supervisor", "raise")
    press(app, "全选 2 个社区")
    assert "将提给 2 个社区" in shown(app)
    app.text_area[0].set_value("用印登记不全").run()
    press(app, "提给这些社区")
    assert not app.exception
    [row, other] = site.ask("supervisor", points.raised)
    site.do("clerk", points.not_applicable, row.flag_id, "本社区不用公章")
    app = open_app("supervisor", "raise", view="answers")
    words = shown(app)
    assert "2 个社区中 1 个已答复" in words
    assert "不适用：本社区不用公章" in words
    app.toggle(key="only_open").set_value(True).run()
    assert other.unit in shown(app)
    assert "不适用：本社区不用公章" not in shown(app)


@pytest.mark.costly
def test_a_community_answers_and_a_second_answer_is_told_so(open_app: OpenApp, site: Place) -> None:
    risk_id = makers.open_risk(site, "公章谁都能盖", "用印登记不全")
    makers.raise_point(site, text="用印登记不全")
    [row] = site.ask("clerk", points.received)
    first, late = (open_app(who, "points", flag=row.flag_id) for who in ("clerk", "secretary"))
    assert "（可能是）" in first.selectbox[0].options[0]
    first.selectbox[0].set_value(risk_id).run()
    late.selectbox[0].set_value(risk_id).run()
    press(first, "答复：已是这一项")
    assert not first.exception
    [row] = site.ask("clerk", points.received)
    assert row.risk_id == risk_id
    press(late, "答复：已是这一项")
    assert "已经答复" in shown(late)
    assert "已是台账第1项" in shown(open_app("clerk", "points"))


def test_an_accepted_point_opens_an_entry_with_the_draft_of_its_words(open_app: OpenApp, site: Place) -> None:
    makers.raise_point(site, text="用印登记不全")
    [row] = site.ask("clerk", points.received)
    app = open_app("clerk", "points", flag=row.flag_id)
    assert app.text_input[0].value == "用印登记不全"
    press(app, "接受并单独立项")
    assert not app.exception
    [row] = site.ask("clerk", points.received)
    assert row.number == 1

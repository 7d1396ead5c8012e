"""Decisions on the screen: entered step by step, skipped for a reason, doubted by people."""

import pytest

from core.ledgers import decisions, steps
from core.orders import Reason
from core.words import DecisionStep as Step
from tests.core.ledgers.test_decisions import added, taken
from tests.makers import Place, inbox
from tests.pages.conftest import OpenApp, shown
from tests.pages.test_catalogue import press


def test_a_step_is_entered_with_its_counts(open_app: OpenApp, site: Place) -> None:
    decision_id = added(site)
    taken(site, decision_id, Step.PROPOSED, 3)
    app = open_app("clerk", "decisions", id=decision_id)
    app.button(key=f"step:{decision_id}:discussed:take").click().run()
    for label, value in (("应到人数", 9), ("实到人数", 8), ("同意人数", 8)):
        next(field for field in app.number_input if field.label.startswith(label)).set_value(value).run()
    press(app, "保存这一步")
    assert not app.exception
    found = site.ask("clerk", decisions.decision, decision_id).row.taken[Step.DISCUSSED]
    assert (found.expected, found.present, found.agreed) == (9, 8, 8)
    assert "实到 8 人" in shown(app)


@pytest.mark.costly
def test_more_than_came_cannot_agree(open_app: OpenApp, site: Place) -> None:
    decision_id = added(site)
    app = open_app("clerk", "decisions", id=decision_id)
    app.button(key=f"step:{decision_id}:resolved:take").click().run()
    for label, value in (("实到人数", 8), ("同意人数", 9)):
        next(field for field in app.number_input if field.label.startswith(label)).set_value(value).run()
    press(app, "保存这一步")
    assert "同意人数多于实到人数" in shown(app)
    assert site.ask("clerk", decisions.decision, decision_id).row.taken == {}


@pytest.mark.costly
def test_a_skipped_step_is_told_to_who_watches_and_raised_with_one_form(open_app: OpenApp, site: Place) -> None:
    decision_id = added(site)
    site.do("clerk", steps.skip, decision_id, Step.REVIEWED, Reason(reason="没有召开"))
    app = open_app("watchdog", "decisions", id=decision_id)
    assert "由人判断" in shown(app)
    assert "登记这一步" not in shown(app)
    press(app, "作为业务流程风险提出")
    [words] = app.text_area
    assert "小区停车棚改造" in words.value
    press(app, "提出")
    assert not app.exception
    assert len(inbox(site)) == 1
    assert "提出风险点" in shown(app)


@pytest.mark.costly
def test_the_list_tells_the_next_step_and_what_is_to_look_at(open_app: OpenApp, site: Place) -> None:
    decision_id = added(site)
    site.do("clerk", steps.skip, decision_id, Step.PROPOSED, Reason(reason="没有提议"))
    for who in ("clerk", "supervisor", "discipline"):
        told = shown(open_app(who, "decisions"))
        assert "两委商议" in told
        assert "1 项待看" in told

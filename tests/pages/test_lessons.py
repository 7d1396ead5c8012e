"""What worked elsewhere on the screen: read beside the plan of a measure, and taken over with one click."""

import pytest

from core.words import Level, ReviewResult
from tests.core.insight.test_lessons import closed, planning
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown
from tests.pages.test_entry import press


@pytest.mark.costly
def test_a_measure_that_worked_elsewhere_fills_the_plan(site: Place, open_app: OpenApp) -> None:
    closed(site, ReviewResult.EFFECTIVE, Level.LOW)
    risk_id = planning(site)
    app = open_app("other_clerk", "entry", id=risk_id)
    press(app, "entry:do:plan")
    words = shown(app)
    assert "救助名单的公开有时不够及时" in words
    assert "1 条措施中 1 条按时完成" in words
    assert "居民满意度" not in words
    [picks] = [group for group in app.button_group if (group.key or "").startswith("plan:pick")]
    picks.set_value("每季度首月五日前在公开栏张贴名单").run()
    assert any(area.value == "每季度首月五日前在公开栏张贴名单" for area in app.text_area)


def test_how_well_an_entry_is_borne_out_stands_beside_its_level(site: Place, open_app: OpenApp) -> None:
    risk_id = planning(site)
    words = shown(open_app("other_clerk", "entry", id=risk_id))
    assert "印证程度：只有一方说（没有其他印证）。" in words
    assert "不决定任何事" in words

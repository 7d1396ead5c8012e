"""While somebody writes, the register's own entries stand beside it; nothing is merged by it."""

from dataclasses import replace

import pytest

from core.review.resembling import resembling
from core.voices import points
from core.voices.flags import Flag
from core.voices.points import PointForm, raise_point
from core.words import Answer, FlagStatus
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown
from tests.pages.test_inspect import choose

SEAL = "公章谁都能盖一下，用印没有登记"
TYPED = "公章使用没有登记，谁都能盖"


def test_a_cadre_who_found_a_risk_sees_what_the_register_has(site: Place, open_app: OpenApp) -> None:
    makers.open_risk(site, SEAL, "公章使用登记不全")
    makers.opened_round(site)
    app = choose(open_app("secretary", "inspect"), "公章使用", Answer.FOUND)
    next(area for area in app.text_area if "什么问题" in area.label).input(TYPED).run()
    assert "台账里可能已经有了" in shown(app)
    assert "<mark>公章使用" in shown(app)
    assert "可以照常保存" in shown(app)


@pytest.mark.costly
def test_a_superior_and_who_records_for_a_resident_see_it_too(site: Place, open_app: OpenApp) -> None:
    makers.open_risk(site, SEAL, "公章使用登记不全")
    app = open_app("clerk", "record")
    next(area for area in app.text_area if "居民" in area.label).input(TYPED).run()
    assert "台账里可能已经有了" in shown(app)
    hint = next(button for button in app.button if (button.key or "").startswith("hint:record:"))
    assert next(box for box in app.selectbox if "什么事" in box.label).value is None
    hint.click().run()
    assert not app.exception
    assert next(box for box in app.selectbox if "什么事" in box.label).value == site.items["seal"]
    assert next(area for area in app.text_area if "居民" in area.label).value == TYPED
    app = open_app("supervisor", "raise")
    app.multiselect[0].set_value([site.units["banyan"].id]).run()
    next(area for area in app.text_area if "什么问题" in area.label).input(TYPED).run()
    assert "台账里可能已经有了" in shown(app)
    assert "可以照常提出" in shown(app)


def test_a_point_stands_beside_likely_entries_and_only_a_preselected_one_is_filled_in(
    site: Place, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    risk_id = makers.open_risk(site, SEAL, "公章使用登记不全")
    text = "公章使用登记由居委会主任一人掌握，没有审批"
    point = PointForm(unit_ids=[site.units["banyan"].id], text=text, item_name=None)
    site.do("supervisor", raise_point, point)
    [row] = site.ask("clerk", points.received)

    def filled_in() -> object:
        app = open_app("clerk", "points", flag=row.flag_id)
        assert "台账里可能已经有了" in shown(app)
        assert "<mark>公章使用登记" in shown(app)
        return next(box for box in app.selectbox if "哪一项" in box.label).value

    [found] = site.ask("clerk", resembling, [site.units["banyan"].id], row.text)
    assert (found.likeness.match.preselected, filled_in()) == (False, None)
    sure = replace(found.likeness, match=replace(found.likeness.match, preselected=True))
    monkeypatch.setattr("core.review.resembling.likely_entries", lambda *_: [sure])
    assert filled_in() == risk_id
    assert site.ask("clerk", lambda work: work.store.find(Flag, row.flag_id)).status is FlagStatus.NEW

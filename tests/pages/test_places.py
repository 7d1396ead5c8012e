"""Choosing a unit on the screen where units are many: down the tree, by name, and back to all of them."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from core.organisation import people, places
from core.voices import points
from pages.ui.nav import PAGES
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


@pytest.fixture
def many() -> Iterator[None]:
    """As if two units were many already."""
    with patch.object(places, "FEW", 1), patch.object(people, "FOUND", 1):
        yield


@pytest.mark.costly
@pytest.mark.usefixtures("many")
def test_a_unit_is_stepped_to_found_by_name_kept_in_the_address_and_left_again(open_app: OpenApp, site: Place) -> None:
    makers.open_risk(site)
    banyan, river = (site.units[key].id for key in ("banyan", "river"))
    app = open_app("supervisor", "overview", unit=site.units["far"].id)
    assert ("unit" in app.query_params, any("overview" in str(box.key) for box in app.selectbox)) == (False, False)
    app.session_state["overview:unit:open"] = True
    app.run()
    assert [b.label for b in app.button if str(b.key).startswith("overview:unit:")] == ["选定望江街道", "江畔社区"]
    app.text_input(key="overview:unit:find").set_value("榕").run()
    app.button(key=f"overview:unit:to:{banyan}").click().run()
    assert app.query_params["unit"] == [banyan] or app.query_params["unit"] == banyan
    assert not app.session_state["overview:unit:open"]
    app.session_state["overview:unit:open"] = True
    app.run()
    assert app.text_input(key="overview:unit:find").value == ""
    app.button(key=f"overview:unit:to:{river}").click().run()
    assert "台账还是空的" in shown(app)
    app.session_state["overview:unit:open"] = True
    app.run()
    app.button(key="overview:unit:every").click().run()
    assert "unit" not in app.query_params
    assert "台账还是空的" not in shown(app)


@pytest.mark.costly
@pytest.mark.usefixtures("many")
def test_a_point_is_raised_with_a_whole_area(open_app: OpenApp, site: Place) -> None:
    app = open_app("supervisor", "raise")
    app.session_state["point:0:unit_ids:add:open"] = True
    app.run()
    next(b for b in app.button if b.label == "选定望江街道").click().run()
    assert "将提给 2 个社区（江畔社区、榕树社区）" in shown(app)
    app.text_area[0].set_value("用印登记不全").run()
    next(b for b in app.button if b.label == "提给这些社区").click().run()
    assert {row.unit for row in site.ask("supervisor", points.raised)} == {"江畔社区", "榕树社区"}


@pytest.mark.costly
@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("who", ["supervisor", "discipline", "system", "security"])
def test_every_page_opens_where_units_and_people_are_many(open_app: OpenApp, site: Place, who: str) -> None:
    makers.controlled(site)
    makers.speak(site, "门口的账没有贴", None)
    for page in PAGES:
        app = open_app(who, page.address)
        assert not app.exception, page.address


@pytest.mark.costly
@pytest.mark.usefixtures("many")
def test_a_person_is_found_by_a_part_of_the_name_and_stays_chosen(open_app: OpenApp, site: Place) -> None:
    makers.controlled(site)
    app = open_app("supervisor", "handover")
    assert app.selectbox(key="handover:giver").options == []
    app.text_input(key="handover:giver:find").set_value("周小满").run()
    clerk = site.people["clerk"].person_id
    app.selectbox(key="handover:giver").select(clerk).run()
    app.text_input(key="handover:giver:find").set_value("林").run()
    assert app.selectbox(key="handover:giver").value == clerk

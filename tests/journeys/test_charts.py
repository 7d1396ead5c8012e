"""What of a chart only a browser shows: a click that leads to what is counted, and a picture that is saved."""

from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page

from core.access import RESIDENT
from core.organisation import signin
from tests import makers
from tests.journeys.conftest import Server, Visit, settle
from tests.makers import Place

CHART = "[data-testid=stVegaLiteChart]"

pytestmark = pytest.mark.figures


@pytest.fixture
def opened(served: tuple[Server, Place], visit: Visit) -> Page:
    """The results of a community with one rated entry, as its supervisor sees them."""
    server, place = served
    makers.rated(place, makers.open_risk(place))
    token = place.do(RESIDENT, lambda work: signin.begin(work, _ready(work, place.people["supervisor"].person_id)))
    page = visit(f"{server.address}/account/login")
    page.context.add_cookies([{"name": "sid", "value": token, "url": server.address}])
    page.goto(f"{server.address}/overview?view=results")
    settle(page)
    page.locator(CHART).first.wait_for()
    return page


def _ready(work: object, person_id: str | None) -> object:
    person = work.store.person(person_id)  # type: ignore[attr-defined]
    person.must_change = False
    work.record("password_changed", person_id, chain="test")  # type: ignore[attr-defined]
    return person


def test_a_chart_leads_to_what_it_counts_and_is_saved_as_a_picture(opened: Page) -> None:
    with opened.expect_download() as download:
        opened.get_by_role("button", name="保存为图片").first.click()
    assert download.value.suggested_filename == "问题在哪一级解决.png"
    with Image.open(download.value.path()) as picture:
        assert (picture.format, picture.width > 1280) == ("PNG", True)
    chart = opened.locator(CHART).first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    opened.mouse.click(box["x"] + box["width"] / 2, box["y"] + 4.5 * 48)  # the fifth row: not decided yet
    opened.wait_for_url("**/register?**")
    assert parse_qs(urlsplit(opened.url).query) == {"standing": ["1"], "solved": ["undecided"]}
    settle(opened)
    assert "解决层级：尚未确定" in opened.locator("body").inner_text()

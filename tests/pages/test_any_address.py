"""Whatever stands in the address of a page: it is shown in words, and tells nobody of places that are not theirs."""

import pytest

from core import items
from core.access import GRANTS
from core.entries import views
from core.entries.views import ViewForm
from core.items import ItemForm
from core.words import Dimension, Role
from pages.ui.nav import PAGES
from tests import makers
from tests.hidden import ids
from tests.makers import Place
from tests.pages.conftest import FILES, OpenApp
from tests.pages.test_access import WHO
from tests.pages.test_hidden import everything

pytestmark = pytest.mark.costly

NAMES = (
    "unit", "round", "item", "named", "dimension", "view", "severity", "rule", "aside", "page", "asof", "since",
    "until", "change", "entry", "snapshot", "run", "id", "flag", "text", "level", "voices", "status", "post", "sort",
    "due",
)  # fmt: skip
ODD = (
    "", "0", "-1", "１２", "99999999999999999999", "9" * 5000, "2026-02-30", "9999-12-31", "0001-01-01", "=1+1",
    "'; DROP TABLE risks;--",
    "\u202e名单\u200b", "👵🏽" * 40, "名单" * 5000, "\x00", "../../etc/passwd", "<script>alert(1)</script>",
)  # fmt: skip
FAR = "石狮子"
"""What the names of everything elsewhere have in them."""


def elsewhere(site: Place) -> list[str]:
    """An entry, an item and a shared view of a community under another street; the ids of all of them."""
    makers.open_risk(site)
    before = {table: set(ids(site, table)) for table in ("items", "saved_views")}
    form = ItemForm(name=f"{FAR}看护", dimension=Dimension.CLEAN_AFFAIRS)
    site.do("far_supervisor", items.add_item, site.units["far"].id, form)
    site.do("far_supervisor", views.save, {"level": ["high"]}, ViewForm(name=FAR, unit_id=site.units["far"].id))
    made = [one for table, old in before.items() for one in ids(site, table) if one not in old]
    return [*made, site.units["far"].id, site.units["far_street"].id]


@pytest.mark.privacy
@pytest.mark.parametrize("role", WHO)
def test_ids_of_other_places_open_nothing_on_any_page(open_app: OpenApp, site: Place, role: str) -> None:
    told = {}
    strange = elsewhere(site)
    app = open_app(WHO[role], "home")
    for page in PAGES:
        for value in strange if page.permission in GRANTS[Role(role)] else ():
            app.query_params.clear()
            for name in NAMES:
                app.query_params[name] = value
            app.switch_page(FILES[page.address]).run()
            assert not app.exception, (page.address, value)
            told[page.address, value] = everything(app)
    above = ("system_admin", "security_admin", "auditor")  # who keep units, accounts or the log of the whole city
    assert [key for key, words in told.items() if FAR in words and role not in above] == []


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_what_nobody_means_is_shown_as_if_it_were_not_there(open_app: OpenApp, site: Place, value: str) -> None:
    makers.open_risk(site)
    app = open_app("supervisor", "home")
    for page in PAGES:
        if page.permission in GRANTS[Role.SUPERVISOR]:
            app.query_params.clear()
            for name in NAMES:
                app.query_params[name] = value
            app.switch_page(FILES[page.address]).run()
            assert not app.exception, (page.address, value)

"""Whatever stands in the address of a page: it is shown in words, and tells nobody of places that are not theirs."""

from datetime import timedelta

import pytest

from core import items
from core.access import FOUNDER, GRANTS, RESIDENT
from core.entries import views
from core.entries.views import ViewForm
from core.inspection import rounds
from core.inspection.rounds import RoundForm
from core.items import ItemForm
from core.ledgers import commitments, meetings
from core.ledgers.commitments import CommitmentForm
from core.ledgers.meetings import MeetingForm
from core.organisation import posts
from core.voices import contacts, openings, unlocking
from core.words import CommitmentKind, Dimension, OpeningKind, Role
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
    """An entry, an item, a shared view, a round, a meeting, a pledge, and a matter with a deed of two people, of a
    community under another street; the ids of all of them."""
    makers.open_risk(site)
    tables = ("items", "saved_views", "rounds", "meetings", "commitments", "holdings", "flags", "openings")
    before = {table: set(ids(site, table)) for table in tables}
    form = ItemForm(name=f"{FAR}看护", dimension=Dimension.CLEAN_AFFAIRS)
    site.do("far_supervisor", items.add_item, site.units["far"].id, form)
    site.do("far_supervisor", views.save, {"level": ["high"]}, ViewForm(name=FAR, unit_id=site.units["far"].id))
    far, day = site.units["far"].id, site.today
    opening = RoundForm(unit_id=site.units["far_street"].id, title=FAR, starts_on=day, ends_on=day + timedelta(60))
    site.do("far_supervisor", rounds.open_round, opening)
    site.do("far_supervisor", meetings.hold, MeetingForm(unit_id=far, held_on=day))
    makers.make_person(site, "far_clerk", "闻人远", "far", Role.CADRE)
    site.do(FOUNDER, posts.take_post, site.do(FOUNDER, posts.add_post, far, FAR), site.people["far_clerk"].person_id)
    [holding] = set(ids(site, "holdings")) - before["holdings"]
    pledge = CommitmentForm(kind=CommitmentKind.PLEDGE, holding_id=holding, done_on=day)
    site.do("far_clerk", commitments.keep, pledge)
    makers.make_person(site, "far_desk", "石介然", "far_street", Role.DISCIPLINE)
    code = makers.speak(site, f"{FAR}收了红包才给办低保", None, "far")
    site.do(RESIDENT, contacts.leave, site.ask(RESIDENT, unlocking.unlock, code), "13812345678")
    [flag_id] = set(ids(site, "flags")) - before["flags"]
    site.do("far_desk", openings.ask, flag_id, OpeningKind.CONTACT, FAR)
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

"""Small registers and meetings on the screen, and the papers to print."""

from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from core.access import RESIDENT
from core.ledgers import commitments, meetings, mentoring, vettings
from core.ledgers.commitments import CommitmentForm
from core.ledgers.meetings import MeetingForm
from core.ledgers.mentoring import SiteForm
from core.ledgers.vettings import VettingForm
from core.organisation import signin
from core.prevention import measures
from core.words import ActorKind, CommitmentKind
from db.work import work
from pages.web import papers
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, session_of, shown


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception


@pytest.mark.costly
def test_a_pledge_is_entered_and_stands_in_the_list_with_its_next_day(open_app: OpenApp, site: Place) -> None:
    app = open_app("clerk", "ledgers")
    app.selectbox[0].select(CommitmentKind.PLEDGE)
    app.selectbox[1].select(site.ask("clerk", commitments.signers)[0].holding_id)
    press(app, "保存日期")
    assert "日期已保存" in shown(app)
    assert "林向前" in shown(app) or "周小满" in shown(app)
    assert "廉洁承诺书" in shown(open_app("watchdog", "ledgers"))
    assert not any(button.label == "保存日期" for button in open_app("supervisor", "ledgers").button)


@pytest.mark.costly
def test_what_is_overdue_waits_on_the_home_page_of_the_community_alone(open_app: OpenApp, site: Place) -> None:
    [one, *_rest] = site.ask("clerk", commitments.signers)
    day = site.today - timedelta(days=300)
    form = CommitmentForm(kind=CommitmentKind.FAMILY, holding_id=one.holding_id, done_on=day)
    site.do("clerk", commitments.keep, form)
    assert "待自查的承诺和家访" in shown(open_app("clerk", "home"))
    assert "待自查的承诺和家访" not in shown(open_app("supervisor", "home"))
    app = open_app("clerk", "ledgers")
    assert "逾期" in shown(app)
    app.segmented_control(key="ledgers:deed").set_value("check").run()
    press(app, "保存日期")
    assert "待自查的承诺和家访" not in shown(open_app("clerk", "home"))


def test_a_vetting_is_answered_department_by_department(open_app: OpenApp, site: Place) -> None:
    app = open_app("clerk", "ledgers", view="vettings")
    app.text_input[0].input("届中补选候选人")
    press(app, "发起联审")
    assert "7个部门中0个已答复" in shown(app)
    app.selectbox[-1].select(site.ask("clerk", vettings.vettings)[0].answers[0].id)
    press(app, "保存答复日期")
    assert "7个部门中1个已答复" in shown(app)
    assert site.ask("supervisor", vettings.vettings)[0].answered == 1


@pytest.mark.costly
def test_a_name_in_a_vetting_is_refused_beside_its_field(open_app: OpenApp, site: Place) -> None:
    app = open_app("clerk", "ledgers", view="vettings")
    app.text_input[0].input("王小明补选联审")
    press(app, "发起联审")
    assert "王小明" in shown(app)
    assert site.ask("clerk", vettings.vettings).total == 0
    form = VettingForm(unit_id=site.units["banyan"].id, title="补选", held_on=site.today, departments="公安")
    site.do("clerk", vettings.begin, form)


@pytest.mark.costly
def test_the_mentor_enters_a_visit_and_goes_on_to_raise_a_point_with_this_community(
    open_app: OpenApp, site: Place
) -> None:
    form = SiteForm(unit_id=site.units["river"].id, mentor_id=site.people["supervisor"].person_id or "")
    site.do("supervisor", mentoring.mark, form)
    app = open_app("supervisor", "ledgers", view="sites")
    press(app, "登记督导")
    app.text_area[0].input("公开栏按季更新")
    app.text_area[1].input("用印登记再细一些")
    press(app, "保存督导记录")
    assert "用印登记再细一些" in shown(app)
    assert "用印登记再细一些" in shown(open_app("other_clerk", "ledgers", view="sites"))
    assert not any(b.label == "登记督导" for b in open_app("other_clerk", "ledgers", view="sites").button)
    raised = open_app("supervisor", "raise", unit=site.units["river"].id)
    assert raised.multiselect[0].value == [site.units["river"].id]


@pytest.mark.costly
def test_a_measure_for_members_is_taken_on_at_its_card(open_app: OpenApp, site: Place) -> None:
    risk_id, _measure = makers.controlled(site)
    form = measures.MeasureForm(
        text="党员每月核对名单", actor_kind=ActorKind.MEMBER, owner_id=site.people["clerk"].person_id or "",
        watchdog_id=site.people["watchdog"].person_id or "", starts_on=site.today,
        due_on=site.today + timedelta(days=20),
    )  # fmt: skip
    site.do("supervisor", measures.plan, risk_id, form)
    assert not any(button.label == "认领" for button in open_app("watchdog", "entry", id=risk_id).button)
    app = open_app("secretary", "entry", id=risk_id)
    press(app, "认领")
    assert "林向前于" in shown(app)
    press(app, "撤回认领")
    assert "林向前于" not in shown(app)


@pytest.mark.costly
def test_the_paper_of_a_meeting_and_a_decision_that_becomes_a_measure(open_app: OpenApp, site: Place) -> None:
    risk_id, _measure = makers.controlled(site)
    app = open_app("supervisor", "meetings")
    assert "救助对象名单公开不及时" not in shown(app)  # above a community the papers are shown when asked for
    app.toggle[0].set_value(True).run()
    assert "救助对象名单公开不及时" in shown(app)
    site.do(
        "supervisor", meetings.hold, MeetingForm(unit_id=site.units["street"].id, held_on=site.today, present=6)
    )
    app = open_app("supervisor", "meetings", view="held")
    assert "6人参会" in shown(app)
    press(app, "登记决定")
    app.selectbox(key=next(s.key for s in app.selectbox if s.key.startswith("meetings:entry"))).select(risk_id).run()
    app.text_area[0].input("每月抽查一次名单公开")
    for label, who in (("责任人", "clerk"), ("核查人", "watchdog")):
        next(s for s in app.selectbox if s.label.startswith(label)).select(site.people[who].person_id)
    press(app, "保存决定")
    assert "每月抽查一次名单公开" in shown(app)
    assert "第 1 项的防范措施" in shown(app)


@pytest.fixture
def web(site: Place) -> TestClient:
    return TestClient(Starlette(routes=papers.routes()), follow_redirects=False)


def _sign(web: TestClient, site: Place, who: str) -> None:
    session_of(site, who)
    person_id = site.people[who].person_id
    with work(site.engine, RESIDENT) as doing:
        web.cookies.set("sid", signin.begin(doing, doing.store.person(person_id)))


def test_the_sheets_are_printed_for_who_reads_the_registers(web: TestClient, site: Place) -> None:
    assert web.get("/print/pledge").status_code == 303
    _sign(web, site, "clerk")
    for kind, words in (("pledge", "本人在岗位上承诺"), ("family", "全家承诺"), ("visit", "家访重在谈心")):
        page = web.get(f"/print/{kind}")
        assert page.status_code == 200
        assert words in page.text
    assert web.get("/print/other").status_code == 404


def test_the_meeting_is_printed_for_who_may_hold_it_alone(web: TestClient, site: Place) -> None:
    makers.controlled(site)
    address = f"/print/meeting/{site.units['street'].id}"
    assert web.get(address).status_code == 303
    _sign(web, site, "clerk")
    assert web.get(address).status_code == 404
    _sign(web, site, "far_supervisor")
    assert web.get(address).status_code == 404
    _sign(web, site, "supervisor")
    page = web.get(address).text
    assert "望江街道会商材料" in page
    assert "救助对象名单公开不及时" in page
    assert "低保名单从来没见贴出来过" not in page

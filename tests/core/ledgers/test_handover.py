"""Hand-over: everything passes to one person, the clocks run on, and nobody comes to watch themselves."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from core.access import FOUNDER
from core.alerts import warnings
from core.entries import entry, risks
from core.errors import Denied, Invalid, Missing, Refused
from core.ledgers import handover, mentoring
from core.ledgers.handover import HandOver
from core.ledgers.mentoring import SiteForm, VisitForm
from core.organisation import people, posts
from core.organisation.people import Found
from core.prevention import claims, measures, tasks
from core.prevention.measures import Measure, MeasureForm
from core.words import ActorKind, Role
from db.sweeping import PROGRAM
from tests import makers
from tests.makers import START, Place, work_of

VISIT = VisitForm(visited_on=START.date(), seen="看了公开栏", advised="按季更新")


def order(place: Place, giver: str, taker: str) -> HandOver:
    ids = [place.people[key].person_id or "" for key in (giver, taker)]
    return HandOver(giver_id=ids[0], taker_id=ids[1], reason="轮岗")


def preview(place: Place, giver: str, taker: str, who: str = "supervisor") -> handover.Passing:
    wanted = order(place, giver, taker)
    found: handover.Passing = place.ask(who, handover.preview, wanted.giver_id, wanted.taker_id)
    return found


@pytest.fixture
def newcomer(place: Place) -> str:
    makers.make_person(place, "newcomer", "何新来", "banyan", Role.CADRE)
    return "newcomer"


@pytest.mark.costly
def test_posts_entries_and_measures_pass_and_due_dates_stay(place: Place, newcomer: str) -> None:
    risk_id, measure_id = makers.controlled(place)
    due = place.ask("clerk", tasks.mine)[0].row.due_on
    seen = preview(place, "clerk", newcomer)
    assert (seen.posts, len(seen.entries), len(seen.measures), seen.conflicts) == (("民政救助岗",), 1, 1, ())
    for who in ("clerk", "watchdog", "security"):
        with pytest.raises(Denied):
            place.do(who, handover.hand_over, order(place, "clerk", newcomer))
    place.do("supervisor", handover.hand_over, order(place, "clerk", newcomer))
    row = place.ask("supervisor", entry.entry, risk_id)
    [task] = place.ask(newcomer, tasks.mine)
    assert (row.owner, row.holders, task.row.id, task.row.due_on) == ("何新来", ("何新来",), measure_id, due)
    assert place.ask("clerk", tasks.mine) == []
    with pytest.raises(Refused):
        place.do("supervisor", handover.hand_over, order(place, "clerk", newcomer))


def test_the_givers_are_those_on_whom_something_hangs(place: Place) -> None:
    makers.controlled(place)
    told = place.ask("supervisor", handover.givers)
    assert (sorted(told.names.values()), told.more) == ([
        "周小满 · 榕树社区 · 1 个岗位、1 项风险点、1 项措施", "林向前 · 榕树社区 · 1 个岗位、1 项风险点、0 项措施",
        "郑守正 · 榕树社区 · 0 个岗位、1 项风险点、1 项措施",
    ], False)  # fmt: skip
    assert place.ask("far_supervisor", handover.givers) == Found({}, more=False)
    with patch.object(people, "FOUND", 2):  # where people are many one is found by a part of the name
        assert place.ask("supervisor", handover.givers) == Found({}, more=True)
        assert list(place.ask("supervisor", handover.givers, "小满").names.values()) == [sorted(told.names.values())[0]]
        assert place.ask("far_supervisor", handover.givers, "小满").names == {}
    with pytest.raises(Missing):
        preview(place, "clerk", "secretary", who="far_supervisor")


@pytest.mark.parametrize(("giver", "taker"), [("clerk", "watchdog"), ("watchdog", "clerk"), ("clerk", "watchdog2"),
                                              ("clerk", "other_clerk"), ("watchdog", "other_watchdog")])  # fmt: skip
def test_nobody_takes_what_their_role_does_not_fit(place: Place, giver: str, taker: str) -> None:
    makers.controlled(place)
    assert preview(place, giver, taker, "system").conflicts
    with pytest.raises(Refused):
        place.do("system", handover.hand_over, order(place, giver, taker))
    fits = "secretary" if giver == "clerk" else "watchdog2"
    place.do("system", handover.hand_over, order(place, giver, fits))


def test_nobody_comes_to_watch_their_own_entry_or_measure(place: Place) -> None:
    makers.make_person(place, "both", "何两边", "banyan", Role.CADRE)
    from core.organisation.people import grant_role

    place.do(FOUNDER, grant_role, place.people["both"].person_id, Role.SUPERVISOR, place.units["street"].id)
    risk_id, _measure = makers.controlled(place)
    makers.planned(place, risk_id, owner="both", watchdog="watchdog")
    conflicts = preview(place, "watchdog", "both").conflicts
    assert any("1" in line for line in conflicts)
    with pytest.raises(Refused):
        place.do("supervisor", handover.hand_over, order(place, "watchdog", "both"))
    place.do("supervisor", handover.hand_over, order(place, "watchdog", "watchdog2"))


def test_a_post_does_not_go_to_whoever_watches_an_entry_of_its_item(place: Place) -> None:
    from core.organisation.people import grant_role

    makers.make_person(place, "both", "何两边", "banyan", Role.CADRE)
    place.do(FOUNDER, grant_role, place.people["both"].person_id, Role.SUPERVISOR, place.units["street"].id)
    risk_id = makers.open_risk(place)
    ids = {key: actor.person_id for key, actor in place.people.items()}
    place.do("watchdog", risks.assign, risk_id, ids["secretary"], None, ids["both"])
    assert preview(place, "clerk", "both").conflicts
    with pytest.raises(Refused):
        place.do("supervisor", handover.hand_over, order(place, "clerk", "both"))


def test_what_names_the_taker_stays(place: Place, newcomer: str) -> None:
    makers.speak(place, "何新来不贴低保名单")
    flag = next(row for row in makers.inbox(place) if "何新来" in row.text)
    from core.review import merging

    risk_id = place.do("watchdog", merging.open_entry, flag.id, makers.entry_form(place, "名单公开不及时"))
    makers.rated(place, risk_id)
    makers.assigned(place, risk_id)
    measure_id = makers.planned(place, risk_id)
    seen = preview(place, "clerk", newcomer)
    assert (seen.entries, seen.measures, len(seen.staying)) == ((), (), 1)
    place.do("supervisor", handover.hand_over, order(place, "clerk", newcomer))
    assert place.ask("supervisor", entry.entry, risk_id).owner == "周小满"
    place.do("clerk", measures.report, measure_id, 10, "还是我的")


def test_giver_and_taker_differ_and_the_taker_is_still_here(place: Place, newcomer: str) -> None:
    with pytest.raises(Invalid):
        preview(place, "clerk", "clerk")
    place.do("system", people.close_account, place.people[newcomer].person_id)
    with pytest.raises(Invalid):
        preview(place, "clerk", newcomer, "system")


def test_a_post_taken_twice_is_held_once(place: Place) -> None:
    place.do("system", posts.take_post, place.posts["relief"], place.people["secretary"].person_id)
    place.do("supervisor", handover.hand_over, order(place, "clerk", "secretary"))
    rows = place.ask("system", lambda work: work.store.post_rows(work.actor.scope("person:edit")))
    [holders] = [row.holders for row in rows if row.name == "民政救助岗"]
    assert [name for _id, _person, name in holders] == ["林向前"]


def claimed(place: Place, by: str = "secretary") -> tuple[str, str]:
    """An entry under control with a measure for members that somebody has taken on."""
    risk_id, _measure = makers.controlled(place)
    form = MeasureForm(
        text="党员包楼张贴名单", actor_kind=ActorKind.MEMBER, owner_id=place.people["clerk"].person_id or "",
        watchdog_id=place.people["watchdog"].person_id or "", starts_on=place.today,
        due_on=place.today + timedelta(days=60),
    )  # fmt: skip
    measure_id = str(place.do("supervisor", measures.plan, risk_id, form))
    place.do(by, claims.claim, measure_id)
    return risk_id, measure_id


def site(place: Place, mentor: str = "supervisor") -> str:
    form = SiteForm(unit_id=place.units["banyan"].id, mentor_id=place.people[mentor].person_id or "")
    return str(place.do("supervisor", mentoring.mark, form))


def test_what_was_taken_on_passes_to_somebody_who_does_not_verify_it(place: Place, newcomer: str) -> None:
    _risk, measure_id = claimed(place)
    assert "1" in str(preview(place, "secretary", "watchdog", "system").conflicts)
    with pytest.raises(Refused):
        place.do("system", handover.hand_over, order(place, "secretary", "watchdog"))
    [line] = preview(place, "secretary", newcomer).claims
    assert "党员包楼张贴名单" in line
    place.do("supervisor", handover.hand_over, order(place, "secretary", newcomer))
    with work_of(place, "supervisor") as doing:
        kept = doing.store.one(Measure, measure_id, doing.actor.scope("register:read"))
        assert (kept.claimed_by, kept.claimed_on) == (place.people[newcomer].person_id, place.today)


def test_whoever_took_a_measure_on_before_neither_verifies_it_nor_looks_again(place: Place, newcomer: str) -> None:
    risk_id, measure_id = claimed(place, by="watchdog2")

    def concerned() -> list[str]:
        ids = {who: place.people[who].person_id for who in ("watchdog2", newcomer)}
        with work_of(place, "supervisor") as doing:
            return [who for who, key in ids.items() if doing.store.is_concerned(risk_id, key)]

    assert concerned() == ["watchdog2"]
    place.do("supervisor", handover.hand_over, order(place, "watchdog2", newcomer))
    place.do("clerk", measures.report, measure_id, 80, "名单已张贴")
    place.do("clerk", measures.ask_verification, measure_id, "已张贴")
    with pytest.raises(Denied):
        place.do("watchdog2", measures.verify, measure_id, "属实")
    assert concerned() == ["watchdog2", newcomer]
    place.do("watchdog", measures.verify, measure_id, "属实")


def test_a_demo_site_passes_to_another_superior_of_it_only(place: Place) -> None:
    makers.make_person(place, "second", "罗接任", "street", Role.SUPERVISOR)
    site(place)
    assert preview(place, "supervisor", "clerk", "system").conflicts
    with pytest.raises(Refused):
        place.do("system", handover.hand_over, order(place, "supervisor", "far_supervisor"))
    assert preview(place, "supervisor", "second", "system").sites == ("榕树社区",)
    place.do("system", handover.hand_over, order(place, "supervisor", "second"))
    [row] = place.ask("clerk", mentoring.sites)
    assert row.mentor == "罗接任"
    with pytest.raises(Denied):
        place.do("supervisor", mentoring.visit, row.id, VISIT)
    place.do("second", mentoring.visit, row.id, VISIT)


def test_no_account_is_closed_on_which_a_claim_or_a_demo_site_hangs(place: Place) -> None:
    makers.make_person(place, "second", "罗接任", "street", Role.SUPERVISOR)
    claimed(place, by="watchdog2")
    key = site(place, mentor="second")
    for who in ("watchdog2", "second"):
        with pytest.raises(Refused):
            place.do("system", people.close_account, place.people[who].person_id)
    place.do("supervisor", mentoring.end, key, "试点结束")
    place.do("system", people.close_account, place.people["second"].person_id)


def test_the_level_above_is_warned_of_what_a_person_without_a_role_left_behind(place: Place) -> None:
    makers.make_person(place, "second", "罗接任", "street", Role.SUPERVISOR)
    claimed(place, by="watchdog2")
    site(place, mentor="second")

    def seen() -> list[str]:
        place.do(PROGRAM, warnings.renew, place.units["banyan"].id)
        rows = place.ask("supervisor", warnings.warnings)
        return sorted(row.title for row in rows if row.rule == "left_behind")

    def revoked(who: str) -> None:
        [held] = place.ask(FOUNDER, lambda work: work.store.assignments(place.people[who].person_id))
        place.do("security", people.revoke_role, held.id)

    assert seen() == []
    revoked("watchdog2")
    assert seen() == ["救助对象名单公开不及时 · 党员包楼张贴名单"]
    revoked("second")
    assert seen() == ["救助对象名单公开不及时 · 党员包楼张贴名单", "示范点"]
    assert "left_behind" not in {row.rule for row in place.ask("clerk", warnings.warnings)}
    place.do("security", people.grant_role, place.people["watchdog2"].person_id, Role.CADRE, place.units["banyan"].id)
    place.do("system", handover.hand_over, order(place, "second", "supervisor"))
    assert seen() == []

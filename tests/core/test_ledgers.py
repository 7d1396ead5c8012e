"""Small registers: dates alone, departments without findings, mentors without people, measures that are taken on."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import home
from core.access import FOUNDER
from core.entries.actions import MeasureAction
from core.errors import Denied, Invalid, Missing, Refused
from core.ledgers import commitments, mentoring, vettings
from core.ledgers.commitments import Checked, CommitmentForm, CommitmentState, half_year_after
from core.ledgers.handover import HandOver, hand_over
from core.ledgers.mentoring import SiteForm, VisitForm
from core.ledgers.vettings import Answered, VettingForm
from core.organisation import posts, units
from core.prevention import claims, measures
from core.turning import Listed
from core.words import ActorKind, CommitmentKind
from tests import makers
from tests.makers import Place


def holding(place: Place, name: str = "周小满", who: str = "clerk") -> str:
    return next(s.holding_id for s in place.ask(who, commitments.signers) if s.person == name)


def signed(place: Place, kind: CommitmentKind = CommitmentKind.PLEDGE, day: date | None = None) -> str:
    form = CommitmentForm(kind=kind, holding_id=holding(place), done_on=day or place.today)
    return str(place.do("clerk", commitments.keep, form))


def states(place: Place, who: str = "supervisor") -> list[CommitmentState]:
    """How each stands; the database counts and chooses them by the same."""
    found = [row.state(place.today) for row in place.ask(who, commitments.commitments)]
    assert place.ask(who, commitments.states) == Counter(found)
    for state in CommitmentState:
        assert place.ask(who, commitments.commitments, state).total == found.count(state)
    return found


# pledges and visits


def test_a_pledge_is_entered_by_the_community_and_read_by_watchdog_and_supervisor(place: Place) -> None:
    signed(place)
    for who in ("clerk", "watchdog", "supervisor"):
        [row] = place.ask(who, commitments.commitments)
        assert (row.person, row.post, row.kind) == ("周小满", "民政救助岗", CommitmentKind.PLEDGE)
    assert place.ask("other_clerk", commitments.commitments) == Listed()
    for who in ("discipline", "auditor", "system"):
        with pytest.raises(Denied):
            place.ask(who, commitments.commitments)
    form = CommitmentForm(kind=CommitmentKind.PLEDGE, holding_id=holding(place), done_on=place.today)
    for who in ("watchdog", "supervisor"):
        with pytest.raises(Denied):
            place.do(who, commitments.keep, form)
    with pytest.raises(Missing):
        place.do("other_clerk", commitments.keep, form)
    with pytest.raises(Invalid):  # twice the same
        place.do("clerk", commitments.keep, form)


def test_a_pledge_is_done_due_within_thirty_days_and_overdue_after_half_a_year_until_checked(place: Place) -> None:
    key = signed(place)
    due = half_year_after(place.today)
    assert states(place) == [CommitmentState.DONE]
    place.later((due - place.today).days - commitments.SOON)
    assert states(place) == [CommitmentState.DUE]
    chore = next(task for task in place.ask("clerk", home.waiting) if task.chore is home.Chore.COMMITMENTS)
    assert (chore.count, chore.due) == (1, due)
    assert not any(task.chore is home.Chore.COMMITMENTS for task in place.ask("watchdog", home.waiting))
    place.later(commitments.SOON + 1)
    assert states(place) == [CommitmentState.OVERDUE]
    with pytest.raises(Denied):
        place.do("supervisor", commitments.check, key, Checked(checked_on=place.today))
    with pytest.raises(Invalid):
        place.do("clerk", commitments.check, key, Checked(checked_on=place.today + timedelta(days=1)))
    place.do("clerk", commitments.check, key, Checked(checked_on=place.today))
    assert states(place) == [CommitmentState.DONE]
    with pytest.raises(Invalid):  # not before the check there is
        place.do("clerk", commitments.check, key, Checked(checked_on=place.today))


def test_a_newer_pledge_takes_the_place_of_the_older_and_leaving_the_post_ends_it(place: Place) -> None:
    signed(place, day=place.today - timedelta(days=400))
    signed(place, CommitmentKind.VISIT, place.today - timedelta(days=10))
    assert states(place) == [CommitmentState.OVERDUE, CommitmentState.DONE]
    signed(place)
    assert states(place) == [CommitmentState.DONE, CommitmentState.DONE]
    place.later(300)
    place.do(FOUNDER, posts.leave_post, holding(place))
    assert states(place) == [CommitmentState.LEFT, CommitmentState.LEFT]
    assert not any(task.chore is home.Chore.COMMITMENTS for task in place.ask("secretary", home.waiting))


def test_whoever_holds_a_post_without_a_pledge_is_named_once_until_it_is_signed(place: Place) -> None:
    def names(who: str) -> set[str]:
        return {one.person for one in place.ask(who, commitments.unsigned)[0]}

    signed(place, CommitmentKind.VISIT)
    assert names("supervisor") == names("watchdog") == {"周小满", "林向前"}
    signed(place)
    assert names("clerk") == {"林向前"}
    assert names("other_clerk") == set()
    with pytest.raises(Denied):
        names("discipline")


def test_a_visit_is_entered_anew_each_time(place: Place) -> None:
    key = signed(place, CommitmentKind.VISIT, place.today - timedelta(days=10))
    with pytest.raises(Refused):
        place.do("clerk", commitments.check, key, Checked(checked_on=place.today))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_half_a_year_is_six_months_and_never_skips_one(day: date) -> None:
    after = half_year_after(day)
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == 6
    assert 181 <= (after - day).days <= 184 or after.day != day.day


# joint vetting


def vetting(place: Place, title: str = "届中补选候选人", departments: str = "纪检监察\n公安\n公安\n信访") -> str:
    form = VettingForm(
        unit_id=place.units["banyan"].id, title=title, held_on=place.today, departments=departments
    )
    return str(place.do("clerk", vettings.begin, form))


def test_a_unit_that_is_closed_begins_no_vetting(place: Place) -> None:
    for key in ("building", "grid", "banyan"):
        place.do("system", units.close_unit, place.units[key].id)
    form = VettingForm(unit_id=place.units["banyan"].id, title="届中补选", held_on=place.today, departments="公安")
    with pytest.raises(Invalid):
        place.do("clerk", vettings.begin, form)


def test_a_vetting_is_open_until_every_department_has_answered(place: Place) -> None:
    vetting(place)
    [row] = place.ask("watchdog", vettings.vettings)
    assert [answer.department for answer in row.answers] == ["纪检监察", "公安", "信访"]
    assert not row.is_complete
    first = Answered(answer_id=row.answers[0].id, answered_on=place.today)
    with pytest.raises(Denied):
        place.do("watchdog", vettings.answer, first)
    with pytest.raises(Missing):
        place.do("other_clerk", vettings.answer, first)
    for answer in row.answers:
        place.do("clerk", vettings.answer, Answered(answer_id=answer.id, answered_on=place.today))
    with pytest.raises(Refused):
        place.do("clerk", vettings.answer, first)
    assert place.ask("supervisor", vettings.vettings)[0].is_complete
    assert place.ask("other_watchdog", vettings.vettings) == Listed()


@pytest.mark.privacy
@pytest.mark.parametrize("title", ["林向前的资格联审", "王小明补选联审", "联审 13812345678", "对老周的联审"])
def test_a_vetting_keeps_no_name_and_no_number_of_a_person(place: Place, title: str) -> None:
    with pytest.raises(Invalid):
        vetting(place, title)
    with pytest.raises(Invalid):
        vetting(place, departments=f"公安\n{title}")
    vetting(place, "第3号候选人")


# demo sites


def site(place: Place, mentor: str = "supervisor") -> str:
    form = SiteForm(unit_id=place.units["banyan"].id, mentor_id=place.people[mentor].person_id or "")
    return str(place.do("supervisor", mentoring.mark, form))


def test_a_supervisor_marks_a_demo_site_once_with_a_superior_of_it_as_mentor(place: Place) -> None:
    for wrong in ("clerk", "watchdog", "far_supervisor"):
        with pytest.raises(Invalid):
            site(place, wrong)
    key = site(place)
    with pytest.raises(Refused):
        site(place)
    form = SiteForm(unit_id=place.units["banyan"].id, mentor_id=place.people["supervisor"].person_id or "")
    with pytest.raises(Denied):
        place.do("clerk", mentoring.mark, form)
    with pytest.raises(Missing):
        place.do("far_supervisor", mentoring.mark, form)
    assert [row.mentor for row in place.ask("clerk", mentoring.sites)] == ["孙立人"]
    assert place.ask("other_clerk", mentoring.sites) == Listed()
    place.do("supervisor", mentoring.end, key, "试点结束")
    with pytest.raises(Refused):
        place.do("supervisor", mentoring.end, key, "再次结束")
    site(place)


def test_only_the_mentor_enters_visits_and_without_people(place: Place) -> None:
    makers.make_person(place, "second", "许另一", "street", makers.Role.SUPERVISOR)
    key = site(place)
    form = VisitForm(visited_on=place.today, seen="公开栏按季更新", advised="用印登记再细一些")
    with pytest.raises(Denied):
        place.do("second", mentoring.visit, key, form)
    with pytest.raises(Denied):
        place.do("clerk", mentoring.visit, key, form)
    for seen, advised in (("林向前管得好", "继续"), ("继续", "请联系13812345678")):
        with pytest.raises(Invalid):
            place.do("supervisor", mentoring.visit, key, VisitForm(visited_on=place.today, seen=seen, advised=advised))
    tomorrow = form.model_copy(update={"visited_on": place.today + timedelta(days=1)})
    with pytest.raises(Invalid):
        place.do("supervisor", mentoring.visit, key, tomorrow)
    place.do("supervisor", mentoring.visit, key, form)
    [row] = place.ask("watchdog", mentoring.sites)
    assert [(v.seen, v.advised) for v in row.visits] == [("公开栏按季更新", "用印登记再细一些")]


# taking on


def for_members(place: Place, who: str = "watchdog") -> tuple[str, str]:
    risk_id, _measure = makers.controlled(place)
    form = measures.MeasureForm(
        text="党员志愿者每月核对一次名单", actor_kind=ActorKind.MEMBER, owner_id=place.people["clerk"].person_id or "",
        watchdog_id=place.people[who].person_id or "", starts_on=place.today, due_on=place.today + timedelta(days=20),
    )  # fmt: skip
    return risk_id, str(place.do("supervisor", measures.plan, risk_id, form))


def row_of(place: Place, risk_id: str, measure_id: str):
    from core.prevention import tasks

    return next(t for t in place.ask("secretary", tasks.of_entry, risk_id) if t.row.id == measure_id)


@pytest.mark.costly
def test_a_measure_for_members_is_taken_on_once_by_somebody_of_the_community(place: Place) -> None:
    risk_id, measure_id = for_members(place)
    assert MeasureAction.CLAIM in row_of(place, risk_id, measure_id).may
    with pytest.raises(Denied):
        place.do("supervisor", claims.claim, measure_id)
    with pytest.raises(Missing):
        place.do("other_clerk", claims.claim, measure_id)
    place.do("secretary", claims.claim, measure_id)
    row = row_of(place, risk_id, measure_id).row
    assert (row.claimed_by, row.claimed_on) == ("林向前", place.today)
    with pytest.raises(Refused):
        place.do("clerk", claims.claim, measure_id)
    with pytest.raises(Denied):
        place.do("clerk", claims.give_up, measure_id)


def test_a_measure_of_another_kind_is_not_taken_on(place: Place) -> None:
    _risk, measure_id = makers.controlled(place)
    with pytest.raises(Refused):
        place.do("secretary", claims.claim, measure_id)


def test_nobody_verifies_what_they_took_on_and_nobody_takes_on_what_they_verify(place: Place) -> None:
    _risk, measure_id = for_members(place)
    with pytest.raises(Denied):
        place.do("watchdog", claims.claim, measure_id)
    place.do("watchdog2", claims.claim, measure_id)
    place.do("clerk", measures.report, measure_id, 60, "已核对一次")
    place.do("clerk", measures.ask_verification, measure_id, "已核对完毕")
    with pytest.raises(Denied):
        place.do("watchdog2", measures.verify, measure_id, "看过")
    order = HandOver(
        giver_id=place.people["watchdog"].person_id, taker_id=place.people["watchdog2"].person_id, reason="换届"
    )
    with pytest.raises(Refused, match="核查"):
        place.do("supervisor", hand_over, order)
    place.do("watchdog", measures.verify, measure_id, "看过，属实")


def test_a_claim_is_given_back_on_the_same_day_only(place: Place) -> None:
    _risk, measure_id = for_members(place)
    place.do("watchdog2", claims.claim, measure_id)
    place.do("watchdog2", claims.give_up, measure_id)
    place.do("secretary", claims.claim, measure_id)
    place.later(1)
    with pytest.raises(Refused):
        place.do("secretary", claims.give_up, measure_id)


@pytest.mark.privacy
def test_whoever_is_named_in_the_matter_cannot_take_it_on(place: Place) -> None:
    risk_id, measure_id = for_members(place)
    makers.speak(place, "低保名单林向前从来不贴")
    [flag] = [row for row in makers.inbox(place) if "林向前" in row.text]
    from core.review import merging

    place.do("watchdog", merging.merge, flag.id, risk_id, "同一件事")
    with pytest.raises(Denied):
        place.do("secretary", claims.claim, measure_id)
    place.do("clerk", claims.claim, measure_id)


def test_the_days_by_which_the_database_tells_a_state_are_those_of_the_half_year() -> None:
    for n in range(0, 800, 7):
        today = date(2027, 1, 1) + timedelta(days=n)
        since = commitments.counted_since(today)
        for back in range(140, 200):
            done = today - timedelta(days=back)
            left = (commitments.half_year_after(done) - today).days
            assert (done < since.due, done < since.done) == (left < 0, left <= commitments.SOON)

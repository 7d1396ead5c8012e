"""Escalation: an entry goes up and down with a reason, and whoever holds it holds its clock."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import dates
from core.access import FOUNDER
from core.entries import escalation, risks
from core.entries.clocks import ClockRow
from core.entries.escalation import Extension, HandingDown, Passing, Settling
from core.errors import Denied, Invalid, Missing, Refused
from core.organisation.calendar import Calendar
from core.organisation.posts import HeadMark
from core.review import merging
from core.words import Handing, ResolveLevel, Role
from tests import makers
from tests.makers import Place


def clocks(place: Place, risk_id: str) -> list[ClockRow]:
    found: list[ClockRow] = place.ask("supervisor", escalation.clocks_of, risk_id)
    return found


def test_an_entry_has_one_clock_of_sixty_working_days_from_its_opening_until_its_closing(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    [clock] = clocks(place, risk_id)
    opened = place.ask("supervisor", risks.load, risk_id, place.actor("supervisor").scope("register:read")).opened_on
    assert (clock.how, clock.holder, clock.ended_on) == (Handing.BEGUN, "榕树社区", None)
    assert clock.due_on == Calendar().after(opened, dates.FINISH)
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "名单已按季公开")
    place.do("watchdog", risks.close, risk_id)
    assert clocks(place, risk_id)[-1].ended_on == place.today
    place.later(3)
    place.do("watchdog", risks.reopen, risk_id, "名单又停了")
    _first, again = clocks(place, risk_id)
    assert (again.started_on, again.ended_on) == (place.today, None)
    assert again.due_on == Calendar().after(place.today, dates.FINISH)


def test_an_entry_is_raised_with_a_reason_and_each_holder_keeps_a_clock(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    place.later(4)
    for other in ("other_clerk", "far_supervisor"):
        with pytest.raises(Missing):
            place.do(other, escalation.raise_up, risk_id, "社区解决不了")
    for nobody in ("discipline", "auditor"):
        with pytest.raises(Denied):
            place.do(nobody, escalation.raise_up, risk_id, "社区解决不了")
    with pytest.raises(Invalid):
        place.do("clerk", escalation.raise_up, risk_id, " ")
    place.do("clerk", escalation.raise_up, risk_id, "涉及物业公司，社区解决不了")
    first, second = clocks(place, risk_id)
    assert (first.ended_on, first.held(place.today) > 0) == (place.today, True)
    assert (second.holder, second.how, second.handed_by) == ("望江街道", Handing.RAISED, "周小满")
    with pytest.raises(Denied):
        place.do("clerk", escalation.raise_up, risk_id, "再往上")
    with pytest.raises(Refused, match="上面"):  # nobody supervises at the district
        place.do("supervisor", escalation.raise_up, risk_id, "街道也解决不了")


def desk(place: Place, who: str) -> dict[Passing, list[str]]:
    """What lies on somebody's desk and what left it, by entry; the counts say the same."""
    found = {passing: [row.risk_id for row in place.ask(who, escalation.passed, passing)] for passing in Passing}
    assert place.ask(who, escalation.counts) == {passing: len(ids) for passing, ids in found.items()}
    return {passing: ids for passing, ids in found.items() if ids}


@pytest.mark.costly
def test_each_desk_sees_what_came_up_what_it_sent_and_who_has_it(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    place.do("clerk", escalation.raise_up, risk_id, "社区解决不了")
    assert desk(place, "clerk") == {Passing.SENT_UP: [risk_id]}
    assert desk(place, "supervisor") == {Passing.CAME_UP: [risk_id]}
    down = HandingDown(unit_id=place.units["banyan"].id, reason="请社区牵头")
    place.do("supervisor", escalation.hand_down, risk_id, down)
    assert desk(place, "supervisor") == {Passing.SENT_DOWN: [risk_id]}
    assert desk(place, "clerk") == {Passing.GIVEN: [risk_id]}
    place.do("clerk", escalation.raise_up, risk_id, "还是解决不了")
    assert desk(place, "supervisor") == {Passing.CAME_UP: [risk_id]}
    assert desk(place, "clerk") == {Passing.SENT_UP: [risk_id]}
    assert desk(place, "other_clerk") == {}
    for question in (escalation.counts, lambda work: escalation.passed(work, Passing.GIVEN)):
        with pytest.raises(Denied):
            place.ask("auditor", question)


def said_by(told: list[ClockRow], holder: str) -> Passing | None:
    """How an entry stands to a unit: by the clock that runs there, else by the first after it left for good."""
    if told[-1].holder == holder:
        if told[-1].how is Handing.BEGUN:
            return None
        return Passing.CAME_UP if told[-1].how in escalation.UP else Passing.GIVEN
    for clock, after in reversed(list(pairwise(told))):
        if clock.holder == holder:
            return Passing.SENT_UP if after.how in escalation.UP else Passing.SENT_DOWN
    return None


def test_what_was_raised_is_given_back_only_by_the_level_that_holds_it(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    with pytest.raises(Refused):
        place.do("supervisor", escalation.give_back, risk_id, "未上报")
    place.do("watchdog", escalation.raise_up, risk_id, "社区解决不了")
    with pytest.raises(Denied):
        place.do("clerk", escalation.give_back, risk_id, "自己退回")
    place.do("supervisor", escalation.give_back, risk_id, "社区可以解决")
    assert clocks(place, risk_id)[-1].how is Handing.RETURNED
    assert clocks(place, risk_id)[-1].holder == "榕树社区"


def test_the_new_holder_objects_within_five_working_days_and_the_old_clock_goes_on(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    due = clocks(place, risk_id)[0].due_on
    place.do("clerk", escalation.raise_up, risk_id, "社区解决不了")
    with pytest.raises(Denied):
        place.do("clerk", escalation.object_to, risk_id, "不是我")
    place.do("supervisor", escalation.object_to, risk_id, "属社区职责")
    back = clocks(place, risk_id)[-1]
    assert (back.holder, back.how, back.due_on) == ("榕树社区", Handing.OBJECTED, due)
    with pytest.raises(Refused):  # an objection is not objected to
        place.do("clerk", escalation.object_to, risk_id, "不同意")
    place.do("clerk", escalation.raise_up, risk_id, "确需街道协调")
    place.later((Calendar().after(place.today, dates.OBJECT) - place.today).days + 1)
    with pytest.raises(Refused):
        place.do("supervisor", escalation.object_to, risk_id, "太晚了")


def test_a_limit_is_extended_once_by_at_most_thirty_working_days_by_a_supervisor(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    due = clocks(place, risk_id)[0].due_on
    with pytest.raises(Denied):
        place.do("clerk", escalation.extend, risk_id, Extension(days=10, reason="等审批"))
    with pytest.raises(ValueError, match="30"):
        Extension(days=31, reason="等审批")
    place.do("supervisor", escalation.extend, risk_id, Extension(days=10, reason="等审批"))
    clock = clocks(place, risk_id)[0]
    assert (clock.due_on, clock.extended, clock.extension_reason) == (Calendar().after(due, 10), 10, "等审批")
    with pytest.raises(Refused):
        place.do("supervisor", escalation.extend, risk_id, Extension(days=10, reason="再等"))


def test_where_a_matter_is_solved_is_said_by_a_supervisor(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    with pytest.raises(Denied):
        place.do("watchdog", escalation.settle, risk_id, Settling(resolve_level=ResolveLevel.LOCAL))
    place.do("supervisor", escalation.settle, risk_id, Settling(resolve_level=ResolveLevel.DEPARTMENT))
    place.do("clerk", escalation.raise_up, risk_id, "需部门解决")
    assert place.ask("supervisor", escalation.passed, Passing.CAME_UP)[0].resolve_level is ResolveLevel.DEPARTMENT


def test_a_matter_that_names_the_head_of_the_community_starts_above(place: Place) -> None:
    post = place.do(FOUNDER, makers.posts.add_post, place.units["banyan"].id, "社区党组织书记")
    place.do(FOUNDER, makers.posts.take_post, post, place.people["secretary"].person_id)
    makers.speak(place, "林向前管公章从来不登记")
    [flag] = [row for row in makers.inbox(place) if "公章" in row.text]
    risk_id = place.do("watchdog", merging.open_entry, flag.id, makers.entry_form(place, "用印登记不全", "seal"))
    _begun, above = clocks(place, risk_id)
    assert (above.holder, above.how, above.reason) == ("望江街道", Handing.CONCERNED, "")
    form = HandingDown(unit_id=place.units["banyan"].id, reason="请社区办理")
    with pytest.raises(Invalid):
        place.do("supervisor", escalation.hand_down, risk_id, form)
    with pytest.raises(Denied):
        place.do("secretary", escalation.object_to, risk_id, "不同意")


def test_which_post_heads_a_unit_is_what_the_administrator_says_of_it(place: Place) -> None:
    here = place.units["banyan"].id
    by_name = place.do(FOUNDER, makers.posts.add_post, here, "社区党组织书记")
    other = place.do(FOUNDER, makers.posts.add_post, here, "社区负责人")
    place.do(FOUNDER, makers.posts.take_post, by_name, place.people["clerk"].person_id)
    place.do(FOUNDER, makers.posts.take_post, other, place.people["secretary"].person_id)

    def heads() -> set[str]:
        found = place.ask(FOUNDER, lambda work: work.store.heads(here))
        return {key for key, actor in place.people.items() if actor.person_id in found}

    assert heads() == {"clerk"}
    place.do("system", makers.posts.mark_head, HeadMark(post_id=other, leads=True))
    place.do("system", makers.posts.mark_head, HeadMark(post_id=by_name, leads=False))
    assert heads() == {"secretary"}
    with pytest.raises(Refused):
        place.do("system", makers.posts.mark_head, HeadMark(post_id=other, leads=True))
    for who in ("supervisor", "clerk", "security"):
        with pytest.raises(Denied):
            place.do(who, makers.posts.mark_head, HeadMark(post_id=other, leads=False))


def test_nothing_goes_back_to_a_unit_whose_head_has_been_named_since(place: Place) -> None:
    post = place.do(FOUNDER, makers.posts.add_post, place.units["banyan"].id, "社区党组织书记")
    place.do(FOUNDER, makers.posts.take_post, post, place.people["secretary"].person_id)
    risk_id, _measure = makers.controlled(place)
    place.do("clerk", escalation.raise_up, risk_id, "社区解决不了")
    makers.speak(place, "林向前压着低保名单不让贴")
    [flag] = [row for row in makers.inbox(place) if "林向前" in row.text]
    place.do("watchdog", merging.merge, flag.id, risk_id)
    for deed in (escalation.give_back, escalation.object_to):
        with pytest.raises(Refused, match="回避"):
            place.do("supervisor", deed, risk_id, "社区可以解决")
    assert clocks(place, risk_id)[-1].holder == "望江街道"


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["clerk", "watchdog", "supervisor", "city"]), st.sampled_from(["up", "down", "back", "no"]),
        st.integers(0, 4),
    ),
    max_size=12,
)  # fmt: skip


@pytest.mark.costly
@settings(max_examples=15)
@given(MOVES)
def test_whatever_is_done_one_holder_has_it_and_the_spells_join_without_gap(made: Place, moves) -> None:
    from db.engine import connect

    place = makers.copy_of(made, connect("sqlite://"))
    makers.make_person(place, "city", "许城中", "city", Role.SUPERVISOR)
    risk_id, _measure = makers.controlled(place)
    deeds = {
        "up": lambda who: place.do(who, escalation.raise_up, risk_id, "解决不了"),
        "back": lambda who: place.do(who, escalation.give_back, risk_id, "可以解决"),
        "no": lambda who: place.do(who, escalation.object_to, risk_id, "不属本级"),
        "down": lambda who: place.do(
            who, escalation.hand_down, risk_id, HandingDown(unit_id=place.units["banyan"].id, reason="请办理")
        ),
    }
    for who, deed, days in moves:
        place.later(days)
        try:
            deeds[deed](who)
        except Refused:
            continue
        found = clocks(place, risk_id)
        assert [clock.ended_on is None for clock in found] == [False] * (len(found) - 1) + [True]
        assert all(one.ended_on == other.started_on for one, other in pairwise(found))
        assert found[-1].holder != found[-2].holder
        for desk_of, holder in (("clerk", "榕树社区"), ("supervisor", "望江街道")):
            passing = said_by(found, holder)
            assert desk(place, desk_of) == ({passing: [risk_id]} if passing else {})
    place.engine.dispose()


def test_whoever_raises_second_starts_no_second_clock(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    with makers.work_of(place, "clerk") as one:
        escalation.raise_up(one, risk_id, "社区解决不了")
    with pytest.raises(Refused):
        place.do("watchdog", escalation.raise_up, risk_id, "也要上报")
    assert len(clocks(place, risk_id)) == 2


def test_a_level_without_a_supervisor_is_passed_over(place: Place) -> None:
    makers.make_person(place, "city", "许城中", "city", Role.SUPERVISOR)
    risk_id, _measure = makers.controlled(place)
    place.do("clerk", escalation.raise_up, risk_id, "社区解决不了")
    place.do("supervisor", escalation.raise_up, risk_id, "需全市协调")
    assert clocks(place, risk_id)[-1].holder == "清源市"
    assert set(place.ask("city", escalation.below, risk_id).values()) == {"榕树社区", "望江街道"}

"""Home: each role sees its own work, the most urgent first, and nothing that is not its business."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import home
from core.access import FOUNDER, Actor
from core.errors import Denied
from core.home import Chore, Task, urgent_first
from core.inspection.rounds import inspect
from core.organisation import people, posts
from core.voices.flags import CadreFlag
from core.words import Answer
from tests import makers
from tests.makers import Place

TODAY = date(2026, 11, 2)


def waits(place: Place, who: str) -> dict[Chore, tuple[int, date | None]]:
    return {task.chore: (task.count, task.due) for task in place.ask(who, home.waiting)}


def test_a_cadre_sees_their_round_points_and_measures(place: Place) -> None:
    assert waits(place, "clerk") == {}
    makers.opened_round(place)
    makers.raise_point(place)
    found = waits(place, "clerk")
    assert found == {
        Chore.POINTS: (1, date(2026, 11, 23)), Chore.INSPECT: (1, place.today + timedelta(days=14)),
    }  # fmt: skip
    assert next(iter(found)) is Chore.INSPECT
    place.do("clerk", inspect, place.items["relief"], Answer.NOTHING, "翻看了今年的登记")
    makers.controlled(place)
    assert waits(place, "clerk")[Chore.MEASURES] == (1, place.today + timedelta(days=20))
    assert Chore.INSPECT not in waits(place, "clerk")
    assert Chore.MEASURES not in waits(place, "secretary")


def test_a_watchdog_sees_the_inbox_and_what_to_check_but_nothing_to_rate(place: Place) -> None:
    makers.speak(place)
    makers.raise_point(place)
    assert waits(place, "watchdog") == {Chore.INBOX: (1, date(2026, 11, 9))}
    makers.open_risk(place, "公章谁都能盖没人管", "用印登记不全")
    assert Chore.RATE not in waits(place, "watchdog")
    assert waits(place, "supervisor")[Chore.RATE] == (1, None)


def test_a_supervisor_sees_unanswered_points_and_vacant_posts_below_only(place: Place) -> None:
    makers.raise_point(place)
    place.posts["empty"] = place.do(FOUNDER, posts.add_post, place.units["banyan"].id, "空缺岗")
    assert waits(place, "supervisor") == {Chore.UNANSWERED: (2, date(2026, 11, 23))}
    holding = place.ask(FOUNDER, lambda w: w.store.post_rows(w.actor.scope("person:edit")))
    [held] = [post.holders[0][0] for post in holding if post.name == "印章管理岗"]
    place.do("system", posts.leave_post, held)
    assert waits(place, "supervisor")[Chore.VACANT] == (1, None)
    assert waits(place, "system") == {Chore.VACANT: (1, None), Chore.CALENDAR: (1, None)}
    assert waits(place, "far_supervisor") == {}


def test_the_discipline_desk_alone_counts_sealed_matters(place: Place) -> None:
    makers.opened_round(place)
    accused = CadreFlag(text="林向前收了门面租户的红包")
    place.do("clerk", inspect, place.items["relief"], Answer.FOUND, "", accused)
    assert waits(place, "discipline") == {Chore.SEALED: (1, None)}
    for who in ("watchdog", "supervisor", "secretary", "system", "security", "auditor"):
        assert Chore.SEALED not in waits(place, who)
        assert Chore.INBOX not in waits(place, who)


def test_who_has_no_role_is_told_nothing(place: Place) -> None:
    unit_id = place.units["banyan"].id
    new = people.NewPerson(unit_id=unit_id, name="吴新人", account="newcomer", password=makers.PASSWORD)
    person_id = place.do(FOUNDER, people.open_account, new)
    with pytest.raises(Denied):
        place.ask(Actor(person_id, "吴新人"), home.waiting)


TASKS = st.builds(
    Task, st.sampled_from(Chore), st.integers(0, 9),
    st.none() | st.dates(TODAY - timedelta(days=90), TODAY + timedelta(days=90)),
)  # fmt: skip


@given(st.lists(TASKS, max_size=12))
def test_what_is_overdue_or_due_sooner_always_comes_before_what_is_due_later(tasks: list[Task]) -> None:
    ordered = urgent_first(tasks, TODAY)
    days = [task.due for task in ordered if task.due]
    assert days == sorted(days)
    assert sorted(ordered, key=repr) == sorted((task for task in tasks if task.count), key=repr)
    overdue = [task.due is not None and task.due < TODAY for task in ordered]
    assert overdue == sorted(overdue, reverse=True)

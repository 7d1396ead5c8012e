"""Hand-over: everything passes to one person, the clocks run on, and nobody comes to watch themselves."""

import pytest

from core import entry, handover, measures, posts, risks, tasks
from core.errors import Denied, Invalid, Missing, Refused
from core.handover import HandOver
from core.words import Role
from tests import makers
from tests.makers import Place


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
    found = {giver.name: vars(giver.held) for giver in place.ask("supervisor", handover.givers)}
    assert found == {
        "周小满": {"posts": 1, "entries": 1, "measures": 1}, "林向前": {"posts": 1, "entries": 1, "measures": 0},
        "郑守正": {"posts": 0, "entries": 1, "measures": 1},
    }  # fmt: skip
    assert place.ask("far_supervisor", handover.givers) == []
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
    from core.access import FOUNDER
    from core.people import grant_role

    place.do(FOUNDER, grant_role, place.people["both"].person_id, Role.SUPERVISOR, place.units["street"].id)
    risk_id, _measure = makers.controlled(place)
    makers.planned(place, risk_id, owner="both", watchdog="watchdog")
    conflicts = preview(place, "watchdog", "both").conflicts
    assert any("1" in line for line in conflicts)
    with pytest.raises(Refused):
        place.do("supervisor", handover.hand_over, order(place, "watchdog", "both"))
    place.do("supervisor", handover.hand_over, order(place, "watchdog", "watchdog2"))


def test_a_post_does_not_go_to_whoever_watches_an_entry_of_its_item(place: Place) -> None:
    from core.access import FOUNDER
    from core.people import grant_role

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
    from core import merging

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
    from core import people

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

"""How far a round has come: posts in three states by community, and what is to be rated again."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from core import home, items
from core.access import FOUNDER, RESIDENT
from core.errors import Denied, Invalid, Missing
from core.events import Event
from core.home import Chore
from core.inspection import campaigns, completion, quarters, rounds
from core.inspection.completion import State
from core.inspection.rounds import Inspection
from core.items import Item
from core.ledgers import handover
from core.organisation import posts
from core.organisation.posts import Post
from core.organisation.units import new_id, plant
from core.store import Work
from core.turning import START
from core.voices.flags import CadreFlag
from core.words import Answer, Dimension, Role
from tests import makers
from tests.makers import Place, copy_of

LOOKED = "翻看了今年的台账"


def states(place: Place, round_id: str, who: str = "supervisor", unit: str = "banyan") -> dict[str, State]:
    return {row.post: row.state for row in place.ask(who, completion.posts, round_id, place.units[unit].id)}


def counts(place: Place, round_id: str, who: str = "supervisor") -> dict[str, tuple[int, ...]]:
    found = place.ask(who, completion.completion, round_id)
    return {r.unit: (r.counts.posts, r.counts.filled, r.counts.nothing, r.counts.left) for r in found.rows}


def test_posts_are_counted_in_three_states_and_what_is_missing_is_said(place: Place) -> None:
    round_id = makers.opened_round(place)
    assert counts(place, round_id) == {"榕树社区": (2, 0, 0, 2), "江畔社区": (0, 0, 0, 0)}
    place.do("clerk", rounds.inspect, place.items["relief"], Answer.NOTHING, LOOKED)
    assert states(place, round_id) == {"民政救助岗": State.NOTHING, "印章管理岗": State.LEFT}
    [row] = [r for r in place.ask("supervisor", completion.completion, round_id).rows if r.unit == "榕树社区"]
    assert row.reminder == "还差 1 个岗位"
    found = CadreFlag(text="用印登记有空白页")
    place.do("secretary", rounds.inspect, place.items["seal"], Answer.FOUND, "", found)
    assert counts(place, round_id)["榕树社区"] == (2, 1, 1, 0)
    total = place.ask("supervisor", completion.completion, round_id).total
    assert (total.communities, total.posts, total.items, total.left) == (2, 2, 2, 0)
    form = items.ItemForm(name="印章销毁", dimension=Dimension.CLEAN_AFFAIRS, post_id=place.posts["seal"])
    place.do("secretary", items.add_item, place.units["banyan"].id, form)
    assert states(place, round_id)["印章管理岗"] is State.LEFT
    [seal] = [r for r in place.ask("clerk", completion.posts, round_id, place.units["banyan"].id) if r.items == 2]
    assert (seal.said, seal.vacant, seal.reasons) == (1, False, ())


def test_everybody_of_the_office_sees_their_own_area_and_nobody_beyond_it(place: Place) -> None:
    round_id = makers.opened_round(place)
    assert list(counts(place, round_id, "clerk")) == ["榕树社区"]
    assert list(counts(place, round_id, "watchdog")) == ["榕树社区"]
    assert [r.id for r in place.ask("clerk", completion.known)] == [round_id]
    [row] = place.ask("clerk", completion.running)
    assert [row] == place.ask("clerk", completion.known)
    assert place.ask("clerk", completion.left, [row]) == {row.id: 2}
    assert place.ask("other_clerk", completion.left, [row]) == {}
    assert place.ask("far_supervisor", completion.known) == []
    here = (round_id, place.units["banyan"].id)
    for question, given_ in ((completion.completion, here[:1]), (completion.posts, here)):
        with pytest.raises(Missing):
            place.ask("far_supervisor", question, *given_)
        for who in ("auditor", "system", RESIDENT):
            with pytest.raises(Denied):
                place.ask(who, question, *given_)
    with pytest.raises(Missing):
        place.ask("other_clerk", completion.posts, round_id, place.units["banyan"].id)


def test_rounds_about_to_begin_running_and_just_closed_are_of_note_and_old_ones_are_not(place: Place) -> None:
    def of_note(who: str = "clerk") -> list[str]:
        return [quarters.told(row, place.today) for row in place.ask(who, completion.of_note)]

    assert of_note() == []
    form = rounds.RoundForm(
        unit_id=place.units["street"].id, title="年度自查", starts_on=place.today + timedelta(days=20),
        ends_on=place.today + timedelta(days=99),
    )  # fmt: skip
    round_id = place.do("supervisor", rounds.open_round, form)
    assert of_note() == []
    place.later(10)
    assert of_note() == ["2026年11月22日 开始"]
    assert of_note("far_supervisor") == []
    place.later(10)
    assert of_note() == ["第 1 阶段（共 4 个）：三方查找，到 2026年12月11日"]
    place.later(81)
    assert of_note() == ["已于 2027年2月9日 到期，尚未办理结束"]
    place.do("supervisor", campaigns.close_round, round_id, "全年工作已完成")
    assert of_note() == ["已于 2027年2月11日 结束并封账"]
    place.later(15)
    assert of_note() == []
    with pytest.raises(Denied):
        of_note("auditor")


def test_a_round_can_ask_chosen_posts_alone(place: Place) -> None:
    form = rounds.RoundForm(
        unit_id=place.units["street"].id, title="用印专项", starts_on=place.today,
        ends_on=place.today + timedelta(days=60), posts=["印章管理岗"],
    )  # fmt: skip
    assert "印章管理岗" in place.ask("supervisor", rounds.posts)
    round_id = place.do("supervisor", rounds.open_round, form)
    assert counts(place, round_id)["榕树社区"] == (1, 0, 0, 1)
    [mine] = place.ask("clerk", rounds.own_round).sheets
    [theirs] = place.ask("secretary", rounds.own_round).sheets
    assert (mine.rows, [row.item for row in theirs.rows]) == ((), ["公章使用"])
    assert Chore.INSPECT not in {task.chore for task in place.ask("clerk", home.waiting)}


def test_nothing_found_needs_a_reason_once_and_then_it_stands_for_the_whole_sheet(place: Place) -> None:
    form = items.ItemForm(name="临时救助", dimension=Dimension.CLEAN_AFFAIRS, post_id=place.posts["relief"])
    other = place.do("clerk", items.add_item, place.units["banyan"].id, form)
    round_id = makers.opened_round(place)
    with pytest.raises(Invalid) as refusal:
        place.do("clerk", rounds.inspect, other, Answer.NOTHING)
    assert "reason" in refusal.value.fields
    place.do("clerk", rounds.find_nothing, place.items["relief"], rounds.Looked(reason=LOOKED))
    place.do("clerk", rounds.inspect, other, Answer.NOTHING)
    [sheet] = place.ask("clerk", rounds.own_round).sheets
    assert [row.note for row in sheet.rows] == [LOOKED, LOOKED]
    [row] = [r for r in place.ask("clerk", completion.posts, round_id, place.units["banyan"].id) if r.said]
    assert (row.state, row.reasons) == (State.NOTHING, (LOOKED,))
    with pytest.raises(Denied):
        place.do("watchdog", rounds.find_nothing, other, rounds.Looked(reason=LOOKED))


def test_superiors_are_reminded_of_posts_by_number_and_nobody_by_name(place: Place) -> None:
    makers.opened_round(place)
    found = {task.chore: (task.count, task.due) for task in place.ask("supervisor", home.waiting)}
    assert found[Chore.UNINSPECTED] == (2, place.today + timedelta(days=14))
    for who in ("clerk", "watchdog", "far_supervisor", "discipline"):
        assert Chore.UNINSPECTED not in {task.chore for task in place.ask(who, home.waiting)}
    place.do("clerk", rounds.inspect, place.items["relief"], Answer.NOTHING, LOOKED)
    place.do("secretary", rounds.inspect, place.items["seal"], Answer.NOTHING, LOOKED)
    assert Chore.UNINSPECTED not in {task.chore for task in place.ask("supervisor", home.waiting)}


def again(place: Place, who: str = "supervisor") -> list[tuple[str, bool]]:
    return [(row.title, row.post) for row in place.ask(who, completion.to_rate_again)]


def test_a_change_of_the_item_or_its_holder_asks_for_a_new_rating_until_it_is_made(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    makers.open_risk(place, "盖章登记本没人记", "还没有评定的风险点")
    makers.opened_round(place)
    place.later(1)
    assert again(place) == []
    place.do("clerk", rounds.inspect, place.items["relief"], Answer.CHANGED, "改为两人入户")
    assert again(place) == [("救助对象名单公开不及时", False)]
    assert again(place, "clerk") == again(place)
    assert again(place, "far_supervisor") == again(place, "other_clerk") == []
    assert (Chore.RATE_AGAIN, 1) in [(t.chore, t.count) for t in place.ask("supervisor", home.waiting)]
    makers.rated(place, risk_id)
    assert again(place) == []
    makers.make_person(place, "newcomer", "何新来", "banyan", Role.CADRE)
    place.later(1)
    who = [place.people[key].person_id or "" for key in ("clerk", "newcomer")]
    place.do("supervisor", handover.hand_over, handover.HandOver(giver_id=who[0], taker_id=who[1], reason="轮岗"))
    assert again(place) == [("救助对象名单公开不及时", True)]
    makers.rated(place, risk_id)
    assert again(place) == []
    with pytest.raises(Denied):
        place.ask("auditor", completion.to_rate_again)


def test_a_post_that_was_just_filled_for_the_first_time_asks_for_no_new_rating(place: Place) -> None:
    makers.opened_round(place)
    makers.controlled(place)
    place.later(1)
    place.do("system", posts.take_post, place.posts["seal"], place.people["clerk"].person_id)
    assert again(place) == []


def fill(work: Work, street: Any, count: int) -> None:
    """Communities with three posts each, of which two have said something."""
    for n in range(count):
        unit = plant(street, "community", f"社区{n:03}")
        work.store.add(unit)
        for key in ("甲岗", "乙岗", "丙岗"):
            post = Post(new_id(), unit.id, key)
            work.store.add(post)
            work.store.add(Item(new_id(), unit.id, f"{key}事项", Dimension.CLEAN_AFFAIRS, post_id=post.id))
    work.record(Event.UNIT_ADDED, street.id, chain=street.id)


def test_hundreds_of_communities_stand_on_pages_in_the_order_of_the_tree_and_cost_few_questions(place: Place) -> None:
    place.do(FOUNDER, fill, place.units["street"], 120)
    round_id = makers.opened_round(place)
    said: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(place.engine, "before_cursor_execute", heard)
    pages, turn = [], START
    for _n in range(3):
        said.clear()
        pages.append(place.ask("supervisor", completion.completion, round_id, turn))
        asked = [statement for statement in said if statement.startswith("SELECT")]
        assert len(asked) <= 6, asked  # the round, its posts, where the page begins, its communities, their sums, all
        turn = pages[-1].turned.onward
    event.remove(place.engine, "before_cursor_execute", heard)
    assert [len(page.rows) for page in pages] == [50, 50, 22]
    assert {(p.total.communities, p.total.posts, p.total.left, p.pages) for p in pages} == {(122, 362, 362, 3)}
    names = [row.unit for page in pages for row in page.rows]
    assert names == sorted(names)
    assert {row.above for row in pages[0].rows} == {"望江街道"}


@pytest.mark.costly
@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from([None, *Answer])), min_size=1, max_size=6))
def test_every_post_is_in_exactly_one_state_by_what_was_said_of_its_items(
    made: Place, said: list[tuple[int, Answer | None]]
) -> None:
    from db.engine import connect

    engine = connect("sqlite://")
    place = copy_of(made, engine)
    round_id = makers.opened_round(place)
    expected = place.do(FOUNDER, _say, place, round_id, said)
    got = states(place, round_id)
    assert {name: got[name] for name in expected} == expected
    assert sum(counts(place, round_id)["榕树社区"][1:]) == len(got)
    engine.dispose()


def _say(work: Work, place: Place, round_id: str, said: list[tuple[int, Answer | None]]) -> dict[str, State]:
    unit, answers = place.units["banyan"].id, dict[str, list[Answer | None]]()
    made = {}
    for n, answer in said:
        name = f"岗位{n}"
        if name not in made:
            made[name] = Post(new_id(), unit, name)
            work.store.add(made[name])
        item = Item(new_id(), unit, f"事项{len(answers)}{n}", Dimension.CLEAN_AFFAIRS, post_id=made[name].id)
        work.store.add(item)
        answers.setdefault(name, []).append(answer)
        if answer:
            person = place.people["clerk"].person_id or ""
            work.store.add(Inspection(new_id(), unit, round_id, item.id, person, answer, LOOKED, work.today))
    work.record(Event.ITEM_INSPECTED, round_id, chain=unit)
    return {name: _state(told) for name, told in answers.items()}


def _state(told: list[Answer | None]) -> State:
    if None in told:
        return State.LEFT
    return State.NOTHING if set(told) == {Answer.NOTHING} else State.FILLED

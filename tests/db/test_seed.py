"""The demo is made by the real use cases, so everything they promise must hold in it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from core import audit, dates
from core.access import FOUNDER, RESIDENT, Permission
from core.entries.register import Filter
from core.entries.risks import Risk
from core.errors import Missing, Refused
from core.insight import yearly
from core.inspection import completion
from core.ledgers import decisions
from core.ledgers.doubts import Doubt
from core.openness import disclosure, requests, showing
from core.openness.board import board
from core.organisation.people import Person
from core.prevention.measures import Measure
from core.review import inbox, merging, recurrence
from core.turning import START
from core.voices import followup
from core.voices.flags import Flag
from core.words import Change, FlagStatus, MeasureStatus, RiskStatus, Role, Source
from db import snapshots
from db.demo.seed import make_demo
from db.demo.stage import Stage
from db.engine import connect
from db.migrate import upgrade
from db.tables import people_, recusals
from db.work import reading, work
from db.worker import work_off

pytestmark = pytest.mark.costly

ADMINISTRATION = Permission.UNIT_EDIT


@pytest.fixture
def empty() -> Iterator[Engine]:
    """The demo always lies in SQLite."""
    engine = connect("sqlite://")
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def shelf() -> Iterator[list[tuple[Engine, Stage]]]:
    made: list[tuple[Engine, Stage]] = []
    yield made
    for engine, _stage in made:
        engine.dispose()


@pytest.fixture
def made(shelf: list[tuple[Engine, Stage]]) -> tuple[Engine, Stage]:
    """One demo for all tests that only look, made by the first of them, when hashing is cheap."""
    if not shelf:
        engine = connect("sqlite://")
        upgrade(engine)
        shelf.append((engine, make_demo(engine)))
    return shelf[0]


@pytest.fixture
def engine(made: tuple[Engine, Stage]) -> Engine:
    return made[0]


@pytest.fixture
def demo(made: tuple[Engine, Stage]) -> Stage:
    return made[1]


def test_every_person_of_the_demo_can_be_found_with_a_role_and_no_password_to_change(
    engine: Engine, demo: Stage
) -> None:
    with reading(engine, FOUNDER) as asked:
        for key, actor in demo.people.items():
            person = asked.store.person_named(key)
            assert person is not None
            assert (person.id, person.must_change) == (actor.person_id, False)
            assert actor.grants
    held = {role for actor in demo.people.values() for role in actor.roles}
    assert held == set(Role) - {Role.RESIDENT}


def test_twelve_people_work_for_the_first_community_and_above(demo: Stage) -> None:
    line = demo.units["rongshu"].path
    working = [
        actor for actor in demo.people.values()
        if not actor.roles & {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}
        and any(line.startswith(grant.path) for grant in actor.grants)
    ]  # fmt: skip
    assert len(working) == 12


def test_every_audit_chain_of_the_demo_holds_and_none_is_empty(engine: Engine, demo: Stage) -> None:
    auditor = next(actor for actor in demo.people.values() if Role.AUDITOR in actor.roles)
    with reading(engine, auditor) as asked:
        rows = audit.chains(asked)
        verdicts = [audit.check(asked, row.chain) for row in rows]
    assert len(rows) >= 8
    assert all(verdict.first is None and verdict.lines > 0 for verdict in verdicts)


def test_every_state_of_entries_flags_and_measures_occurs(engine: Engine, demo: Stage) -> None:
    scope = FOUNDER.scope(ADMINISTRATION)
    with reading(engine, FOUNDER) as asked:
        risks = {risk.status for risk in asked.store.some(Risk, scope)}
        flags = [flag.status for flag in asked.store.some(Flag, scope)]
        measures = {measure.status for measure in asked.store.some(Measure, scope)}
    assert risks == set(RiskStatus)
    assert set(flags) == set(FlagStatus)
    assert len(flags) >= 60
    assert measures == set(MeasureStatus)


def test_two_matters_are_sealed_and_read_by_nobody_but_the_discipline_desk(engine: Engine, demo: Stage) -> None:
    desk = demo.people["xianmingche"]
    with reading(engine, desk) as asked:
        sealed = asked.store.sealed_page(desk.scope(Permission.SEALED_OPEN), START)
    assert sorted(row.confirmed for row in sealed) == [False, True]
    for key, actor in demo.people.items():
        scope = actor.scope(Permission.INBOX_READ)
        with reading(engine, actor) as asked:
            seen = [asked.store.seen(Flag, row.id, scope) for row in sealed]
        assert seen == [None, None], key
    with reading(engine, desk) as asked:
        named = set(asked.store.session.scalars(select(recusals.c.person_id)))  # type: ignore[attr-defined]
    assert {demo.people["qinxiangrong"].person_id, demo.people["tanruoshui"].person_id} <= named


def test_two_of_the_desk_open_together_what_one_may_not_open_alone(engine: Engine, demo: Stage) -> None:
    desk = [actor for actor in demo.people.values() if Role.DISCIPLINE in actor.roles]
    here = [actor.scope(Permission.SEALED_OPEN).paths for actor in desk]
    assert (len(desk), here[0]) == (2, here[1])
    for one in desk:
        with reading(engine, one) as asked:
            assert len(asked.store.sealed_page(one.scope(Permission.SEALED_OPEN), START)) == 2


def test_the_demo_holds_a_risk_that_two_communities_share(empty: Engine) -> None:
    stage = make_demo(empty)
    street, supervisor = stage.units["street"].id, stage.people["liangwenqu"]
    with work(empty, supervisor) as doing:
        run_id = recurrence.begin(doing, street)
    while work_off(empty, lambda: False, loud):
        pass
    with reading(empty, supervisor) as asked:
        found = recurrence.common(asked, run_id)
    alike = [{one.entry.unit for one in common.alike} for common in found.common if not common.weak]
    assert {"榕树社区", "江畔社区"} in alike


def loud(fault: BaseException) -> str:
    raise fault


def test_the_inbox_holds_new_flags_that_look_like_entries_and_one_that_is_late(engine: Engine, demo: Stage) -> None:
    with reading(engine, demo.people["weishouzheng"]) as asked:
        rows = inbox.inbox(asked)
        waiting = [row for row in rows if row.status == FlagStatus.NEW]
        like = [row for row in waiting if merging.candidates(asked, row.id)]
        assert any(row.due_on < asked.today for row in waiting)
    assert len(like) >= 2


def test_some_points_of_superiors_wait_for_an_answer_and_one_waits_too_long(engine: Engine, demo: Stage) -> None:
    supervisor = demo.people["biyuanfan"]
    with reading(engine, supervisor) as asked:
        points = asked.store.point_page(supervisor.scope(Permission.FLAG_RAISE), False, START)
        late = [point for point in points if point.due_on < asked.today]
    assert len(points) == 3
    assert len(late) == 1


def test_measures_are_overdue_by_days_and_by_weeks_and_some_fall_due_within_a_week(engine: Engine, demo: Stage) -> None:
    with reading(engine, FOUNDER) as asked:
        measures = asked.store.some(Measure, FOUNDER.scope(ADMINISTRATION))
        open_ = [(m.due_on - asked.today).days for m in measures if m.status is not MeasureStatus.VERIFIED]
    assert any(-15 <= days < 0 for days in open_)
    assert any(days < -15 for days in open_)
    assert sum(0 <= days <= 7 for days in open_) >= 3


def test_an_entry_is_seen_by_all_three_voices_and_each_voice_sees_one_alone(engine: Engine, demo: Stage) -> None:
    supervisor = demo.people["liangwenqu"]
    with reading(engine, supervisor) as asked:
        page = asked.store.register(supervisor.scope(Permission.REGISTER_READ), Filter(), asked.today)
    voices = {frozenset(row.sources) for row in page.rows}
    assert frozenset(source.value for source in Source) in voices
    assert all(frozenset({source.value}) in voices for source in Source)


def test_every_receipt_of_the_demo_opens_its_story_and_a_wrong_one_opens_none(engine: Engine, demo: Stage) -> None:
    with reading(engine, RESIDENT) as asked:
        stories = {key: followup.follow(asked, code) for key, code in demo.receipts.items()}
        assert all(story.headline for story in stories.values())
        with pytest.raises(Refused):
            followup.follow(asked, "0000 0000")
    assert len(stories) >= 30


def test_the_board_of_each_community_has_something_to_read_and_names_nobody(engine: Engine, demo: Stage) -> None:
    with reading(engine, RESIDENT) as asked:
        for key in ("rongshu", "jiangpan", "shiqiao"):
            _name, published = board(asked, demo.units[key].code)
            assert published
            words = "".join(page.wording + str(page.measures) for page in published)
            assert not any(actor.name in words for actor in demo.people.values())
        with pytest.raises(Missing):
            board(asked, "nowhere")


def test_last_years_round_is_frozen_and_this_years_is_under_way_in_every_state(engine: Engine, demo: Stage) -> None:
    with reading(engine, demo.people["liangwenqu"]) as asked:
        now, last = completion.known(asked)
        done = completion.completion(asked, last.id).total
        assert (last.closed_on is None, done.frozen, done.communities) == (False, 3, 3)
        found = completion.completion(asked, now.id)
        assert min(found.total.filled, found.total.nothing, found.total.left) > 0
        assert completion.to_rate_again(asked)
        year = yearly.year_on_year(asked, now.id, demo.units["rongshu"].id)
        assert {row.change for row in year.rows} == {Change.NEW, Change.CHANGED, Change.GONE}
        assert {why for _id, why in snapshots.check(asked.store.session)} == {""}  # type: ignore[attr-defined]


def test_nothing_in_the_demo_lies_in_the_future(engine: Engine, demo: Stage) -> None:
    with reading(engine, FOUNDER) as asked:
        flags = asked.store.some(Flag, FOUNDER.scope(ADMINISTRATION))
        assert max(flag.raised_on for flag in flags) <= asked.today
        assert demo.moment <= asked.now


@pytest.mark.parametrize("day", [61, 120, 210, 330])
def test_the_demo_can_be_made_on_any_day_of_the_year(empty: Engine, day: int) -> None:
    now = dates.now() + timedelta(days=day)
    assert len(make_demo(empty, now).risks) == 19


def test_the_demo_is_made_whole_or_not_at_all_and_only_once(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Stage, "play", lambda stage: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make_demo(empty)
    with empty.connect() as connection:
        assert not connection.execute(select(people_)).all()
    make_demo(empty)
    with pytest.raises(Refused):
        make_demo(empty)
    with reading(empty, FOUNDER) as asked:
        assert len(asked.store.some(Person, FOUNDER.scope(ADMINISTRATION))) == 21


def test_decisions_disclosures_and_requests_are_in_every_state_and_the_board_names_nobody(
    engine: Engine, demo: Stage
) -> None:
    with reading(engine, demo.people["weishouzheng"]) as asked:
        known = {len(one.suspicions): one for one in decisions.decisions(asked)}
        assert known[0].row.next_step is None
        assert {doubt.kind for doubt in known[2].suspicions} == {Doubt.SKIPPED, Doubt.LATE}
        rows = requests.requests(asked)
        answers = {(row.answered_on is not None, row.withheld) for row in rows}
        assert answers == {(False, False), (True, True), (True, False)}
        owed = disclosure.owed(asked)
        states = {(row.published_on is not None, row.late_by(asked.today) > 0) for row in owed}
        assert states == {(True, False), (True, True), (False, False), (False, True)}
    with reading(engine, RESIDENT) as asked:
        shown = showing.openness(asked, demo.units["rongshu"].code, asked.today.replace(day=1))
        words = str([vars(one) for one in (*shown.month, *shown.overdue, *shown.decisions, *shown.answers)])
        assert shown.decisions
        assert len(shown.answers) == 2
        assert not any(actor.name in words or row.text in words for actor in demo.people.values() for row in rows)

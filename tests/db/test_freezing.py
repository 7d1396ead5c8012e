"""Freezing many registers: each once, whoever carries it on, and nothing is lost when a server is killed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from core import dates
from core.access import FOUNDER
from core.errors import Denied, Missing, Stale
from core.events import Event
from core.inspection.campaigns import LOT
from core.organisation.people import Assignment
from core.review import runs
from core.review.runs import LEASE, LOST
from core.words import RunKind, RunStatus
from db import snapshots
from db.engine import connect
from db.tables import audit_entries, runs_
from db.tables.round_tables import snapshots_
from db.work import work
from db.worker import work_off
from tests import makers
from tests.core.inspection.test_campaigns import close, more_communities, row
from tests.makers import Place, copy_of

COMMUNITIES = 2 * LOT + 5


@pytest.fixture
def street(place: Place, made: Place, tmp_path: Path) -> Iterator[tuple[Place, str]]:
    """A street with many communities whose round was just closed, in a database that several connections can use."""
    engine = place.engine
    if engine.dialect.name == "sqlite":
        engine = connect(f"sqlite:///{tmp_path / 'shared.db'}")
        place = copy_of(made, engine)
    place.now = dates.now()
    more_communities(place, COMMUNITIES - 2)
    makers.controlled(place)
    place.now = dates.now()
    round_id = makers.opened_round(place)
    close(place, round_id)
    yield place, str(row(place, round_id).run_id)
    engine.dispose()


def loud(fault: BaseException) -> str:
    raise fault


def frozen(engine: Engine) -> tuple[int, int]:
    """How many snapshots there are, and how many lines of the log speak of one."""
    with engine.connect().execution_options(reading=True) as rows:
        lines = select(func.count()).select_from(audit_entries)
        return (
            rows.scalar(select(func.count()).select_from(snapshots_)) or 0,
            rows.scalar(lines.where(audit_entries.c.event == Event.REGISTER_FROZEN.value)) or 0,
        )  # fmt: skip


class Killed(BaseException):
    """The server is gone between two steps."""


def test_a_worker_killed_between_steps_loses_nothing_and_another_freezes_nothing_twice(
    street: tuple[Place, str],
) -> None:
    place, run_id = street
    steps = iter([False])

    def stopped() -> bool:
        if next(steps, None) is None:
            raise Killed
        return False

    with pytest.raises(Killed):
        work_off(place.engine, stopped, loud)
    assert frozen(place.engine) == (LOT, LOT)
    state = place.ask("supervisor", runs.state, RunKind.FREEZING, run_id)
    assert (state.status, state.done, state.total) == (RunStatus.RUNNING, LOT, COMMUNITIES)
    with place.engine.begin() as rows:
        long_ago = dates.now() - LEASE - timedelta(seconds=1)
        rows.execute(update(runs_).where(runs_.c.id == run_id).values(beat_at=long_ago))
    while work_off(place.engine, lambda: False, loud):
        pass
    assert frozen(place.engine) == (COMMUNITIES, COMMUNITIES)
    assert place.ask("supervisor", runs.state, RunKind.FREEZING, run_id).status is RunStatus.DONE
    with work(place.engine, FOUNDER) as doing:
        assert {why for _id, why in snapshots.check(doing.store.session)} == {""}  # type: ignore[attr-defined]


def test_freezing_is_not_stopped_and_who_may_goes_on_where_another_may_not_any_more(street: tuple[Place, str]) -> None:
    place, run_id = street
    with pytest.raises(Stale):
        place.do("supervisor", runs.cancel, RunKind.FREEZING, run_id)
    for who, refusal in (("clerk", Missing), ("watchdog", Denied)):
        with pytest.raises(refusal):
            place.ask(who, runs.state, RunKind.FREEZING, run_id)
    place.do("supervisor", _leave, place.people["supervisor"].person_id)
    while work_off(place.engine, lambda: False, loud):
        pass
    state = place.ask("supervisor", runs.state, RunKind.FREEZING, run_id)
    assert (state.status, state.trouble) == (RunStatus.FAILED, LOST)
    makers.make_person(place, "second", "孙接班", "street", makers.Role.SUPERVISOR)
    place.do("second", runs.go_on, RunKind.FREEZING, run_id)
    while work_off(place.engine, lambda: False, loud):
        pass
    assert frozen(place.engine) == (COMMUNITIES, COMMUNITIES)


def _leave(doing: object, person_id: str) -> None:
    scope = FOUNDER.scope(makers.rounds.Permission.ROUND_OPEN)
    for held in doing.store.some(Assignment, scope, person_id=person_id):  # type: ignore[attr-defined]
        doing.store.remove(held)  # type: ignore[attr-defined]
    doing.record("role_revoked", person_id, chain="test")  # type: ignore[attr-defined]


def test_what_changed_after_the_day_of_closing_is_not_frozen_with_it(street: tuple[Place, str]) -> None:
    place, _run_id = street
    place.now = dates.now() + timedelta(days=2)
    makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")
    while work_off(place.engine, lambda: False, loud):
        pass
    with place.engine.connect().execution_options(reading=True) as rows:
        assert rows.scalar(select(func.sum(snapshots_.c.entries))) == 1

"""Long work that survives its server: each row once, whoever carries it on, and an end to everything that begins."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from core import dates
from core.access import FOUNDER, Permission
from core.organisation import people
from core.organisation.people import Assignment
from core.review import recurrence, runs, taking
from core.review.runs import LEASE, LOST
from core.review.taking import CHUNK
from core.words import RunKind, RunStatus
from db import worker
from db.engine import connect
from db.tables import flags_, groups_, links, run_rows, runs_
from db.work import work
from db.worker import Worker, work_off
from tests import bunching, makers
from tests.bunching import plainly  # noqa: F401
from tests.makers import Place, copy_of
from tests.sheets import begun, many, worked_off

pytestmark = [pytest.mark.usefixtures("plainly"), pytest.mark.costly]


@pytest.fixture
def shared(place: Place, made: Place, tmp_path: Path) -> Iterator[Place]:
    """The small place in a database that several connections can use at once."""
    if place.engine.dialect.name != "sqlite":
        yield place
        return
    engine = connect(f"sqlite:///{tmp_path / 'shared.db'}")
    yield copy_of(made, engine)
    engine.dispose()


def loud(fault: BaseException) -> str:
    raise fault


def once(engine: Engine, run_id: str) -> tuple[RunStatus, int, int]:
    """The state of a run, its rows that became flags, and how many flags there are in all."""
    with engine.connect().execution_options(reading=True) as rows:
        status = rows.scalar(select(runs_.c.status).where(runs_.c.id == run_id))
        taken = rows.scalar(select(func.count(run_rows.c.flag_id.distinct())).where(run_rows.c.run_id == run_id))
        return status, taken, rows.scalar(select(func.count()).select_from(flags_))  # type: ignore[return-value]


def aged(engine: Engine, run_id: str, by: timedelta = LEASE + timedelta(seconds=1)) -> None:
    with engine.begin() as rows:
        rows.execute(update(runs_).where(runs_.c.id == run_id).values(beat_at=dates.now() - by))


class Killed(BaseException):
    """The server is gone between two steps."""


def dying(after: int) -> object:
    steps = iter(range(after))

    def stopped() -> bool:
        if next(steps, None) is None:
            raise Killed
        return False

    return stopped


def test_a_worker_killed_between_steps_loses_nothing_and_another_repeats_nothing(shared: Place) -> None:
    run_id = begun(shared, *many(180))
    with pytest.raises(Killed):
        work_off(shared.engine, dying(2), loud)  # type: ignore[arg-type]
    assert once(shared.engine, run_id) == (RunStatus.RUNNING, 2 * CHUNK, 2 * CHUNK)
    assert work_off(shared.engine, lambda: False, loud) is False
    aged(shared.engine, run_id)
    with pytest.raises(Killed):
        work_off(shared.engine, dying(8), loud)  # type: ignore[arg-type]
    assert once(shared.engine, run_id) == (RunStatus.RUNNING, 180, 180)
    aged(shared.engine, run_id)
    worked_off(shared)
    assert once(shared.engine, run_id) == (RunStatus.DONE, 180, 180)
    [state] = shared.ask("clerk", runs.runs, RunKind.INTAKE)
    assert (state.share, state.taken, state.refused, state.left) == (1.0, 180, 0, 0)
    with shared.engine.connect().execution_options(reading=True) as rows:
        assert rows.scalar(select(func.count()).select_from(groups_)) == 3


def test_a_server_that_stops_in_order_gives_its_run_back_at_once(shared: Place) -> None:
    run_id = begun(shared, *many(120))
    turns = iter([False, True, True])
    assert work_off(shared.engine, lambda: next(turns), loud) is True
    assert once(shared.engine, run_id)[:2] == (RunStatus.WAITING, CHUNK)
    worked_off(shared)
    assert once(shared.engine, run_id) == (RunStatus.DONE, 120, 120)


def test_two_workers_at_once_share_the_work_and_no_row_is_taken_twice(shared: Place) -> None:
    ids = [begun(shared, *many(n)) for n in (130, 131, 132)]
    faults: list[BaseException] = []

    def note(fault: BaseException) -> str:
        faults.append(fault)
        return "abc123"

    def carry() -> None:
        idle = 0
        while idle < 5:
            busy = work_off(shared.engine, lambda: False, note)
            idle = 0 if busy else idle + 1
            if not busy:
                time.sleep(0.02)

    threads = [threading.Thread(target=carry) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert [once(shared.engine, run_id)[:2] for run_id in ids] == [(RunStatus.DONE, n) for n in (130, 131, 132)]
    assert once(shared.engine, ids[0])[2] == 393


def test_a_worker_that_was_too_slow_changes_nothing_any_more(shared: Place) -> None:
    run_id = begun(shared, *many(60))
    with work(shared.engine, FOUNDER) as doing:
        doing.store.claim_run(run_id, doing.now)
        slow = doing.now
    aged(shared.engine, run_id)
    with work(shared.engine, shared.people["clerk"]) as doing:
        doing.store.claim_run(run_id, doing.now)
    assert shared.do("clerk", taking.take_rows, run_id, slow) is None
    assert shared.do("clerk", taking.keep_groups, run_id, slow, []) is False
    with work(shared.engine, FOUNDER) as doing:
        assert doing.store.beat_run(run_id, slow, dates.now(), 1, 2) is False
        doing.store.release_run(run_id, slow)
    assert once(shared.engine, run_id) == (RunStatus.RUNNING, 0, 0)


def test_a_cancelled_run_stops_between_steps_and_while_it_compares(
    shared: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = begun(shared, *many(120))
    steps = iter(range(9))

    def cancelling() -> bool:
        if next(steps) == 1:
            shared.do("clerk", runs.cancel, RunKind.INTAKE, run_id)
        return False

    work_off(shared.engine, cancelling, loud)
    assert once(shared.engine, run_id) == (RunStatus.CANCELLED, CHUNK, CHUNK)
    assert work_off(shared.engine, lambda: False, loud) is False

    second = begun(shared, *many(60))
    monkeypatch.setattr(worker, "BEAT", timedelta(0))

    def compares(said: object, tell: object, **_measure: object) -> list[object]:
        assert tell(1, 9) is True  # type: ignore[operator]
        shared.do("clerk", runs.cancel, RunKind.INTAKE, second)
        return list(bunching.bunches(said, tell))  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "bunches", compares)
    work_off(shared.engine, lambda: False, loud)
    assert once(shared.engine, second)[:2] == (RunStatus.CANCELLED, 60)
    with shared.engine.connect().execution_options(reading=True) as rows:
        assert rows.scalar(select(func.count()).select_from(groups_)) == 0


def test_who_lost_the_right_or_left_ends_the_run_and_somebody_who_may_goes_on(place: Place) -> None:
    run_id = begun(place, *many(10))
    scope = place.people["security"].scope(Permission.ROLE_GRANT)
    clerk = place.people["clerk"].person_id
    [held] = place.ask("security", lambda work: work.store.some(Assignment, scope, person_id=clerk))
    place.do("security", people.revoke_role, held.id)
    worked_off(place)
    state = place.ask("secretary", runs.state, RunKind.INTAKE, run_id)
    assert (state.status, state.trouble, state.taken) == (RunStatus.FAILED, LOST, 0)
    assert "权限" in state.why
    place.do("secretary", runs.go_on, RunKind.INTAKE, run_id)
    worked_off(place)
    assert once(place.engine, run_id)[:2] == (RunStatus.DONE, 10)


def test_a_fault_ends_the_run_under_a_number_and_it_can_go_on(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = begun(place, *many(10))

    def broken(_said: object, _tell: object, **_measure: object) -> list[object]:
        raise RuntimeError("低保名单")

    monkeypatch.setattr(worker, "bunches", broken)
    assert work_off(place.engine, lambda: False, lambda _fault: "abc123") is True
    state = place.ask("clerk", runs.state, RunKind.INTAKE, run_id)
    assert (state.status, state.trouble, state.taken) == (RunStatus.FAILED, "abc123", 10)
    assert "abc123" in state.why
    monkeypatch.setattr(worker, "bunches", bunching.bunches)
    place.do("clerk", runs.go_on, RunKind.INTAKE, run_id)
    worked_off(place)
    assert once(place.engine, run_id) == (RunStatus.DONE, 10, 10)


def test_the_thread_of_the_server_works_off_what_waits_and_ends(shared: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PAUSE", 0.02)
    run_id = begun(shared, *many(60))
    faults: list[BaseException] = []
    thread = Worker(lambda: shared.engine, lambda fault: faults.append(fault) or "abc123")  # type: ignore[func-returns-value]
    thread.start()
    for _n in range(500):
        if once(shared.engine, run_id)[0] is RunStatus.DONE:
            break
        time.sleep(0.02)
    thread.stop()
    assert (faults, once(shared.engine, run_id)) == ([], (RunStatus.DONE, 60, 60))
    assert not any(one.name == "worker" for one in threading.enumerate())


def test_a_database_that_is_away_does_not_end_the_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PAUSE", 0.01)
    faults: list[BaseException] = []

    def away() -> Engine:
        raise ConnectionError

    thread = Worker(away, lambda fault: faults.append(fault) or "abc123")  # type: ignore[func-returns-value]
    thread.start()
    while len(faults) < 3:
        time.sleep(0.01)
    thread.stop()


def test_the_command_killed_outright_is_followed_by_another(made: Place, tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'qingyuan.db'}")
    place = copy_of(made, engine)
    run_id = begun(place, *many(600))
    command = [sys.executable, "-m", "db", "work"]
    given = {**os.environ, "QINGYUAN_DATA": str(tmp_path), "DATABASE_URL": ""}
    root = Path(__file__).resolve().parents[2]
    first = subprocess.Popen(command, cwd=root, env=given, stdout=subprocess.DEVNULL)
    while once(engine, run_id)[1] == 0:
        time.sleep(0.02)
    first.kill()
    first.wait()
    status, taken, flags = once(engine, run_id)
    assert (status, taken % CHUNK, flags) == (RunStatus.RUNNING, 0, taken)
    assert 0 < taken < 600
    aged(engine, run_id)
    second = subprocess.Popen(command, cwd=root, env=given, stdout=subprocess.DEVNULL)
    while once(engine, run_id)[0] is RunStatus.RUNNING:
        time.sleep(0.05)
    second.terminate()
    assert second.wait(timeout=30) == 0
    assert once(engine, run_id)[1:] == (600, 600)
    engine.dispose()


def test_common_risks_are_searched_by_the_same_worker(place: Place) -> None:
    makers.open_risk(place)
    run_id = place.do("supervisor", recurrence.begin, place.units["street"].id)
    assert place.do("supervisor", recurrence.begin, place.units["street"].id) == run_id
    worked_off(place)
    state = place.ask("supervisor", runs.state, RunKind.RECURRENCE, run_id)
    assert (state.status, state.share) == (RunStatus.DONE, 0.0 if not state.total else 1.0)
    with place.engine.connect().execution_options(reading=True) as rows:
        assert rows.scalar(select(func.count()).select_from(links)) == 1

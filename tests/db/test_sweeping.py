"""The sweep: one server at a time, each lot once a day, whatever is killed when and whatever the clock does."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from core import audit, dates
from core.access import RESIDENT, Permission
from core.alerts import sweeps
from core.errors import Denied
from core.events import Event
from core.organisation import units
from core.review import triage
from core.store import Work
from core.voices import contacts, unlocking
from db import jobs
from db.__main__ import main
from db.engine import connect, databases
from db.questions.sweeps import LEASE, MARGIN
from db.sweeping import PROGRAM, Job, Lost, Swept, Turn, by_unit, sweep
from db.tables import audit_entries, contacts_
from db.tables.message_tables import leases, marks_
from db.work import work
from tests import makers
from tests.makers import Place, copy_of

DAY = timedelta(days=1)


@pytest.fixture
def shared(place: Place, made: Place, tmp_path: Path) -> Iterator[Place]:
    """The small place in a database that several connections can use at once."""
    if place.engine.dialect.name != "sqlite":
        yield place
        return
    engine = connect(f"sqlite:///{tmp_path / 'shared.db'}")
    yield copy_of(made, engine)
    engine.dispose()


def touch(doing: Work, unit_id: str, since: date | None) -> None:
    """A deed of a lot that can be counted: a line on the unit's chain."""
    doing.record(Event.UNIT_RENAMED, unit_id, chain=unit_id, before=str(since), name=doing.today.isoformat())


def touched(engine: Engine) -> list[tuple[str, str, str]]:
    """Every such line: unit, the day it was done on, the day before that it was told."""
    with engine.connect().execution_options(reading=True) as rows:
        lines = rows.execute(select(audit_entries).where(audit_entries.c.event == Event.UNIT_RENAMED.value)).all()
    facts = [(line.subject, json.loads(line.facts)) for line in lines]
    return sorted((unit, told["name"], told["before"]) for unit, told in facts)


def lines(engine: Engine, event: Event) -> list[dict[str, object]]:
    with engine.connect().execution_options(reading=True) as rows:
        found = rows.scalars(select(audit_entries.c.facts).where(audit_entries.c.event == event.value)).all()
    return [json.loads(one) for one in found]


TOUCH = (Job("touch", by_unit(touch)),)


def swept(place: Place, table: tuple[Job, ...] = TOUCH, **more: object) -> Swept:
    return sweep(place.engine, table, now=lambda: place.now, **more)  # type: ignore[arg-type]


def communities(place: Place) -> list[str]:
    return sorted(place.units[key].id for key in ("banyan", "river", "far"))


def test_each_lot_has_its_day_once_and_is_told_the_last_one(place: Place) -> None:
    first = place.today
    swept(place)
    swept(place)
    assert touched(place.engine) == [(unit, str(first), "None") for unit in communities(place)]
    place.later(1)
    swept(place)
    swept(place)
    assert len(touched(place.engine)) == 6
    assert (communities(place)[0], str(place.today), str(first)) in touched(place.engine)


def test_a_closed_unit_has_no_lot_and_a_new_one_has_its_first_the_next_day(place: Place) -> None:
    swept(place)
    new = units.NewUnit(parent_id=place.units["street"].id, kind="community", name="新枫社区")
    added = place.do("system", units.add_unit, new)
    place.do("system", units.close_unit, place.units["far"].id)
    place.later(1)
    swept(place)
    today = [(unit, told) for unit, day, told in touched(place.engine) if day == str(place.today)]
    assert (added, "None") in today
    assert place.units["far"].id not in [unit for unit, _told in today]


class Killed(BaseException):
    """The server is gone between two steps."""


@pytest.mark.parametrize("after", range(5))
def test_killed_between_any_two_steps_it_loses_nothing_and_repeats_nothing(place: Place, after: int) -> None:
    steps = iter(range(after))

    def dying() -> bool:
        if next(steps, None) is None:
            raise Killed
        return False

    with pytest.raises(Killed):
        swept(place, stopped=dying)
    assert len(touched(place.engine)) == max(0, after - 1)
    swept(place)
    assert touched(place.engine) == [(unit, str(place.today), "None") for unit in communities(place)]


def test_a_lot_and_its_mark_are_kept_together_or_not_at_all(place: Place) -> None:
    def broken(doing: Work, unit_id: str, since: date | None) -> None:
        touch(doing, unit_id, since)
        if unit_id == communities(place)[1]:
            raise RuntimeError("half-way")

    faults: list[BaseException] = []
    found = swept(place, (Job("touch", by_unit(broken)),), note=faults.append)
    assert (found.faults, len(faults)) == (1, 1)  # and the others had their day
    assert [unit for unit, *_rest in touched(place.engine)] == [communities(place)[0], communities(place)[2]]
    swept(place)
    assert [unit for unit, *_rest in touched(place.engine)] == communities(place)


def test_a_fault_in_one_job_does_not_keep_the_next_from_its_day(place: Place) -> None:
    def broken(turn: Turn) -> None:
        raise RuntimeError

    faults: list[BaseException] = []
    table = (Job("broken", broken), *TOUCH)
    assert swept(place, table, note=faults.append).faults == 1
    assert len(touched(place.engine)) == 3


def test_a_server_down_for_a_week_does_each_lot_once_and_the_days_are_noted(place: Place) -> None:
    first = place.today
    swept(place)
    place.later(8)
    swept(place)
    assert [row for row in touched(place.engine) if row[1] != str(first)] == [
        (unit, str(place.today), str(first)) for unit in communities(place)
    ]
    assert lines(place.engine, Event.SWEEP_MISSED) == [{"days": 7}]
    swept(place)
    place.later(1)
    swept(place)
    assert len(lines(place.engine, Event.SWEEP_MISSED)) == 1


def test_a_clock_that_jumps_back_does_nothing_twice_and_is_noted_once_a_day(place: Place) -> None:
    swept(place)
    place.later(-3)
    swept(place)
    swept(place)
    assert len(touched(place.engine)) == 3
    assert lines(place.engine, Event.CLOCK_BEHIND) == [{"days": 3}]
    place.later(3)
    swept(place)
    assert len(touched(place.engine)) == 3
    place.later(1)
    swept(place)
    assert len(touched(place.engine)) == 6
    assert lines(place.engine, Event.SWEEP_MISSED) == []


def test_a_clock_that_was_wrong_for_a_while_is_taken_up_again_by_an_operator(place: Place) -> None:
    place.later(365)
    swept(place)
    place.later(-364)
    swept(place)
    assert len(touched(place.engine)) == 3
    place.do(PROGRAM, sweeps.trust_clock)
    swept(place)
    assert len(touched(place.engine)) == 3  # this day counts as done
    place.later(1)
    swept(place)
    assert len(touched(place.engine)) == 6
    with pytest.raises(Denied):
        place.do("watchdog", sweeps.trust_clock)


def test_nothing_is_deleted_on_the_word_of_a_clock_that_has_leapt(place: Place) -> None:
    code = makers.speak(place)
    place.do(RESIDENT, contacts.leave, place.ask(RESIDENT, unlocking.unlock, code), "13812345678")
    [flag] = makers.inbox(place)
    place.do("watchdog", triage.decline, flag.id, "已公开")
    jobs.sweep(place.engine, now=lambda: place.now)
    place.later(400)
    jobs.sweep(place.engine, now=lambda: place.now)
    assert contacts_kept(place.engine) == 1
    place.do(PROGRAM, sweeps.trust_clock)
    jobs.sweep(place.engine, now=lambda: place.now)
    assert contacts_kept(place.engine) == 0


def contacts_kept(engine: Engine) -> object:
    with engine.connect().execution_options(reading=True) as rows:
        return rows.scalar(select(func.count()).select_from(contacts_))


def take(place: Place, holder: str) -> bool:
    with work(place.engine, PROGRAM) as doing:
        return doing.store.take_lease("sweep", holder)


def aged(engine: Engine, by: timedelta) -> None:
    with engine.begin() as rows:
        until = rows.scalar(select(leases.c.until))
        rows.execute(update(leases).values(until=until - by))  # type: ignore[operator]


def test_one_server_holds_the_lease_until_it_has_run_out_with_a_margin(place: Place) -> None:
    assert take(place, "one")
    assert take(place, "one")
    assert not take(place, "two")
    assert swept(place).is_elsewhere
    aged(place.engine, LEASE)
    assert not take(place, "two")
    aged(place.engine, MARGIN)
    assert take(place, "two")
    assert not take(place, "one")


def test_a_lease_that_this_clock_cannot_have_given_is_taken_over(place: Place) -> None:
    assert take(place, "one")
    aged(place.engine, -timedelta(days=300))  # given while the clock was far ahead
    assert take(place, "two")


def test_a_holder_that_lost_its_lease_stops_at_the_next_step(place: Place) -> None:
    def robbed(doing: Work, unit_id: str, since: date | None) -> None:
        touch(doing, unit_id, since)
        doing.store.give_lease("sweep", doing.store.session.scalar(select(leases.c.holder)))  # type: ignore[attr-defined]
        doing.store.take_lease("sweep", "another")

    found = swept(place, (Job("touch", by_unit(robbed)),))
    assert found.faults == 0
    assert len(touched(place.engine)) == 1
    assert not take(place, "third")
    with pytest.raises(Lost):
        Turn(place.engine, "nobody", TOUCH[0], lambda: place.now, lambda: False, print).do(touch, "", None)


def test_many_servers_at_once_do_each_lot_once(shared: Place) -> None:
    faults: list[BaseException] = []

    def server() -> None:
        for _turn in range(5):
            try:
                swept(shared)
            except BaseException as fault:
                faults.append(fault)

    threads = [threading.Thread(target=server) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [unit for unit, *_rest in touched(shared.engine)] == communities(shared)
    assert faults == []


SLOW = """
import sys, time
from db.engine import connect
from db.sweeping import Job, by_unit, sweep
from tests.db.test_sweeping import touch

def slow(doing, unit_id, since):
    touch(doing, unit_id, since)
    print(unit_id, flush=True)
    time.sleep(0.4)

sweep(connect(sys.argv[1]), (Job("touch", by_unit(slow)),))
"""


@pytest.mark.costly
@pytest.mark.parametrize("after", [1, 2])
def test_a_server_killed_half_way_is_taken_over_and_each_lot_is_done_once(
    shared: Place, after: int, root: Path
) -> None:
    url = shared.engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-c", SLOW, url], stdout=subprocess.PIPE, text=True, cwd=root)
    assert process.stdout
    for _n in range(after):
        assert process.stdout.readline().strip() in communities(shared)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    done = until_settled(shared.engine)
    assert after - 1 <= len(done) <= after
    assert sweep(shared.engine, TOUCH).is_elsewhere  # its lease still stands
    aged(shared.engine, LEASE + MARGIN)
    sweep(shared.engine, TOUCH)
    assert [unit for unit, *_rest in touched(shared.engine)] == communities(shared)
    assert main_chain_holds(shared)


def until_settled(engine: Engine) -> list[tuple[str, str, str]]:
    """What the killed server has left; PostgreSQL notices a moment later that it is gone."""
    before = None
    while before != (found := touched(engine)):
        before = found
        time.sleep(0.3)
    return found


def main_chain_holds(place: Place) -> bool:
    return all(place.ask("auditor", audit.check, chain).first is None for chain in communities(place))


def test_the_clock_of_the_database_is_the_one_that_counts(place: Place) -> None:
    with work(place.engine, PROGRAM) as doing:
        assert abs(doing.store.clock() - dates.now()) < timedelta(seconds=5)
    seen: list[object] = []
    sweep(place.engine, (Job("look", lambda turn: seen.append(turn.now())),))
    assert abs(seen[0] - dates.now()) < timedelta(seconds=5)  # type: ignore[operator]


def test_a_job_that_waits_for_something_runs_whenever_there_is_something(place: Place) -> None:
    ran: list[int] = []
    waiting = [True, False, True]
    table = (Job("post", lambda turn: ran.append(1), waits=lambda _work: waiting.pop(0)),)
    swept(place, ())  # the clock has been looked at
    counts = []
    for answers in ([True, True], [False], [True, True]):
        waiting[:] = answers
        swept(place, table)
        counts.append(len(ran))
    assert counts == [1, 1, 2]


def test_an_empty_site_is_left_alone(engine: Engine) -> None:
    assert sweep(engine, TOUCH) == Swept({})
    with engine.connect() as rows:
        assert rows.execute(select(marks_)).all() == []


def test_the_command_says_what_is_due_and_does_it(
    made: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QINGYUAN_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    databases.close()
    copy_of(made, databases.real())
    assert main(["sweep", "--dry-run"]) == 0
    assert "到期删除" in capsys.readouterr().out
    assert main(["sweep"]) == 0
    capsys.readouterr()
    assert main(["sweep", "--dry-run"]) == 0
    assert "到期删除" not in capsys.readouterr().out
    assert main(["sweep", "--trust-clock"]) == 0
    databases.close()


def test_the_sweep_is_for_who_keeps_the_site(place: Place) -> None:
    for question in (sweeps.registers, sweeps.has_turned, sweeps.is_behind, sweeps.has_leapt):
        with pytest.raises(Denied):
            place.ask("supervisor", question)
        place.ask("system", question)
    assert PROGRAM.may(Permission.SITE_KEEP)



"""Simulated years of the closed loop: whatever people do or leave undone, what must hold holds at the end of every day.

`pytest -m years` runs a short one; `pytest -m years --years=2` drives fifty communities through two yearly rounds.
"""

import gc
import logging
import random
import secrets
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from core import dates
from db import jobs
from db.engine import connect
from db.worker import work_off
from tests.makers import poured
from tests.years.circles import CIRCLES, steer
from tests.years.deeds import DEEDS
from tests.years.moves import MOVES
from tests.years.recount import Recount
from tests.years.town import Town, make_town

SHORT = 3, 100, 45
"""Communities, days, and days from round to round of the short run."""
LONG = 50
"""Communities of a long one."""


@pytest.fixture
def seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids by dice, so that a year can be gone through again."""
    dice = random.Random(7)
    monkeypatch.setattr(secrets, "token_hex", lambda length=32: dice.randbytes(length).hex())


def by_clock_of(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the town is that of the whole program, for what goes on behind the deeds."""

    def now() -> datetime:
        town.place.now += timedelta(microseconds=1)
        return town.place.now

    monkeypatch.setattr(dates, "now", now)


def end(town: Town, day: int) -> None:
    """The end of a day: rounds are opened and closed, long work goes on, and the sweep runs."""
    steer(town, day)
    while town.dice.random() < 0.7 and work_off(town.place.engine, lambda: False, jobs.loud):
        pass
    jobs.sweep(town.place.engine, now=lambda: town.place.now)


@pytest.mark.years
def test_every_day_ends_with_one_holder_for_each_entry_and_a_warning_for_each_cause(
    schema: Engine, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch, seeded: None
) -> None:
    years = pytestconfig.getoption("--years")
    size, days, year = (LONG, round(365 * years), 365) if years else SHORT
    engine = connect("sqlite://")
    poured(schema, engine)
    town = make_town(engine, seed=1, size=size, year=year)
    gc.freeze()
    by_clock_of(town, monkeypatch)
    with engine.connect() as connection:
        recount = Recount(connection.connection.driver_connection)  # type: ignore[arg-type]
        for n in range(days):
            zeal = 0.25 if n % 60 > 40 else 1.0  # every other month little is done for three weeks
            town.day(DEEDS, zeal, pace=0.5 if years else 1.0)
            town.day(CIRCLES + MOVES, zeal)
            end(town, n)
            found = recount.violations(town.place.today)
            assert not found, f"day {n}, {town.place.today}: {found[:5]}"
            if n % 50 == 49:
                logging.info("day %d: %s", n, recount.counts())
                jobs.sweep(engine, now=lambda: town.place.now)
                assert recount.violations(town.place.today) == []
            town.place.now += timedelta(days=1)
        rounds = recount.rounds_frozen()
    engine.dispose()
    logging.info("%d communities, %d days, %d refused: %s", size, days, town.refused, sorted(town.done.items()))
    assert rounds >= days // year  # each year had its round, to the end
    assert years < 1 or {deed.__name__.strip("_") for deed, _chance in DEEDS + CIRCLES + MOVES} <= town.done.keys()


def test_the_checker_finds_what_is_broken_by_hand(
    schema: Engine, monkeypatch: pytest.MonkeyPatch, seeded: None
) -> None:
    engine = connect("sqlite://")
    poured(schema, engine)
    town = make_town(engine, 3, 2, year=40)
    by_clock_of(town, monkeypatch)
    for n in range(80):
        town.day(DEEDS + CIRCLES + MOVES, 1.0)
        end(town, n)
        town.place.now += timedelta(days=1)
    today = (town.place.now - timedelta(days=1)).date()
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA ignore_check_constraints = ON")
        for trigger in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {trigger[0]}")
        broken = 0
        for breaking, told in BROKEN:
            recount = Recount(raw)  # type: ignore[arg-type]
            recount.violations(today)
            raw.execute("SAVEPOINT broken")
            changed = raw.execute(breaking).rowcount
            found = recount.violations(today)
            raw.execute("ROLLBACK TO broken")
            broken += changed > 0
            assert not changed or any(told in line for line in found), (breaking, changed, found[:3])
    engine.dispose()
    assert broken >= len(BROKEN) - 3  # the dice decide what there is to break


BROKEN = (
    ("UPDATE clocks SET ended_on = '2026-01-01' WHERE ended_on IS NULL", "running clocks"),
    ("UPDATE clocks SET holder_id = (SELECT id FROM units WHERE kind = 'community' AND id <> clocks.unit_id) "
     "WHERE ended_on IS NULL", "its holder is neither"),
    ("UPDATE early_warnings SET ended_on = '2026-01-01' WHERE ended_on IS NULL", "a cause without a warning"),
    ("UPDATE measures SET due_on = '2099-01-01'", "a warning without a cause"),
    ("UPDATE dues SET due_on = '2020-01-01', published_on = NULL, published_by = NULL", "a cause without a warning"),
    ("UPDATE requests SET due_on = '2020-01-01', answered_on = NULL, answered_by = NULL", "a cause without a warning"),
    ("UPDATE assignments SET role = 'auditor' WHERE role = 'cadre'", "'left_behind'"),
    ("UPDATE risks SET status = 'filed' WHERE status IN ('controlled', 'rated')", "without a line in the log"),
    ("UPDATE dues SET published_on = '2020-01-06', published_by = 'x'", "without a line in the log"),
    ("UPDATE measures SET owner_id = watchdog_id", "in other hands"),
    ("UPDATE inspections SET answer = 'changed' WHERE answer <> 'changed'", "without a line in the log"),
    ("UPDATE measures SET verified_by = owner_id", "verified their own measure"),
    ("INSERT INTO second_looks (id, unit_id, risk_id, n, due_on, note) SELECT 'x', unit_id, id, 9, '2026-03-01', '' "
     "FROM risks WHERE status <> 'closed' LIMIT 1", "waits for 1 looks"),
    ("UPDATE risks SET closing_asked_by = owner_id, closed_by = owner_id WHERE owner_id IS NOT NULL",
     "closed their own entry"),
    ("UPDATE snapshots SET digest = 'x'", "a snapshot changed"),
    ("DELETE FROM snapshots", "snapshots are gone"),
    ("UPDATE inspections SET said_on = '2099-01-01'", "inspected in a closed round"),
    ("DELETE FROM audit_entries WHERE n < 5", "the log became shorter"),
)  # fmt: skip
"""What is broken in the rows, and what the checker must say of it."""

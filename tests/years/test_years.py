"""Simulated years of the closed loop: whatever people do or leave undone, what must hold holds at the end of every day.

`pytest -m years` runs a short one; `pytest -m years --years=2` drives fifty communities through two rounds.
"""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from db import jobs
from db.engine import connect
from tests.makers import poured
from tests.years.recount import Recount
from tests.years.town import make_town

SHORT = 3, 120
"""Communities and days of the short run."""
LONG = 50
"""Communities of a long one."""


@pytest.mark.years
def test_every_day_ends_with_one_holder_for_each_entry_and_a_warning_for_each_cause(
    schema: Engine, pytestconfig: pytest.Config
) -> None:
    years = pytestconfig.getoption("--years")
    size, days = (LONG, round(365 * years)) if years else SHORT
    engine = connect("sqlite://")
    poured(schema, engine)
    town = make_town(engine, seed=1, size=size)
    with engine.connect() as connection:
        recount = Recount(connection.connection.driver_connection)  # type: ignore[arg-type]
        for n in range(days):
            town.day(zeal=0.25 if n % 60 > 40 else 1.0)  # every other month nobody does much for three weeks
            jobs.sweep(engine, now=lambda: town.place.now)
            found = recount.violations(town.place.today)
            assert not found, f"day {n}, {town.place.today}: {found[:5]}"
            if n % 50 == 49:
                jobs.sweep(engine, now=lambda: town.place.now)
                assert recount.violations(town.place.today) == []
            town.place.now += timedelta(days=1)
    engine.dispose()
    assert town.done > days  # the days were not empty


def test_the_checker_finds_what_is_broken_by_hand(schema: Engine) -> None:
    engine = connect("sqlite://")
    poured(schema, engine)
    town = make_town(engine, 3, 2)
    for _n in range(60):
        town.day(1.0)
        jobs.sweep(engine, now=lambda: town.place.now)
        town.place.now += timedelta(days=1)
    today = (town.place.now - timedelta(days=1)).date()
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("DROP TRIGGER IF EXISTS audit_entries_stay")
        for breaking, told in (
            ("UPDATE clocks SET ended_on = '2026-01-01' WHERE ended_on IS NULL", "running clocks"),
            ("UPDATE early_warnings SET ended_on = '2026-01-01' WHERE ended_on IS NULL", "a cause without a warning"),
            ("UPDATE measures SET due_on = '2099-01-01'", "a warning without a cause"),
            ("UPDATE risks SET status = 'filed' WHERE status = 'controlled'", "without a line in the log"),
            ("UPDATE risks SET closed_by = closing_asked_by WHERE closed_by IS NOT NULL", "closed their own entry"),
        ):
            recount = Recount(raw)  # type: ignore[arg-type]
            recount.violations(today)
            raw.execute("SAVEPOINT broken")
            changed = raw.execute(breaking).rowcount
            found = recount.violations(today + timedelta(days=2) if "status" in breaking else today)
            raw.execute("ROLLBACK TO broken")
            assert not changed or any(told in line for line in found), (breaking, changed, found[:3])
    engine.dispose()

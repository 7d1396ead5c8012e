"""When something is to be made public: every day answered for exactly once, whenever and however often one asks."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.openness import periods
from core.organisation.calendar import Calendar
from core.words import DisclosureWhen as When

PLAIN = Calendar()
DAYS = st.dates(date(2019, 1, 1), date(2031, 12, 31))
RHYTHMS = st.sampled_from(sorted(periods.REPEATING))


@pytest.mark.costly
@given(RHYTHMS, DAYS, st.integers(0, 1500))
def test_each_day_lies_in_exactly_one_period_and_each_period_has_one_due(when: When, since: date, length: int) -> None:
    until = since + timedelta(days=length)
    found = list(periods.repeating(when, since, until, PLAIN))
    assert found[0].first <= since <= found[0].last
    assert found[-1].first <= until <= found[-1].last
    for one, following in pairwise(found):
        assert following.first == one.last + timedelta(days=1)
    assert len({one.key for one in found}) == len(found)
    assert all(one.due_on > one.last and PLAIN.works(one.due_on) for one in found)
    assert [one.due_on for one in found] == sorted(one.due_on for one in found)


@given(RHYTHMS, DAYS, st.lists(st.integers(0, 400), max_size=8))
def test_asking_on_any_days_gives_what_asking_once_gives(when: When, since: date, steps: list[int]) -> None:
    """A week or a year of downtime between two askings is caught up with."""
    kept: dict[str, periods.Period] = {}
    today = since
    for step in steps:
        today += timedelta(days=step)
        for one in periods.repeating(when, since, today, PLAIN):
            assert kept.setdefault(one.key, one) == one
    assert list(kept.values()) == (list(periods.repeating(when, since, today, PLAIN)) if steps else [])


@given(RHYTHMS, DAYS)
def test_nothing_is_owed_for_a_period_that_has_not_begun(when: When, since: date) -> None:
    assert list(periods.repeating(when, since, since - timedelta(days=366), PLAIN)) == []


@pytest.mark.parametrize(
    ("when", "key", "last", "due"),
    [
        (When.MONTHLY, "2026-09", date(2026, 9, 30), date(2026, 10, 13)),  # after the national holiday
        (When.QUARTERLY, "2026-Q3", date(2026, 9, 30), date(2026, 10, 20)),
        (When.HALF_YEARLY, "2026-H2", date(2026, 12, 31), PLAIN.after(date(2026, 12, 31), 10)),
        (When.YEARLY, "2026", date(2026, 12, 31), PLAIN.after(date(2026, 12, 31), 15)),
    ],
)  # fmt: skip
def test_a_period_is_due_some_working_days_after_its_last_day(when: When, key: str, last: date, due: date) -> None:
    [one] = periods.repeating(when, date(2026, 9, 12), date(2026, 9, 30), PLAIN)
    assert (one.key, one.last, one.due_on) == (key, last, due)


@given(DAYS, st.integers(1, 9))
def test_what_happens_is_due_a_few_working_days_later_and_told_apart_within_a_day(on: date, number: int) -> None:
    one = periods.occasion(on, number, PLAIN)
    assert one.due_on == PLAIN.after(on, periods.AT_ONCE)
    assert one.key != periods.occasion(on, number + 1, PLAIN).key != periods.standing(on, PLAIN).key


def test_a_notice_stays_seven_calendar_days_and_nothing_else_has_to() -> None:
    assert periods.up_until(When.NOTICE_7_DAYS, date(2026, 11, 2)) == date(2026, 11, 9)
    assert periods.up_until(When.IMMEDIATE, date(2026, 11, 2)) is None


@given(DAYS, st.integers(-40, 40))
def test_late_is_counted_in_days_and_never_below_none(due: date, days: int) -> None:
    assert periods.late_by(due, due + timedelta(days=days), due) == max(0, days)
    assert periods.late_by(due, None, due + timedelta(days=days)) == max(0, days)

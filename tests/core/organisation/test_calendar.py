"""Working days: the national calendar, what a site enters, and what is said where neither knows."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Denied, Invalid
from core.home import Chore, waiting
from core.organisation import calendar
from core.organisation.calendar import Calendar, SpecialDays
from tests.makers import Place

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (date(2026, 9, 29), 2, date(2026, 10, 8)),  # over National Day
        (date(2026, 2, 12), 3, date(2026, 2, 24)),  # over Spring Festival, Saturday 14 February is made up for
        (date(2026, 10, 8), 2, date(2026, 10, 10)),  # a Saturday on which offices work
        (date(2026, 11, 2), 5, date(2026, 11, 9)),
        (date(2026, 11, 2), 0, date(2026, 11, 2)),
    ],
)
def test_limits_skip_holidays_and_count_the_days_that_make_up_for_them(start: date, count: int, due: date) -> None:
    assert Calendar().after(start, count) == due


@given(DAYS, st.integers(1, 80), st.dictionaries(DAYS, st.booleans(), max_size=20))
def test_a_limit_ends_on_a_working_day_with_as_many_left_as_it_has(start: date, count: int, special) -> None:
    found = Calendar(special)
    due = found.after(start, count)
    assert found.works(due)
    assert found.left(start, due) == count
    assert sum(found.works(start + timedelta(days=n)) for n in range(1, (due - start).days + 1)) == count
    assert found.left(due, start) <= 0


def test_entered_days_change_limits_until_they_are_taken_back_and_only_the_system_administrator_enters(
    place: Place,
) -> None:
    due = Calendar().after(place.today, 5)
    days = SpecialDays(first=place.today + timedelta(days=1), last=place.today + timedelta(days=2), note="台风停工")
    for other in ("supervisor", "clerk", "security", "auditor"):
        with pytest.raises(Denied):
            place.do(other, calendar.enter, days)
    place.do("system", calendar.enter, days)
    assert place.ask("clerk", calendar.in_use).after(place.today, 5) == due + timedelta(days=2)
    place.do("system", calendar.enter, days.model_copy(update={"works": True}))
    assert place.ask("clerk", calendar.in_use).after(place.today, 5) == due
    for year in place.ask("system", calendar.years):
        for day in year.entered:
            place.do("system", calendar.forget, day.id)
    assert [year.entered for year in place.ask("system", calendar.years)] == [(), ()]


def test_days_are_entered_in_order_and_not_too_many_at_once(place: Place) -> None:
    for first, last in ((date(2027, 2, 9), date(2027, 2, 5)), (date(2027, 2, 1), date(2027, 4, 1))):
        with pytest.raises(Invalid):
            place.do("system", calendar.enter, SpecialDays(first=first, last=last, note="春节"))


def test_a_year_nobody_has_entered_is_said_to_be_unknown_before_it_begins(place: Place) -> None:
    def asked() -> bool:
        return Chore.CALENDAR in {task.chore for task in place.ask("system", waiting)}

    assert (place.today.month, place.ask("system", calendar.unknown_year), asked()) == (11, 2027, True)
    place.do("system", calendar.enter, SpecialDays(first=date(2027, 2, 5), last=date(2027, 2, 11), note="春节"))
    assert (place.ask("system", calendar.unknown_year), asked()) == (None, False)
    assert Chore.CALENDAR not in {task.chore for task in place.ask("supervisor", waiting)}

"""Guessing made slow."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.organisation import tries
from core.organisation.tries import Tries

NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)


@given(st.lists(st.integers(0, 120), max_size=40))
def test_a_key_is_locked_exactly_while_five_wrong_tries_lie_within_the_span(minutes: list[int]) -> None:
    counted, span = Tries(5, timedelta(minutes=15)), timedelta(minutes=15)
    times = [NOON + timedelta(minutes=minute) for minute in sorted(minutes)]
    for n, at in enumerate(times):
        counted.count("door", at)
        recent = [time for time in times[: n + 1] if at - time < span]
        assert counted.is_closed("door", at) is (len(recent) >= 5)
        assert not counted.is_closed("window", at)


def test_no_more_keys_are_kept_than_fit(monkeypatch) -> None:
    monkeypatch.setattr(tries, "KEPT", 3)
    counted = Tries(1)
    for key in "abcd":
        counted.count(key, NOON)
    assert [key for key in "abcd" if counted.is_closed(key, NOON)] == ["b", "c", "d"]


def test_a_clock_set_back_opens_what_was_closed_in_its_future() -> None:
    counted = Tries(1)
    counted.count("door", NOON + timedelta(days=7))
    assert not counted.is_closed("door", NOON)
    counted.count("door", NOON)
    assert counted.is_closed("door", NOON)

"""Doors that wrong tries close: the same for every server, and nothing of what was tried is kept."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from core.access import FOUNDER, RESIDENT
from core.errors import Refused
from core.organisation import doors, founding, signin
from core.organisation.founding import Door
from core.organisation.signin import Tried
from db import jobs
from db.engine import connect
from db.tables.file_tables import doors as kept
from tests.db.test_twice import at_once, busy
from tests.makers import PASSWORD, Place, copy_of

__all__ = ["busy"]


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=25))
def test_an_account_that_is_not_there_is_answered_as_one_that_is(made: Place, tries: list[tuple[int, bool]]) -> None:
    engine = connect("sqlite://")
    place = copy_of(made, engine)

    def answer(account: str) -> str:
        try:
            place.ask(RESIDENT, signin.compare, account, "x" * 12)
            return str(place.do(RESIDENT, signin.sign_in, Tried(account, None, is_right=False)))
        except Refused as refusal:
            return str(refusal)

    for minutes, twice in tries:
        place.now += timedelta(minutes=minutes)
        for _time in range(2 if twice else 1):
            assert answer("clerk") == answer("nobody")
    engine.dispose()


@pytest.mark.postgresql
def test_of_many_tries_at_once_five_are_answered_on_whichever_server(busy: Place) -> None:
    for account in ("clerk", "nobody"):
        wrong = (RESIDENT, signin.sign_in, Tried(account, None, is_right=False))
        assert len(at_once(busy, *[wrong] * 9)) == 4, account
        with pytest.raises(Refused):
            busy.sign_in(account, PASSWORD)


@pytest.mark.parametrize("account", ["clerk", "nobody"])
def test_what_a_server_closed_whose_clock_is_ahead_is_closed_and_opens_if_that_clock_was_wrong(
    place: Place, account: str
) -> None:
    for _try in range(5):
        assert place.sign_in(account, "wrong-wrong-wrong") is None
    closed = place.now
    for behind in (timedelta(microseconds=5), timedelta(seconds=2), timedelta(minutes=10)):
        place.now = closed - behind
        with pytest.raises(Refused):
            place.sign_in(account, PASSWORD)
    place.now = closed - timedelta(days=7)
    assert bool(place.sign_in(account, PASSWORD)) is (account == "clerk")


def test_the_code_of_the_set_up_is_guessed_five_times_a_minute_by_all_together(engine: Engine) -> None:
    place, door = Place(engine), Door("1234-5678-9012")
    for _time in range(2):
        for _try in range(4):
            assert not place.do(FOUNDER, founding.knock, door, "0")
        assert place.do(FOUNDER, founding.knock, door, door.code)
    for _try in range(5):
        assert not place.do(FOUNDER, founding.knock, door, "0")
    with pytest.raises(Refused):
        place.do(FOUNDER, founding.knock, door, door.code)
    place.now += timedelta(minutes=1)
    assert place.do(FOUNDER, founding.knock, door, door.code)


@pytest.mark.privacy
def test_nothing_of_what_was_tried_is_kept_and_it_is_forgotten(place: Place, tmp_path: Path) -> None:
    assert place.sign_in("my-own-passw0rd", "x" * 12) is None
    with place.engine.connect() as rows:
        [row] = rows.execute(select(kept)).all()
    assert "passw0rd" not in str(row)
    assert (row.wrong, row.closed_until, row.tried_on) == (1, None, place.today)
    for days, left in ((doors.FORGOTTEN.days, 1), (1, 0)):
        place.later(days)
        jobs.sweep(place.engine, now=lambda: place.now)
        with place.engine.connect() as rows:
            assert len(rows.execute(select(kept)).all()) == left

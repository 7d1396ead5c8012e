"""Signing in: lockout, idleness, one's own password, and what a session may still do."""

from datetime import timedelta

import pytest

from core.access import FOUNDER, RESIDENT, Permission
from core.errors import Denied, Expired, Invalid, Missing, Refused
from core.organisation import people, signin
from tests.makers import PASSWORD, Place


def test_the_right_password_opens_a_session_and_a_wrong_one_does_not(place: Place) -> None:
    assert place.sign_in("clerk", "not it at all") is None
    assert place.sign_in("nobody", PASSWORD) is None
    token = place.sign_in("clerk", PASSWORD)
    found = place.ask(RESIDENT, signin.whose, signin.digest(token))
    assert found.actor.name == "周小满"
    assert found.actor.may(Permission.MEASURE_REPORT)
    assert not found.actor.may(Permission.ROLE_GRANT)
    assert found.must_change
    with pytest.raises(Expired):
        place.ask(RESIDENT, signin.whose, token)  # the cookie's token is not what the database keeps


@pytest.mark.parametrize("account", ["clerk", "no_such_account_1"])
def test_five_wrong_tries_lock_for_a_quarter_of_an_hour_whether_the_account_exists_or_not(
    place: Place, account: str
) -> None:
    for _try in range(5):
        assert place.sign_in(account, "wrong-wrong-wrong") is None
    with pytest.raises(Refused) as refusal:
        place.sign_in(account, PASSWORD)
    assert "15" in str(refusal.value)
    place.now += timedelta(minutes=14)
    with pytest.raises(Refused):
        place.sign_in(account, PASSWORD)
    place.now += timedelta(minutes=2)
    assert bool(place.sign_in(account, PASSWORD)) is (account == "clerk")


def test_four_wrong_tries_and_a_right_one_begin_the_count_anew(place: Place) -> None:
    for _round in range(2):
        for _try in range(4):
            assert place.sign_in("clerk", "wrong-wrong-wrong") is None
        assert place.sign_in("clerk", PASSWORD)


def test_a_session_ends_after_half_an_hour_without_use_and_after_twelve_hours_with_it(place: Place) -> None:
    session = signin.digest(place.sign_in("clerk", PASSWORD))
    for _step in range(25):
        assert place.ask(RESIDENT, signin.whose, session).actor.name == "周小满"
        place.now += timedelta(minutes=28)
        place.do(RESIDENT, signin.stay, session)
    place.now += timedelta(minutes=28)
    with pytest.raises(Expired):
        place.ask(RESIDENT, signin.whose, session)
    other = signin.digest(place.sign_in("clerk", PASSWORD))
    assert not place.ask(RESIDENT, signin.whose, other).quiet
    place.now += timedelta(minutes=29)
    assert place.ask(RESIDENT, signin.whose, other).quiet
    place.now += timedelta(minutes=2)
    with pytest.raises(Expired):
        place.ask(RESIDENT, signin.whose, other)


def test_signing_out_a_reset_and_leaving_each_end_a_session_at_once(place: Place) -> None:
    clerk = place.people["other_clerk"].person_id

    def begun(password: str) -> tuple[str, str]:
        token = place.sign_in("other_clerk", password)
        return token, signin.digest(token)

    token, session = begun(PASSWORD)
    place.do(RESIDENT, signin.sign_out, token)
    with pytest.raises(Expired):
        place.ask(RESIDENT, signin.whose, session)
    _token, session = begun(PASSWORD)
    first = place.do("security", people.reset_password, clerk)
    with pytest.raises(Expired):
        place.ask(RESIDENT, signin.whose, session)
    _token, session = begun(first)
    place.do("system", people.close_account, clerk)
    with pytest.raises(Expired):
        place.ask(RESIDENT, signin.whose, session)
    assert place.sign_in("other_clerk", first) is None


def test_a_new_password_is_one_sentence_beside_the_field_or_ends_every_other_session(place: Place) -> None:
    here, there = (signin.digest(place.sign_in("clerk", PASSWORD)) for _n in range(2))
    for old, new, again, field in (
        ("not it at all", "a-better-one-9", "a-better-one-9", "old"),
        (PASSWORD, "short", "short", "new"),
        (PASSWORD, "clerk-is-my-name", "clerk-is-my-name", "new"),
        (PASSWORD, PASSWORD, PASSWORD, "new"),
        (PASSWORD, "a-better-one-9", "a-better-one-8", "again"),
    ):
        with pytest.raises(Invalid) as refusal:
            place.do(RESIDENT, signin.change_password, here, old, new, again)
        assert list(refusal.value.fields) == [field]
    place.do(RESIDENT, signin.change_password, here, PASSWORD, "a-better-one-9", "a-better-one-9")
    assert not place.ask(RESIDENT, signin.whose, here).must_change
    with pytest.raises(Expired):
        place.ask(RESIDENT, signin.whose, there)
    assert place.sign_in("clerk", PASSWORD) is None
    assert place.sign_in("clerk", "a-better-one-9")


def test_entering_without_a_password_is_not_for_everybody(place: Place) -> None:
    clerk = place.people["clerk"].person_id
    for who in (RESIDENT, "clerk", "system", "supervisor"):
        with pytest.raises(Denied):
            place.do(who, signin.enter, clerk)
    with pytest.raises(Missing):
        place.do(FOUNDER, signin.enter, "nobody")
    session = signin.digest(place.do(FOUNDER, signin.enter, clerk))
    assert place.ask(RESIDENT, signin.whose, session).actor.person_id == clerk


def test_an_idle_session_may_still_keep_its_draft_and_an_ended_one_may_not(place: Place) -> None:
    token = place.sign_in("clerk", PASSWORD)
    place.now += timedelta(hours=2)
    drafter = place.ask(RESIDENT, signin.drafter, signin.digest(token))
    assert drafter.person_id == place.people["clerk"].person_id
    assert not drafter.may(Permission.MEASURE_REPORT)
    place.do(RESIDENT, signin.sign_out, token)
    assert place.ask(RESIDENT, signin.drafter, signin.digest(token)) is None


def test_of_many_passwords_compared_at_once_none_beyond_the_fifth_is_answered(place: Place) -> None:
    def compared(password: str) -> signin.Tried:
        found: signin.Tried = place.ask(RESIDENT, signin.compare, "clerk", password)
        return found

    tries = [compared("wrong-wrong-wrong") for _n in range(5)] + [compared(PASSWORD)]
    assert [place.do(RESIDENT, signin.sign_in, tried) for tried in tries[:5]] == [None] * 5
    with pytest.raises(Refused):
        place.do(RESIDENT, signin.sign_in, tries[5])
    with pytest.raises(Refused):
        compared(PASSWORD)


def test_a_password_that_was_reset_after_it_was_compared_opens_nothing(place: Place) -> None:
    tried = place.ask(RESIDENT, signin.compare, "clerk", PASSWORD)
    place.do("security", people.reset_password, place.people["clerk"].person_id)
    assert place.do(RESIDENT, signin.sign_in, tried) is None


def test_the_present_password_cannot_be_guessed_at_a_tab_left_open(place: Place) -> None:
    session = signin.digest(place.sign_in("clerk", PASSWORD))
    for _try in range(4):
        assert not place.do(RESIDENT, signin.knows_password, session, "not it at all")
    assert place.do(RESIDENT, signin.knows_password, session, PASSWORD), "the right one begins the count anew"
    for _try in range(5):
        assert not place.do(RESIDENT, signin.knows_password, session, "not it at all")
    with pytest.raises(Refused) as refusal:
        place.do(RESIDENT, signin.knows_password, session, PASSWORD)
    assert "15" in str(refusal.value)
    place.now += timedelta(minutes=16)
    assert place.do(RESIDENT, signin.knows_password, session, PASSWORD)


def test_the_log_names_who_signed_in_and_out(place: Place) -> None:
    token = place.sign_in("clerk", PASSWORD)
    place.do(RESIDENT, signin.sign_out, token)
    entries = place.ask(
        "auditor", lambda work: work.store.entries_of_chain(
            work.actor.require(Permission.AUDIT_READ), place.units["banyan"].id, None, 2
        )
    )  # fmt: skip
    assert [(entry.event, entry.actor) for entry in entries] == [("signed_out", "周小满"), ("signed_in", "周小满")]

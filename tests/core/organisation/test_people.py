"""Accounts, roles, passwords and posts: three administrators, none of whom can do it all."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.access import ADMINISTRATORS, FOUNDER, RESIDENT, clash
from core.errors import Denied, Expired, Invalid, Refused
from core.organisation import people, posts, relatives, signin
from core.organisation.people import NewPerson
from core.words import Role
from tests import makers
from tests.makers import Place


def _new(place: Place, account: str = "newcomer", password: str = "swift-river-18") -> NewPerson:
    return NewPerson(unit_id=place.units["banyan"].id, name="方来者", account=account, password=password)


def test_accounts_are_opened_by_one_administrator_and_roles_given_by_another(place: Place) -> None:
    person_id = place.do("system", people.open_account, _new(place))
    place.do("security", people.grant_role, person_id, Role.CADRE, place.units["banyan"].id)
    row = next(row for row in place.ask("security", people.role_holders) if row.id == person_id)
    assert [(role, unit) for _id, role, unit in row.roles] == [(Role.CADRE, "榕树社区")]
    for other in ("security", "auditor", "supervisor", RESIDENT):
        with pytest.raises(Denied):
            place.do(other, people.open_account, _new(place, "another"))
    for other in ("system", "auditor", "supervisor", RESIDENT):
        with pytest.raises(Denied):
            place.do(other, people.grant_role, person_id, Role.CADRE, place.units["banyan"].id)


def test_an_account_name_is_taken_once_and_a_first_password_is_no_weak_one(place: Place) -> None:
    place.do("system", people.open_account, _new(place))
    with pytest.raises(Invalid):
        place.do("system", people.open_account, _new(place))
    for weak in ("short", "aaaaaaaaaaaa", "weakling-2026", "1234567890"):
        with pytest.raises(Invalid):
            place.do("system", people.open_account, _new(place, "weakling", weak))


def test_cadre_and_watchdog_are_never_one_person(place: Place) -> None:
    banyan = place.units["banyan"].id
    for who, role in (("clerk", Role.WATCHDOG), ("watchdog", Role.CADRE)):
        with pytest.raises(Refused, match="不能"):
            place.do("security", people.grant_role, place.people[who].person_id, role, banyan)
    place.do("security", people.grant_role, place.people["other_clerk"].person_id, Role.CADRE, banyan)


def test_no_two_administrators_are_one_person(place: Place) -> None:
    city = place.units["city"].id
    for who in ("system", "auditor"):
        for role in ADMINISTRATORS - place.people[who].roles:
            with pytest.raises(Refused):
                place.do("security", people.grant_role, place.people[who].person_id, role, city)


@given(some.sets(some.sampled_from(Role)))
def test_roles_clash_exactly_when_the_rule_says_so(held: set[Role]) -> None:
    both = {Role.CADRE, Role.WATCHDOG} <= held
    several = sum(role.value in ("system_admin", "security_admin", "auditor") for role in held) > 1
    assert clash(held) is (both or several)


def test_nobody_gives_a_role_to_themselves_or_drops_the_right_to_give_them(place: Place) -> None:
    own = place.people["security"].person_id
    with pytest.raises(Refused, match="自己"):
        place.do("security", people.grant_role, own, Role.SUPERVISOR, place.units["street"].id)
    rows = place.ask("security", people.role_holders)
    held = next(role_id for row in rows if row.id == own for role_id, *_rest in row.roles)
    with pytest.raises(Refused, match="自己"):
        place.do("security", people.revoke_role, held)


def test_a_role_is_given_once_where_it_belongs_and_to_nobody_who_left(place: Place) -> None:
    clerk = place.people["clerk"].person_id
    for role, unit in ((Role.CADRE, "banyan"), (Role.CADRE, "street"), (Role.RESIDENT, "banyan")):
        with pytest.raises(Refused):
            place.do("security", people.grant_role, clerk, role, place.units[unit].id)
    gone = place.people["watchdog2"].person_id
    place.do("system", people.close_account, gone)
    with pytest.raises(Refused):
        place.do("security", people.grant_role, gone, Role.CADRE, place.units["river"].id)


def test_a_role_taken_back_bites_in_the_session_that_is_open(place: Place) -> None:
    clerk = place.people["clerk"].person_id
    token = place.do(RESIDENT, lambda work: signin.begin(work, work.store.person(clerk)))
    session = signin.digest(token)
    assert place.ask(RESIDENT, signin.whose, session).actor.roles == {Role.CADRE}
    rows = place.ask("security", people.role_holders)
    held = next(role_id for row in rows if row.id == clerk for role_id, *_rest in row.roles)
    with pytest.raises(Denied):
        place.do("system", people.revoke_role, held)
    place.do("security", people.revoke_role, held)
    assert place.ask(RESIDENT, signin.whose, session).actor.roles == frozenset()


def test_a_reset_gives_a_strong_password_once_unlocks_and_ends_every_session(place: Place) -> None:
    clerk = place.people["clerk"].person_id
    token = place.do(RESIDENT, lambda work: signin.begin(work, work.store.person(clerk)))
    for _n in range(5):
        assert place.sign_in("clerk", "wrong password") is None
    assert next(r for r in place.ask("security", people.role_holders) if r.id == clerk).locked_until
    for other in ("system", "auditor", "supervisor", RESIDENT):
        with pytest.raises(Denied):
            place.do(other, people.reset_password, clerk)
    password = place.do("security", people.reset_password, clerk)
    assert people.is_weak(password, "clerk", "周小满") == ""
    with pytest.raises(Expired):
        place.ask(RESIDENT, signin.whose, signin.digest(token))
    assert place.sign_in("clerk", makers.PASSWORD) is None
    fresh = place.sign_in("clerk", password)
    assert place.ask(RESIDENT, signin.whose, signin.digest(fresh)).must_change


def test_an_account_closes_when_nothing_hangs_on_it_any_more(place: Place) -> None:
    clerk, watchdog = place.people["clerk"].person_id, place.people["watchdog2"].person_id
    with pytest.raises(Refused, match="岗位"):
        place.do("system", people.close_account, clerk)
    with pytest.raises(Refused, match="自己"):
        place.do("system", people.close_account, place.people["system"].person_id)
    with pytest.raises(Denied):
        place.do("security", people.close_account, watchdog)
    place.do("system", people.close_account, watchdog)
    for deed, actor in ((people.close_account, "system"), (people.reset_password, "security")):
        with pytest.raises(Refused, match="注销"):
            place.do(actor, deed, watchdog)
    assert place.sign_in("watchdog2", makers.PASSWORD) is None


def test_a_post_is_taken_once_by_somebody_who_is_here_and_left_once(place: Place) -> None:
    clerk, seal = place.people["clerk"].person_id, place.posts["seal"]
    place.do("system", posts.take_post, seal, clerk)
    with pytest.raises(Refused):
        place.do("system", posts.take_post, seal, clerk)
    row = next(row for row in place.ask("system", posts.posts) if row.id == seal)
    assert {name for *_ids, name in row.holders} == {"林向前", "周小满"}
    for holding, _person, _name in row.holders:
        with pytest.raises(Denied):
            place.do("security", posts.leave_post, holding)
        place.do("system", posts.leave_post, holding)
        with pytest.raises(Refused):
            place.do("system", posts.leave_post, holding)
    assert next(row for row in place.ask("system", posts.posts) if row.id == seal).holders == ()
    place.do("system", people.close_account, place.people["watchdog2"].person_id)
    with pytest.raises(Refused):
        place.do("system", posts.take_post, seal, place.people["watchdog2"].person_id)
    with pytest.raises(Invalid):
        place.do("system", posts.add_post, place.units["banyan"].id, "印章管理岗")
    assert place.do(FOUNDER, posts.add_post, place.units["river"].id, "印章管理岗")


def test_lists_for_administrators_are_for_them_alone(place: Place) -> None:
    for question, allowed in (
        (people.accounts, "system"), (people.homes, "system"), (posts.posts, "system"),
        (people.role_holders, "security"), (people.seats, "security"),
    ):  # fmt: skip
        assert place.ask(allowed, question)
        for other in {"system", "security", "auditor", "supervisor", "clerk"} - {allowed}:
            with pytest.raises(Denied):
                place.ask(other, question)


def test_people_to_choose_from_are_named_where_they_are_few_and_else_found_by_a_name(place: Place) -> None:
    clerk = place.people["clerk"].person_id
    everybody = place.ask("watchdog", relatives.choices)
    assert (everybody.more, place.people["watchdog"].person_id in everybody.names) == (False, False)
    with patch.object(people, "FOUND", 3):
        assert place.ask("watchdog", relatives.choices) == people.Found({}, more=True)
        named = place.ask("watchdog", relatives.choices, "小满")
        assert (list(named.names), named.more) == ([clerk], False)
        assert place.ask("watchdog", relatives.choices, "社区").more
        assert len(place.ask("watchdog", relatives.choices, "社区").names) <= 3

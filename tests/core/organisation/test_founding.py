"""First start: the door, and what a real site needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import Engine

from core.access import FOUNDER, RESIDENT, Permission
from core.errors import Denied, Invalid, Refused
from core.organisation import founding, people, signin, units
from core.organisation.founding import Door, Founding
from core.privacy.keys import Ring
from tests.makers import Place

FORM = {
    "city": "清源市", "district": "南湖区", "street": "望江街道", "communities": "榕树社区\n 江畔社区 \n\n",
    "name": "卫东", "account": "wei", "password": "long-enough-1", "again": "long-enough-1", "second_name": "蒋安",
    "second_account": "jiang", "second_password": "also-long-2",
}  # fmt: skip


def test_the_door_opens_for_its_code_however_it_is_written_and_for_nothing_else() -> None:
    door = Door("1234-5678-9012")
    for typed in ("1234-5678-9012", "123456789012", " 1234 5678 9012 ", "\uff11\uff12\uff13\uff14 5678 9012"):
        assert door.opens(typed)
    for typed in ("", "1234-5678-901", "1234-5678-9013", "1234-5678-90122", "abcd"):
        assert not door.opens(typed)


def test_every_server_of_a_site_has_the_same_code_and_another_site_another_one() -> None:
    ring, other = Ring.made(), Ring.made()
    assert Door.of(ring) == Door.of(Ring.read(ring.written())) == Door.of(ring.renewed())
    assert Door.of(ring).code != Door.of(other).code
    assert Door.of(ring).opens(Door.of(ring).code)


@given(st.text(max_size=30))
def test_no_other_text_opens_the_door(typed: str) -> None:
    assert not Door("1234-5678-9012").opens(typed)


def test_a_real_site_has_its_tree_and_two_administrators_who_are_two_people(engine: Engine) -> None:
    place = Place(engine)
    with pytest.raises(Denied):
        place.do(RESIDENT, founding.found, Founding(**FORM))
    founder = place.do(FOUNDER, founding.found, Founding(**FORM))
    assert [row.trail for row in place.ask(RESIDENT, units.communities)] == [
        "清源市 · 南湖区 · 望江街道 · 江畔社区", "清源市 · 南湖区 · 望江街道 · 榕树社区",
    ]  # fmt: skip
    assert [row.name for row in place.ask(RESIDENT, units.communities, "江 畔")] == ["江畔社区"]
    session = signin.digest(place.sign_in("wei", "long-enough-1"))
    first = place.ask(RESIDENT, signin.whose, session)
    assert (first.actor.person_id, first.must_change) == (founder, False)
    assert first.actor.may(Permission.PERSON_EDIT)
    assert not first.actor.may(Permission.ROLE_GRANT)
    session = signin.digest(place.sign_in("jiang", "also-long-2"))
    second = place.ask(RESIDENT, signin.whose, session)
    assert second.must_change
    assert second.actor.may(Permission.ROLE_GRANT)
    assert not second.actor.may(Permission.PERSON_EDIT)
    with pytest.raises(Refused):
        place.do(FOUNDER, founding.found, Founding(**FORM | {"account": "other"}))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "short", "again": "short"}, "password"),
        ({"password": "wei-has-the-key", "again": "wei-has-the-key"}, "password"),
        ({"again": "something-else"}, "again"),
        ({"second_account": "wei"}, "second_account"),
        ({"second_password": "1111111111"}, "second_password"),
    ],
)
def test_what_cannot_be_taken_is_told_beside_its_field_and_leaves_nothing(
    engine: Engine, change: dict[str, str], field: str
) -> None:
    place = Place(engine)
    with pytest.raises(Invalid) as refusal:
        place.do(FOUNDER, founding.found, Founding(**FORM | change))
    assert list(refusal.value.fields) == [field]
    assert not place.ask(FOUNDER, lambda work: work.store.is_founded())


def test_a_community_stands_once_and_a_password_keeps_its_blanks() -> None:
    with pytest.raises(ValidationError):
        Founding(**FORM | {"communities": "榕树社区\n榕树社区 "})
    assert Founding(**FORM | {"password": " with blanks "}).password == " with blanks "


def test_the_people_of_the_demo_are_not_for_everybody(place: Place) -> None:
    with pytest.raises(Denied):
        place.ask("clerk", founding.demo_people)
    before = place.ask(FOUNDER, founding.demo_people)
    place.do("system", people.close_account, place.people["other_clerk"].person_id)
    after = place.ask(FOUNDER, founding.demo_people)
    assert {row.account for row in before} - {row.account for row in after} == {"other_clerk"}

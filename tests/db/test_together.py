"""One run of a page: its questions share a moment, until a deed ends it."""

import pytest
from sqlalchemy import Engine, event, text

from core.access import Permission
from core.errors import Missing
from core.people import Person
from core.store import Work
from db import together
from tests.makers import Place


def _name(work: Work, person_id: str) -> str:
    return work.store.one(Person, person_id, work.actor.scope(Permission.PERSON_EDIT)).name


def _ask(place: Place, person_id: str) -> str:
    with together.asking(lambda: place.engine, place.people["system"]) as asked:
        return _name(asked, person_id)


def _begun(engine: Engine) -> list[object]:
    """Every transaction that is begun from now on."""
    found: list[object] = []
    event.listen(engine, "begin", found.append)
    return found


def test_questions_of_a_run_share_one_transaction_and_others_have_their_own(place: Place) -> None:
    someone = place.people["clerk"].person_id or ""
    begun = _begun(place.engine)
    with together.one_run():
        assert _ask(place, someone) == _ask(place, someone)
    assert len(begun) == 1
    _ask(place, someone)
    _ask(place, someone)
    assert len(begun) == 3


def test_after_a_deed_a_run_looks_anew_and_an_actor_is_never_anothers(place: Place) -> None:
    with together.one_run():
        with together.asking(lambda: place.engine, place.people["system"]) as first:
            assert first.actor == place.people["system"]
        with together.asking(lambda: place.engine, place.people["clerk"]) as second:
            assert second.actor == place.people["clerk"]
            assert second.store is first.store
        together.look_anew()
        with together.asking(lambda: place.engine, place.people["clerk"]) as third:
            assert third.store is not first.store


def test_a_refusal_ends_nothing_and_a_failure_ends_the_reading(place: Place) -> None:
    someone = place.people["clerk"].person_id or ""
    begun = _begun(place.engine)
    with together.one_run():
        with pytest.raises(Missing):
            _ask(place, "nobody")
        assert _ask(place, someone)
        assert len(begun) == 1
        nowhere = together.asking(lambda: place.engine, place.people["system"])
        with pytest.raises(Exception, match="nowhere"), nowhere as work:
            work.store.session.execute(text("select * from nowhere"))  # type: ignore[attr-defined]
        assert _ask(place, someone)
    assert len(begun) == 2

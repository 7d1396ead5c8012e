"""The unit of work: a deed with its line in the log, or neither."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import InternalError

from core.access import RESIDENT
from core.entries import register
from core.entries.register import Filter
from core.entries.risks import Risk
from core.errors import Missing, Refused, Stale
from core.organisation import people, posts, signin, units
from core.organisation.people import Assignment
from core.organisation.posts import Post
from core.organisation.units import Unit, new_id
from core.store import Work
from core.voices import doorstep, drafts
from core.voices.flags import Flag
from core.words import Role
from db.engine import LONG
from db.tables import KEPT, units_
from db.work import UNRECORDED, Unrecorded, reading
from tests import makers
from tests.makers import Place


def _lines(place: Place) -> int:
    with place.engine.connect() as rows:
        return int(rows.execute(text("SELECT count(*) FROM audit_entries")).scalar_one())


def test_a_refused_deed_leaves_nothing_behind(place: Place) -> None:
    before, names = _lines(place), place.ask("system", units.tree)

    def half(work: Work) -> None:
        posts.add_post(work, place.units["banyan"].id, "半途岗")
        raise Refused("no")

    with pytest.raises(Refused):
        place.do("system", half)
    assert (_lines(place), place.ask("system", units.tree)) == (before, names)
    assert "半途岗" not in {row.name for row in place.ask("system", posts.posts)}


def _rename(work: Work, place: Place) -> None:
    work.store.one(Unit, place.units["banyan"].id, work.actor.scope(work_right)).name = "悄悄改名"


def _add(work: Work, place: Place) -> None:
    work.store.add(Post(new_id(), place.units["banyan"].id, "悄悄加岗"))


def _grant(work: Work, place: Place) -> None:
    work.store.add(Assignment(new_id(), place.units["city"].id, place.people["clerk"].person_id or "", Role.AUDITOR))


def _drop(work: Work, place: Place) -> None:
    [held] = work.store.assignments(place.people["watchdog"].person_id or "")
    work.store.remove(held)


work_right = units.Permission.UNIT_EDIT


@pytest.mark.parametrize("secretly", [_rename, _add, _grant, _drop])
def test_no_change_is_kept_without_a_line_in_the_log(place: Place, secretly: Callable[[Work, Place], None]) -> None:
    before = _lines(place)
    with pytest.raises(Unrecorded):
        place.do("system", secretly, place)
    assert _lines(place) == before
    assert {row.name for row in place.ask("system", units.tree)} >= {"榕树社区"}
    assert place.ask("system", lambda work: len(work.store.assignments(place.people["watchdog"].person_id or ""))) == 1


def test_what_may_change_without_a_line_is_a_short_list(place: Place) -> None:
    assert {kind.__name__ for kind in UNRECORDED} == {
        "Draft", "Session", "Reading", "Suggestion", "Vocabulary", "Delivery", "Address",
    }  # fmt: skip
    assert set(UNRECORDED) <= set(KEPT)
    before = _lines(place)
    place.do("clerk", drafts.save, "form", {"text": "写了一半"})
    assert place.ask("clerk", drafts.recall, "form") == {"text": "写了一半"}
    assert place.ask("watchdog", drafts.recall, "form") == {}
    assert _lines(place) == before


def test_a_question_keeps_nothing(place: Place) -> None:
    def sly(work: Work) -> None:
        work.store.one(Unit, place.units["banyan"].id, work.actor.scope(work_right)).name = "悄悄改名"

    place.ask("system", sly)
    assert "悄悄改名" not in {row.name for row in place.ask("system", units.tree)}


def test_a_reading_leaves_what_the_server_thought_out_for_the_next_one(place: Place) -> None:
    if place.engine.dialect.name == "sqlite":
        return
    for _n in range(8):
        place.ask("watchdog", register.register, Filter())
    with reading(place.engine, RESIDENT) as asked:
        session = asked.store.session  # type: ignore[attr-defined]
        said = session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
        assert any("FROM risks" in one for one in said)
        with pytest.raises(InternalError):
            session.execute(text("DELETE FROM drafts"))


def test_a_question_is_thought_out_once_and_one_about_a_long_list_for_this_list(place: Place) -> None:
    if place.engine.dialect.name == "sqlite":
        return
    among = select(units_.c.id).where(units_.c.id.in_([str(n) for n in range(LONG)]), units_.c.name != "")
    with reading(place.engine, RESIDENT) as asked:
        connection = asked.store.session.connection()  # type: ignore[attr-defined]
        for _n in range(3):
            connection.execute(among)
            connection.execute(select(units_.c.name))
        plans = text("SELECT statement, generic_plans > 0, custom_plans > 0 FROM pg_prepared_statements")
        found = {said: (once, anew) for said, once, anew in connection.execute(plans)}
    assert {how for said, how in found.items() if said.startswith("SELECT units.name")} == {(True, False)}
    assert {how for said, how in found.items() if said.startswith("SELECT units.id")} == {(False, True)}


@pytest.mark.parametrize("kind", [Flag, Risk])
def test_of_two_who_change_the_same_thing_the_second_is_told(place: Place, kind: type[Any]) -> None:
    risk_id = makers.open_risk(place)
    with place.engine.connect() as rows:
        flag_id = rows.execute(text("SELECT id FROM flags")).scalars().first()
    key = risk_id if kind is Risk else flag_id

    def late(work: Work) -> None:
        thing = work.store.find(kind, key)
        work.store.session.execute(  # type: ignore[attr-defined]
            text(f"UPDATE {KEPT[kind].name} SET version_id = version_id + 1 WHERE id = :id"), {"id": key}
        )
        if isinstance(thing, Risk):
            thing.title = "改过的题目"
        elif isinstance(thing, Flag):
            thing.reason = "改过的理由"
        work.record("risk_described", key, chain="c")

    with pytest.raises(Stale):
        place.do("supervisor", late)


def test_a_person_who_comes_twice_is_told_that_somebody_was_quicker(place: Place) -> None:
    def twice(work: Work) -> None:
        other = people.Person(new_id(), place.units["city"].id, "clerk", "重名", "x")
        work.store.add(other)
        work.record("person_added", other.id, chain="c")

    with pytest.raises(Stale):
        place.do("system", twice)
    assert place.ask("system", lambda work: work.store.person_named("clerk").name) == "周小满"


def test_instants_keep_their_zone_on_every_database(place: Place) -> None:
    clerk = place.people["clerk"].person_id

    def lock(work: Work) -> None:
        work.store.person(clerk or "").locked_until = work.now + timedelta(minutes=15)
        work.record("sign_in_failed", clerk or "", chain="c")

    place.do("system", lock)
    found = place.ask("system", lambda work: work.store.person(clerk or "").locked_until)
    assert found == place.now + timedelta(minutes=15)
    assert found.tzinfo is not None


def test_a_nul_in_a_question_finds_nothing_and_breaks_nothing(place: Place) -> None:
    for typed in ("\0", "cl\0erk", f"{place.units['banyan'].code}\0"):
        assert place.ask(RESIDENT, signin.compare, typed, "x").is_right is False
        assert place.ask("watchdog", register.register, Filter(text=typed)).total == 0
        with pytest.raises(Missing):
            place.ask(RESIDENT, doorstep.doorstep, typed)
        place.do("clerk", drafts.save, typed, {"text": typed})

"""Schema changes: up, down, up with data in it, and never apart from the tables."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from core import dates, figures, posts, register, versions
from core.access import FOUNDER, Permission
from core.quarters import checked, proposed
from core.register import Filter
from db import migrate
from db.engine import databases
from db.tables import metadata
from tests import makers
from tests.makers import Place


def test_there_is_one_newest_version(engine: Engine) -> None:
    assert len(migrate.heads()) == 1
    assert migrate.version(engine) == migrate.heads()[0]


def test_the_schema_is_what_the_tables_say(engine: Engine) -> None:
    assert migrate.differences(engine) == []
    tables = {name for name in inspect(engine).get_table_names() if migrate.beside_index(name, "table")}
    assert tables == {*metadata.tables, "alembic_version"}


def test_everything_taken_down_leaves_nothing_and_goes_up_again(engine: Engine) -> None:
    migrate.downgrade(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(engine)
    assert migrate.differences(engine) == []


def test_a_step_back_and_forth_keeps_the_data_and_the_guard_of_the_log(place: Place) -> None:
    makers.controlled(place)
    before = place.ask("supervisor", figures.overview)
    migrate.downgrade(place.engine, "0001")
    migrate.upgrade(place.engine)
    assert place.ask("supervisor", figures.overview) == before
    with pytest.raises(Exception, match="append-only"), place.engine.begin() as rows:
        rows.execute(text("DELETE FROM audit_entries"))
    makers.speak(place)


def test_what_was_there_before_versions_were_kept_is_known_from_the_day_of_the_change_on(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    makers.raise_point(place, ("banyan",))
    makers.opened_round(place)
    place.now = dates.now()
    before = place.ask("supervisor", versions.as_of, place.units["banyan"].id, place.today)
    migrate.downgrade(place.engine, "0006")
    migrate.upgrade(place.engine)
    place.now = dates.now()
    day = dates.today(place.now)
    past = place.ask("supervisor", versions.as_of, place.units["banyan"].id, day)
    now = place.ask("supervisor", register.register, Filter(unit_id=place.units["banyan"].id)).rows
    assert past.rows == tuple(replace(row, lapsed=False) for row in now)
    assert past.versions[risk_id].fields == before.versions[risk_id].fields
    assert past.known_from == day
    assert place.ask("supervisor", versions.as_of, place.units["banyan"].id, day - timedelta(1)).rows == ()
    [row] = place.ask("supervisor", lambda work: work.store.round_rows(work.actor.scope(Permission.REGISTER_READ)))
    assert checked(proposed(row.starts_on, row.ends_on)).filing_from == row.filing_from


def test_posts_that_are_there_already_head_their_unit_by_their_names(place: Place) -> None:
    names = ("社区党组织书记", "居委会主任", "副主任", "纪检书记", "会计岗")
    for name in names:
        place.do(FOUNDER, posts.add_post, place.units["river"].id, name)
    migrate.downgrade(place.engine, "0014")
    migrate.upgrade(place.engine)
    rows = place.ask(FOUNDER, posts.posts)
    assert {row.name for row in rows if row.leads} == set(names[:2])


def test_going_up_twice_changes_nothing(place: Place) -> None:
    with place.engine.connect() as rows:
        before = rows.execute(text("SELECT count(*) FROM audit_entries")).scalar_one()
    migrate.upgrade(place.engine)
    with place.engine.connect() as rows:
        assert rows.execute(text("SELECT count(*) FROM audit_entries")).scalar_one() == before


def test_a_database_is_opened_and_brought_up_to_date_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGYUAN_DATA", str(tmp_path / "new"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    databases.close()
    assert migrate.version(databases.real()) == migrate.heads()[0]
    assert (tmp_path / "new" / "qingyuan.db").exists()
    databases.close()

"""Schema changes: up, down, up with data in it, and never apart from the tables."""

import re
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, inspect, text

from core import dates
from core.access import FOUNDER, Permission
from core.entries import register, versions
from core.entries.register import Filter
from core.insight import figures
from core.inspection.quarters import checked, proposed
from core.organisation import posts
from db import migrate
from db.engine import connect, databases
from db.tables import metadata
from tests import filled, makers
from tests.makers import Place


def test_there_is_one_newest_version(engine: Engine) -> None:
    assert len(migrate.heads()) == 1
    assert migrate.version(engine) == migrate.heads()[0] == migrate._newest()


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
    words = {"wording": past.versions[risk_id].fields.get("wording")}  # kept since it can be changed, not before
    assert past.versions[risk_id].fields | words == before.versions[risk_id].fields | words
    assert past.known_from == day
    assert place.ask("supervisor", versions.as_of, place.units["banyan"].id, day - timedelta(1)).rows == ()
    [row] = place.ask("supervisor", lambda work: work.store.round_rows(work.actor.scope(Permission.REGISTER_READ)))
    assert checked(proposed(row.starts_on, row.ends_on)).filing_from == row.filing_from


def counts(engine: Engine) -> dict[str, int]:
    """Rows of each table there is at this version."""
    names = [name for name in inspect(engine).get_table_names() if name in metadata.tables]
    with engine.connect() as rows:
        return {name: rows.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}


@pytest.mark.costly
def test_each_step_goes_down_and_up_again_with_a_row_in_every_table(engine: Engine) -> None:
    with engine.begin() as rows:
        filled.fill(rows)
    whole = counts(engine)
    assert whole == dict.fromkeys(metadata.tables, 1) | {"people": 2}
    while (number := migrate.version(engine)) != "0001":
        migrate.downgrade(engine, "-1")
        below = counts(engine)
        assert below == {name: whole[name] for name in below}, number
        migrate.upgrade(engine, "+1")
        again = counts(engine)
        assert {name: again[name] for name in below} == below, number
        migrate.downgrade(engine, "-1")
    migrate.upgrade(engine)
    assert migrate.differences(engine) == []
    assert counts(engine).items() >= {"people": 2, "flags": 1, "audit_entries": 1, "receipts": 1}.items()
    migrate.downgrade(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}


UP = """
import sys
from db import migrate
from db.engine import connect
engine = connect(sys.argv[1])
engine.connect().close()
print("begun", flush=True)
migrate.upgrade(engine)
"""


@pytest.mark.costly
def test_a_change_killed_half_way_is_brought_right_by_the_next_start(engine: Engine, tmp_path: Path) -> None:
    """kill -9 at random instants on the way from the first version to the newest, with data in the tables."""
    url = engine.url.render_as_string(hide_password=False)
    if engine.dialect.name == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    old, draw = connect(url), Random(5)
    migrate.upgrade(old)
    with old.begin() as rows:
        filled.fill(rows)
    migrate.downgrade(old, "0001")
    before = counts(old)
    cut, longest = 0, 0.4
    for _turn in range(9):
        old.dispose()
        run = subprocess.Popen([sys.executable, "-c", UP, url], stdout=subprocess.PIPE)
        with run:
            assert run.stdout is not None
            run.stdout.readline()
            time.sleep(draw.uniform(0, longest))
            run.kill()
        if migrate.version(old) == "0001":
            assert counts(old) == before
            cut += 1
        else:  # all of it was done before it was cut: sooner the next time
            assert migrate.differences(old) == []
            migrate.downgrade(old, "0001")
            longest /= 2
        if cut == 3:
            break
    assert cut
    migrate.upgrade(old)
    assert migrate.differences(old) == []
    assert counts(old).items() >= before.items()
    old.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_chinese_is_searched_by_its_triples_on_this_server(engine: Engine) -> None:
    """Where the locale takes Chinese letters for none, nothing would be found, or only by reading all."""
    said = [f"第{n}号楼的{what}没有公示" for n in range(400) for what in ("电梯维修费", "停车费", "绿化款", "补贴名单")]
    with engine.begin() as rows:
        assert rows.scalar(text("SHOW server_encoding")) == "UTF8"
        assert rows.scalar(text("SELECT lower('ＡÉЖ')")) == "ａéж"
        assert len(rows.scalar(text("SELECT show_trgm('公章使用')"))) >= 4
        rows.execute(
            text("INSERT INTO said_index (subject, unit_id, said) VALUES (:n, 'x', :said)"),
            [{"n": str(n), "said": one} for n, one in enumerate(said)],
        )
        rows.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(rows.scalars(text(
            "EXPLAIN (ANALYZE, COSTS off) SELECT subject FROM said_index WHERE said LIKE '%第77号楼的停车费%'"
        )))  # fmt: skip
    assert "Index Scan on said_index_said" in plan
    found = re.search(r"Bitmap Index Scan on said_index_said \(actual time=\S+ rows=(\d+)", plan)
    assert found
    assert int(found[1]) < 20  # the index tells them apart, not the reading of what it gave


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


@pytest.mark.costly
def test_a_database_is_opened_and_brought_up_to_date_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGYUAN_DATA", str(tmp_path / "new"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    databases.close()
    assert migrate.version(databases.real()) == migrate.heads()[0]
    assert (tmp_path / "new" / "qingyuan.db").exists()
    databases.close()

"""The audit log as it is kept: what is tampered with is found, and no two writers fork a chain."""

import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from core.access import FOUNDER
from core.audit import Flaw, residents_chain
from core.errors import Stale
from core.organisation import posts
from db.__main__ import main
from db.engine import connect, databases
from db.migrate import upgrade
from db.questions.log import Log
from db.work import reading, work
from tests import makers
from tests.makers import Place, make_place


def _open_up(engine: Engine) -> None:
    """Take away what keeps the log append-only, as somebody with the database in their hands could."""
    with engine.begin() as rows:
        if engine.dialect.name == "sqlite":
            rows.execute(text("DROP TRIGGER IF EXISTS audit_no_update"))
            rows.execute(text("DROP TRIGGER IF EXISTS audit_no_delete"))
        else:
            rows.execute(text("DROP TRIGGER IF EXISTS audit_append_only ON audit_entries"))


def _broken(engine: Engine) -> dict[str, tuple[int, Flaw]]:
    with reading(engine, FOUNDER) as asked:
        assert isinstance(asked.store, Log)
        return {chain: (v.first.n, v.first.why) for chain, v in asked.store.verdicts() if v.first}


def _run(engine: Engine, sql: str, **values: object) -> None:
    with engine.begin() as rows:
        rows.execute(text(sql), values)


@pytest.fixture
def chain(place: Place) -> str:
    """A chain of at least eight lines."""
    for n in range(8):
        place.do(FOUNDER, posts.add_post, place.units["river"].id, f"岗位{n}")
    return place.units["river"].id


def test_an_honest_log_holds(place: Place, chain: str) -> None:
    makers.speak(place)
    assert _broken(place.engine) == {}


@pytest.mark.parametrize(
    "sql",
    ["UPDATE audit_entries SET actor = 'x'", "DELETE FROM audit_entries", "DELETE FROM audit_entries WHERE n = 1"],
)
def test_the_database_itself_refuses_to_change_or_delete_a_line(place: Place, chain: str, sql: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        _run(place.engine, sql)
    assert _broken(place.engine) == {}


@pytest.mark.parametrize("column", ["at", "actor", "event", "subject", "facts"])
def test_a_changed_line_is_found_whichever_part_was_changed(place: Place, chain: str, column: str) -> None:
    _open_up(place.engine)
    sql = f"UPDATE audit_entries SET {column} = {column} || ' ' WHERE chain = :chain AND n = 3"
    _run(place.engine, sql, chain=chain)
    assert _broken(place.engine) == {chain: (3, Flaw.DIGEST)}


def test_a_line_taken_out_is_found(place: Place, chain: str) -> None:
    _open_up(place.engine)
    _run(place.engine, "DELETE FROM audit_entries WHERE chain = :chain AND n = 4", chain=chain)
    assert _broken(place.engine) == {chain: (4, Flaw.NUMBER)}


def test_a_line_taken_out_and_the_rest_renumbered_is_found(place: Place, chain: str) -> None:
    _open_up(place.engine)
    _run(place.engine, "DELETE FROM audit_entries WHERE chain = :chain AND n = 4", chain=chain)
    for n in range(5, 20):
        _run(place.engine, "UPDATE audit_entries SET n = :m WHERE chain = :chain AND n = :n", chain=chain, n=n, m=n - 1)
    assert _broken(place.engine) == {chain: (4, Flaw.PREVIOUS)}


def test_a_line_put_in_is_found(place: Place, chain: str) -> None:
    _open_up(place.engine)
    for n in range(20, 3, -1):
        _run(place.engine, "UPDATE audit_entries SET n = :m WHERE chain = :chain AND n = :n", chain=chain, n=n, m=n + 1)
    _run(
        place.engine,
        "INSERT INTO audit_entries SELECT chain, 4, at, actor, event, subject, facts, previous, digest"
        " FROM audit_entries WHERE chain = :chain AND n = 3",
        chain=chain,
    )
    assert _broken(place.engine) == {chain: (4, Flaw.PREVIOUS)}


def test_two_lines_in_each_others_place_are_found(place: Place, chain: str) -> None:
    _open_up(place.engine)
    for n, m in ((3, 100), (4, 3), (100, 4)):
        _run(place.engine, "UPDATE audit_entries SET n = :m WHERE chain = :chain AND n = :n", chain=chain, n=n, m=m)
    assert _broken(place.engine) == {chain: (3, Flaw.PREVIOUS)}


def test_lines_cut_off_at_the_end_are_found(place: Place, chain: str) -> None:
    _open_up(place.engine)
    _run(place.engine, "DELETE FROM audit_entries WHERE chain = :chain AND n > 5", chain=chain)
    assert _broken(place.engine) == {chain: (5, Flaw.HEAD)}


def test_a_chain_emptied_or_without_its_head_is_found(place: Place, chain: str) -> None:
    _open_up(place.engine)
    _run(place.engine, "DELETE FROM audit_entries WHERE chain = :chain", chain=chain)
    _run(place.engine, "DELETE FROM chain_heads WHERE chain = :chain", chain=place.units["banyan"].id)
    found = _broken(place.engine)
    assert found[chain] == (0, Flaw.HEAD)
    assert found[place.units["banyan"].id][1] is Flaw.HEAD


COLUMNS = ("at", "actor", "event", "subject", "facts", "previous", "digest")


@given(n=some.integers(1, 8), column=some.sampled_from(COLUMNS),
       typed=some.text(some.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20))  # fmt: skip
@settings(max_examples=settings().max_examples // 3, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_change_of_any_field_goes_unseen(place: Place, chain: str, n: int, column: str, typed: str) -> None:
    _open_up(place.engine)
    with place.engine.connect() as rows:
        change = text(f"UPDATE audit_entries SET {column} = :typed WHERE chain = :chain AND n = :n")
        before = rows.execute(
            text(f"SELECT {column} FROM audit_entries WHERE chain = :chain AND n = :n"), {"chain": chain, "n": n}
        ).scalar_one()
        rows.commit()
    with place.engine.begin() as rows:
        rows.execute(change, {"typed": typed, "chain": chain, "n": n})
    assert (chain in _broken(place.engine)) is (typed != before)
    with place.engine.begin() as rows:
        rows.execute(change, {"typed": before, "chain": chain, "n": n})
    assert _broken(place.engine) == {}


def test_a_day_of_a_resident_is_never_given_an_hour(place: Place) -> None:
    makers.speak(place)
    with place.engine.connect() as rows:
        at = rows.execute(
            text("SELECT at FROM audit_entries WHERE chain = :chain"),
            {"chain": residents_chain(place.units["banyan"].id)},
        )
        assert {len(day) for day in at.scalars()} == {10}


def test_the_command_says_whether_the_log_holds_and_which_line_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QINGYUAN_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    databases.close()
    place = make_place(databases.real())
    assert main(["verify"]) == 0
    assert "全部完整" in capsys.readouterr().out
    city = place.units["city"].id
    engine = databases.real()
    _open_up(engine)
    _run(engine, "UPDATE audit_entries SET actor = 'somebody' WHERE chain = :chain AND n = 2", chain=city)
    assert main(["verify", "--whole"]) == 1
    said = capsys.readouterr().out
    assert f"{city} 在第 2 条断开" in said
    assert main(["migrate"]) == 0


WRITERS, DEEDS = 8, 12


def test_writers_at_the_same_time_never_fork_a_chain_and_lose_nothing(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'busy.db'}")
    upgrade(engine)
    _crowd(engine)


@pytest.mark.postgresql
def test_writers_at_the_same_time_never_fork_a_chain_on_a_server(engine: Engine) -> None:
    if engine.dialect.name == "postgresql":
        _crowd(engine)


def _crowd(engine: Engine) -> None:
    place = make_place(engine)
    river = place.units["river"].id
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        for n in range(DEEDS):
            try:
                with work(engine, FOUNDER) as doing:
                    posts.add_post(doing, river, f"岗位{writer}-{n}")
            except Stale as busy:
                failures.append(busy)

    writers = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    assert _broken(engine) == {}
    with engine.connect() as rows:
        [count] = rows.execute(text("SELECT count(*) FROM audit_entries WHERE event = 'post_added' AND chain = :chain"),
                               {"chain": river}).one()  # fmt: skip
    assert count == WRITERS * DEEDS
    engine.dispose()

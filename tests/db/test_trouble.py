"""A database that is away, busy, full or read-only is told from a fault of the program, and rows from strange hands."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from core.access import RESIDENT
from core.errors import Damaged, Unavailable
from core.review import inbox
from core.voices import flags
from db import unlogged
from db.engine import LOOK, WAIT, connect
from db.migrate import upgrade
from db.trouble import trouble
from db.work import reading, work
from tests import makers
from tests.makers import Place, copy_of


class Said(Exception):
    """An error as PostgreSQL's driver raises it."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("an error")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("cause", "passes"),
    [
        (sqlite3.OperationalError("database is locked"), True),
        (sqlite3.OperationalError("unable to open database file"), True),
        (sqlite3.OperationalError("database or disk is full"), False),
        (sqlite3.OperationalError("attempt to write a readonly database"), False),
        (sqlite3.OperationalError("disk I/O error"), False),
        (Said(None), True), (Said("08006"), True), (Said("57P01"), True), (Said("53300"), True), (Said("53100"), False),
        (Said("25006"), False),
    ],
)  # fmt: skip
def test_trouble_of_the_database_is_told_and_whether_it_passes(cause: Exception, passes: bool) -> None:
    found = trouble(OperationalError("SELECT 1", {}, cause))
    assert found
    assert found.passes is passes


@pytest.mark.parametrize("cause", [sqlite3.OperationalError("no such table: flags"), Said("42P01"), Said("40001")])
def test_a_fault_of_the_program_stays_one(cause: Exception) -> None:
    assert trouble(OperationalError("SELECT 1", {}, cause)) is None
    assert trouble(ValueError("no")) is None


def _full(engine: Engine) -> None:
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        raw.execute(f"PRAGMA max_page_count = {pages}")


def _read_only(engine: Engine) -> None:
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw
        raw.execute("PRAGMA query_only = ON")


@pytest.mark.parametrize("spoil", [_full, _read_only])
def test_a_deed_that_finds_no_room_is_refused_as_a_whole_and_reading_goes_on(
    made: Place, tmp_path: Path, spoil: Callable[[Engine], None]
) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'small.db'}")
    place = copy_of(made, engine)
    makers.speak(place, "低保名单从来没见贴出来过")
    spoil(engine)
    draft = flags.ResidentFlag(text="很长的一件事情" * 200)

    def speak_on() -> None:
        for _n in range(50):
            place.do(RESIDENT, flags.speak, place.units["banyan"].code, draft)

    with pytest.raises(Unavailable) as refusal:
        speak_on()
    assert not refusal.value.passes
    assert [row.text for row in makers.inbox(place)][:1]
    engine.dispose()


def test_a_database_that_somebody_else_holds_is_told_as_busy_and_taken_up_again(
    made: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'held.db'}")
    place = copy_of(made, engine)
    monkeypatch.setattr("db.engine.WAIT", 0.05)
    holder = sqlite3.connect(tmp_path / "held.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Unavailable) as refusal, work(engine, RESIDENT) as doing:
        flags.speak(doing, "nowhere", flags.ResidentFlag(text="低保名单没有贴出来"))
    assert refusal.value.passes
    holder.close()
    with pytest.raises(ZeroDivisionError):
        place.do(RESIDENT, lambda work: work.store.unit_by_code(place.units["banyan"].code) and 1 / 0)
    makers.speak(place)  # whoever failed has given the turn to write back
    assert len(makers.inbox(place)) == 1
    engine.dispose()


def test_whoever_waits_for_another_process_writes_as_soon_as_that_is_done(
    made: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'shared.db'}")
    place = copy_of(made, engine)
    other = sqlite3.connect(tmp_path / "shared.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waited: list[float] = []

    def done(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            other.execute("COMMIT")

    monkeypatch.setattr("db.engine.time", SimpleNamespace(sleep=done))
    makers.speak(place)
    assert waited == [LOOK] * 3
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == WAIT * 1000
    engine.dispose()


def test_a_database_that_is_up_to_date_is_opened_without_writing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    engine = connect(url)
    upgrade(engine)
    _read_only(engine)
    upgrade(engine)
    engine.dispose()


def test_a_code_that_means_nothing_is_said_politely_and_found(place: Place) -> None:
    makers.speak(place)
    assert unlogged.found(place.engine) == []
    with place.engine.begin() as rows:
        rows.execute(text("UPDATE flags SET channel = 'pigeon'"))
    with pytest.raises(Damaged), reading(place.engine, place.people["watchdog"], place.now) as asked:
        inbox.inbox(asked)
    assert len(unlogged.found(place.engine)) == 1
    assert "pigeon" in unlogged.found(place.engine)[0]


def test_words_that_no_line_of_the_log_tells_of_are_found(place: Place) -> None:
    makers.speak(place)
    names = flags_columns(place)
    with place.engine.begin() as rows:
        copied = ", ".join(names[1:])
        rows.execute(text(f"INSERT INTO flags (id, {copied}) SELECT 'by-hand', {copied} FROM flags"))
    assert [("by-hand" in one) for one in unlogged.found(place.engine)] == [True]


def flags_columns(place: Place) -> list[str]:
    with place.engine.connect().execution_options(reading=True) as rows:
        return list(rows.execute(text("SELECT * FROM flags")).keys())


def test_a_clash_of_two_deeds_is_no_trouble_of_the_database() -> None:
    assert trouble(IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE constraint failed: flags.id"))) is None


def test_a_server_that_was_started_anew_gives_nobody_an_error(place: Place) -> None:
    if place.engine.dialect.name == "sqlite":
        return
    site = connect(place.engine.url.render_as_string(hide_password=False))
    with reading(site, RESIDENT) as asked:
        before = asked.store.communities()
    with place.engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                           " AND datname = current_database()"))  # fmt: skip
    with reading(site, RESIDENT) as asked:
        assert asked.store.communities() == before != []
    site.dispose()

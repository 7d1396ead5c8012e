"""Files on a shelf outside the database: never lost once acknowledged, gone when they are to go, readable by nobody."""

import hashlib
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer
from sqlalchemy import event, select

from core.access import RESIDENT
from core.errors import Missing, Refused
from core.evidence import Upload, sha256
from core.privacy.keeping import terms
from core.review import triage
from core.store import Work
from core.voices import attachments, followup, openings, retention, unlocking
from core.voices.attachments import Attachment, prepared
from core.words import OpeningKind
from db import files as db_files
from db import filing, jobs, keyring, migrate, renewal, shelves
from db.__main__ import main
from db.engine import connect, databases
from db.sweeping import PROGRAM
from db.tables.file_tables import files, spent
from tests import makers
from tests.core.voices.test_openings import granted, with_file
from tests.db.test_twice import at_once, busy
from tests.makers import Place, copy_of

__all__ = ["busy"]
pytestmark = pytest.mark.privacy
KINDS = ("folder", "s3")
WORDS = "停车费收了钱，账从来没有贴出来过"


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """A server that speaks as an S3-like place does."""
    logging.getLogger("werkzeug").disabled = True
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


class Ground:
    """Where the shelves of a test are."""

    def __init__(self, tmp_path: Path, s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        (tmp_path / "shared").mkdir()
        bucket = hashlib.sha256(str(tmp_path).encode()).hexdigest()[:40]
        self.places = {
            "database": "database", "folder": str(tmp_path / "shared"), "s3": f"s3://{bucket}/qingyuan",
        }  # fmt: skip
        for name, value in (
            ("AWS_ENDPOINT_URL", s3), ("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
        ):  # fmt: skip
            monkeypatch.setenv(name, value)
        boto3.client("s3").create_bucket(Bucket=bucket)

    def use(self, *kinds: str) -> None:
        self._patch.setenv(shelves.PLACES, " ".join(self.places[kind] for kind in kinds))

    def names(self, place: Place) -> set[str]:
        site = place.units["city"].id
        return {name for shelf in shelves.outside() for name, _since in shelf.names(site)}

    def bytes(self, place: Place) -> bytes:
        return b"".join(shelf.get(name) or b"" for shelf in shelves.outside() for name in self.names(place))


@pytest.fixture
def ground(tmp_path: Path, s3: str, monkeypatch: pytest.MonkeyPatch) -> Ground:
    return Ground(tmp_path, s3, monkeypatch)


@pytest.fixture(params=KINDS)
def outside(ground: Ground, request: pytest.FixtureRequest) -> Ground:
    ground.use(request.param)
    return ground


def rows(place: Place) -> dict[str, tuple[bytes, str]]:
    with place.engine.connect() as asked:
        return {r.sha256: (r.content, r.place) for r in asked.execute(select(files))}


def keep(place: Place, content: bytes) -> str:
    """A content kept as evidence of nothing; tests alone do that."""
    place.do(RESIDENT, lambda doing: doing.store.keep_file(sha256(content), content))
    return sha256(content)


def read(place: Place, digest: str) -> bytes:
    return bytes(place.ask(RESIDENT, lambda asked: asked.store.file(digest)))


def swept(place: Place, days: int = 40) -> None:
    place.later(days)
    jobs.sweep(place.engine, now=lambda: place.now)


def test_a_shelf_gives_what_was_put_and_nothing_once_it_is_dropped(ground: Ground) -> None:
    for kind in KINDS:
        ground.use(kind)
        [shelf] = shelves.outside()
        before = datetime.now(UTC) - timedelta(minutes=1)
        shelf.put("a/1", b"one")
        shelf.put("a/1", b"once more")
        shelf.put("b/1", b"")
        assert (shelf.get("a/1"), shelf.get("b/1"), shelf.get("a/2")) == (b"once more", b"", None)
        [(name, since)] = shelf.names("a")
        assert name == "a/1"
        assert before < since < datetime.now(UTC) + timedelta(minutes=1)
        for _twice in range(2):
            shelf.drop("a/1")
        assert (shelf.get("a/1"), list(shelf.names("a")), list(shelf.names("z"))) == (None, [], [])


def test_what_a_sender_adds_lies_outside_and_neither_there_nor_in_the_database_in_the_clear(
    outside: Ground, place: Place
) -> None:
    opened = place.ask(RESIDENT, unlocking.unlock, makers.speak(place, WORDS))
    content = "收据三张，没有公章".encode()
    assert place.do(RESIDENT, attachments.add, opened, prepared(Upload("", content)))
    kept = rows(place)
    assert {here for here, _place in kept.values()} == {b""}
    assert {name for _here, name in kept.values()} == outside.names(place)
    assert len(kept) == 2
    assert content not in outside.bytes(place)
    [row] = place.ask(RESIDENT, attachments.own, opened)
    assert place.do("watchdog", attachments.clean_copy, row.id).content == content


def test_an_original_outside_is_opened_by_two_people_and_sealed_anew_with_the_others(
    outside: Ground, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(keyring.KEYS)
    monkeypatch.setenv(keyring.FILE, str(tmp_path / "keys"))
    makers.make_person(place, "desk2", "许明镜", "street", makers.Role.DISCIPLINE)
    makers.speak(place, WORDS)
    flag_id = makers.inbox(place)[0].id
    attachment = with_file(place, flag_id, b"a photo")
    before = outside.names(place)
    assert renewal.renew(place.engine) == 1
    after = outside.names(place)
    assert len(before) == len(after) == 2
    assert len(before & after) == 1, "the clean copy stays where it is, the original is another one"
    opening = granted(place, flag_id, OpeningKind.ORIGINAL, attachment)
    assert place.do("discipline", openings.open_original, opening) == (b"a photo", "image/jpeg")


def test_what_goes_by_its_time_or_by_its_sender_goes_from_the_shelf_too(outside: Ground, place: Place) -> None:
    code = makers.speak(place, WORDS)
    flag_id = makers.inbox(place)[0].id
    with_file(place, flag_id)
    place.do("watchdog", triage.decline, flag_id, "已公开")
    place.later(90)
    place.do(PROGRAM, retention.sweep, terms(), 100)
    assert len(outside.names(place)) == 1, "the clean copy stays"
    place.do(RESIDENT, followup.take_back, code)
    assert outside.names(place) == set()
    assert rows(place) == {}


def test_of_a_deed_that_fails_nothing_stays_on_the_shelf(outside: Ground, place: Place) -> None:
    def failing(doing: Work) -> None:
        doing.store.keep_file(sha256(b"x"), b"x")
        raise Refused("no")

    with pytest.raises(Refused):
        place.do(RESIDENT, failing)
    assert (outside.names(place), rows(place)) == (set(), {})


def test_a_content_is_brought_out_once_its_deed_is_committed_and_by_the_sweep_where_that_could_not_be(
    outside: Ground, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    [shelf] = shelves.outside()
    event.listen(place.engine, "commit", lambda _connection: done.append("commit"))
    with monkeypatch.context() as killed:
        killed.setattr(type(shelf), "put", lambda *_of: done.append("put") or _raised(KeyboardInterrupt))  # type: ignore[func-returns-value]
        with pytest.raises(KeyboardInterrupt):
            keep(place, b"x")
    assert done[-2:] == ["commit", "put"]
    assert read(place, sha256(b"x")) == b"x", "a server killed before it lay outside has lost nothing"
    swept(place)
    [(here, name)] = rows(place).values()
    assert (here, outside.names(place)) == (b"", {name})
    assert read(place, sha256(b"x")) == b"x"


def _raised(error: type[BaseException]) -> NoReturn:
    raise error


def test_what_a_killed_server_left_goes_after_a_week_and_nothing_of_anybody_else(
    outside: Ground, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = keep(place, b"kept")
    [shelf] = shelves.outside()
    site = place.units["city"].id
    shelf.put(f"{site}/00/left", b"of a deed that was never committed")
    shelf.put("another/00/site", b"not ours")
    jobs.sweep(place.engine, now=lambda: datetime.now(UTC) + timedelta(days=6))
    assert f"{site}/00/left" in outside.names(place)
    jobs.sweep(place.engine, now=lambda: datetime.now(UTC) + timedelta(days=8))
    assert outside.names(place) == {rows(place)[digest][1]}
    assert shelf.get("another/00/site") == b"not ours"
    assert read(place, digest) == b"kept"


def test_what_could_not_go_with_its_deed_goes_with_the_sweep(
    outside: Ground, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = keep(place, b"to go")
    with monkeypatch.context() as killed:
        killed.setattr(shelves, "clear", lambda _places: False)
        place.do(RESIDENT, lambda doing: doing.store.drop_file(digest))
    assert len(outside.names(place)) == 1
    swept(place)
    assert outside.names(place) == set()
    with place.engine.connect() as asked:
        assert asked.execute(select(spent)).all() == []


def test_a_shelf_that_is_away_loses_nothing_and_whoever_reads_is_told(
    ground: Ground, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.use("folder")
    digest = keep(place, b"kept")
    (tmp_path / "shared").rename(tmp_path / "elsewhere")
    another = keep(place, b"another")
    assert read(place, another) == b"another"
    with pytest.raises(Refused) as refusal:
        read(place, digest)
    assert refusal.type is Refused, "it is told to try again, not that there is no such file"
    place.do(RESIDENT, lambda doing: doing.store.drop_file(digest))
    (tmp_path / "elsewhere").rename(tmp_path / "shared")
    swept(place)
    assert ground.names(place) == {rows(place)[another][1]} != {""}


def test_a_content_that_somebody_changed_on_the_shelf_is_not_given_out(
    outside: Ground, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    digest, lost = keep(place, b"what it was"), keep(place, b"lost")
    [shelf] = shelves.outside()
    at = {sha: name for sha, (_here, name) in rows(place).items()}
    content = shelf.get(at[digest]) or b""
    shelf.put(at[digest], content[:-1] + bytes([content[-1] ^ 1]))
    shelf.drop(at[lost])
    for one in (digest, lost):
        with pytest.raises(Missing):
            read(place, one)
    assert filing.look(place.engine) == (2, sorted([digest, lost]))
    assert filing.move(place.engine)[None] == 1, "what is not there cannot be moved; the changed one is at home"


def test_files_move_from_any_place_to_any_other_and_killed_half_way_nothing_is_lost(
    ground: Ground, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {keep(place, bytes([n]) * n): bytes([n]) * n for n in range(4)}
    came = "database"
    for to in ("folder", "s3", "folder", "database"):
        ground.use(to, came)
        with monkeypatch.context() as killed:
            killed.setattr(db_files, "_told", _stop_at_the_second())
            with pytest.raises(KeyboardInterrupt):
                filing.move(place.engine)
        assert {digest: read(place, digest) for digest in contents} == contents
        assert filing.move(place.engine)[None] == 0
        assert filing.look(place.engine) == (len(contents), [])
        ground.use(to)
        assert {digest: read(place, digest) for digest in contents} == contents
        assert {bool(name) for _here, name in rows(place).values()} == {to != "database"}
        came = to
    ground.use("database", "folder", "s3")
    swept(place)
    assert ground.names(place) == set()


def _stop_at_the_second() -> object:
    turns, told = [], db_files._told

    def once(*given: Any) -> bool:
        turns.append(1)
        if len(turns) == 2:
            raise KeyboardInterrupt
        return told(*given)

    return once


def test_the_command_moves_every_file_and_says_which_is_lost(
    made: Place, ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QINGYUAN_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    databases.close()
    place = copy_of(made, databases.real())
    before = len(rows(place))
    digest = keep(place, b"evidence")
    ground.use("folder")
    assert main(["files", "--move"]) == 0
    assert f"已移动 {before + 1} 个文件" in capsys.readouterr().out
    place.engine = databases.real()
    [shelf] = shelves.outside()
    shelf.drop(rows(place)[digest][1])
    databases.close()
    assert main(["files"]) == 1
    assert digest in capsys.readouterr().out


def test_places_that_cannot_be_used_are_told_of_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for wrong in ("relative/folder", str(tmp_path / "not there"), "ftp://host/x"):
        monkeypatch.setenv(shelves.PLACES, wrong)
        assert "QINGYUAN_FILES" in shelves.trouble()
    for right in ("", "database", str(tmp_path)):
        monkeypatch.setenv(shelves.PLACES, right)
        assert shelves.trouble() == ""


@pytest.mark.costly
@pytest.mark.postgresql
def test_what_one_sender_deletes_while_another_brings_the_same_stays_for_the_other(busy: Place, ground: Ground) -> None:
    for turn, kind in enumerate(("folder", "database") * 2):
        ground.use(kind)
        file = prepared(Upload("", f"第{turn}张收据，没有公章".encode()))
        one, other = (
            busy.ask(RESIDENT, unlocking.unlock, makers.speak(busy, f"{WORDS}，第{turn}次，{who}")) for who in "甲乙"
        )
        busy.do(RESIDENT, attachments.add, one, file)
        [mine] = busy.ask(RESIDENT, attachments.own, one)
        at_once(busy, (RESIDENT, followup.drop_file, one, mine.id), (RESIDENT, attachments.add, other, file))
        [row] = busy.ask(RESIDENT, attachments.own, other)
        assert busy.do("watchdog", attachments.clean_copy, row.id).content == file.original
        assert busy.ask(RESIDENT, attachments.own, one) == []
        ground.use("folder", "database")
        assert filing.look(busy.engine)[1] == []


DEEDS = st.lists(st.tuples(st.sampled_from(["keep", "fail", "drop", "move", "sweep"]), st.integers(0, 3)), max_size=12)


@settings(max_examples=15)
@given(deeds=DEEDS, first=st.booleans())
def test_whatever_is_done_rows_and_shelf_say_the_same(
    made: Place, tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, int]], first: bool
) -> None:
    engine, folder = connect("sqlite://"), tmp_path_factory.mktemp("shelf")
    place = copy_of(made, engine)
    alive: set[int] = set()
    with pytest.MonkeyPatch.context() as patch:
        for n, (deed, k) in enumerate(deeds):
            home = str(folder) if (n % 2 == 0) == first else "database"
            patch.setenv(shelves.PLACES, f"{home} {folder}")
            digest, content = sha256(bytes([k])), bytes([k])
            if deed == "keep":
                keep(place, content)
                alive.add(k)
            elif deed == "fail":
                with pytest.raises(Refused):
                    place.do(RESIDENT, lambda doing, d=digest, c=content: _kept_and_failed(doing, d, c))
            elif deed == "drop":
                place.do(RESIDENT, lambda doing, d=digest: doing.store.drop_file(d))
                alive.discard(k)
            elif deed == "move":
                filing.move(engine)
            held = rows(place)
            assert held.keys() == {sha256(bytes([n])) for n in alive}
            assert all(sha256(read(place, one)) == one for one in held)
            named = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
            assert named == {name for _here, name in held.values() if name}
    engine.dispose()


def _kept_and_failed(doing: Work, digest: str, content: bytes) -> None:
    doing.store.keep_file(digest, content)
    raise Refused("no")


def test_originals_that_stood_in_their_rows_before_are_files_after_the_change_and_back(
    place: Place, tmp_path: Path
) -> None:
    makers.speak(place, WORDS)
    with_file(place, makers.inbox(place)[0].id, b"a photo")
    migrate.downgrade(place.engine, "0019")
    migrate.upgrade(place.engine)
    [kept] = place.ask(RESIDENT, lambda work: work.store.some(Attachment, retention.ALL))
    assert place.ask(RESIDENT, lambda work: work.store.ring().opened(work.store.file(kept.sealed))) == b"a photo"
    assert len(rows(place)) == 2

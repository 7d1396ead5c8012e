"""Moving, backing up and restoring: everything arrives, nothing is believed before it has, nothing is written over."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, event, text

from core.access import FOUNDER, RESIDENT
from core.audit import Flaw
from core.entries.searching import search
from core.errors import Refused
from core.insight import figures
from core.voices import contacts, unlocking
from db import filing, indexing, migrate, shelves
from db.__main__ import main
from db.carrying import backing, box, moving, places
from db.carrying import passphrase as word
from db.carrying.filling import heads_of
from db.carrying.lines import FORMS, Tally, lines
from db.engine import connect, databases
from db.migrate import upgrade
from db.questions.log import Log
from db.work import reading
from tests import makers
from tests.conftest import POSTGRESQL
from tests.core.voices.test_openings import with_file
from tests.makers import Place, copy_of
from tests.servers import Server

WORD = "海棠 花开 四月 天晴 水清"


def quiet(_name: str, _done: int, _whole: int) -> None:
    """Tell nobody."""


@pytest.fixture(autouse=True)
def _cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box, "COST", 2)


@pytest.fixture
def full(place: Place) -> Place:
    """A place with something in many tables: voices, an entry under control, a contact, files, points, a round."""
    code = makers.speak(place)
    place.do(RESIDENT, contacts.leave, place.ask(RESIDENT, unlocking.unlock, code), "13812345678 找王阿姨")
    with_file(place, makers.inbox(place)[0].id, bytes(range(256)) * 100)
    makers.controlled(place)
    makers.raise_point(place, ("banyan",))
    makers.opened_round(place)
    return place


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[
    pytest.mark.postgresql,
    pytest.mark.skipif(not POSTGRESQL, reason="needs a PostgreSQL server in QINGYUAN_TEST_POSTGRESQL"),
])])  # fmt: skip
def target(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[Engine]:
    """An empty place on each kind of server, without even the tables."""
    if request.param == "sqlite":
        engine = connect(f"sqlite:///{tmp_path / 'there.db'}")
        yield engine
    else:
        server = Server(POSTGRESQL, f"{worker_id}_there")
        engine = server.made()
        yield engine
        engine.dispose()
        server.stop()
    engine.dispose()


def tallies(engine: Engine) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    with places.moment(engine) as connection:
        for form in FORMS:
            tally = found[form.name] = Tally()
            for line in lines(connection, form):
                tally.add(line)
    return found


def index_of(engine: Engine) -> set[tuple[object, ...]]:
    """What the indexes of words hold."""
    with places.moment(engine) as rows:
        said = rows.execute(text("SELECT subject, said FROM said_index")).all()
        things = rows.execute(text("SELECT kind, subject, unit_id, title, words, head, leads FROM said_things")).all()
    return {tuple(row) for row in (*said, *things)}


def broken(engine: Engine) -> dict[str, Flaw]:
    with reading(engine, FOUNDER) as asked:
        assert isinstance(asked.store, Log)
        return {chain: found.first.why for chain, found in asked.store.verdicts() if found.first}


def is_empty(engine: Engine) -> bool:
    return all(tally.rows == 0 for tally in tallies(engine).values())


def is_same(one: Engine, other: Engine) -> bool:
    return tallies(one) == tallies(other) and index_of(one) == index_of(other) and broken(other) == {}


@pytest.mark.costly
def test_everything_moves_to_either_server_and_works_there(full: Place, target: Engine) -> None:
    rows, flaws = moving.move(full.engine, target, quiet)
    assert flaws == []
    assert rows > 100
    assert is_same(full.engine, target)
    assert migrate.differences(target) == []
    there = copy_of_place(full, target)
    assert there.ask("supervisor", figures.overview) == full.ask("supervisor", figures.overview)
    for words in ("公章", "低保"):
        assert there.ask("supervisor", search, words) == full.ask("supervisor", search, words)
    makers.speak(there)
    assert broken(target) == {}
    with pytest.raises(Exception, match="append-only"), target.begin() as own:
        own.execute(text("DELETE FROM audit_entries"))


def copy_of_place(place: Place, engine: Engine) -> Place:
    return Place(engine, place.now, place.units, place.people, place.items, place.posts)


@pytest.mark.costly
def test_there_and_back_again_is_the_same(full: Place, target: Engine, tmp_path: Path) -> None:
    moving.move(full.engine, target, quiet)
    home = connect(f"sqlite:///{tmp_path / 'home.db'}")
    moving.move(target, home, quiet)
    assert is_same(full.engine, home)
    home.dispose()


def test_a_backup_restores_on_either_server(full: Place, target: Engine, tmp_path: Path) -> None:
    made = backing.backup(full.engine, tmp_path / "b", WORD, quiet)
    assert backing.verify(tmp_path / "b", WORD, quiet) == made
    found = backing.restore(tmp_path / "b", target, WORD, quiet)
    assert found == made
    assert found.broken == []
    assert is_same(full.engine, target)


def test_the_index_built_anew_is_the_one_that_was_kept(full: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "BATCH", 2)
    for _turn in range(5):
        makers.speak(full)
    kept = index_of(full.engine)
    with full.engine.begin() as rows:
        indexing.rebuild(rows)
    assert index_of(full.engine) == kept
    with full.engine.begin() as rows:
        rows.execute(text("DELETE FROM said_things"))
        indexing.rebuild(rows)
    assert index_of(full.engine) == kept


@pytest.mark.postgresql
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_indexes_over_triples_are_there_again_after_building(full: Place) -> None:
    asked = text("SELECT indexdef FROM pg_indexes WHERE indexdef LIKE '%gin_trgm_ops%' ORDER BY indexdef")
    with full.engine.begin() as rows:
        before = rows.execute(asked).all()
        indexing.rebuild(rows)
        assert rows.execute(asked).all() == before != []


def test_a_place_that_holds_anything_is_left_alone(full: Place, target: Engine, tmp_path: Path) -> None:
    backing.backup(full.engine, tmp_path / "b", WORD, quiet)
    upgrade(target)
    with target.begin() as rows:
        rows.execute(text("INSERT INTO unit_kinds (code, name, rank, holds_register) VALUES ('x', 'x', 1, true)"))
    before = tallies(target)
    for deed in (
        lambda: moving.move(full.engine, target, quiet), lambda: backing.restore(tmp_path / "b", target, WORD, quiet),
        lambda: moving.move(full.engine, full.engine, quiet),
    ):  # fmt: skip
        with pytest.raises(Refused):
            deed()
    assert tallies(target) == before


def test_another_version_is_refused_on_either_side(full: Place, target: Engine, tmp_path: Path) -> None:
    backing.backup(full.engine, tmp_path / "b", WORD, quiet)
    with full.engine.begin() as rows:
        rows.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    backing.backup(full.engine, tmp_path / "old", WORD, quiet)
    with pytest.raises(Refused, match="0001"):
        backing.restore(tmp_path / "old", target, WORD, quiet)
    assert backing.verify(tmp_path / "old", WORD, quiet).manifest.version == "0001"
    upgrade(target)
    with target.begin() as rows:
        rows.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused, match="9999"):
        backing.restore(tmp_path / "b", target, WORD, quiet)
    assert is_empty(target)


@pytest.mark.parametrize("where", ["first", "last", "index", "back"])
def test_a_move_that_fails_half_way_leaves_the_place_empty_and_is_done_again(
    full: Place, target: Engine, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def stop(*_rest: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if where == "index":
            patch.setattr(indexing, "rebuild", stop)
        elif where == "back":
            patch.setattr(moving, "settle", stop)
        else:
            form = FORMS[0] if where == "first" else FORMS[-1]
            patch.setattr(moving, "put", lambda there, one, sent: stop() if one == form else put(there, one, sent))
        with pytest.raises(KeyboardInterrupt):
            moving.move(full.engine, target, quiet)
    assert is_empty(target)
    moving.move(full.engine, target, quiet)
    assert is_same(full.engine, target)


put = moving.put


def test_what_arrives_otherwise_than_it_was_sent_is_not_kept(
    full: Place, target: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def worse(there: object, form: object, travelled: object) -> None:
        put(there, form, (line.replace("榕树社区".encode(), "榕树小区".encode()) for line in travelled))  # type: ignore

    monkeypatch.setattr(moving, "put", worse)
    with pytest.raises(Refused, match="units"):
        moving.move(full.engine, target, quiet)
    assert is_empty(target)


@pytest.mark.costly
def test_a_source_somebody_works_on_is_refused(full: Place, target: Engine, tmp_path: Path) -> None:
    busy = connect(f"sqlite:///{tmp_path / 'busy.db'}")
    moving.move(full.engine, busy, quiet)
    server = connect(f"sqlite:///{tmp_path / 'busy.db'}")
    with server.connect().execution_options(reading=True) as somebody:
        somebody.execute(text("SELECT 1 FROM people")).all()
        with pytest.raises(Refused, match="服务"):
            moving.move(busy, target, quiet)
    server.dispose()
    moving.move(busy, target, quiet)
    busy.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_server_somebody_is_connected_to_is_refused(full: Place, tmp_path: Path) -> None:
    target = connect(f"sqlite:///{tmp_path / 'there.db'}")
    with full.engine.connect() as somebody:
        somebody.execute(text("SELECT 1")).all()
        with pytest.raises(Refused, match="服务"):
            moving.move(full.engine, target, quiet)
    full.engine.dispose()
    moving.move(full.engine, target, quiet)
    assert is_same(full.engine, target)
    target.dispose()


@pytest.mark.costly
def test_a_chain_that_does_not_hold_is_carried_as_it_is_and_told(full: Place, target: Engine, tmp_path: Path) -> None:
    city = full.units["city"].id
    tamper(full.engine, f"UPDATE audit_entries SET actor = 'x' WHERE chain = '{city}' AND n = 2")
    found = backing.backup(full.engine, tmp_path / "b", WORD, quiet)
    assert [(one.chain, one.n, one.why) for one in found.broken] == [(city, 2, Flaw.DIGEST)]
    assert backing.restore(tmp_path / "b", target, WORD, quiet).broken == found.broken
    assert tallies(full.engine) == tallies(target)


def tamper(engine: Engine, sql: str) -> None:
    with engine.begin() as rows:
        for drop in ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete") if (
            engine.dialect.name == "sqlite"
        ) else ("DROP TRIGGER audit_append_only ON audit_entries",):  # fmt: skip
            rows.execute(text(drop))
        rows.execute(text(sql))


# the file


@pytest.fixture
def file(made: Place, tmp_path: Path) -> Path:
    backing.backup(made.engine, tmp_path / "backup", WORD, quiet)
    return tmp_path / "backup"


def test_a_backup_is_read_by_its_owner_alone_and_says_nothing_without_the_passphrase(file: Path, made: Place) -> None:
    assert file.stat().st_mode & 0o077 == 0
    assert [one.name for one in file.parent.iterdir()] == ["backup"]
    content = file.read_bytes()
    for said in ("榕树社区", "林向前", "audit_entries", "units"):
        assert said.encode() not in content
    with pytest.raises(Refused, match="口令"):
        backing.verify(file, WORD + "。", quiet)


def test_two_backups_of_the_same_have_nothing_in_common(file: Path, made: Place) -> None:
    backing.backup(made.engine, file.with_name("other"), WORD, quiet)
    one, other = file.read_bytes(), file.with_name("other").read_bytes()
    assert one[:8] == other[:8]
    assert one[8:24] != other[8:24]
    assert one[40:80] != other[40:80]


def test_a_backup_never_takes_the_place_of_another(file: Path, made: Place) -> None:
    before = file.read_bytes()
    with pytest.raises(Refused):
        backing.backup(made.engine, file, WORD, quiet)
    assert file.read_bytes() == before


@pytest.fixture
def framed(made: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup of many small frames."""
    monkeypatch.setattr(box, "FRAME", 512)
    backing.backup(made.engine, tmp_path / "framed", WORD, quiet)
    return tmp_path / "framed"


def _frames(content: bytes) -> list[bytes]:
    frames, at = [], 24
    while at < len(content):
        _last, size = box.HEAD.unpack(content[at : at + 5])
        frames.append(content[at : at + 5 + size])
        at += 5 + size
    return frames


def _spoilt(content: bytes) -> Iterator[tuple[str, bytes]]:
    head, frames, draw = content[:24], _frames(content), Random(7)
    assert len(frames) > 8
    for at in (0, 7, 23, 24, 26, 30, len(content) // 2, len(content) - 1, *draw.sample(range(len(content)), 40)):
        yield f"bit at {at}", content[:at] + bytes([content[at] ^ 1 << draw.randrange(8)]) + content[at + 1 :]
    for at in (0, 5, 24, 27, len(content) // 2, len(content) - 1, len(head) + sum(map(len, frames[:-1]))):
        yield f"cut at {at}", content[:at]
    yield "a frame left out", head + b"".join(frames[:3] + frames[4:])
    yield "two frames changed about", head + b"".join([*frames[:3], frames[4], frames[3], *frames[5:]])
    yield "a frame twice", head + b"".join([*frames[:4], frames[3], *frames[4:]])
    yield "the first frame only", head + frames[0]
    yield "the last frame only", head + frames[-1]
    yield "something behind", content + b"\0"
    yield "two files", content + content
    yield "the last frame early", head + b"".join(frames[:3]) + frames[-1]
    yield "called the last", head + b"".join(frames[:3]) + b"\1" + frames[3][1:]
    yield "another file", b"PK\3\4" + bytes(1000)
    yield "nothing", b""


def test_whatever_is_changed_in_a_file_is_found(framed: Path) -> None:
    backing.verify(framed, WORD, quiet)
    for how, content in _spoilt(framed.read_bytes()):
        framed.write_bytes(content)
        try:
            backing.verify(framed, WORD, quiet)
        except Refused:
            continue
        pytest.fail(how)


@pytest.mark.costly
def test_nothing_of_a_spoilt_file_is_restored(framed: Path, tmp_path: Path) -> None:
    target = connect(f"sqlite:///{tmp_path / 'there.db'}")
    content = framed.read_bytes()
    for spoilt in (content[:-1], content[:-30], content[: len(content) // 2], content[:-5] + b"00000"):
        framed.write_bytes(spoilt)
        with pytest.raises(Refused):
            backing.restore(framed, target, WORD, quiet)
        upgrade(target)
        assert is_empty(target)
    framed.write_bytes(content)
    backing.restore(framed, target, WORD, quiet)
    target.dispose()


def test_frames_of_two_files_do_not_mix(framed: Path, made: Place) -> None:
    other = framed.with_name("other")
    backing.backup(made.engine, other, WORD, quiet)
    one, two = framed.read_bytes(), other.read_bytes()
    framed.write_bytes(one[:24] + b"".join([*_frames(one)[:4], *_frames(two)[4:]]))
    with pytest.raises(Refused):
        backing.verify(framed, WORD, quiet)


def test_what_a_file_says_of_itself_is_held_against_what_is_in_it(made: Place, tmp_path: Path) -> None:
    """A file that was locked with the right passphrase and is wrong inside, as a fault of a program would make it."""
    changes: dict[str, Callable[[list[bytes]], list[bytes]]] = {
        "a row less": lambda found: [line for n, line in enumerate(found) if n != _row(found)],
        "a row twice": lambda found: found[: _row(found)] + found[_row(found) :][:1] + found[_row(found) :],
        "a row changed": lambda found: [line.replace("林向前".encode(), "林向后".encode()) for line in found],
        "no end": lambda found: found[:-1],
        "a table less": lambda found: [line for n, line in enumerate(found) if n not in _table(found)],
        "another kind": lambda found: [found[0].replace(b"backup 1", b"backup 9"), *found[1:]],
        "no manifest": lambda found: found[1:],
    }
    backing.backup(made.engine, tmp_path / "b", WORD, quiet)
    with (tmp_path / "b").open("rb") as file:
        found = list(box.opened(file, WORD))
    for how, change in changes.items():
        with (tmp_path / "spoilt").open("wb") as out:
            writer = box.Writer(out, WORD)
            for line in change(found):
                writer.write(line + b"\n")
            writer.close()
        try:
            backing.verify(tmp_path / "spoilt", WORD, quiet)
        except Refused:
            continue
        pytest.fail(how)


def _row(found: list[bytes]) -> int:
    return next(n for n, line in enumerate(found) if line.startswith(b"[") and "林向前".encode() in line)


def _table(found: list[bytes]) -> range:
    start = next(n for n, line in enumerate(found) if line.startswith(b'{"table": "people"'))
    end = next(n for n, line in enumerate(found) if n > start and line.startswith(b'{"rows"'))
    return range(start, end + 1)


# people go on


@pytest.mark.costly
def test_a_backup_is_of_one_moment_while_people_go_on(full: Place, target: Engine, tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'live.db'}")
    moving.move(full.engine, engine, quiet)
    live, before = copy_of_place(full, engine), tallies(engine)
    spoken: list[str] = []

    def tell(name: str, _done: int, _whole: int) -> None:
        if name in ("units", "flags"):  # somebody speaks while the file is being written
            spoken.append(makers.speak(live))

    found = backing.backup(engine, tmp_path / "b", WORD, tell)
    assert len(spoken) == 2
    assert found.manifest.rows == {name: tally.rows for name, tally in before.items()}
    backing.restore(tmp_path / "b", target, WORD, quiet)
    assert tallies(target) == before
    assert tallies(engine) != before
    engine.dispose()


def test_a_nul_that_somebody_typed_travels_as_the_mark_that_stands_for_it(full: Place, target: Engine) -> None:
    if full.engine.dialect.name != "sqlite":
        return
    with full.engine.begin() as rows:
        rows.execute(text("UPDATE points SET text = 'a' || char(0) || 'b'"))
    moving.move(full.engine, target, quiet)
    with places.moment(target) as there:
        assert there.execute(text("SELECT text FROM points")).scalars().first() == "a\ufffdb"


@pytest.mark.costly
def test_files_outside_the_database_are_in_a_backup_and_stay_on_their_shelf_when_it_moves(
    full: Place, target: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shelf").mkdir()
    monkeypatch.setenv(shelves.PLACES, f"{tmp_path / 'shelf'} database")
    before = contents(full.engine)
    assert filing.move(full.engine)[True] == len(before) > 0
    backing.backup(full.engine, tmp_path / "b", WORD, quiet)
    moving.move(full.engine, target, quiet)
    assert contents(target) == before
    shutil.rmtree(tmp_path / "shelf")
    monkeypatch.delenv(shelves.PLACES)
    back = connect(f"sqlite:///{tmp_path / 'back.db'}")
    assert backing.restore(tmp_path / "b", back, WORD, quiet).lost == ()
    assert contents(back) == before
    back.dispose()


def test_a_backup_says_which_files_it_could_not_have(full: Place, tmp_path: Path) -> None:
    with full.engine.begin() as rows:
        rows.execute(text("UPDATE files SET content = :other"), {"other": b"spoilt"})
    found = backing.backup(full.engine, tmp_path / "b", WORD, quiet)
    assert len(found.lost) == found.manifest.rows["files"]
    assert backing.verify(tmp_path / "b", WORD, quiet).lost == found.lost


def contents(engine: Engine) -> dict[str, bytes]:
    with reading(engine, FOUNDER) as asked:
        return {sha256: asked.store.file(sha256) for sha256 in asked.store.file_hashes()}  # type: ignore[attr-defined]


# the commands


@pytest.fixture
def site(made: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("QINGYUAN_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv(word.GIVEN, WORD)
    databases.close()
    yield copy_of(made, databases.real())
    databases.close()


@pytest.mark.costly
def test_the_commands_carry_and_say_so(
    site: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, there = str(tmp_path / "b"), f"sqlite:///{tmp_path / 'there.db'}"
    assert main(["backup", file]) == 0
    assert main(["verify", file]) == 0
    assert "完整" in capsys.readouterr().out
    assert main(["restore", file]) == 1  # the site's own database is not empty
    assert main(["restore", file, "--to", there]) == 0
    assert main(["restore", file, "--to", there]) == 1
    databases.close()
    assert main(["move", "--to", f"sqlite:///{tmp_path / 'moved.db'}"]) == 0
    one, other = connect(there), connect(f"sqlite:///{tmp_path / 'moved.db'}")
    assert is_same(one, other)
    assert main(["move", "--to", "nonsense"]) == 1
    assert main(["verify", str(tmp_path / "missing")]) == 1
    assert main(["backup", str(tmp_path / "no" / "folder")]) == 1
    monkeypatch.setenv(word.GIVEN, "short")
    assert main(["backup", str(tmp_path / "c")]) == 1
    monkeypatch.setenv(word.GIVEN, "not the passphrase it was")
    assert main(["verify", file]) == 1
    assert "口令" in capsys.readouterr().err


def test_a_site_that_was_never_set_up_is_carried_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGYUAN_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    databases.close()
    assert main(["backup", str(tmp_path / "b")]) == 1
    assert main(["move", "--to", f"sqlite:///{tmp_path / 'there.db'}"]) == 1
    assert not (tmp_path / "b").exists()


def test_a_passphrase_others_can_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(word.FILE, str(tmp_path / "word"))
    (tmp_path / "word").write_text(WORD + "\n", encoding="utf-8")
    (tmp_path / "word").chmod(0o600)
    assert word.passphrase(new=True) == WORD
    if os.name == "posix":
        (tmp_path / "word").chmod(0o644)
        with pytest.raises(Refused, match="chmod 600"):
            word.passphrase()


@pytest.mark.costly
@pytest.mark.parametrize("verb", ["backup", "restore", "move"])
def test_a_command_killed_at_any_moment_leaves_all_or_nothing(site: Place, tmp_path: Path, verb: str) -> None:
    """kill -9 at random instants; what is left is as it was, and the same command then does it."""
    before, draw = tallies(site.engine), Random(3)
    databases.close()
    file, there = tmp_path / "b", tmp_path / "there.db"
    if verb == "restore":
        assert main(["backup", str(file)]) == 0
    to = ["--to", f"sqlite:///{there}"]
    command = {"backup": ["backup", str(file)], "restore": ["restore", str(file), *to], "move": ["move", *to]}[verb]
    start = "import sys; from db.carrying import box; box.COST = 2; from db.__main__ import main; "
    cut, longest = 0, 0.2
    for _turn in range(9):
        run = subprocess.Popen(
            [sys.executable, "-c", f"{start}sys.exit(main({command!r}))"], stderr=subprocess.PIPE, env={**os.environ},
        )  # fmt: skip
        with run:
            assert run.stderr is not None
            run.stderr.readline()  # the first table is done: now it is at it
            time.sleep(draw.uniform(0, longest))
            run.send_signal(signal.SIGKILL)
        if not _arrived(verb, file, there, before):
            cut += 1
        if cut == 3:
            break
        longest /= 2  # it was over before it was cut: sooner the next time
    assert cut
    if not _arrived(verb, file, there, before, keep=True):
        assert main(command) == 0
    if verb == "backup":
        assert main(["restore", str(file), *to]) == 0
    arrived = connect(f"sqlite:///{there}")
    assert tallies(arrived) == before
    assert tallies(databases.real()) == before
    arrived.dispose()


def _arrived(verb: str, file: Path, there: Path, before: dict[str, Tally], *, keep: bool = False) -> bool:
    """Whether all has been done, which is then undone for the next try; else nothing has."""
    if verb == "backup":
        if done := file.exists():
            assert main(["verify", str(file)]) == 0
            file.unlink() if not keep else None
        return done
    left = connect(f"sqlite:///{there}")
    upgrade(left)
    done = not is_empty(left)
    assert not done or tallies(left) == before
    left.dispose()
    if done and not keep:
        for path in there.parent.glob(f"{there.name}*"):
            path.unlink()
    return done


def test_heads_are_the_same_over_there(full: Place, target: Engine) -> None:
    moving.move(full.engine, target, quiet)
    with places.moment(full.engine) as here, places.moment(target) as there:
        assert heads_of(here) == heads_of(there) != {}


def test_a_search_of_words_costs_one_statement_a_batch(full: Place, target: Engine) -> None:
    """Rows travel in batches, not one by one."""
    said: list[str] = []
    event.listen(target, "before_cursor_execute", lambda *rest: said.append(rest[2]))
    moving.move(full.engine, target, quiet)
    assert len([one for one in said if "said_index" in one and "INSERT" in one]) <= 2

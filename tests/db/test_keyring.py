"""Where the keys lie: made once, readable by their owner alone, never overwritten, renewed with nothing lost."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.access import RESIDENT
from core.errors import Refused
from core.privacy import keys as core_keys
from core.privacy.keys import Ring
from core.voices import contacts, unlocking
from core.voices.contacts import Contact
from core.voices.retention import ALL
from db import keyring, renewal
from db.__main__ import main
from db.engine import databases
from db.tables import attachments_, audit_entries, contacts_
from tests import makers
from tests.core.voices.test_openings import with_file
from tests.makers import Place, copy_of

pytestmark = pytest.mark.privacy
REACH = "13812345678 找王阿姨"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keys in a file of the test's own."""
    monkeypatch.delenv(keyring.KEYS)
    monkeypatch.setenv(keyring.FILE, str(tmp_path / "safe" / "keys"))
    return tmp_path / "safe" / "keys"


@pytest.fixture
def sealed(place: Place, own: Path) -> Place:
    """A place with a contact and the original of a file under the keys of that file."""
    code = makers.speak(place)
    place.do(RESIDENT, contacts.leave, place.ask(RESIDENT, unlocking.unlock, code), REACH)
    with_file(place, makers.inbox(place)[0].id, b"a photo")
    return place


def opened(place: Place) -> set[bytes]:
    """Everything that is sealed, as the site's keys open it now."""
    with place.engine.connect() as rows:
        kept = list(rows.scalars(select(contacts_.c.sealed)))
    return {keyring.ring().opened(one) for one in (*kept, *_originals(place))}


WHOLE = {REACH.encode(), b"a photo"}


def test_keys_are_made_at_the_first_need_and_only_their_owner_reads_them(own: Path) -> None:
    ring = keyring.ring()
    assert stat.S_IMODE(own.stat().st_mode) == 0o600
    assert Ring.read(own.read_text()) == ring == keyring.ring()
    assert [file.name for file in own.parent.iterdir()] == ["keys"]


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX")
@pytest.mark.parametrize("rights", [0o640, 0o604, 0o660, 0o644])
def test_keys_that_others_could_read_are_refused(own: Path, rights: int) -> None:
    keyring.ring()
    own.chmod(rights)
    with pytest.raises(Refused, match="chmod 600"):
        keyring.ring()
    own.chmod(0o600)
    keyring.ring()


@pytest.mark.parametrize("broken", [b"", b"seal abc\n", b"\xff\xfe\x00", "钥匙".encode(), b"seal\n"])
def test_a_broken_file_is_refused_with_a_sentence_and_never_overwritten(own: Path, broken: bytes) -> None:
    own.parent.mkdir()
    own.write_bytes(broken)
    own.chmod(0o600)
    for attempt in (keyring.ring, keyring.ring):
        with pytest.raises(Refused, match="备份恢复"):
            attempt()
    assert own.read_bytes() == broken


@pytest.mark.costly
def test_two_servers_that_start_together_have_the_same_keys(own: Path) -> None:
    show = "from db import keyring; print(keyring.ring().written())"
    starts = [
        subprocess.Popen([sys.executable, "-c", show], stdout=subprocess.PIPE, text=True, env={**os.environ})
        for _server in range(4)
    ]
    told = {start.communicate(timeout=60)[0].strip() for start in starts}
    assert told == {own.read_text().strip()}
    assert len(list(own.parent.iterdir())) == 1


def test_threads_that_ask_together_have_the_same_keys(own: Path) -> None:
    found: list[Ring] = []
    threads = [threading.Thread(target=lambda: found.append(keyring.ring())) for _thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1


def test_renewing_seals_everything_anew_and_drops_the_old_key(sealed: Place, own: Path) -> None:
    old = keyring.ring()
    assert renewal.renew(sealed.engine) == 2
    assert opened(sealed) == WHOLE
    new = keyring.ring()
    assert len(new.seals) == 1
    assert new.seals != old.seals
    assert new.signer == old.signer
    assert stat.S_IMODE(own.stat().st_mode) == 0o600
    with sealed.engine.connect() as rows:
        [line] = rows.execute(select(audit_entries).where(audit_entries.c.event == "keys_renewed")).all()
        for kept in rows.scalars(select(contacts_.c.sealed)):
            with pytest.raises(Refused):
                old.opened(kept)
    assert line.facts == '{"rows":2}'
    assert old.seals[0] not in str(line)


def _stop(*_arguments: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("where", ["the new key is kept", "half is sealed anew", "all is sealed anew", "the check"])
def test_renewing_killed_half_way_loses_nothing_and_is_done_again(
    sealed: Place, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    keep, resealed, turns = keyring.keep, Ring.resealed, []

    def counted(ring: Ring, content: bytes) -> bytes:
        turns.append(1)
        return resealed(ring, content) if len(turns) < 2 else _stop() or b""

    def once(ring: Ring) -> None:
        turns.append(1)
        keep(ring) if len(turns) < 2 else _stop()

    with monkeypatch.context() as patch:
        if where == "the new key is kept":
            patch.setattr(core_keys, "reseal", _stop)
        elif where == "half is sealed anew":
            patch.setattr(Ring, "resealed", counted)
        elif where == "all is sealed anew":
            patch.setattr(keyring, "keep", once)
        else:
            patch.setattr(core_keys, "check", _stop)
        with pytest.raises(KeyboardInterrupt):
            renewal.renew(sealed.engine)
    assert opened(sealed) == WHOLE
    renewal.renew(sealed.engine)
    assert opened(sealed) == WHOLE
    assert len(keyring.ring().seals) == 1


def test_no_key_is_dropped_that_something_still_needs(sealed: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core_keys, "reseal", lambda work, ring: work.record("keys_renewed", "x", chain="x") or 0)
    with pytest.raises(Refused):
        renewal.renew(sealed.engine)
    assert opened(sealed) == WHOLE


def test_keys_of_the_environment_are_changed_there(sealed: Place, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = keyring.ring()
    monkeypatch.setenv(keyring.KEYS, ring.written())
    with pytest.raises(Refused, match="seal"):
        renewal.renew(sealed.engine)
    assert opened(sealed) == WHOLE
    monkeypatch.setenv(keyring.KEYS, ring.renewed().written())
    assert renewal.renew(sealed.engine) == 2
    monkeypatch.setenv(keyring.KEYS, keyring.ring().newest().written())
    assert opened(sealed) == WHOLE
    assert Ring.read(own.read_text()) == ring


def test_a_contact_whose_key_is_lost_is_told_so(sealed: Place, own: Path) -> None:
    own.unlink()
    [kept] = sealed.ask(RESIDENT, lambda work: work.store.some(Contact, ALL))
    with pytest.raises(Refused):
        keyring.ring().opened(kept.sealed)


@pytest.fixture
def site(made: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("QINGYUAN_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv(keyring.KEYS)
    databases.close()
    yield copy_of(made, databases.real())
    databases.close()


def test_the_command_renews_and_refuses_with_a_sentence(
    site: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = keyring.ring()
    assert main(["renew-keys"]) == 0
    assert (tmp_path / "keys").read_text() != before.written()
    monkeypatch.setenv(keyring.KEYS, before.written())
    assert main(["renew-keys"]) == 1
    told = capsys.readouterr()
    assert "seal" in told.err
    assert before.seals[0] not in told.out + told.err


def test_two_renewals_one_after_the_other_lose_nothing(sealed: Place) -> None:
    first = keyring.ring()
    for _turn in range(2):
        renewal.renew(sealed.engine)
    assert opened(sealed) == WHOLE
    assert first.seals[0] not in keyring.ring().seals


def test_what_cannot_be_opened_stops_the_renewal_before_anything_changes(sealed: Place) -> None:
    with sealed.engine.begin() as rows:
        rows.execute(update(contacts_).values(sealed=Ring.made().sealed(b"lost")))
    with pytest.raises(Refused):
        renewal.renew(sealed.engine)
    assert b"a photo" in {
        keyring.ring().opened(one) for one in _originals(sealed)
    }  # fmt: skip


def _originals(place: Place) -> list[bytes]:
    with place.engine.connect() as rows:
        hashes = list(rows.scalars(select(attachments_.c.sealed)))
    return [place.ask(RESIDENT, lambda work, sha256=sha256: work.store.file(sha256)) for sha256 in hashes]

"""The witness outside the database: what was rewritten whole, or put back from yesterday, is found beside it."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text

from core import audit, witness
from core.access import FOUNDER
from core.alerts import notices
from core.audit import Flaw
from core.errors import Denied, Refused
from core.organisation import posts
from core.organisation.units import new_id
from core.privacy.keys import Ring
from db import auditing, jobs, keyring
from db import witness as kept
from db.__main__ import main
from db.engine import databases
from db.questions.log import Log
from db.work import reading
from tests import makers
from tests.makers import Place, copy_of


def every(_chain: str) -> bool:
    return True


@pytest.fixture
def site(made: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """The site's own database, with its witness on another disk."""
    monkeypatch.setenv("QINGYUAN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv(kept.FILE, str(tmp_path / "elsewhere" / "witness"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    databases.close()
    yield copy_of(made, databases.real())
    databases.close()


@pytest.fixture
def file(site: Place, tmp_path: Path) -> Path:
    """The witness after the first check."""
    auditing.audit(site.engine)
    return tmp_path / "elsewhere" / "witness"


def broken(site: Place, *, whole: bool = False) -> dict[str, Flaw]:
    return {one.chain: one.why for one in auditing.audit(site.engine, every if whole else auditing.only_new).broken}


def grow(site: Place, unit: str = "river", count: int = 1) -> None:
    for _turn in range(count):
        site.do(FOUNDER, posts.add_post, site.units[unit].id, f"岗位{new_id()}")


def yesterday(site: Place, tmp_path: Path) -> Path:
    """A copy of the database as it stands."""
    copy = tmp_path / "yesterday.db"
    with sqlite3.connect(copy) as out, site.engine.connect() as rows:
        rows.connection.driver_connection.backup(out)  # type: ignore[union-attr]
    out.close()
    return copy


def put_back(site: Place, copy: Path) -> None:
    with sqlite3.connect(copy) as old, site.engine.connect() as rows:
        old.backup(rows.connection.driver_connection)
    old.close()


def rewrite(site: Place, chain: str) -> None:
    """Change a chain's second line and seal everything after it anew, head and all, as the database's owner could."""
    with reading(site.engine, FOUNDER) as asked:
        assert isinstance(asked.store, Log)
        lines = list(asked.store._stream(chain, 1))
    lines[1].actor, before = "somebody", lines[0].digest
    with site.engine.begin() as rows:
        rows.execute(text("DROP TRIGGER audit_no_update"))
        for line in lines[1:]:
            line.previous = before
            before = line.digest = audit.digest(line)
            rows.execute(text(
                "UPDATE audit_entries SET actor = :actor, previous = :previous, digest = :digest "
                "WHERE chain = :chain AND n = :n"
            ), vars(line) | {"_sa_instance_state": None})  # fmt: skip
        rows.execute(text("UPDATE chain_heads SET digest = :d WHERE chain = :c"), {"d": before, "c": chain})


def test_a_second_check_reads_new_lines_alone(site: Place, file: Path) -> None:
    first = auditing.look(site.engine, None)
    assert first.lines > 20
    assert auditing.audit(site.engine).lines == 0
    grow(site, count=3)
    makers.speak(site)
    again = auditing.audit(site.engine)
    assert again.lines <= 6  # the new ones, and of each chain that grew the one the witness saw last
    assert again.broken == []
    assert auditing.audit(site.engine, every).lines == first.lines + 4


@pytest.mark.costly
def test_each_day_a_share_of_the_chains_is_read_whole_so_that_all_are_within_a_month(site: Place) -> None:
    chains = [new_id() for _chain in range(300)]
    days = [auditing.of_the_day(site.today + timedelta(n)) for n in range(auditing.ROUND)]
    assert all(sum(is_whole(chain) for is_whole in days) == 1 for chain in chains)
    assert max(sum(map(is_whole, chains)) for is_whole in days) < 40


def test_a_database_of_yesterday_is_told_from_todays(site: Place, file: Path, tmp_path: Path) -> None:
    copy = yesterday(site, tmp_path)
    grow(site)
    assert broken(site) == {}
    put_back(site, copy)
    river = site.units["river"].id
    for whole in (False, True):
        assert broken(site, whole=whole) == {river: Flaw.OLDER}
    grow(site)  # people go on in the old one
    grow(site)
    for whole in (False, True):
        assert broken(site, whole=whole) == {river: Flaw.OTHERS}


def test_a_chain_rewritten_with_its_head_is_found(site: Place, file: Path) -> None:
    city = site.units["city"].id
    rewrite(site, city)
    with reading(site.engine, FOUNDER) as asked:
        assert isinstance(asked.store, Log)
        assert [v.first for _chain, v in asked.store.verdicts() if v.first] == []  # by itself it holds
    for whole in (False, True):
        assert broken(site, whole=whole) == {city: Flaw.OTHERS}


def test_lines_put_behind_the_head_or_taken_off_with_it_are_found_without_reading_all(site: Place, file: Path) -> None:
    river, city = site.units["river"].id, site.units["city"].id
    grow(site, count=2)
    auditing.audit(site.engine)
    with site.engine.begin() as rows:
        rows.execute(text("DROP TRIGGER audit_no_delete"))
        rows.execute(text(
            "INSERT INTO audit_entries SELECT chain, 99, at, actor, event, subject, facts, previous, digest "
            "FROM audit_entries WHERE chain = :c AND n = 1"), {"c": city})  # fmt: skip
        rows.execute(text("DELETE FROM audit_entries WHERE chain = :c AND n > 1"), {"c": river})
        rows.execute(text("UPDATE chain_heads SET n = 1, digest = (SELECT digest FROM audit_entries WHERE chain = :c)"
                          " WHERE chain = :c"), {"c": river})  # fmt: skip
    assert broken(site) == {city: Flaw.NUMBER, river: Flaw.OLDER}


def test_a_chain_that_is_gone_altogether_is_missed(site: Place, file: Path) -> None:
    grow(site)
    auditing.audit(site.engine)
    with site.engine.begin() as rows:
        rows.execute(text("DROP TRIGGER audit_no_delete"))
        for table in ("audit_entries", "chain_heads"):
            rows.execute(text(f"DELETE FROM {table} WHERE chain = :c"), {"c": site.units["river"].id})
    assert broken(site) == {site.units["river"].id: Flaw.OLDER}


def test_a_witness_keeps_the_mark_of_what_broke(site: Place, file: Path, tmp_path: Path) -> None:
    before = witness.Witness.read(file.read_text(), keyring.ring())
    city = site.units["city"].id
    rewrite(site, city)
    grow(site, "city")
    auditing.audit(site.engine)
    after = witness.Witness.read(file.read_text(), keyring.ring())
    assert after.heads[city] == before.heads[city]
    assert [one.chain for one in after.broken] == [city]


@pytest.mark.parametrize("change", ["signature", "number", "another key", "cut", "nothing"])
def test_a_witness_that_the_site_did_not_write_is_refused(site: Place, file: Path, change: str) -> None:
    text_ = file.read_text()
    said, _signature = text_.splitlines()
    file.write_text({
        "signature": text_[:-6] + "AAAA=\n", "number": text_.replace('"heads"', '"Heads"'),
        "another key": witness.Witness("x", "2026-01-01").written(Ring.made()), "cut": said, "nothing": "",
    }[change])  # fmt: skip
    for deed in (lambda: auditing.audit(site.engine), lambda: site.ask("auditor", witness.seen)):
        with pytest.raises(Refused, match="见证"):
            deed()


@pytest.mark.costly
def test_only_the_sites_own_database_has_a_witness(site: Place, place: Place, tmp_path: Path) -> None:
    auditing.audit(place.engine)
    assert not (tmp_path / "elsewhere").exists()
    assert kept.file_of(site.engine) == tmp_path / "elsewhere" / "witness"


def test_an_older_database_is_accepted_by_an_operator_and_that_stands_on_the_chain(
    site: Place, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = yesterday(site, tmp_path)
    grow(site)
    auditing.audit(site.engine)
    put_back(site, copy)
    assert main(["verify"]) == 1
    assert "较旧" in capsys.readouterr().out
    assert main(["verify", "--accept-restored"]) == 0
    assert main(["verify"]) == 0
    assert main(["verify", "--whole"]) == 0
    reopened = copy_of_place(site, databases.real())
    lines = reopened.ask("auditor", audit.entries, site.units["city"].id)
    assert (lines[0].event, lines[0].facts) == ("restore_accepted", {"chains": 1})
    assert main(["verify", "--accept-restored"]) == 0
    assert len(copy_of_place(site, databases.real()).ask("auditor", audit.entries, site.units["city"].id)) == len(lines)


def copy_of_place(place: Place, engine: Engine) -> Place:
    return Place(engine, place.now, place.units, place.people, place.items, place.posts)


@pytest.mark.costly
def test_what_does_not_hold_by_itself_is_never_accepted(site: Place, file: Path) -> None:
    city = site.units["city"].id
    with site.engine.begin() as rows:
        rows.execute(text("DROP TRIGGER audit_no_update"))
        rows.execute(text("UPDATE audit_entries SET actor = 'x' WHERE chain = :c AND n = 2"), {"c": city})
    assert broken(site, whole=True) == {city: Flaw.DIGEST}
    assert auditing.accept_restored(site.engine) == 0
    assert broken(site, whole=True) == {city: Flaw.DIGEST}


def test_the_sweep_lets_the_witness_see_each_day_and_tells_once_of_what_broke(
    site: Place, file: Path, tmp_path: Path
) -> None:
    copy = yesterday(site, tmp_path)
    grow(site)
    sweep(site)
    put_back(site, copy)
    site.later(1)
    sweep(site)
    for who in ("auditor", "security"):
        assert "log" in {row.kind for row in site.ask(who, notices.mine)}
    assert "log" not in {row.kind for row in site.ask("clerk", notices.mine)}
    seen = site.ask("auditor", witness.seen)
    assert seen is not None
    assert {(one.chain, one.why) for one in seen.broken} == {(site.units["river"].id, Flaw.OLDER)}
    with pytest.raises(Denied):
        site.ask("clerk", witness.seen)
    site.later(1)
    sweep(site)
    lines = site.ask("auditor", audit.entries, site.units["city"].id)
    assert [line.event for line in lines].count("log_broken") == 1


def test_a_witness_that_cannot_be_read_is_told_of_once_a_day_to_whoever_keeps_the_site(site: Place, file: Path) -> None:
    file.write_text("not what this site wrote", encoding="utf-8")
    for _twice in range(2):
        with pytest.raises(Refused):
            jobs.sweep(site.engine, now=lambda: site.now, note=_again)
    for who, told in (("system", 1), ("auditor", 1), ("clerk", 0)):
        assert [row.kind for row in site.ask(who, notices.mine)].count(notices.Kind.WITNESS) == told, who


def _again(fault: BaseException) -> str:
    raise fault


def sweep(site: Place) -> None:
    jobs.sweep(site.engine, now=lambda: site.now)


def test_an_auditor_sees_at_once_that_a_chain_has_grown_shorter(site: Place, file: Path, tmp_path: Path) -> None:
    assert site.ask("auditor", witness.seen) is not None
    copy = yesterday(site, tmp_path)
    grow(site)
    auditing.audit(site.engine)
    put_back(site, copy)
    seen = site.ask("auditor", witness.seen)
    assert seen is not None
    assert [one.chain for one in seen.broken] == [site.units["river"].id]


def test_the_cost_of_a_check_with_nothing_new_does_not_grow_with_the_lines(site: Place, file: Path) -> None:
    def statements() -> int:
        said: list[str] = []

        def note(*rest: object) -> None:
            said.append(str(rest[2]))

        event.listen(site.engine, "before_cursor_execute", note)
        auditing.audit(site.engine)
        event.remove(site.engine, "before_cursor_execute", note)
        return len(said)

    before = statements()
    grow(site, count=30)
    auditing.audit(site.engine)
    assert statements() == before

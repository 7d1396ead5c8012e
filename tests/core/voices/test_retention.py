"""Retention: what has been kept long enough goes, a hold keeps it, each deletion leaves its line, and the bytes go."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from core import audit
from core.access import FOUNDER, RESIDENT
from core.entries import risks
from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.events import Event
from core.privacy import keeping
from core.privacy.keeping import RULES, Kept
from core.review import triage
from core.voices import contacts, drafts, flags, followup, retention, sealing, unlocking
from core.words import RunStatus, Triage
from db import jobs
from db.__main__ import main
from db.engine import databases
from db.sweeping import PROGRAM
from db.tables import attachments_, audit_entries, contacts_, drafts_, files, flags_, run_rows, runs_
from tests import makers
from tests.core.voices.test_openings import with_file
from tests.makers import Place, copy_of
from tests.sheets import begun

pytestmark = pytest.mark.privacy
DAYS = keeping.terms()
REACH, WORDS = "13812345678 找王阿姨", "停车费收了钱，账从来没有贴出来过"


def spoken(place: Place, words: str = WORDS) -> tuple[str, str]:
    """A flag with a contact and a file; gives its id and the code."""
    code = makers.speak(place, words)
    place.do(RESIDENT, contacts.leave, place.ask(RESIDENT, unlocking.unlock, code), REACH)
    with place.engine.connect() as rows:
        flag_id = rows.execute(select(flags_.c.id).where(flags_.c.text == words)).scalar_one()
    with_file(place, flag_id)
    return flag_id, code


def swept(place: Place) -> dict[Kept, int]:
    found = place.do(PROGRAM, retention.sweep, DAYS, 100)
    return {kind: count for kind, count in found.items() if count and kind is not Kept.NOTICE}


def due(place: Place) -> dict[Kept, int]:
    found = place.ask(PROGRAM, retention.due, DAYS)
    return {kind: count for kind, count in found.items() if count and kind is not Kept.NOTICE}


def tombstones(place: Place) -> list[tuple[str, str]]:
    with place.engine.connect() as rows:
        lines = rows.execute(select(audit_entries).where(audit_entries.c.event == Event.SWEPT.value)).all()
    found = [(line.subject, json.loads(line.facts)["swept"]) for line in lines]
    return [one for one in found if one[1] != Kept.NOTICE.value]


def test_a_contact_goes_90_days_after_a_flag_was_declined_and_the_original_with_it(place: Place) -> None:
    flag_id, code = spoken(place)
    place.later(400)
    assert due(place) == {}  # nobody has answered yet
    place.do("watchdog", triage.decline, flag_id, "已公开")
    place.later(89)
    assert (due(place), swept(place)) == ({}, {})
    place.later(1)
    assert due(place) == {Kept.CONTACT: 1, Kept.ORIGINAL: 1}
    assert due(place) == {Kept.CONTACT: 1, Kept.ORIGINAL: 1}  # counting deletes nothing
    assert swept(place) == {Kept.CONTACT: 1, Kept.ORIGINAL: 1}
    assert place.ask(RESIDENT, contacts.kept_since, place.ask(RESIDENT, unlocking.unlock, code)) is None
    with place.engine.connect() as rows:
        assert rows.execute(select(contacts_)).all() == []
        assert rows.execute(select(attachments_.c.sealed)).scalar_one() == ""
        assert len(rows.execute(select(files)).all()) == 1  # the clean copy stays
    assert tombstones(place) == [(flag_id, "contact"), (flag_id, "original")]
    assert (due(place), swept(place)) == ({}, {})  # once is enough
    assert len(tombstones(place)) == 2


@pytest.mark.parametrize("how", ["passed on", "seal confirmed"])
def test_passing_on_and_confirming_a_seal_count_as_feedback_too(place: Place, how: str) -> None:
    flag_id, _code = spoken(place)
    if how == "passed on":
        place.do("watchdog", triage.refer, flag_id, Triage.LIVELIHOOD, "属于民生诉求")
    else:
        place.do("watchdog", sealing.seal, flag_id, "像举报")
        place.do("discipline", sealing.confirm_seal, flag_id, "属于线索")
    place.later(90)
    found = swept(place)
    assert found[Kept.CONTACT] == 1
    assert (Kept.ORIGINAL in found) == (how == "passed on")  # evidence of the desk waits for two people


def closed(place: Place, flag_words: str) -> str:
    risk_id, measure_id = makers.controlled(place, text=flag_words)
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "名单已按季张贴")
    place.do("watchdog", risks.close, risk_id)
    return risk_id


def test_for_a_flag_that_was_taken_up_the_closing_of_its_entry_counts_and_reopening_stops_it(place: Place) -> None:
    risk_id = closed(place, WORDS)
    with place.engine.connect() as rows:
        flag_id = rows.execute(select(flags_.c.id).where(flags_.c.text == WORDS)).scalar_one()
    place.do(FOUNDER, _left, flag_id)
    place.later(89)
    assert due(place) == {}
    place.later(1)
    assert due(place) == {Kept.CONTACT: 1}
    place.do("supervisor", risks.reopen, risk_id, "又没贴")
    assert due(place) == {}


def _left(work: object, flag_id: str) -> None:
    flag = work.store.find(flags.Flag, flag_id)  # type: ignore[attr-defined]
    sealed = work.store.ring().sealed(REACH.encode())  # type: ignore[attr-defined]
    work.store.add(contacts.Contact("c" * 20, flag.unit_id, flag.id, sealed, work.today))  # type: ignore[attr-defined]
    work.record_resident(Event.CONTACT_LEFT, flag.id, chain=flag.unit_id)  # type: ignore[attr-defined]


def test_asking_to_take_it_up_again_begins_the_90_days_anew(place: Place) -> None:
    flag_id, _code = spoken(place)
    place.do("watchdog", triage.decline, flag_id, "已公开")
    place.later(60)
    with place.engine.begin() as rows:
        rows.execute(update(flags_).where(flags_.c.id == flag_id).values(reopening_asked_on=place.today))
    place.later(89)
    assert due(place) == {}
    place.later(1)
    assert due(place) == {Kept.CONTACT: 1, Kept.ORIGINAL: 1}


def test_a_hold_keeps_everything_until_it_is_lifted(place: Place) -> None:
    flag_id, _code = spoken(place)
    place.do("watchdog", triage.decline, flag_id, "已公开")
    place.do("discipline", retention.hold, flag_id, "正在复核")
    place.later(RULES[Kept.WORDS].days)
    assert (due(place), swept(place)) == ({}, {})
    place.do("discipline", retention.lift, flag_id, "复核完毕")
    assert due(place) == {Kept.CONTACT: 1, Kept.ORIGINAL: 1, Kept.WORDS: 1}


def test_holds_are_the_discipline_desks_with_reasons(place: Place) -> None:
    flag_id, _code = spoken(place)
    for deed in (retention.hold, retention.lift):
        for who in ("clerk", "watchdog", "supervisor", "system", "security", "auditor"):
            with pytest.raises(Denied):
                place.do(who, deed, flag_id, "保全")
    with pytest.raises(Invalid):
        place.do("discipline", retention.hold, flag_id, " ")
    with pytest.raises(Stale):
        place.do("discipline", retention.lift, flag_id, "没有")
    place.do("discipline", retention.hold, flag_id, "保全")
    with pytest.raises(Stale):
        place.do("discipline", retention.hold, flag_id, "再保全")
    named, _code = spoken(place, "吴清源收了红包")
    with pytest.raises(Missing):
        place.do("discipline", retention.hold, named, "保全")


def test_words_that_were_not_taken_up_go_after_three_years_and_the_receipt_says_so(place: Place) -> None:
    flag_id, code = spoken(place)
    place.do("watchdog", triage.ask_sender, flag_id, "哪个停车场？")
    place.do(RESIDENT, followup.answer, code, "东门停车场")
    place.do("watchdog", triage.decline, flag_id, "已公开")
    makers.open_risk(place, "门面租金没人说得清")
    place.later(RULES[Kept.WORDS].days - 1)
    assert Kept.WORDS not in due(place)
    place.later(1)
    assert swept(place)[Kept.WORDS] == 1
    with place.engine.connect() as rows:
        texts = dict(rows.execute(select(flags_.c.id, flags_.c.text)).all())
        assert rows.execute(text("SELECT count(*) FROM messages")).scalar_one() == 0
        assert rows.execute(select(attachments_)).all() == rows.execute(select(files)).all() == []
    assert texts.pop(flag_id) == ""
    assert list(texts.values()) == ["门面租金没人说得清"]
    place.ask(RESIDENT, followup.follow, code)
    assert swept(place) == {}


def test_the_rest_of_a_failed_intake_is_dropped_after_30_days(place: Place) -> None:
    run_id = begun(place, "1,,,,,,公章谁都能拿去盖")
    with place.engine.begin() as rows:
        rows.execute(update(runs_).values(status=RunStatus.FAILED))
    place.later(29)
    assert due(place) == {}
    place.later(1)
    assert (due(place), swept(place)) == ({Kept.ROWS: 1}, {Kept.ROWS: 1})
    with place.engine.connect() as rows:
        assert rows.execute(select(run_rows.c.fields)).scalars().all() == [{}]
        assert rows.execute(select(runs_.c.status)).scalar_one() is RunStatus.CANCELLED
    assert tombstones(place) == [(run_id, "rows")]
    assert swept(place) == {}
    assert begun(place, "1,,,,,,公章谁都能拿去盖") == run_id  # the same sheet once more brings them back


def test_drafts_go_90_days_after_they_were_last_changed(place: Place) -> None:
    place.do("watchdog", drafts.save, "recorded", {"text": "王大爷说停车费没账"})
    place.later(60)
    place.do("clerk", drafts.save, "recorded", {"text": "李婶说的"})
    place.later(30)
    assert swept(place) == {Kept.DRAFT: 1}
    with place.engine.connect() as rows:
        assert rows.execute(select(drafts_.c.person_id)).scalars().all() == [place.people["clerk"].person_id]
    assert tombstones(place) == [(place.people["watchdog"].person_id, "draft")]


def test_the_sweep_is_the_programs_and_the_site_administrators(place: Place) -> None:
    for who in ("clerk", "watchdog", "supervisor", "discipline", "security", "auditor", RESIDENT):
        with pytest.raises(Denied):
            place.do(who, retention.sweep, DAYS, 10)
        with pytest.raises(Denied):
            place.ask(who, retention.due, DAYS)
    with pytest.raises(Denied):
        place.do("system", retention.sweep, DAYS, 10)  # of a part of the tree alone


def test_a_sweep_killed_half_way_has_done_whole_lots_or_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [spoken(place, f"{WORDS}{n}")[0] for n in range(5)]
    for flag_id in ids:
        place.do("watchdog", triage.decline, flag_id, "已公开")
    place.later(90)
    assert place.do(PROGRAM, retention.sweep, DAYS, 2)[Kept.CONTACT] == 2
    with monkeypatch.context() as patch:
        patch.setattr(retention, "_drop_originals", _stop)
        with pytest.raises(KeyboardInterrupt):
            place.do(PROGRAM, retention.sweep, DAYS, 2)
    assert due(place) == {Kept.CONTACT: 3, Kept.ORIGINAL: 3}
    assert len(tombstones(place)) == 4
    assert swept(place) == {Kept.CONTACT: 3, Kept.ORIGINAL: 3}
    assert sorted(tombstones(place)) == sorted((i, kind) for i in ids for kind in ("contact", "original"))
    chain = place.units["banyan"].id
    assert place.ask("auditor", audit.check, chain).first is None


def _stop(*_arguments: object) -> None:
    raise KeyboardInterrupt


def test_a_site_changes_the_terms_in_one_place() -> None:
    assert keeping.terms("contact=30  draft=7")[Kept.CONTACT] == 30
    assert keeping.terms("contact=30")[Kept.DRAFT] == RULES[Kept.DRAFT].days
    for wrong in ("contact", "contact=0", "contact=-1", "contacts=9", "contact=x"):
        with pytest.raises(Refused):
            keeping.terms(wrong)


@pytest.fixture
def filed(made: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """The small place in a SQLite file, as a site keeps it; its clock is the real one."""
    from core import dates

    monkeypatch.setenv("QINGYUAN_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    databases.close()
    place = copy_of(made, databases.real())
    place.now = dates.now() - timedelta(days=RULES[Kept.WORDS].days + 1)
    yield place
    databases.close()


def bytes_of(folder: Path) -> bytes:
    """Every file of the database: the tables, the journal, the index beside it."""
    return b"".join(file.read_bytes() for file in sorted(folder.glob("qingyuan.db*")))


def test_after_a_sweep_the_bytes_are_gone_from_the_file(
    filed: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    flag_id, _code = spoken(filed)
    filed.do("watchdog", triage.decline, flag_id, "已经公开过的事项")
    with filed.engine.connect() as rows:
        contact = rows.execute(select(contacts_.c.sealed)).scalar_one()
        hashed = rows.execute(select(attachments_.c.sealed)).scalar_one()
        original = rows.execute(select(files.c.content).where(files.c.sha256 == hashed)).scalar_one()
    gone = [contact[20:60], original[20:60], hashed.encode(), WORDS.encode(), "停车费".encode(), "已经公开过".encode()]
    assert REACH.encode() not in bytes_of(tmp_path)
    assert all(piece in bytes_of(tmp_path) for piece in gone)
    assert main(["sweep", "--dry-run"]) == 0
    assert all(piece in bytes_of(tmp_path) for piece in gone)
    assert main(["sweep"]) == 0
    left = bytes_of(tmp_path)
    assert [piece for piece in gone if piece in left] == []
    told = capsys.readouterr()
    assert WORDS not in told.out + told.err + caplog.text
    assert "13812345678" not in told.out + told.err + caplog.text
    assert main(["verify"]) == 0


def test_the_command_refuses_terms_it_cannot_read(
    filed: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(jobs.KEEP, "contact=soon")
    assert main(["sweep", "--dry-run"]) == 1
    assert "contact=soon" in capsys.readouterr().err

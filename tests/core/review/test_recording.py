"""Writing down for residents: one paper form with its scan, and a whole occasion as several flags."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import Engine, select

from core.access import RESIDENT
from core.audit import residents_chain
from core.errors import Denied, Invalid, Missing
from core.events import Event
from core.review import recording
from core.review.recording import MOST, OCCASIONS, Matter, Occasion, RecordedFlag
from core.voices import attachments, followup, sealing, unlocking
from core.voices.attachments import MOST as FILES
from core.voices.attachments import Prepared
from core.voices.receipts import plain
from core.words import RECORDED, Channel, FlagStatus
from db.tables import attachments_, audit_entries, files, flags_
from tests import makers
from tests.core.privacy.test_cleaning import SECRET, told
from tests.core.voices.test_attachments import _in_this_process, picture, ready  # noqa: F401
from tests.makers import Place

TALK = ("低保名单贴两天就没了", "门面租给谁没人知道", "停车收费的账没公布过")


def occasion(place: Place, **more: Any) -> Occasion:
    facts = {"channel": Channel.RESIDENTS_TALK, "held_on": place.today, "present": 12, "consent": True}
    return Occasion.model_validate(facts | more)


def matters(*texts: str, receipt: bool = False) -> list[Matter]:
    return [Matter(text=text, receipt=receipt) for text in texts]


def write_down(place: Place, *given: Matter, who: str = "clerk", **more: Any) -> list[str]:
    held, here = occasion(place, **more), place.units["banyan"].id
    return list(place.do(who, recording.record_occasion, here, held, given))


def kept(place: Place) -> list[Any]:
    with place.engine.connect() as rows:
        return list(rows.execute(select(flags_)))


def on_paper(place: Place, *scans: Prepared, text: str = "大爷说名单没贴", who: str = "clerk") -> str:
    draft = RecordedFlag(text=text, item_id=place.items["relief"], channel=Channel.PAPER, consent=True)
    return str(place.do(who, recording.record_for, place.units["banyan"].id, draft, scans))


def test_each_matter_of_an_occasion_is_a_flag_of_its_own_with_its_day_way_and_place(place: Place) -> None:
    place.later(10)
    day, grid = place.today - timedelta(days=3), place.units["grid"].id
    items = [place.items["relief"], None, None]
    given = [Matter(text=text, item_id=item) for text, item in zip(TALK, items, strict=True)]
    assert write_down(place, *given, held_on=day, place_id=grid, channel=Channel.HOME_VISIT) == ["", "", ""]
    rows = {row.text: row for row in kept(place)}
    assert set(rows) == set(TALK)
    assert {(row.raised_on, row.channel, row.place_id, row.status) for row in rows.values()} == {
        (day, Channel.HOME_VISIT, grid, FlagStatus.NEW)
    }
    assert [rows[text].item_id for text in TALK] == items
    due = place.ask("clerk", lambda work: work.calendar.after(work.today, 5))
    assert {row.due_on for row in rows.values()} == {due}
    assert {row.text for row in makers.inbox(place)} == set(TALK)


def test_a_receipt_is_given_for_those_matters_alone_for_which_somebody_wants_one(place: Place) -> None:
    given = [Matter(text=text, receipt=text != TALK[1]) for text in TALK]
    codes = write_down(place, *given)
    assert [bool(code) for code in codes] == [True, False, True]
    assert len({plain(code) for code in codes if code}) == 2
    for code, text in zip(codes, TALK, strict=True):
        if code:
            assert place.ask(RESIDENT, followup.follow, code).text == text


def test_an_occasion_is_kept_whole_or_not_at_all(place: Place) -> None:
    for wrong in (
        [*matters(TALK[0]), Matter(text=TALK[1], item_id="nonsense")], [], matters(*[TALK[0]] * (MOST + 1)),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            write_down(place, *wrong)
    for more in (
        {"held_on": place.today + timedelta(days=1)}, {"held_on": place.today - timedelta(days=3 * 366)},
        {"place_id": place.units["river"].id},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            write_down(place, *matters(*TALK), **more)
    assert kept(place) == []
    assert len(write_down(place, *matters(*[TALK[0]] * MOST))) == MOST


@pytest.mark.parametrize("wrong", [
    {"consent": False}, {"present": 0}, {"present": 2001}, {"channel": Channel.QR}, {"channel": Channel.PAPER},
])  # fmt: skip
def test_an_occasion_needs_consent_its_people_and_a_way_of_speaking(place: Place, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        occasion(place, **wrong)


def test_only_who_may_record_there_writes_an_occasion_down(place: Place) -> None:
    assert write_down(place, *matters(TALK[0]), who="watchdog") == [""]
    with pytest.raises(Missing):
        write_down(place, *matters(TALK[0]), who="other_clerk")
    for who in ("supervisor", "discipline", "system"):
        with pytest.raises(Denied):
            write_down(place, *matters(TALK[0]), who=who)


@pytest.mark.privacy
def test_one_matter_that_accuses_a_person_is_sealed_and_the_others_are_not(place: Place) -> None:
    name = place.people["secretary"].name
    write_down(place, *matters(TALK[0], f"{name}收了红包才给盖章", f"{place.people['watchdog'].name}没来看过名单"))
    with place.engine.connect() as rows:
        sealed = {row.text: row.sealed for row in rows.execute(select(flags_))}
    assert [is_sealed for text, is_sealed in sealed.items() if name in text] == [True]
    assert sum(sealed.values()) == 1
    assert {row.text for row in makers.inbox(place, "watchdog")} == {TALK[0]}
    assert len(makers.inbox(place, "watchdog2")) == 2


@pytest.mark.privacy
def test_numbers_are_covered_and_an_occasion_leaves_its_day_but_no_hour(place: Place) -> None:
    write_down(place, *matters("我的电话13812345678，名单没贴过", TALK[1]))
    assert not [row for row in kept(place) if "13812345678" in row.text]
    with place.engine.connect() as rows:
        chain = audit_entries.c.chain == residents_chain(place.units["banyan"].id)
        lines = rows.execute(select(audit_entries).where(chain)).all()
    assert {line.at for line in lines} == {place.today.isoformat()}
    [line] = [line for line in lines if line.event == Event.OCCASION_RECORDED]
    assert json.loads(line.facts) == {
        "channel": "residents_talk", "consent": True, "flags": 2, "held": place.today.isoformat(), "present": 12,
    }  # fmt: skip
    assert not re.search(r"名单|\d\d:\d\d", line.facts)
    raised = [json.loads(line.facts) for line in lines if line.event == Event.FLAG_RAISED]
    assert [facts["consent"] for facts in raised] == [True, True]


@pytest.mark.costly
@given(names=st.lists(st.sampled_from(["watchdog", "watchdog2", "supervisor", ""]), min_size=1, max_size=4))
def test_whoever_a_matter_names_never_meets_that_one_and_meets_the_others(
    schema: Engine, made: Place, names: list[str]
) -> None:
    from db.engine import connect

    engine = connect("sqlite://")
    place = makers.copy_of(made, engine)
    texts = [f"第{n}件：{place.people[who].name if who else '谁'}没有来看过公示" for n, who in enumerate(names)]
    write_down(place, *matters(*texts))
    for reader in ("watchdog", "watchdog2", "supervisor"):
        seen = {row.text for row in makers.inbox(place, reader)}
        assert seen == {text for text, who in zip(texts, names, strict=True) if who != reader}
    engine.dispose()


def test_what_may_be_said_at_an_occasion_may_also_be_recorded_alone() -> None:
    assert set(OCCASIONS) < set(RECORDED)


@pytest.mark.privacy
def test_the_scan_of_a_paper_form_is_a_clean_copy_for_who_may_read_the_words_and_a_sealed_original(
    place: Place,
) -> None:
    on_paper(place, ready(told()), ready(picture(1)))
    [flag] = makers.inbox(place)
    first, second = place.ask("watchdog", attachments.files_of, flag.id)
    assert (first.n, second.n, first.has_copy) == (1, 2, True)
    assert SECRET not in place.do("watchdog", attachments.clean_copy, first.id).content
    with place.engine.connect() as rows:
        assert len(rows.execute(select(attachments_.c.sealed)).all()) == 2
        assert SECRET not in b"".join(rows.execute(select(files.c.content)).scalars())
        lines = rows.execute(select(audit_entries).where(audit_entries.c.event == Event.FILE_ADDED)).all()
    assert {line.at for line in lines} == {place.today.isoformat()}
    for who in ("clerk", "secretary", "other_watchdog", "far_supervisor", "system", "auditor"):
        for question, key in ((attachments.files_of, flag.id), (attachments.clean_copy, first.id)):
            with pytest.raises((Denied, Missing)):
                place.do(who, question, key)


@pytest.mark.privacy
def test_words_in_a_scan_are_heard_and_a_sealed_form_shows_its_scan_to_nobody(place: Place) -> None:
    on_paper(place, ready(f"{place.people['clerk'].name}收了红包才给办低保".encode()))
    assert makers.inbox(place) == []
    on_paper(place, ready(picture(1)), text="名单一直没有贴")
    [flag] = makers.inbox(place)
    [row] = place.ask("watchdog", attachments.files_of, flag.id)
    place.do("watchdog", sealing.seal, flag.id, "疑似举报")
    with pytest.raises(Missing):
        place.do("watchdog", attachments.clean_copy, row.id)


def test_the_resident_sees_and_deletes_the_scan_with_the_receipt(place: Place) -> None:
    code = on_paper(place, ready(picture(1)))
    opened = place.ask(RESIDENT, unlocking.unlock, code)
    [row] = place.ask(RESIDENT, attachments.own, opened)
    place.do(RESIDENT, followup.drop_file, opened, row.id)
    assert place.ask(RESIDENT, attachments.own, opened) == []


def test_a_form_with_too_many_scans_is_not_kept_at_all(place: Place) -> None:
    with pytest.raises(Invalid):
        on_paper(place, *(ready(picture(n)) for n in range(FILES + 1)))
    assert kept(place) == []

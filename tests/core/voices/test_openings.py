"""Opening takes two people: another one agrees, whoever asked does it once and soon, and all of it is on record."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core.access import FOUNDER, RESIDENT
from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.events import Event
from core.evidence import sha256
from core.organisation.recusal import Recusal
from core.organisation.units import new_id
from core.review import inbox
from core.store import Work
from core.voices import contacts, followup, openings, retention, sealing, unlocking
from core.voices.attachments import Attachment
from core.voices.openings import Ground, Part
from core.words import OpeningKind, OpeningStatus, Role
from db.tables import attachments_, audit_entries, contacts_, files, flags_, messages, openings_
from tests import makers
from tests.makers import Place

pytestmark = pytest.mark.privacy
REACH, WORDS = "13812345678 找王阿姨", "周小满收了红包才给办低保"
CONTACT, FILE, ALL_OF_IT = OpeningKind.CONTACT, OpeningKind.ORIGINAL, OpeningKind.DISPOSAL


@pytest.fixture
def desk(place: Place) -> Place:
    """The small place with a second member of the street's desk, one of the district's and one of another street's."""
    makers.make_person(place, "desk2", "许明镜", "street", Role.DISCIPLINE)
    makers.make_person(place, "above", "高望远", "district", Role.DISCIPLINE)
    makers.make_person(place, "far_desk", "石介然", "far_street", Role.DISCIPLINE)
    return place


def matter(place: Place, words: str = WORDS) -> tuple[str, str]:
    """A matter whose sender left a contact; gives the flag's id and the code."""
    code = makers.speak(place, words)
    place.do(RESIDENT, contacts.leave, place.ask(RESIDENT, unlocking.unlock, code), REACH)
    with place.engine.connect() as rows:
        return rows.execute(select(flags_.c.id).where(flags_.c.text == words)).scalar_one(), code


def with_file(place: Place, flag_id: str, content: bytes = b"\xff\xd8 GPS 39.9") -> str:
    """A file of the sender's, kept as its use case keeps it; gives its id."""

    def keep(work: Work) -> str:
        clean, sealed = b"clean" + content, work.store.ring().sealed(content)
        for one in (clean, sealed):
            work.store.keep_file(sha256(one), one)
        kept = Attachment(
            new_id(), place.units["banyan"].id, flag_id, 1, "image/jpeg", len(content),
            sha256(content), sha256(clean), work.today, sha256(sealed),
        )  # fmt: skip
        work.store.add(kept)
        work.record_resident(Event.FILE_ADDED, flag_id, chain=place.units["banyan"].id)
        return kept.id

    return place.do(RESIDENT, keep)


def asked(place: Place, flag_id: str, kind: OpeningKind = CONTACT, file: str | None = None) -> str:
    return place.do("discipline", openings.ask, flag_id, kind, "需要核实时间地点", file)


def granted(place: Place, flag_id: str, kind: OpeningKind = CONTACT, file: str | None = None) -> str:
    opening = asked(place, flag_id, kind, file)
    place.do("desk2", openings.agree, opening, "同意，限本次核实")
    return opening


def seen(place: Place, who: str) -> list[str]:
    """The deeds that somebody sees, by id: each stands in one part."""
    found = [row.id for part in Part for row in place.ask(who, openings.rows, part)]
    assert len(found) == len(set(found))
    return found


def matters(place: Place, who: str) -> dict[Ground, list[str]]:
    """The matters that somebody finds on the page, by why they stand there."""
    grounds = place.ask(who, openings.grounds)
    found = {ground: [row.id for row in place.ask(who, openings.matters, ground)] for ground in Ground}
    assert grounds == [ground for ground, ids in found.items() if ids]
    return {ground: found[ground] for ground in grounds}


def parts(place: Place, who: str) -> dict[str, Part]:
    return {row.id: part for part in Part for row in place.ask(who, openings.rows, part)}


def status(place: Place, opening: str) -> OpeningStatus:
    with place.engine.connect() as rows:
        return rows.execute(select(openings_.c.status).where(openings_.c.id == opening)).scalar_one()


def test_a_contact_is_opened_once_by_whoever_asked_when_another_has_agreed(desk: Place) -> None:
    flag_id, _code = matter(desk)
    opening = asked(desk, flag_id)
    with pytest.raises(Stale):
        desk.do("discipline", openings.open_contact, opening)
    desk.do("desk2", openings.agree, opening, "同意")
    with pytest.raises(Denied):
        desk.do("desk2", openings.open_contact, opening)
    assert desk.do("discipline", openings.open_contact, opening) == REACH
    with pytest.raises(Stale):
        desk.do("discipline", openings.open_contact, opening)


def test_the_same_person_is_no_second_one_on_the_server_and_in_the_database(desk: Place) -> None:
    flag_id, _code = matter(desk)
    opening = asked(desk, flag_id)
    for deed in (openings.agree, openings.refuse):
        with pytest.raises(Denied):
            desk.do("discipline", deed, opening, "自己同意")
    mine = desk.people["discipline"].person_id
    for change in (
        openings_.update().values(status=OpeningStatus.GRANTED, decided_by=mine),
        openings_.update().values(status=OpeningStatus.GRANTED, decided_by=None),
        openings_.update().values(status=OpeningStatus.DONE, decided_by=None),
    ):
        with pytest.raises(IntegrityError), desk.engine.begin() as rows:
            rows.execute(change)
    assert status(desk, opening) is OpeningStatus.ASKED


def test_whoever_asked_may_withdraw_it_until_another_has_answered(desk: Place) -> None:
    flag_id, code = matter(desk)
    opening = asked(desk, flag_id)
    for who in ("desk2", "above"):
        with pytest.raises(Denied):
            desk.do(who, openings.withdraw, opening)
    desk.do("discipline", openings.withdraw, opening)
    assert parts(desk, "discipline") == parts(desk, "desk2") == {opening: Part.PAST}
    with desk.engine.connect() as rows:
        assert rows.scalar(select(audit_entries.c.actor).where(audit_entries.c.event == Event.OPENING_WITHDRAWN))
    for who, deed, *said in (
        ("discipline", openings.withdraw), ("discipline", openings.open_contact), ("desk2", openings.agree, "同意"),
    ):  # fmt: skip
        with pytest.raises(Stale):
            desk.do(who, deed, opening, *said)
    story = desk.ask(RESIDENT, followup.follow, desk.ask(RESIDENT, unlocking.unlock, code))
    assert openings.TOLD[CONTACT] not in str(story)
    again = granted(desk, flag_id)
    with pytest.raises(Stale):
        desk.do("discipline", openings.withdraw, again)
    assert desk.do("discipline", openings.open_contact, again) == REACH


def test_the_level_above_may_be_the_second_person(desk: Place) -> None:
    flag_id, _code = matter(desk)
    assert {row.person for row in desk.ask("discipline", openings.seconds, flag_id)} == {"许明镜", "高望远"}
    opening = asked(desk, flag_id)
    desk.do("above", openings.agree, opening, "同意")
    assert desk.do("discipline", openings.open_contact, opening) == REACH


def test_where_there_is_no_second_person_nobody_is_named(place: Place) -> None:
    flag_id, _code = matter(place)
    assert place.ask("discipline", openings.seconds, flag_id) == []


EVERY: tuple[Callable[..., Any], ...] = (
    openings.agree, openings.refuse, openings.open_contact, openings.open_original, openings.dispose, openings.withdraw,
)  # fmt: skip


@pytest.mark.parametrize(
    "who",
    ["secretary", "clerk", "watchdog", "supervisor", "far_supervisor", "system", "security", "auditor", "visitor"],
)
def test_nobody_else_asks_agrees_or_opens(desk: Place, who: str) -> None:
    flag_id, _code = matter(desk)
    opening, actor = asked(desk, flag_id), RESIDENT if who == "visitor" else who
    with pytest.raises(Denied):
        desk.do(actor, openings.ask, flag_id, CONTACT, "想知道是谁")
    for deed in EVERY:
        with pytest.raises(Denied):
            desk.do(actor, deed, opening, *(["同意"] if deed in EVERY[:2] else []))
    with pytest.raises(Denied):
        desk.ask(actor, openings.grounds)
    for ground in Ground:
        with pytest.raises(Denied):
            desk.ask(actor, openings.matters, ground)
    for part in Part:
        with pytest.raises(Denied):
            desk.ask(actor, openings.rows, part)


def test_the_desk_of_another_street_finds_nothing(desk: Place) -> None:
    flag_id, _code = matter(desk)
    opening = asked(desk, flag_id)
    with pytest.raises(Missing):
        desk.do("far_desk", openings.ask, flag_id, CONTACT, "想知道是谁")
    for deed in EVERY:
        with pytest.raises(Missing):
            desk.do("far_desk", deed, opening, *(["同意"] if deed in EVERY[:2] else []))
    assert [*matters(desk, "far_desk")] == seen(desk, "far_desk") == []


def test_whoever_is_kept_away_neither_agrees_nor_opens_nor_sees(desk: Place) -> None:
    flag_id, _code = matter(desk)
    opening = granted(desk, flag_id)
    for who in ("discipline", "desk2"):
        desk.do(FOUNDER, _withhold, desk, flag_id, who)
    with pytest.raises(Missing):
        desk.do("discipline", openings.open_contact, opening)
    assert seen(desk, "discipline") == [*matters(desk, "discipline")] == []
    other, _code = matter(desk, "周小满又收了红包")
    waits = asked(desk, other)
    desk.do(FOUNDER, _withhold, desk, other, "desk2")
    for deed in (openings.agree, openings.refuse):
        with pytest.raises(Missing):
            desk.do("desk2", deed, waits, "同意")
    assert [row.person for row in desk.ask("discipline", openings.seconds, other)] == ["高望远"]


def _withhold(work: Work, place: Place, flag_id: str, who: str) -> None:
    work.store.add(Recusal(new_id(), place.units["banyan"].id, flag_id, place.people[who].person_id or "", "related"))
    work.record(Event.FLAG_RAISED, flag_id, chain=place.units["banyan"].id)


def test_a_matter_stands_under_each_ground_it_has_and_once(desk: Place) -> None:
    flag_id, code = matter(desk)
    assert matters(desk, "discipline") == {Ground.CONTACT: [flag_id]}
    for content in (b"\xff\xd8 one", b"\xff\xd8 two"):
        with_file(desk, flag_id, content)
    confirmed(desk, flag_id)
    desk.do("discipline", retention.hold, flag_id, "正在核实")
    assert matters(desk, "discipline") == {ground: [flag_id] for ground in Ground}
    [row] = desk.ask("discipline", openings.matters, Ground.FILES)
    assert (len(row.files), row.hold, row.confirmed, row.empty) == (2, "正在核实", True, False)
    desk.do(RESIDENT, contacts.withdraw, desk.ask(RESIDENT, unlocking.unlock, code))
    desk.do("discipline", retention.lift, flag_id, "已核实")
    assert matters(desk, "discipline") == {ground: [flag_id] for ground in (Ground.FILES, Ground.SEALED)}


def test_a_deed_stands_where_whoever_looks_has_something_to_do_with_it(desk: Place) -> None:
    flag_id, _code = matter(desk)
    opening = asked(desk, flag_id)
    for who in ("discipline", "desk2", "above"):
        assert parts(desk, who) == {opening: Part.OPEN}
    desk.do("desk2", openings.agree, opening, "同意，限本次核实")
    assert parts(desk, "discipline") == {opening: Part.OPEN}
    assert parts(desk, "desk2") == parts(desk, "above") == {opening: Part.PAST}
    desk.now += openings.LASTS
    assert parts(desk, "discipline") == {opening: Part.OPEN}
    desk.now += timedelta(seconds=1)
    assert parts(desk, "discipline") == {opening: Part.PAST}


def test_an_agreement_lasts_three_days_and_then_is_asked_for_again(desk: Place) -> None:
    flag_id, _code = matter(desk)
    opening = granted(desk, flag_id)
    with pytest.raises(Stale):
        asked(desk, flag_id)
    desk.now += openings.LASTS + timedelta(seconds=1)
    [row] = desk.ask("discipline", openings.rows, Part.PAST)
    assert row.has_lapsed(desk.now)
    with pytest.raises(Refused):
        desk.do("discipline", openings.open_contact, opening)
    again = granted(desk, flag_id)
    desk.now += openings.LASTS - timedelta(hours=1)
    assert desk.do("discipline", openings.open_contact, again) == REACH


def test_a_refusal_has_a_reason_and_ends_it(desk: Place) -> None:
    flag_id, _code = matter(desk)
    opening = asked(desk, flag_id)
    with pytest.raises(Invalid):
        desk.do("desk2", openings.refuse, opening, " ")
    desk.do("desk2", openings.refuse, opening, "可以先用回执问")
    [row] = desk.ask("discipline", openings.rows, Part.PAST)
    assert (row.status, row.answer, row.decider) == (OpeningStatus.REFUSED, "可以先用回执问", "许明镜")
    with pytest.raises(Stale):
        desk.do("discipline", openings.open_contact, opening)
    with pytest.raises(Stale):
        desk.do("desk2", openings.agree, opening, "改主意了")


def test_asking_needs_a_reason_and_something_to_open(desk: Place) -> None:
    flag_id, code = matter(desk)
    with pytest.raises(Invalid):
        desk.do("discipline", openings.ask, flag_id, CONTACT, "")
    asked(desk, flag_id)
    with pytest.raises(Stale):
        asked(desk, flag_id)
    desk.do(RESIDENT, contacts.withdraw, desk.ask(RESIDENT, unlocking.unlock, code))
    [row] = desk.ask("desk2", openings.rows, Part.OPEN)
    desk.do("desk2", openings.agree, row.id, "同意")
    with pytest.raises(Refused):
        desk.do("discipline", openings.open_contact, row.id)
    with pytest.raises(Refused):
        asked(desk, flag_id, FILE, "no such file")


def test_every_step_is_on_record_without_content_and_the_sender_is_told(desk: Place) -> None:
    flag_id, code = matter(desk)
    desk.do("discipline", openings.open_contact, granted(desk, flag_id))
    with desk.engine.connect() as rows:
        lines = rows.execute(select(audit_entries).where(audit_entries.c.subject == flag_id)).all()
    steps = {line.event: json.loads(line.facts) for line in lines}
    assert {"opening_asked", "opening_granted", "contact_opened"} <= set(steps)
    assert steps["opening_asked"] == {"purpose": "contact", "reason": "需要核实时间地点"}
    assert not [line for line in lines if "1381234" in line.facts or "王阿姨" in line.facts]
    flag = desk.ask(RESIDENT, lambda work: unlocking.flag_of(work, unlocking.unlock(work, code)))
    [(day, sentence)] = desk.ask(RESIDENT, openings.told, flag)
    assert day == desk.today
    assert "吴清源" not in sentence


def test_the_original_of_a_file_comes_back_byte_for_byte_once(desk: Place) -> None:
    flag_id, _code = matter(desk)
    file = with_file(desk, flag_id)
    opening = granted(desk, flag_id, FILE, file)
    assert desk.do("discipline", openings.open_original, opening) == (b"\xff\xd8 GPS 39.9", "image/jpeg")
    for deed in (openings.open_original, openings.open_contact):
        with pytest.raises(Stale):
            desk.do("discipline", deed, opening)


@pytest.mark.costly
def test_an_agreement_to_one_thing_opens_no_other(desk: Place) -> None:
    flag_id, _code = matter(desk)
    opening = granted(desk, flag_id, FILE, with_file(desk, flag_id))
    for deed in (openings.open_contact, openings.dispose):
        with pytest.raises(Stale):
            desk.do("discipline", deed, opening)


def confirmed(place: Place, flag_id: str) -> str:
    place.do("discipline", sealing.confirm_seal, flag_id, "属于线索")
    return flag_id


def test_disposal_deletes_everything_but_that_it_was_handed_in(desk: Place) -> None:
    flag_id, code = matter(desk)
    confirmed(desk, flag_id)
    file = with_file(desk, flag_id)
    desk.do("discipline", openings.open_original, granted(desk, flag_id, FILE, file))
    desk.do("discipline", openings.dispose, granted(desk, flag_id, ALL_OF_IT))
    with desk.engine.connect() as rows:
        for table in (contacts_, attachments_, files, messages):
            assert rows.execute(select(table)).all() == [], table.name
        [kept] = rows.execute(select(flags_).where(flags_.c.id == flag_id)).all()
        events = rows.execute(select(audit_entries.c.event).where(audit_entries.c.subject == flag_id)).scalars().all()
    assert (kept.text, kept.reason, kept.sealed, kept.raised_on) == ("", "", True, desk.today)
    assert events[-1] == Event.DISPOSED or Event.DISPOSED in events
    flag = desk.ask(RESIDENT, lambda work: unlocking.flag_of(work, unlocking.unlock(work, code)))
    assert len(desk.ask(RESIDENT, openings.told, flag)) == 2
    desk.ask(RESIDENT, followup.follow, code)


def test_disposal_is_for_confirmed_seals_and_stops_at_a_hold(desk: Place) -> None:
    flag_id, _code = matter(desk)
    with pytest.raises(Refused):
        asked(desk, flag_id, ALL_OF_IT)
    opening = granted(desk, confirmed(desk, flag_id), ALL_OF_IT)
    desk.do("desk2", retention.hold, flag_id, "法院要求保全")
    with pytest.raises(Refused):
        desk.do("discipline", openings.dispose, opening)
    with desk.engine.connect() as rows:
        assert rows.execute(text("SELECT count(*) FROM contacts")).scalar_one() == 1
    desk.do("discipline", retention.lift, flag_id, "保全解除")
    desk.do("discipline", openings.dispose, opening)


def test_a_clean_copy_that_somebody_else_brought_too_stays(desk: Place) -> None:
    one, _code = matter(desk)
    other, _code = matter(desk, "周小满又收了红包")
    with_file(desk, one)
    with_file(desk, other)
    desk.do("discipline", openings.dispose, granted(desk, confirmed(desk, one), ALL_OF_IT))
    with desk.engine.connect() as rows:
        [left] = rows.execute(select(attachments_)).all()
        assert set(rows.execute(select(files.c.sha256)).scalars()) == {left.clean, left.sealed}


HEAD = "孙立人收了红包，压着不办"
"""Names the supervisor of the street, whose desk is the street's."""


@pytest.mark.parametrize("words", [HEAD, "吴清源收了红包，压着不办"])
def test_a_matter_about_the_head_of_a_desks_own_unit_is_for_the_desk_above(desk: Place, words: str) -> None:
    flag_id, _code = matter(desk, words)
    for who in ("discipline", "desk2", "far_desk"):
        assert desk.ask(who, inbox.sealed) == [*matters(desk, who)] == [], who
        for deed in (sealing.open_sealed, sealing.lift_seal, sealing.confirm_seal, retention.hold):
            with pytest.raises(Missing):
                desk.do(who, deed, flag_id, "想看看")
        with pytest.raises(Missing):
            desk.do(who, openings.ask, flag_id, CONTACT, "想知道是谁")
    assert [row.id for row in desk.ask("above", inbox.sealed)] == [flag_id]
    assert desk.do("above", sealing.open_sealed, flag_id, "初核") == words


def test_a_matter_about_others_stays_with_the_desk_of_the_street(desk: Place) -> None:
    flag_id, _code = matter(desk)
    for who in ("discipline", "desk2", "above"):
        assert [row.id for row in desk.ask(who, inbox.sealed)] == [flag_id]


def test_without_a_desk_above_the_members_who_are_not_named_keep_the_matter(place: Place) -> None:
    flag_id, _code = matter(place, HEAD)
    assert [row.id for row in place.ask("discipline", inbox.sealed)] == [flag_id]

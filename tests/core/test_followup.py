"""Coming back with a receipt: the story in sentences, answering, rating, taking the words back."""

import pytest
from sqlalchemy import text as sql

from core import followup, receipts, sealing, triage
from core.access import RESIDENT
from core.errors import Denied, Invalid, Missing, Refused
from core.flags import note_reading
from core.words import FlagStatus, Level, Triage
from tests import makers
from tests.makers import Place


def test_a_slip_and_a_code_nobody_has_are_told_apart_in_sentences(place: Place) -> None:
    code = makers.speak(place)
    digits = receipts.plain(code)
    with pytest.raises(Invalid) as slip:
        place.ask(RESIDENT, followup.follow, digits[:-1] + str((int(digits[-1]) + 1) % 10))
    assert set(slip.value.fields) == {"code"}
    for other in (receipts.digits(b"somebody else's"), digits[:9] + receipts.digits(b"another")[9:34]):
        body = other[:34]
        with pytest.raises(Missing):
            place.ask(RESIDENT, followup.follow, body + receipts.check_digits(body))
    with pytest.raises(Denied):
        place.ask("clerk", followup.follow, code)


def test_the_story_tells_who_read_it_by_role_and_what_was_asked(place: Place) -> None:
    code = makers.speak(place)
    [row] = makers.inbox(place)
    place.do("watchdog", note_reading, row.id)
    place.do("watchdog", triage.ask_sender, row.id, "是哪一年的名单？")
    story = place.ask(RESIDENT, followup.follow, code)
    assert story.may_answer
    assert not story.may_rate
    assert [said.text for said in story.thread] == ["是哪一年的名单？"]
    assert any("居务监督委员会" in line.sentence for line in story.lines)
    assert not any("郑守正" in line.sentence for line in story.lines)
    place.do(RESIDENT, followup.answer, code, "去年的")
    with pytest.raises(Refused):
        place.do(RESIDENT, followup.answer, code, "再说一次")
    assert [said.from_sender for said in place.ask(RESIDENT, followup.follow, code).thread] == [False, True]


@pytest.mark.parametrize("typed", ["", "嗯", "长" * 2001])
def test_an_answer_too_short_or_too_long_is_refused_and_nothing_moves(place: Place, typed: str) -> None:
    code = makers.speak(place)
    [row] = makers.inbox(place)
    place.do("watchdog", triage.ask_sender, row.id, "哪一年？")
    with pytest.raises(Invalid) as refusal:
        place.do(RESIDENT, followup.answer, code, typed)
    assert set(refusal.value.fields) == {"answer"}
    assert place.ask(RESIDENT, followup.follow, code).may_answer


def test_only_an_answer_is_rated_and_a_mark_left_out_stays(place: Place) -> None:
    code = makers.speak(place)
    with pytest.raises(Refused):
        place.do(RESIDENT, followup.rate_answer, code, 5, 5, 5)
    [row] = makers.inbox(place)
    place.do("watchdog", triage.refer, row.id, Triage.LIVELIHOOD, "属于民生诉求")
    for wrong in ((None, None, None), (6, None, None), (0, 1, 1)):
        with pytest.raises(Invalid):
            place.do(RESIDENT, followup.rate_answer, code, *wrong)
    place.do(RESIDENT, followup.rate_answer, code, 4, None, None)
    place.do(RESIDENT, followup.rate_answer, code, None, 2, None)
    assert place.ask(RESIDENT, followup.follow, code).ratings == (4, 2, None)


def test_ones_own_level_can_be_said_until_it_is_decided(place: Place) -> None:
    code = makers.speak(place)
    place.do(RESIDENT, followup.own_level, code, Level.HIGH)
    assert place.ask(RESIDENT, followup.follow, code).level is Level.HIGH
    [row] = makers.inbox(place)
    place.do("watchdog", triage.decline, row.id, "已经公示过")
    with pytest.raises(Refused):
        place.do(RESIDENT, followup.own_level, code, Level.LOW)


def test_every_standing_has_a_headline_and_a_next_step(place: Place) -> None:
    code = makers.speak(place)
    [row] = makers.inbox(place)
    for deed in (
        lambda: None,
        lambda: place.do("watchdog", triage.decline, row.id, "已经公示过"),
        lambda: place.do("watchdog", triage.restore, row.id, "看错了"),
        lambda: place.do("watchdog", triage.refer, row.id, Triage.LIVELIHOOD, "属于民生诉求"),
    ):
        deed()
        story = place.ask(RESIDENT, followup.follow, code)
        assert story.headline
        assert story.next_step


def test_words_taken_back_are_gone_everywhere_and_the_code_opens_nothing(place: Place) -> None:
    code = makers.speak(place, "低保名单从来没见贴出来过啊")
    [row] = makers.inbox(place)
    place.do("watchdog", triage.ask_sender, row.id, "哪一年？")
    place.do(RESIDENT, followup.answer, code, "去年我家那份")
    place.do(RESIDENT, followup.take_back, code)
    with pytest.raises(Missing):
        place.ask(RESIDENT, followup.follow, code)
    assert makers.inbox(place) == []
    with place.engine.connect() as connection:
        words = str(connection.execute(sql("select text from flags")).all())
        words += str(connection.execute(sql("select text from messages")).all())
        words += str(connection.execute(sql("select facts from audit_entries")).all())
        assert connection.scalar(sql("select status from flags")) == FlagStatus.DECLINED.value
        assert connection.scalar(sql("select count(*) from receipts")) == 0
    assert "从来没见" not in words
    assert "我家那份" not in words


def test_what_the_discipline_desk_has_taken_on_cannot_be_taken_back(place: Place) -> None:
    code = makers.speak(place, "周小满收了好处才给办低保", None)
    story = place.ask(RESIDENT, followup.follow, code)
    assert story.may_take_back
    assert not story.may_answer
    [row] = place.ask("discipline", lambda w: w.store.sealed_rows(w.actor.scope("sealed:open")))
    place.do("discipline", sealing.open_sealed, row.id, "核实线索")
    assert any("纪工委" in line.sentence for line in place.ask(RESIDENT, followup.follow, code).lines)
    place.do("discipline", sealing.confirm_seal, row.id, "属实待查")
    with pytest.raises(Refused):
        place.do(RESIDENT, followup.take_back, code)
    assert not place.ask(RESIDENT, followup.follow, code).may_take_back

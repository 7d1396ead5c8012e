"""Coming back with a receipt: the story in sentences, answering, rating, taking the words back."""

from datetime import timedelta

import pytest
from sqlalchemy import text as sql

from core import dates, home
from core.access import RESIDENT
from core.entries import risks
from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.organisation.calendar import Calendar
from core.review import inbox, merging, triage
from core.turning import START
from core.voices import contacts, followup, receipts, reopenings, retention, sealing, unlocking
from core.voices.flags import note_reading
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
    [row] = place.ask("discipline", lambda w: w.store.sealed_page(w.actor.scope("sealed:open"), START))
    place.do("discipline", sealing.open_sealed, row.id, "核实线索")
    assert any("纪工委" in line.sentence for line in place.ask(RESIDENT, followup.follow, code).lines)
    place.do("discipline", sealing.confirm_seal, row.id, "属实待查")
    with pytest.raises(Refused):
        place.do(RESIDENT, followup.take_back, code)
    assert not place.ask(RESIDENT, followup.follow, code).may_take_back


def test_measures_from_before_promise_nothing_to_who_speaks_later(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    makers.done(place, measure_id)
    place.later(60)
    code = makers.speak(place, "低保名单又没有贴出来")
    [row] = [one for one in makers.inbox(place) if one.text == "低保名单又没有贴出来"]
    place.do("watchdog", merging.merge, row.id, risk_id)
    finish = place.ask(RESIDENT, followup.follow, code).promises[2]
    assert (finish.due_on, finish.working) == (Calendar().after(place.today, dates.FINISH), True)


def test_what_is_promised_has_its_day_and_the_day_it_was_kept(place: Place) -> None:
    code = makers.speak(place)
    read, tell = place.ask(RESIDENT, followup.follow, code).promises
    assert (read.due_on, read.done_on) == (Calendar().after(place.today, dates.FIRST_REVIEW), None)
    assert (tell.due_on, tell.done_on, tell.working) == (Calendar().after(place.today, 15), None, True)
    place.later(2)
    [row] = makers.inbox(place)
    risk = place.do("watchdog", merging.open_entry, row.id, makers.entry_form(place))
    read, tell, finish = place.ask(RESIDENT, followup.follow, code).promises
    assert (read.done_on, tell.done_on, finish.done_on) == (place.today, place.today, None)
    assert finish.due_on == Calendar().after(place.today - timedelta(days=2), 60)
    assert finish.working
    makers.rated(place, risk)
    makers.filed(place, risk)
    makers.assigned(place, risk)
    measure = makers.planned(place, risk, days=90)
    due = place.today + timedelta(days=90)
    story = place.ask(RESIDENT, followup.follow, code)
    planned = story.promises[2]
    assert (planned.due_on, planned.working, story.due_on, story.working) == (due, False, due, False)
    place.do("clerk", risks.control, risk)
    makers.done(place, measure)
    place.do("clerk", risks.ask_closing, risk, "名单已按季公开")
    place.do("watchdog", risks.close, risk)
    story = place.ask(RESIDENT, followup.follow, code)
    assert story.promises[2].done_on == place.today
    told = " ".join(line.sentence for line in story.lines)
    for words in ("台账第 1 项的措施 1", "每季度首月五日前", "已办好"):
        assert words in told


@pytest.mark.privacy
def test_a_measure_is_told_by_its_number_alone_until_the_public_may_read_it(place: Place) -> None:
    code = makers.speak(place)
    [row] = makers.inbox(place)
    risk = place.do("watchdog", merging.open_entry, row.id, makers.entry_form(place))
    makers.rated(place, risk)
    makers.planned(place, risk)
    told = str(place.ask(RESIDENT, followup.follow, code).lines)
    assert "的措施 1" in told
    assert "每季度首月五日前" not in told
    assert "救助对象名单公开不及时" not in told


def test_a_sender_writes_of_their_own_accord_until_it_is_decided(place: Place) -> None:
    code = makers.speak(place)
    place.do(RESIDENT, followup.write, code, "补充：三栋也没有贴，电话13812345678")
    [row] = makers.inbox(place)
    [line] = place.ask("watchdog", inbox.thread, row.id)
    assert (line.from_sender, line.text) == (True, "补充：三栋也没有贴，电话13*******78")
    place.do("watchdog", triage.ask_sender, row.id, "哪一年？")
    place.do(RESIDENT, followup.write, code, "去年的")
    assert place.ask(RESIDENT, followup.follow, code).may_write
    for _n in range(followup.UNREAD - 1):
        place.do(RESIDENT, followup.write, code, "再说一句")
    with pytest.raises(Refused):
        place.do(RESIDENT, followup.write, code, "再说一句")
    place.do("watchdog", triage.decline, row.id, "已经公示过")
    for words in ("还有", ""):
        with pytest.raises(Refused):
            place.do(RESIDENT, followup.write, code, words)
    with pytest.raises(Denied):
        place.do("watchdog", followup.write, code, "不该能写")


@pytest.mark.privacy
def test_what_is_added_withholds_and_seals_like_what_was_said_first(place: Place) -> None:
    code = makers.speak(place)
    place.do(RESIDENT, followup.write, code, "郑守正也知道这件事")
    assert makers.inbox(place) == []
    assert len(makers.inbox(place, "watchdog2")) == 1
    place.do(RESIDENT, followup.write, code, "周小满收了好处才给办")
    assert makers.inbox(place, "watchdog2") == []
    with pytest.raises(Refused):
        place.do(RESIDENT, followup.write, code, "再补一句")
    story = place.ask(RESIDENT, followup.follow, code)
    assert (story.may_write, story.may_ask_again) == (False, False)
    assert len(story.promises) == 1


def declined(place: Place, text: str = "低保名单从来没见贴出来过") -> tuple[str, str]:
    code = makers.speak(place, text)
    row = next(row for row in makers.inbox(place) if row.text == text)
    place.do("watchdog", triage.decline, row.id, "已经公示过")
    return code, row.id


def test_asking_again_comes_after_an_answer_once_and_reaches_the_office(place: Place) -> None:
    code = makers.speak(place)
    with pytest.raises(Refused):
        place.do(RESIDENT, followup.ask_reopening, code, "还是没有贴")
    [row] = makers.inbox(place)
    place.do("watchdog", triage.decline, row.id, "已经公示过")
    with pytest.raises(Invalid) as refusal:
        place.do(RESIDENT, followup.ask_reopening, code, "")
    assert set(refusal.value.fields) == {"again"}
    assert place.ask(RESIDENT, followup.follow, code).may_ask_again
    place.do(RESIDENT, followup.ask_reopening, code, "还是没有贴")
    assert not place.ask(RESIDENT, followup.follow, code).may_ask_again
    with pytest.raises(Refused):
        place.do(RESIDENT, followup.ask_reopening, code, "再问一次")
    [wish] = place.ask("watchdog", reopenings.wishes)
    assert (wish.flag_id, wish.why, wish.reason) == (row.id, "还是没有贴", "已经公示过")
    for who in ("watchdog", "supervisor"):
        assert home.Chore.AGAIN in {task.chore for task in place.ask(who, home.waiting)}
    assert place.ask("other_watchdog", reopenings.wishes) == []
    for denied in ("clerk", "discipline", "auditor"):
        with pytest.raises(Denied):
            place.ask(denied, reopenings.wishes)


def test_a_wish_is_granted_by_taking_the_decision_back(place: Place) -> None:
    code, flag_id = declined(place)
    place.do(RESIDENT, followup.ask_reopening, code, "还是没有贴")
    for who in ("clerk", "discipline"):
        with pytest.raises(Denied):
            place.do(who, reopenings.take_up, flag_id, "再看一遍")
    with pytest.raises(Invalid):
        place.do("watchdog", reopenings.take_up, flag_id, "")
    place.do("watchdog", reopenings.take_up, flag_id, "再看一遍")
    assert place.ask(RESIDENT, followup.follow, code).headline == "等待初审。"
    assert place.ask("watchdog", reopenings.wishes) == []
    place.do("watchdog", triage.decline, flag_id, "又看过，确实贴了")
    assert place.ask("watchdog", reopenings.wishes) == []
    place.do(RESIDENT, followup.ask_reopening, code, "真的没有")
    assert len(place.ask("watchdog", reopenings.wishes)) == 1


def test_an_answer_that_is_kept_is_told_with_its_reason_and_may_be_asked_about_again(place: Place) -> None:
    code, flag_id = declined(place)
    with pytest.raises(Stale):
        place.do("watchdog", reopenings.keep_answer, flag_id, "没有请求")
    place.do(RESIDENT, followup.ask_reopening, code, "还是没有贴")
    with pytest.raises(Denied):
        place.do("clerk", reopenings.keep_answer, flag_id, "不归他管")
    place.do("watchdog", reopenings.keep_answer, flag_id, "照片已贴在公开栏左侧")
    story = place.ask(RESIDENT, followup.follow, code)
    assert story.thread[-1].text == "照片已贴在公开栏左侧"
    assert story.may_ask_again
    with pytest.raises(Stale):
        place.do("watchdog", reopenings.keep_answer, flag_id, "再说一次")


@pytest.mark.privacy
def test_a_wish_reaches_nobody_it_names_and_carries_no_accusation_into_the_open(place: Place) -> None:
    code, flag_id = declined(place)
    with pytest.raises(Refused):
        place.do(RESIDENT, followup.ask_reopening, code, "周小满收了好处才不公开")
    assert place.ask(RESIDENT, followup.follow, code).thread == ()
    place.do(RESIDENT, followup.ask_reopening, code, "郑守正看都没看")
    assert place.ask("watchdog", reopenings.wishes) == []
    assert [wish.flag_id for wish in place.ask("watchdog2", reopenings.wishes)] == [flag_id]
    sealed = makers.speak(place, "周小满收了好处才给办低保", None)
    with pytest.raises(Refused):
        place.do(RESIDENT, followup.ask_reopening, sealed, "还没有处理")


def test_everything_that_is_kept_is_shown_to_its_sender(place: Place) -> None:
    code = makers.speak(place)
    place.do(RESIDENT, followup.own_level, code, Level.HIGH)
    [row] = makers.inbox(place)
    place.do("watchdog", triage.ask_sender, row.id, "哪一年？")
    place.do(RESIDENT, followup.write, code, "去年的")
    place.do("watchdog", triage.decline, row.id, "已经公示过")
    place.do(RESIDENT, followup.rate_answer, code, 4, None, 2)
    told = str(place.ask(RESIDENT, followup.stored, code))
    said = ("榕树社区", "扫码", "低保名单从来没见贴出来过", "低保和特困人员初核", "高", "哪一年？", "去年的")
    kept = (*said, "4 / — / 2", "没有留")
    assert [words for words in kept if words not in told] == []
    with pytest.raises(Denied):
        place.ask("watchdog", followup.stored, code)


@pytest.mark.privacy
def test_a_burst_of_wrong_codes_leaves_a_date_in_the_log_and_no_code(place: Place) -> None:
    code = makers.speak(place)
    place.do(RESIDENT, followup.note_guessing)
    with place.engine.connect() as connection:
        query = sql("select chain, at, facts from audit_entries where event = 'guessing_stopped'")
        [row] = connection.execute(query).all()
    assert row.chain == f"{place.units['city'].id}:residents"
    assert row.at == dates.today(place.now).isoformat()
    assert receipts.plain(code)[:9] not in str(row)
    with pytest.raises(Denied):
        place.do("clerk", followup.note_guessing)


@pytest.mark.privacy
def test_taking_back_deletes_the_contact_too_and_waits_while_it_is_kept_from_deletion(place: Place) -> None:
    code = makers.speak(place, "周小满收了好处才给办低保", None)
    opened = place.ask(RESIDENT, unlocking.unlock, code)
    place.do(RESIDENT, contacts.leave, opened, "13812345678 王阿姨")
    assert "已留，封存" in str(place.ask(RESIDENT, followup.stored, opened))
    [row] = place.ask("discipline", inbox.sealed)
    place.do("discipline", retention.hold, row.id, "正在核查")
    with pytest.raises(Refused):
        place.do(RESIDENT, followup.take_back, opened)
    place.do("discipline", retention.lift, row.id, "已查完")
    place.do(RESIDENT, followup.take_back, opened)
    with place.engine.connect() as connection:
        assert connection.scalar(sql("select count(*) from contacts")) == 0

"""Residents' flags: what may be said, kept as it was said, once for each form that was sent."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import text as sql

from core.access import FOUNDER, RESIDENT
from core.errors import Denied, Invalid, Missing
from core.organisation import units
from core.review import recording
from core.review.recording import RecordedFlag
from core.text import clean
from core.voices import doorstep, flags, followup
from core.voices.flags import LONGEST, ResidentFlag
from core.words import Channel, Level
from tests import makers
from tests.makers import Place

TOKEN = "0123456789abcdef0123456789abcdef"
ODD = [
    "=1+1*cmd|' /C calc'!A0 公示", "\u202e名单没有公示\u202c",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 家里都没收到通知 🙏🏽",
    "第一行\r\n\r\n第二行\t完", "<script>alert(1)</script> 公示", "**名单** [点我](http://x) 公示",
    "\u200f\u0627\u0644\u0639 名单没有公示", "\ufeff  名单没有公示  \u200b",
]  # fmt: skip


@pytest.mark.parametrize("typed", ODD)
def test_odd_text_is_kept_exactly_without_its_invisible_direction_marks(place: Place, typed: str) -> None:
    code = makers.speak(place, typed, None)
    assert place.ask(RESIDENT, followup.follow, code).text == clean(typed)
    assert not set(clean(typed)) & set("\u202e\u200b\ufeff\r\x00")


def test_joined_emoji_stay_whole() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert clean(family) == family


@given(st.text(max_size=LONGEST + 50))
def test_any_text_is_taken_clean_or_refused(typed: str) -> None:
    try:
        kept = ResidentFlag(text=typed, item_id=None, place_id=None).text
    except ValidationError:
        assert len(typed) > LONGEST or len(clean(typed)) < 4
    else:
        assert kept == clean(typed) == clean(kept)


@pytest.mark.parametrize("typed", ["", "   ", "\u200b" * 40, "嗯", "名" * 10_000])
def test_too_little_and_too_much_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        ResidentFlag(text=typed, item_id=None, place_id=None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=settings().max_examples // 6)
@given(said=st.text("名单公示没有贴出来停车费", min_size=4, max_size=40), times=st.integers(2, 4))
def test_a_form_sent_several_times_is_one_flag_with_one_receipt(place: Place, said: str, times: int) -> None:
    token, draft = f"{hash(said) & (2**128 - 1):032x}", ResidentFlag(text=said, item_id=None, place_id=None)
    before = _count(place)
    code = place.units["banyan"].code
    given_ = {place.do(RESIDENT, flags.speak, code, draft, Channel.QR, token) for _n in range(times)}
    again = place.do(RESIDENT, flags.speak, code, draft, Channel.QR, token)
    assert given_ == {again}
    assert _count(place) - before <= 1


def _count(place: Place) -> int:
    with place.engine.connect() as connection:
        return int(connection.scalar(sql("select count(*) from flags")) or 0)


def test_other_words_on_the_same_form_and_the_same_words_on_another_are_two_flags(place: Place) -> None:
    code = place.units["banyan"].code
    sent = [("名单没有公示", TOKEN), ("停车费没有公示", TOKEN), ("名单没有公示", "f" * 32)]
    receipts = {
        place.do(RESIDENT, flags.speak, code, ResidentFlag(text=text, item_id=None, place_id=None), Channel.QR, token)
        for text, token in sent
    }
    assert len(receipts) == _count(place) == 3


def test_the_link_says_where_and_the_sender_may_say_another_place_of_the_community(place: Place) -> None:
    step = place.ask(RESIDENT, doorstep.doorstep, place.units["building"].code)
    assert (step.community, step.place) == ("榕树社区", "3栋")
    assert [name for _id, name in step.places] == ["第一网格", "第一网格 · 3栋"]
    assert set(step.item_words().values()) == {"低保和特困人员初核", "公章使用"}
    code = place.units["building"].code

    def heard(place_id: str | None) -> str:
        draft = ResidentFlag(text="名单没有公示", item_id=None, place_id=place_id)
        receipt = place.do(RESIDENT, flags.speak, code, draft)
        return str(place.ask(RESIDENT, followup.follow, receipt).place)

    assert heard(None) == heard(place.units["building"].id) == "3栋"
    assert heard(place.units["grid"].id) == "第一网格"
    assert heard(place.units["banyan"].id) == ""
    for stranger in (place.units["river"].id, "nonsense"):
        with pytest.raises(Invalid) as refusal:
            heard(stranger)
        assert set(refusal.value.fields) == {"place_id"}


def test_a_code_that_is_unknown_or_closed_leads_nowhere(place: Place) -> None:
    place.do(FOUNDER, units.close_unit, place.units["building"].id)
    for code in (place.units["building"].code, "nonsense"):
        with pytest.raises(Missing):
            place.ask(RESIDENT, doorstep.doorstep, code)
        with pytest.raises(Missing):
            place.do(RESIDENT, flags.speak, code, ResidentFlag(text="名单没有公示", item_id=None, place_id=None))


def test_recording_needs_consent_a_spoken_channel_and_the_right(place: Place) -> None:
    words = {"text": "大爷说名单没贴", "item_id": None, "place_id": None}
    for wrong in ({"consent": False}, {"consent": True, "channel": Channel.QR}):
        with pytest.raises(ValidationError):
            RecordedFlag(**words, **wrong)
    draft = RecordedFlag(**words, consent=True, channel=Channel.HOME_VISIT)
    code = place.do("clerk", recording.record_for, place.units["banyan"].id, draft)
    assert place.ask(RESIDENT, followup.follow, code).text == "大爷说名单没贴"
    assert place.ask("clerk", doorstep.recording, place.units["banyan"].id).community == "榕树社区"
    for elsewhere in ("river", "grid"):
        with pytest.raises(Missing):
            place.ask("clerk", doorstep.recording, place.units[elsewhere].id)
    with pytest.raises(Missing):
        place.do("other_clerk", recording.record_for, place.units["banyan"].id, draft)
    with pytest.raises(Denied):
        place.do("supervisor", recording.record_for, place.units["banyan"].id, draft)


def test_whatever_a_resident_does_is_kept_with_the_date_alone_on_a_chain_of_its_own(place: Place) -> None:
    code = makers.speak(place)
    place.do(RESIDENT, followup.own_level, code, Level.HIGH)
    draft = RecordedFlag(text="大爷说名单没贴", item_id=None, place_id=None, consent=True)
    place.do("clerk", recording.record_for, place.units["banyan"].id, draft)
    with place.engine.connect() as connection:
        rows = connection.execute(sql("select chain, at from audit_entries where event in "
                                      "('flag_raised', 'sender_rated')")).all()  # fmt: skip
    assert len(rows) == 3
    assert {(row.chain, row.at) for row in rows} == {(f"{place.units['banyan'].id}:residents", "2026-11-02")}

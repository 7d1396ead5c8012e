"""Entries: named people, public notice, filing, control, and closing by two."""

from datetime import timedelta

import pytest

from core.access import EVERYWHERE, Actor, Grant, Permission, Scope
from core.entries import actions, between, entry, rating, risks
from core.entries.actions import Action
from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.events import Event
from core.openness import board, rewording
from core.prevention import measures
from core.review import merging
from core.store import Work
from core.words import DisclosureClass, Level, RatingStage, Role
from tests import makers
from tests.makers import Place


def may(place: Place, who: str, risk_id: str) -> set[str]:
    return {str(action) for action in place.ask(who, actions.actions, risk_id)}


def test_who_answers_and_who_watches_hold_the_right_roles_and_are_different_people(place: Place) -> None:
    risk_id = makers.open_risk(place)
    ids = {key: actor.person_id for key, actor in place.people.items()}
    for owner, leader, watchdog, field in (
        ("watchdog", None, None, "owner_id"), ("other_clerk", None, None, "owner_id"),
        ("clerk", "supervisor", None, "leader_id"), ("secretary", None, "clerk", "watchdog_id"),
        ("secretary", None, "other_watchdog", "watchdog_id"), ("clerk", None, "far_supervisor", "watchdog_id"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            place.do("watchdog", risks.assign, risk_id, ids[owner], leader and ids[leader], watchdog and ids[watchdog])
        assert set(refusal.value.fields) == {field}
    with pytest.raises(Denied):
        place.do("clerk", risks.assign, risk_id, ids["clerk"], None, None)
    place.do("watchdog", risks.assign, risk_id, ids["clerk"], ids["secretary"], ids["watchdog2"])
    row = place.ask("clerk", entry.entry, risk_id)
    assert (row.owner, row.leader, row.watchdog) == ("周小满", "林向前", "钱思远")


def test_the_people_offered_are_those_who_fit(place: Place) -> None:
    risk_id = makers.open_risk(place)
    fits = place.ask("watchdog", entry.fitting, risk_id)
    names = {key: {value.split(" · ")[0] for value in part.values()} for key, part in vars(fits).items()}
    assert names == {"doers": {"林向前", "周小满"}, "checkers": {"郑守正", "钱思远", "孙立人"}}


@pytest.mark.parametrize("wording", [
    "周小满审核低保名单不及时", "周 小 满审核名单不及时", "周某审核低保名单不及时", "联系13812345678反映名单不及时",
    "小周审核名单不及时", "林主任审核名单不及时", "姓周的审核名单不及时", "周-小-满审核名单不及时",
])  # fmt: skip
def test_a_public_notice_names_nobody(place: Place, wording: str) -> None:
    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    for deed in (risks.announce, entry.preview):
        with pytest.raises(Invalid) as refusal:
            place.do("watchdog", deed, risk_id, risks.Notice(wording=wording))
        assert set(refusal.value.fields) == {"wording"}
    place.do("watchdog", risks.announce, risk_id, risks.Notice(wording="民政救助岗公开名单有时不及时"))


def test_the_preview_is_what_the_public_then_reads_and_changes_nothing(place: Place) -> None:
    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    words = risks.Notice(wording="救助名单的公开有时不够及时")
    card = place.ask("watchdog", entry.preview, risk_id, words)
    code = place.units["banyan"].code
    assert place.ask("clerk", board.board, code)[1] == []
    place.do("watchdog", risks.announce, risk_id, words)
    [page] = place.ask("clerk", board.board, code)[1]
    assert (card.wording, card.item, card.level) == (page.wording, page.item, page.level)


def test_filing_waits_for_seven_days_of_notice(place: Place) -> None:
    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    place.do("watchdog", risks.announce, risk_id, risks.Notice(wording="救助名单的公开有时不够及时"))
    place.later(6)
    with pytest.raises(Refused):
        place.do("supervisor", risks.file, risk_id)
    assert "file" not in may(place, "supervisor", risk_id)
    place.later(1)
    assert "file" in may(place, "supervisor", risk_id)
    with pytest.raises(Denied):
        place.do("watchdog", risks.file, risk_id)
    place.do("supervisor", risks.file, risk_id)


def test_what_is_not_disclosed_is_filed_with_a_reason_and_never_stands_on_the_board(place: Place) -> None:
    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    with pytest.raises(Invalid):
        place.do("supervisor", risks.file, risk_id, " ")
    place.do("supervisor", risks.file, risk_id, "涉及困难家庭隐私")
    makers.assigned(place, risk_id)
    makers.planned(place, risk_id)
    place.do("clerk", risks.control, risk_id)
    row = place.ask("clerk", entry.entry, risk_id)
    assert (row.disclosure_class, row.secret_reason) == (DisclosureClass.NONE, "涉及困难家庭隐私")
    assert place.ask("clerk", board.board, place.units["banyan"].code)[1] == []


def test_control_needs_an_owner_and_a_measure(place: Place) -> None:
    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    makers.filed(place, risk_id)
    with pytest.raises(Refused):
        place.do("clerk", risks.control, risk_id)
    makers.assigned(place, risk_id)
    with pytest.raises(Refused):
        place.do("clerk", risks.control, risk_id)
    assert "control" not in may(place, "clerk", risk_id)
    makers.planned(place, risk_id)
    assert "control" in may(place, "clerk", risk_id)
    place.do("clerk", risks.control, risk_id)


def test_closing_takes_two_people(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    with pytest.raises(Refused):
        place.do("clerk", risks.ask_closing, risk_id, "还没做完")
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "都已落实")
    for who in ("clerk", "secretary", "discipline"):
        with pytest.raises(Denied):
            place.do(who, risks.close, risk_id)
        assert "close" not in may(place, who, risk_id)
    assert {"close", "refuse_closing"} <= may(place, "watchdog2", risk_id)
    place.do("watchdog2", risks.refuse_closing, risk_id, "公开栏没看到")
    place.do("clerk", risks.ask_closing, risk_id, "已重新张贴")
    place.do("watchdog2", risks.close, risk_id)
    assert place.ask("clerk", entry.entry, risk_id).closed_by == "钱思远"


@pytest.mark.costly
def test_whoever_is_named_in_a_voice_does_not_close_the_entry(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    makers.speak(place, "郑守正看到名单没贴也不说")
    [named] = [row for row in makers.inbox(place, "watchdog2") if "郑守正" in row.text]
    place.do("watchdog2", merging.merge, named.id, risk_id)
    place.do("clerk", measures.report, measure_id, 60, "已整理")
    place.do("clerk", measures.ask_verification, measure_id, "已张贴")
    with pytest.raises(Denied):
        place.do("watchdog", measures.verify, measure_id, "看过")
    place.do("watchdog2", measures.verify, measure_id, "看过")
    place.do("clerk", risks.ask_closing, risk_id, "都已落实")
    with pytest.raises(Denied):
        place.do("watchdog", risks.close, risk_id)
    place.do("watchdog2", risks.close, risk_id)


def test_an_owner_who_is_also_a_supervisor_decides_nothing_about_their_own(place: Place) -> None:
    risk_id = makers.open_risk(place)
    both = Actor(
        place.people["clerk"].person_id, "周小满",
        (Grant(Role.CADRE, place.units["banyan"].path), Grant(Role.SUPERVISOR, place.units["street"].path)),
    )  # fmt: skip
    form = rating.RatingForm(power=2, discretion=2, probability=2, harm=2, level=Level.MEDIUM)
    for deed, *rest in ((rating.rate, form), (risks.announce, risks.Notice(wording="救助名单公开不及时"))):
        with pytest.raises(Denied):
            place.do(both, deed, risk_id, *rest)
    assert not {"rate", "announce", "assign", "describe"} & {str(a) for a in place.ask(both, actions.actions, risk_id)}


def test_reopening_needs_a_new_measure(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "都已落实")
    place.do("watchdog", risks.close, risk_id)
    with pytest.raises(Denied):
        place.do("clerk", risks.reopen, risk_id, "又出问题")
    place.do("watchdog", risks.reopen, risk_id, "又出问题")
    with pytest.raises(Refused):
        place.do("clerk", risks.control, risk_id)
    makers.planned(place, risk_id)
    place.do("clerk", risks.control, risk_id)
    [page] = place.ask("clerk", board.board, place.units["banyan"].code)[1]
    assert (page.status, page.closed_on) == ("controlled", None)


def test_an_entry_elsewhere_is_not_found(place: Place) -> None:
    risk_id = makers.open_risk(place)
    for question in (entry.entry, actions.actions, entry.history, entry.fitting, merging.voices, rating.ratings):
        place.ask("clerk", question, risk_id)
        if question is not rating.ratings:
            with pytest.raises(Missing):
                place.ask("other_clerk", question, risk_id)
    assert place.ask("other_clerk", rating.ratings, risk_id) == []


@pytest.mark.parametrize("who", ["clerk", "secretary", "watchdog", "supervisor", "discipline"])
def test_what_is_offered_is_what_is_not_refused(place: Place, who: str) -> None:
    risk_id = makers.open_risk(place)
    planned: list[str] = []
    deeds = {
        Action.RATE: (rate_now,), Action.ANNOUNCE: (risks.announce, risks.Notice(wording="名单公开不及时")),
        Action.FILE_UNDISCLOSED: (risks.file, "涉及隐私"), Action.CONTROL: (risks.control,),
        Action.ASSIGN: (risks.assign, None, None, None), Action.DESCRIBE: (risks.describe, makers.entry_form(place)),
        Action.REWORD: (rewording.reword, rewording.Rewording(wording="名单公开还不及时", reason="写错了")),
        Action.REOPEN: (risks.reopen, "又出现"), Action.CLOSE: (risks.close,),
        Action.ASK_CLOSING: (risks.ask_closing, "已落实"), Action.REFUSE_CLOSING: (risks.refuse_closing, "不行"),
    }  # fmt: skip
    steps = [
        lambda: None, lambda: makers.rated(place, risk_id), lambda: makers.filed(place, risk_id),
        lambda: makers.assigned(place, risk_id), lambda: planned.append(makers.planned(place, risk_id)),
        lambda: place.do("clerk", risks.control, risk_id), lambda: makers.done(place, planned[0]),
        lambda: place.do("clerk", risks.ask_closing, risk_id, "已落实"),
        lambda: place.do("watchdog2", risks.close, risk_id),
    ]  # fmt: skip
    for step in steps:
        step()
        offered = place.ask(who, actions.actions, risk_id)
        for action, (deed, *rest) in deeds.items():
            assert tried(place, who, deed, risk_id, *rest) is (action in offered), (action, who)


def rate_now(work: Work, risk_id: str) -> None:
    """Decide whichever level is open in the state of the entry."""
    risk = work.store.one(risks.Risk, risk_id, work.actor.scope(Permission.REGISTER_READ))
    stage = next(iter(rating.stages(risk.status)), RatingStage.INITIAL)
    form = rating.RatingForm(power=2, discretion=2, probability=2, harm=2, level=Level.MEDIUM, stage=stage)
    rating.rate(work, risk_id, form)


class Undone(Exception):
    """Takes a tried deed back."""


def tried(place: Place, who: str, deed: object, *rest: object) -> bool:
    def attempt(work: object) -> None:
        deed(work, *rest)  # type: ignore[operator]
        raise Undone

    try:
        place.do(who, attempt)
    except Undone:
        return True
    except Refused:
        return False
    raise AssertionError


def test_the_history_says_in_sentences_who_did_what(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    makers.done(place, measure_id)
    lines = place.ask("clerk", entry.history, risk_id)
    told = "\n".join(f"{line.who} {line.what}" for line in lines)
    for word in (Event.RISK_RATED.label, Event.RISK_ASSIGNED.label, Event.MEASURE_VERIFIED.label, "每季度首月五日前"):
        assert word in told
    assert "孙立人" in told
    assert place.people["clerk"].person_id not in told
    with pytest.raises(Denied):
        place.ask("auditor", entry.history, risk_id)


def test_two_at_once_the_slower_is_told(place: Place) -> None:
    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    makers.filed(place, risk_id)
    with pytest.raises(Stale):
        place.do("watchdog", risks.announce, risk_id, risks.Notice(wording="名单公开不及时"))


def test_an_entry_is_not_described_anew_with_people_in_it(place: Place) -> None:
    risk_id = makers.open_risk(place)
    for title, manifestation in (("周小满不公开名单", ""), ("救助名单公开不及时", "周某说忙，打13812345678")):
        form = makers.entry_form(place, title).model_copy(update={"manifestation": manifestation})
        with pytest.raises(Invalid) as refusal:
            place.do("watchdog", risks.describe, risk_id, form)
        assert list(refusal.value.fields) == ["manifestation" if manifestation else "title"]
    place.do("watchdog", risks.describe, risk_id, makers.entry_form(place, "救助名单更新不及时"))


def test_what_the_public_reads_is_put_right_at_once_and_the_words_before_stay_in_the_history(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    code, here = place.units["banyan"].code, place.units["banyan"].id
    before, first = place.ask("watchdog", board.board, code)[1][0].wording, place.today
    place.later(3)
    form = rewording.Rewording(wording="低保名单公开时间太短", reason="原来的表述不准")
    for who in ("clerk", "other_watchdog", "auditor"):
        with pytest.raises((Denied, Missing)):
            place.do(who, rewording.reword, risk_id, form)
    for wrong in ("林向前公开名单不及时", before):
        with pytest.raises(Invalid) as refused:
            place.do("watchdog", rewording.reword, risk_id, form.model_copy(update={"wording": wrong}))
        assert "wording" in refused.value.fields
    signature = place.ask("watchdog", lambda work: work.store.standing_signatures([risk_id]))[0][0]
    place.do("watchdog", rewording.reword, risk_id, form)
    assert place.ask("watchdog", board.board, code)[1][0].wording == "低保名单公开时间太短"
    after = place.ask("watchdog", lambda work: work.store.standing_signatures([risk_id]))[0][0]
    assert (signature.stale_on, after.stale_on) == (None, None), "signed was what the entry says"
    [turn] = place.ask("watchdog", between.between, here, first, place.today).turns
    assert [said for said in turn.said if before in said and "低保名单公开时间太短" in said]
    entry = place.ask("watchdog", lambda work: work.store.entries_of_chain(Scope((EVERYWHERE,)), here, None, 1))[0]
    assert (entry.event, before in str(entry.facts)) == ("risk_reworded", False), "no log keeps what may name somebody"


def test_a_measure_on_the_board_is_put_in_words_without_people_even_when_it_is_verified(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    makers.done(place, measure_id)
    here, before = place.units["banyan"].id, "每季度首月五日前在公开栏张贴名单"
    form = rewording.MeasureWords(text="每季度首月五日前张贴名单", reason="名字与新来的人相同")
    for who in ("clerk", "watchdog", "other_watchdog", "auditor"):
        with pytest.raises((Denied, Missing)):
            place.do(who, rewording.reword_measure, measure_id, form)
    for wrong in ("林向前张贴名单", before):
        with pytest.raises(Invalid) as refused:
            place.do("supervisor", rewording.reword_measure, measure_id, form.model_copy(update={"text": wrong}))
        assert "text" in refused.value.fields
    place.do("supervisor", rewording.reword_measure, measure_id, form)
    [page] = place.ask("watchdog", board.board, place.units["banyan"].code)[1]
    assert [(one["text"], bool(one["done"])) for one in page.measures] == [(form.text, True)]
    [turn] = place.ask("watchdog", between.between, here, place.today - timedelta(days=1), place.today).turns
    assert turn.said
    [line, *_rest] = place.ask("watchdog", entry.history, risk_id)
    assert "修改措施表述" in line.what
    assert before not in line.what, "no log keeps what may name somebody"


def test_an_entry_described_anew_is_at_once_what_the_board_says(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    changed = makers.entry_form(place).model_copy(update={"item_id": place.items["seal"]})
    place.do("supervisor", risks.describe, risk_id, changed)
    [page] = place.ask("watchdog", board.board, place.units["banyan"].code)[1]
    assert page.item == "公章使用"

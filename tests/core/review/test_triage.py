"""First review: each way out, who may take it, and taking it back."""

import pytest

from core.access import FOUNDER, RESIDENT
from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.events import Event
from core.items import ItemForm, add_item, library
from core.organisation.posts import Holding, Post
from core.organisation.units import new_id
from core.review import inbox, triage
from core.store import Work
from core.voices import followup
from core.voices.flags import Flag
from core.words import FlagStatus, Triage
from tests import makers
from tests.makers import Place


def flag_of(place: Place, flag_id: str) -> Flag:
    return place.ask("watchdog", lambda work: work.store.find(Flag, flag_id))


def spoken(place: Place, text: str = "低保名单从来没见贴出来过", item: str | None = None) -> str:
    makers.speak(place, text, item)
    return next(row.id for row in makers.inbox(place) if row.text == text)


def holds(work: Work, post_id: str, person_id: str | None) -> None:
    """Put somebody into a post, whatever other roles they hold."""
    unit_id = work.store.register_of(work.store.find(Post, post_id).unit_id).id
    work.store.add(Holding(new_id(), unit_id, post_id, person_id, work.today))
    work.record(Event.POST_TAKEN, post_id, chain=unit_id)


def test_the_watchdog_asks_the_resident_answers_and_the_flag_awaits_review_again(place: Place) -> None:
    code = makers.speak(place)
    [row] = makers.inbox(place)
    with pytest.raises(Denied):
        place.do("clerk", triage.ask_sender, row.id, "哪个月？")
    with pytest.raises(Invalid):
        place.do("watchdog", triage.ask_sender, row.id, " ")
    place.do("watchdog", triage.ask_sender, row.id, "哪个月？")
    assert [r.status for r in makers.inbox(place)] == [FlagStatus.ASKED]
    with pytest.raises(Stale):
        place.do("watchdog2", triage.ask_sender, row.id, "几栋？")
    place.later(3)
    place.do(RESIDENT, followup.answer, code, "九月")
    [again] = makers.inbox(place)
    assert again.status is FlagStatus.NEW
    assert again.due_on > row.due_on
    assert [(s.from_sender, s.text) for s in place.ask("watchdog", inbox.thread, row.id)] == [
        (False, "哪个月？"), (True, "九月"),
    ]  # fmt: skip
    with pytest.raises(Denied):
        place.ask("secretary", inbox.thread, row.id)


def test_a_flag_goes_where_it_belongs_and_comes_back_as_it_was(place: Place) -> None:
    flag_id = spoken(place)
    before = vars(flag_of(place, flag_id)).copy()
    with pytest.raises(Refused):
        place.do("watchdog", triage.refer, flag_id, Triage.ACCUSATION, "像举报")
    with pytest.raises(Invalid):
        place.do("watchdog", triage.refer, flag_id, Triage.RISK_POINT, "不对")
    place.do("supervisor", triage.refer, flag_id, Triage.LIVELIHOOD, "属于民生诉求")
    assert makers.inbox(place) == []
    flag = flag_of(place, flag_id)
    assert (flag.status, flag.triage, flag.reason) == (FlagStatus.REFERRED, Triage.LIVELIHOOD, "属于民生诉求")
    with pytest.raises(Stale):
        place.do("watchdog", triage.decline, flag_id, "重复")
    with pytest.raises(Invalid):
        place.do("watchdog", inbox.take_back, flag_id, "")
    place.do("watchdog", inbox.take_back, flag_id, "转错了")
    after = vars(flag_of(place, flag_id))
    unkept = {"_sa_instance_state", "_version"}
    assert {k: v for k, v in after.items() if k not in unkept} == {k: v for k, v in before.items() if k not in unkept}


def test_declining_needs_a_reason_that_the_sender_reads(place: Place) -> None:
    code = makers.speak(place)
    [row] = makers.inbox(place)
    with pytest.raises(Invalid):
        place.do("watchdog", triage.decline, row.id, "")
    with pytest.raises(Invalid):
        place.do("watchdog", triage.decline, row.id, "长" * 1001)
    place.do("watchdog", triage.decline, row.id, "已经公示，照片见公开栏")
    assert "已经公示，照片见公开栏" in str(place.ask(RESIDENT, followup.follow, code).lines)


def test_another_communitys_flag_is_missing(place: Place) -> None:
    flag_id = spoken(place)
    for who in ("other_watchdog", "far_supervisor"):
        for deed, *rest in (
            (triage.ask_sender, "哪里？"), (triage.refer, Triage.LIVELIHOOD, "民生"), (triage.decline, "重复"),
            (triage.restore, "重看"), (inbox.thread,), (inbox.draft,), (inbox.take_back, "重看"),
        ):  # fmt: skip
            with pytest.raises(Missing):
                place.do(who, deed, flag_id, *rest)


def test_whoever_holds_the_post_of_the_item_neither_sees_nor_decides(place: Place) -> None:
    flag_id = spoken(place, item="relief")
    assert [row.id for row in makers.inbox(place)] == [flag_id]
    place.do(FOUNDER, lambda work: holds(work, place.posts["relief"], place.people["watchdog"].person_id))
    assert makers.inbox(place) == []
    for deed, *rest in ((triage.decline, "重复"), (triage.ask_sender, "哪里？"), (inbox.thread,), (inbox.draft,)):
        with pytest.raises(Denied):
            place.do("watchdog", deed, flag_id, *rest)
    assert [row.id for row in makers.inbox(place, "watchdog2")] == [flag_id]
    place.do("watchdog2", triage.decline, flag_id, "重复")


def test_a_draft_of_an_entry_never_copies_residents_words(place: Place) -> None:
    flag_id = spoken(place, item="relief")
    draft = place.ask("watchdog", inbox.draft, flag_id)
    assert draft.title == ""
    assert draft.item_id == place.items["relief"]
    assert draft.wordings == ()  # the library knows no item of that name


def test_a_draft_brings_the_librarys_wordings_of_the_item(place: Place) -> None:
    [point, *_rest] = library()
    form = ItemForm(name=point.power_item, dimension=point.dimension)
    place.items["known"] = place.do("secretary", add_item, place.units["banyan"].id, form)
    draft = place.ask("watchdog", inbox.draft, spoken(place, item="known"))
    assert point.risk_point in draft.wordings
    assert draft.risk_type is point.risk_type

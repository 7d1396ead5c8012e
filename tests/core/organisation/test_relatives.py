"""Declared relatives: who is kept from whose matters, from when on, and what nobody can do with it to somebody else."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from core import home
from core.access import FOUNDER, RESIDENT, Grant, Permission
from core.entries import entry, escalation, risks
from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.ledgers import handover
from core.openness import requests
from core.organisation import people, posts, relatives
from core.organisation.relatives import DeclarationForm, Ending
from core.prevention import measures
from core.review import merging, triage
from core.store import Work
from core.turning import START
from core.voices import attachments, contacts, followup, openings
from core.words import Channel, Kinship, OpeningKind, Role
from db.engine import connect
from db.sweeping import PROGRAM
from tests import makers
from tests.hidden import ids, photo
from tests.makers import NAMES, Place, copy_of

pytestmark = pytest.mark.privacy


def read(place: Place, who: str) -> list[str]:
    return [row.text for row in makers.inbox(place, who)]


def person(place: Place, who: str) -> str:
    return place.people[who].person_id or ""


def recused(place: Place, flag_id: str) -> set[str]:
    return set(place.ask(FOUNDER, lambda work: work.store.recused(flag_id)))


def waiting(place: Place, who: str) -> dict[home.Chore, int]:
    return {task.chore: task.count for task in place.ask(who, home.waiting)}


WORDS = "周小满办低保要看人"


def test_what_names_somebody_is_kept_from_their_relatives_as_well(place: Place) -> None:
    makers.related(place, "clerk", "watchdog")
    makers.speak(place, WORDS, None)
    assert (read(place, "watchdog"), read(place, "watchdog2")) == ([], [WORDS])
    [row] = makers.inbox(place, "watchdog2")
    with pytest.raises(Missing):
        place.do("watchdog", triage.decline, row.id, "不属实")
    place.do("watchdog2", triage.decline, row.id, "已说明情况")


@pytest.mark.parametrize("declarer", ["clerk", "watchdog"])
def test_a_declaration_counts_both_ways_and_for_all_that_was_said_before(place: Place, declarer: str) -> None:
    makers.speak(place, WORDS, None)
    makers.speak(place, "郑守正来看过就没下文", None)
    makers.speak(place, "民政救助这边材料太多", None)
    assert sorted(read(place, "watchdog")) == sorted([WORDS, "民政救助这边材料太多"])
    makers.related(place, declarer, "watchdog" if declarer == "clerk" else "clerk")
    assert read(place, "watchdog") == []
    flags = {row.text: row.id for row in makers.inbox(place, "watchdog2")}
    assert person(place, "clerk") in recused(place, flags["郑守正来看过就没下文"])


def test_nobody_blinds_a_watcher_by_calling_them_a_relative(place: Place) -> None:
    """It counts for the one who declared at once, and for the other when they or the desk have confirmed it."""
    declared = makers.related(place, "clerk", "watchdog", confirmed=False)
    makers.speak(place, WORDS, None)
    makers.speak(place, "郑守正来看过就没下文", None)
    assert read(place, "watchdog") == [WORDS]
    flag = next(row.id for row in makers.inbox(place, "watchdog2") if "郑守正" in row.text)
    assert person(place, "clerk") in recused(place, flag)
    for who in ("clerk", "watchdog2", "discipline"):
        with pytest.raises(Missing):
            place.do(who, relatives.confirm, declared)
    place.do("discipline", relatives.judge, declared, holds=True)
    assert read(place, "watchdog") == []


def test_the_desk_ends_what_is_not_so_and_decides_about_nobody_in_it(place: Place) -> None:
    declared = makers.related(place, "clerk", "watchdog", confirmed=False)
    place.do("discipline", relatives.judge, declared, holds=False)
    with pytest.raises(Stale):
        place.do("watchdog", relatives.confirm, declared)
    makers.speak(place, WORDS, None)
    assert read(place, "watchdog") == [WORDS]
    own = makers.related(place, "clerk", "discipline", confirmed=False)
    with pytest.raises(Denied, match="本人"):
        place.do("discipline", relatives.judge, own, holds=True)
    far = makers.related(place, "far_supervisor", "watchdog2", confirmed=False)
    with pytest.raises(Missing):
        place.do("discipline", relatives.judge, far, holds=True)


def test_what_was_withheld_stays_withheld_when_a_declaration_ends(place: Place) -> None:
    declared = makers.related(place, "clerk", "watchdog")
    makers.speak(place, WORDS, None)
    for who in ("watchdog", "discipline"):
        with pytest.raises(Missing):
            place.do(who, relatives.end, declared, Ending(ended_on=place.today))
    for day, field in ((1, "不能晚于"), (-1, "早于")):
        with pytest.raises(Invalid) as refused:
            place.do("clerk", relatives.end, declared, Ending(ended_on=place.today + timedelta(days=day)))
        assert field in refused.value.fields["ended_on"]
    place.do("clerk", relatives.end, declared, Ending(ended_on=place.today))
    with pytest.raises(Refused):
        place.do("clerk", relatives.end, declared, Ending(ended_on=place.today))
    assert read(place, "watchdog") == []
    makers.speak(place, "周小满又换了一套表格", None)
    assert read(place, "watchdog") == ["周小满又换了一套表格"]
    [row] = place.ask("clerk", relatives.own)
    assert (row.stands, row.ended_on) == (False, place.today)
    makers.related(place, "watchdog", "clerk")
    assert read(place, "watchdog") == []


def test_neither_oneself_nor_the_same_twice_nor_nobody(place: Place) -> None:
    makers.related(place, "clerk", "watchdog", confirmed=False)
    for who, other in (("clerk", "clerk"), ("clerk", "watchdog"), ("watchdog", "clerk")):
        form = DeclarationForm(relative_id=person(place, other), kind=Kinship.CHILD)
        with pytest.raises(Invalid):
            place.do(who, relatives.declare, form)
    with pytest.raises(Invalid):
        place.do("clerk", relatives.declare, DeclarationForm(relative_id="nobody", kind=Kinship.CHILD))
    with pytest.raises(Denied):
        place.do(RESIDENT, relatives.declare, DeclarationForm(relative_id=person(place, "clerk"), kind=Kinship.CHILD))


def test_a_relative_elsewhere_and_one_who_has_left_still_keep_theirs_away(place: Place) -> None:
    """What names somebody of another street, or who no longer works here, is kept from their relative here."""
    makers.related(place, "far_supervisor", "watchdog")
    makers.speak(place, "褚南天的弟弟占了两个车位", None)
    assert read(place, "watchdog") == []
    makers.make_person(place, "gone", "尤先行", "far", Role.CADRE)
    makers.related(place, "watchdog2", "gone")
    place.do("system", people.close_account, person(place, "gone"))
    makers.speak(place, "尤先行走了以后账也没交", None)
    assert read(place, "watchdog2") == ["褚南天的弟弟占了两个车位"]
    assert person(place, "gone") not in place.ask("clerk", relatives.choices).names


def test_a_newcomer_is_kept_from_what_was_said_about_a_relative(place: Place) -> None:
    makers.speak(place, "褚南天的弟弟占了两个车位", None)
    makers.speak(place, WORDS, None)
    makers.related(place, "other_watchdog", "far_supervisor", confirmed=False)
    makers.related(place, "clerk", "other_watchdog")
    makers.speak(place, "路灯坏了", None)
    place.do(FOUNDER, people.grant_role, person(place, "other_watchdog"), Role.WATCHDOG, place.units["banyan"].id)
    both = (*place.people["other_watchdog"].grants, Grant(Role.WATCHDOG, place.units["banyan"].path))
    place.people["other_watchdog"] = replace(place.people["other_watchdog"], grants=both)
    assert read(place, "other_watchdog") == ["路灯坏了"]
    assert len(read(place, "watchdog")) == 3


def test_a_relative_of_a_relative_reads(place: Place) -> None:
    """Close relatives alone: it does not pass on."""
    makers.related(place, "clerk", "secretary")
    makers.related(place, "secretary", "watchdog")
    makers.speak(place, WORDS, None)
    assert read(place, "watchdog") == [WORDS]
    makers.speak(place, "林向前管章", None)
    assert "林向前管章" not in read(place, "watchdog")


def test_words_of_a_file_a_message_and_a_second_asking_keep_relatives_away(place: Place) -> None:
    makers.related(place, "clerk", "watchdog")
    for words, add in (
        ("楼道的灯坏了", lambda opened: place.do(RESIDENT, attachments.add, opened, photo(1, "周小满签的字"))),
        ("门口的账没贴", lambda opened: place.do(RESIDENT, followup.write, opened, "是周小满说的")),
    ):
        opened = place.ask(RESIDENT, followup.unlock, makers.speak(place, words, None))
        assert read(place, "watchdog") == [words]
        add(opened)
        assert read(place, "watchdog") == []


def test_a_relative_of_the_post_holder_neither_reads_nor_triages_nor_rates(place: Place) -> None:
    makers.related(place, "clerk", "watchdog")
    makers.speak(place, "低保名单没见贴出来", "relief")
    assert read(place, "watchdog") == []
    [row] = makers.inbox(place, "watchdog2")
    for deed, args in ((triage.decline, ("不属实",)), (merging.open_entry, (makers.entry_form(place),))):
        with pytest.raises(Denied, match="近亲属"):
            place.do("watchdog", deed, row.id, *args)
    risk_id = place.do("watchdog2", merging.open_entry, row.id, makers.entry_form(place))
    assert [voice.text for voice in place.ask("watchdog", merging.voices, risk_id)] == [None]
    assert [voice.text for voice in place.ask("watchdog2", merging.voices, risk_id)] == ["低保名单没见贴出来"]
    with pytest.raises(Denied):
        place.do("watchdog", risks.describe, risk_id, makers.entry_form(place, "换一个说法的标题"))


def test_no_relative_verifies_closes_or_looks_again_and_what_waits_agrees(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    place.do("clerk", measures.report, measure_id, 60, "已整理名单")
    place.do("clerk", measures.ask_verification, measure_id, "已张贴并拍照")
    assert waiting(place, "watchdog")[home.Chore.VERIFY] == 1
    makers.related(place, "clerk", "watchdog")
    assert home.Chore.VERIFY not in waiting(place, "watchdog")
    with pytest.raises(Denied):
        place.do("watchdog", measures.verify, measure_id, "现场看过")
    place.do("watchdog2", measures.verify, measure_id, "现场看过，属实")
    makers.related(place, "secretary", "watchdog2")
    place.do("clerk", risks.ask_closing, risk_id, "都已落实")
    for who in ("watchdog", "watchdog2"):
        assert home.Chore.CLOSE not in waiting(place, who)
        with pytest.raises(Denied):
            place.do(who, risks.close, risk_id)
    assert waiting(place, "supervisor")[home.Chore.CLOSE] == 1
    place.do("supervisor", risks.close, risk_id)
    place.later(35)
    for who in ("watchdog", "watchdog2"):
        assert place.ask(who, _is_concerned, risk_id)
        assert home.Chore.LOOK not in waiting(place, who)


def test_a_relative_is_not_named_to_verify_and_the_words_do_not_say_why(place: Place) -> None:
    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    makers.filed(place, risk_id)
    makers.related(place, "clerk", "watchdog")
    form = measures.MeasureForm(
        text="每季度首月五日前在公开栏张贴名单", owner_id=person(place, "clerk"), watchdog_id=person(place, "watchdog"),
        starts_on=place.today, due_on=place.today,
    )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        place.do("supervisor", measures.plan, risk_id, form)
    assert "亲属" not in refused.value.fields["watchdog_id"]
    with pytest.raises(Invalid) as refused:
        place.do("watchdog2", risks.assign, risk_id, person(place, "clerk"), None, person(place, "watchdog"))
    assert "亲属" not in refused.value.fields["watchdog_id"]
    assert person(place, "watchdog") not in place.ask("supervisor", entry.fitting, risk_id).checkers


def _is_concerned(work: Work, risk_id: str) -> bool:
    return work.store.is_concerned(risk_id, work.person_id)


def _sealed(place: Place, who: str) -> int:
    return len(place.ask(who, lambda work: work.store.sealed_page(work.actor.scope(Permission.SEALED_OPEN), START)))


def test_a_matter_about_a_relative_of_the_desk_goes_to_the_desk_above(place: Place) -> None:
    makers.make_person(place, "city_desk", "柳上级", "city", Role.DISCIPLINE)
    makers.related(place, "discipline", "clerk")
    makers.speak(place, "周小满收了好处才给办低保", None)
    assert (_sealed(place, "discipline"), _sealed(place, "city_desk")) == (0, 1)
    makers.related(place, "supervisor", "secretary")
    makers.speak(place, "林向前收了好处才给盖章", None)
    assert (_sealed(place, "discipline"), _sealed(place, "city_desk")) == (0, 2)


def test_whoever_is_no_relative_is_told_that_a_measure_waits(place: Place) -> None:
    _risk_id, measure_id = makers.controlled(place)
    makers.related(place, "clerk", "watchdog")
    place.do("clerk", measures.report, measure_id, 60, "已整理名单")
    place.do("clerk", measures.ask_verification, measure_id, "已张贴并拍照")
    with place.engine.connect() as rows:
        told = {row[0] for row in rows.execute(text("SELECT person_id FROM notices WHERE kind = 'verify'"))}
    assert told == {person(place, "watchdog2")}


def test_work_passes_to_no_relative_of_who_verifies_it(place: Place) -> None:
    makers.controlled(place)
    makers.make_person(place, "taker", "尤接手", "banyan", Role.CADRE)
    makers.related(place, "taker", "watchdog")
    order = handover.HandOver(giver_id=person(place, "clerk"), taker_id=person(place, "taker"), reason="轮岗")
    assert place.ask("supervisor", handover.preview, order.giver_id, order.taker_id).conflicts
    with pytest.raises(Refused):
        place.do("supervisor", handover.hand_over, order)


def test_a_relative_of_who_asks_is_no_second_person(place: Place) -> None:
    makers.make_person(place, "desk2", "柳同事", "street", Role.DISCIPLINE)
    makers.make_person(place, "desk3", "梅同事", "street", Role.DISCIPLINE)
    makers.related(place, "desk2", "discipline")
    opened = place.ask(RESIDENT, followup.unlock, makers.speak(place, "名单一直没有公示", None))
    place.do(RESIDENT, contacts.leave, opened, "13812345678")
    [flag_id] = ids(place, "flags")
    opening = place.do("discipline", openings.ask, flag_id, OpeningKind.CONTACT, "需要核实")
    assert [one.person for one in place.ask("discipline", openings.seconds, flag_id)] == ["梅同事"]
    with pytest.raises(Denied, match="近亲属"):
        place.do("desk2", openings.agree, opening, "同意")
    place.do("desk3", openings.agree, opening, "同意")


@pytest.mark.costly
def test_an_entry_about_a_relative_of_a_head_begins_above_or_goes_there_by_night(place: Place) -> None:
    makers.make_person(place, "city_head", "柳上级", "city", Role.SUPERVISOR)
    place.do("system", posts.take_post, place.do("system", posts.add_post, place.units["banyan"].id, "社区书记"),
             person(place, "secretary"))  # fmt: skip
    makers.speak(place, WORDS, None)
    [row] = makers.inbox(place, "watchdog2")
    risk_id = place.do("watchdog2", merging.open_entry, row.id, makers.entry_form(place, item=None))
    assert _held_by(place, risk_id) == place.units["banyan"].id
    makers.related(place, "clerk", "secretary")
    place.do(PROGRAM, escalation.lift_concerned, place.units["banyan"].id, None)
    assert _held_by(place, risk_id) == place.units["street"].id
    makers.related(place, "supervisor", "clerk")
    place.do(PROGRAM, escalation.lift_concerned, place.units["banyan"].id, None)
    assert _held_by(place, risk_id) == place.units["city"].id
    place.do(PROGRAM, escalation.lift_concerned, place.units["banyan"].id, None)
    assert _held_by(place, risk_id) == place.units["city"].id


def _held_by(place: Place, risk_id: str) -> str:
    return str(place.ask(FOUNDER, lambda work: work.store.running_clock(risk_id).holder_id))


def _ask(place: Place, words: str) -> None:
    form = requests.RequestForm(text=words, subject_id=None)
    assert not place.do(RESIDENT, requests.ask, place.units["banyan"].code, form, Channel.QR).as_flag


def asked(place: Place, who: str) -> list[str]:
    return [row.text for row in place.ask(who, requests.requests)]


def test_a_request_is_kept_from_relatives_and_from_who_takes_the_post_later(place: Place) -> None:
    words = "想看看停车收费岗今年收了多少"
    _ask(place, words)
    assert asked(place, "clerk") == asked(place, "watchdog") == [words]
    post = place.do(FOUNDER, posts.add_post, place.units["banyan"].id, "停车收费岗")
    place.do(FOUNDER, posts.take_post, post, person(place, "clerk"))
    assert (asked(place, "clerk"), asked(place, "watchdog")) == ([], [words])
    makers.related(place, "watchdog", "clerk", confirmed=False)
    assert (asked(place, "watchdog"), asked(place, "watchdog2")) == ([], [words])
    _ask(place, "也想看看停车收费岗去年的账")
    assert (asked(place, "watchdog"), len(asked(place, "watchdog2"))) == ([], 2)


def test_the_desk_sees_where_nobody_is_left_to_review_and_no_word_of_it(place: Place) -> None:
    assert place.ask("discipline", relatives.unreviewed) == []
    for who in ("watchdog", "watchdog2"):
        makers.related(place, "clerk", who)
    makers.speak(place, "低保名单没见贴出来", "relief")
    assert place.ask("discipline", relatives.unreviewed) == []
    makers.related(place, "supervisor", "clerk")
    assert place.ask("discipline", relatives.unreviewed) == [("榕树社区", 1)]
    assert home.Chore.UNREVIEWED in {task.chore for task in place.ask("discipline", home.waiting)}
    with pytest.raises(Denied):
        place.ask("supervisor", relatives.unreviewed)
    assert [read(place, who) for who in ("watchdog", "watchdog2", "supervisor")] == [[], [], []]


def test_whoever_is_kept_from_one_flag_may_still_review_the_others(place: Place) -> None:
    for words in ("陈望北管的事没人看过", "孙立人管的事没人看过", "门口公告栏的账没有贴"):
        makers.speak(place, words, None, "river")  # each of the two who review here is named once
    assert place.ask("discipline", relatives.unreviewed) == []


def test_a_declaration_is_read_by_the_two_and_the_desk_alone_and_the_log_names_no_kinship(place: Place) -> None:
    declared = makers.related(place, "clerk", "watchdog")
    for who in NAMES:
        assert bool(place.ask(who, relatives.own)) == (who in ("clerk", "watchdog")), who
        if who != "discipline":
            with pytest.raises(Denied):
                place.ask(who, relatives.judged)
    [row] = place.ask("discipline", relatives.judged)
    assert (row.person, row.relative, row.kind) == ("周小满", "郑守正", Kinship.SPOUSE)
    for actor in place.people.values():
        for permission in Permission:
            assert not place.ask(actor, _loaded, permission)
    with place.engine.connect() as rows:
        log = rows.execute(text("SELECT * FROM audit_entries WHERE subject = :id ORDER BY n"), {"id": declared}).all()
    assert [(row.event, row.actor, row.facts) for row in log] == [
        ("relative_declared", person(place, "clerk"), "{}"), ("relative_confirmed", person(place, "watchdog"), "{}"),
    ]  # fmt: skip


def _loaded(work: Work, permission: Permission) -> list[relatives.Declaration]:
    return work.store.some(relatives.Declaration, work.actor.scope(permission))


KEYS = ("clerk", "secretary", "watchdog", "watchdog2", "supervisor", "other_clerk")
DEED = st.one_of(
    st.tuples(st.just("said"), st.sampled_from(KEYS)),
    st.tuples(st.just("declared"), st.sampled_from(KEYS), st.sampled_from(KEYS), st.booleans()),
    st.tuples(st.just("ended"), st.sampled_from(KEYS)),
)


@pytest.fixture
def other() -> Iterator[Engine]:
    engine = connect("sqlite://")
    yield engine
    engine.dispose()


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(st.lists(DEED, min_size=3, max_size=8))
def test_in_whatever_order_it_comes_relatives_are_kept_from_what_names_somebody(
    made: Place, other: Engine, deeds: list[tuple[Any, ...]]
) -> None:
    """Held against a plain recount: whoever was kept from somebody's matters while a flag that names them was there."""
    place = copy_of(made, other)
    pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    flags: dict[str, str] = {}
    kept: dict[str, set[str]] = defaultdict(set)
    tell: dict[str, Callable[..., None]] = {"said": _said, "declared": _declared, "ended": _ended}
    for what, *about in deeds:
        tell[what](place, flags, pairs, *about)
        for flag_id, named in flags.items():
            kept[flag_id] |= {who for some in pairs.values() for who, of in some if of == named}
    for flag_id, named in flags.items():
        found = recused(place, flag_id) - {person(place, named)}
        assert found == {person(place, who) for who in kept[flag_id]}, (named, kept[flag_id])


Pairs = dict[str, set[tuple[str, str]]]


def _said(place: Place, flags: dict[str, str], _pairs: Pairs, who: str) -> None:
    before = ids(place, "flags")
    makers.speak(place, f"{NAMES[who]}那天来过一次", None)
    [flag_id] = set(ids(place, "flags")) - set(before)
    flags[flag_id] = who


def _declared(place: Place, _flags: dict[str, str], pairs: Pairs, one: str, other: str, agrees: bool) -> None:
    try:
        declared = makers.related(place, one, other, confirmed=agrees)
    except Invalid:
        return
    pairs[declared] = {(one, other), (other, one)} if agrees else {(one, other)}


def _ended(place: Place, _flags: dict[str, str], pairs: Pairs, who: str) -> None:
    for row in place.ask(who, relatives.own):
        if row.stands and row.person_id == person(place, who):
            place.do(who, relatives.end, row.id, Ending(ended_on=place.today))
            del pairs[row.id]

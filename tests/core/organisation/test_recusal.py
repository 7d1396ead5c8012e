"""Recusal: the names, titles and posts in a text keep those people away, whenever they came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import FOUNDER, RESIDENT
from core.errors import Missing
from core.organisation import people, posts, recusal
from core.organisation.recusal import Known, named
from core.review import inbox, triage
from core.turning import START
from core.voices.followup import answer
from core.words import Role
from tests import makers
from tests.makers import Place

ZHOU = Known("zhou", "周小满", ("民政救助岗",))
LIN = Known("lin", "林向前", ("居委会主任",))
OUYANG = Known("ouyang", "欧阳修文", ("监委会主任",))
DISC = Known("disc", "吴清源", ("街道纪工委书记",))
EVERYBODY = [ZHOU, LIN, OUYANG, DISC]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("周小满收材料要复印三次", ["zhou"]), ("周 小·满收材料", ["zhou"]), ("周-小-满办事慢", ["zhou"]),
        ("周　小　满 办事慢", ["zhou"]), ("姓周的办事慢", ["zhou"]), ("周某办低保看人", ["zhou"]),
        ("小周办低保看人", ["zhou"]), ("老林管公章", ["lin"]), ("林主任盖章不登记", ["lin"]),
        ("林某某主任盖章不登记", ["lin", "ouyang"]), ("林副主任盖章不登记", ["lin"]), ("林书记盖章不登记", ["lin"]),
        ("欧阳主任来过", ["lin", "ouyang"]), ("某主任盖章不登记", ["lin", "ouyang"]), ("主任盖章不登记", ["lin"]),
        ("民政救助这边材料太多", ["zhou"]), ("小区停车费不公开", []), ("书记说要公开", []),
        ("低保名单没贴出来", []), ("监委会主任很负责", ["lin", "ouyang"]),
    ],
)  # fmt: skip
def test_people_are_named_by_name_by_title_and_by_post(text: str, who: list[str]) -> None:
    assert sorted(named(text, EVERYBODY)) == sorted(who)


def test_between_offices_a_post_alone_names_nobody() -> None:
    assert named("民政救助岗要公开，主任要签字", EVERYBODY, posts=False) == []
    assert named("林主任要签字", EVERYBODY, posts=False) == ["lin"]


SYLLABLES = st.text("赵钱孙李陈卫蒋沈韩杨朱秦许何吕施清明建国志强秀英向前远方守正", min_size=2, max_size=4)
SAID = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


@given(SAID, SYLLABLES, SAID, st.sampled_from(["", " ", "·", "\u200b", "\u202e", " . "]))
def test_a_name_put_anywhere_into_any_text_is_found(before: str, name: str, after: str, between: str) -> None:
    text = f"{before}，{between.join(name)}，{after}"
    assert "x" in named(text, [Known("x", name, ())])


@pytest.mark.parametrize(
    ("text", "names", "sealed"),
    [
        ("周小满收了人家红包", True, True), ("会计挪用维修基金", False, True), ("王某某套取补贴", False, True),
        ("收红包的事要防", False, False), ("周小满办事慢", True, False), ("我要举报周小满", True, True),
        ("举报楼道堆物没人管", False, False), ("网格员上门登记态度还可以", False, False),
    ],
)  # fmt: skip
def test_misconduct_of_somebody_is_a_hint_to_seal(text: str, names: bool, sealed: bool) -> None:
    assert recusal.sounds_like_accusation(text, names, strangers=True) is sealed


def test_a_condition_told_by_an_office_is_sealed_only_when_somebody_known_is_named() -> None:
    assert not recusal.sounds_like_accusation("会计一人管钱管章，可能挪用资金", False)
    assert recusal.sounds_like_accusation("周小满可能挪用资金", True)


def test_who_is_named_sees_nothing_and_others_do(place: Place) -> None:
    makers.speak(place, "郑守正来看过一次就没下文了", None)
    assert makers.inbox(place, "watchdog") == []
    [row] = makers.inbox(place, "watchdog2")
    with pytest.raises(Missing):
        place.do("watchdog", triage.decline, row.id, "不属实")
    place.do("watchdog2", triage.decline, row.id, "已说明情况")


def test_a_name_with_misconduct_is_sealed_at_once(place: Place) -> None:
    makers.speak(place, "周小满收了好处才给办低保", None)
    assert makers.inbox(place, "watchdog") == []
    assert len(place.ask("discipline", lambda w: w.store.sealed_page(w.actor.scope("sealed:open"), START))) == 1


def test_who_comes_later_is_kept_away_from_what_was_said_before(place: Place) -> None:
    makers.speak(place, "新来的韩冬青看人下菜碟", None)
    makers.speak(place, "停车收费岗收钱不给票", None)
    makers.make_person(place, "newcomer", "韩冬青", "banyan", Role.WATCHDOG)
    assert [row.text for row in makers.inbox(place, "newcomer")] == ["停车收费岗收钱不给票"]
    post = place.do(FOUNDER, posts.add_post, place.units["banyan"].id, "停车收费岗")
    place.do(FOUNDER, posts.take_post, post, place.people["newcomer"].person_id)
    assert makers.inbox(place, "newcomer") == []
    assert len(makers.inbox(place, "watchdog")) == 2


def test_a_role_at_another_community_brings_no_sight_of_what_names_one(place: Place) -> None:
    makers.speak(place, "陈望北来我们社区说三道四", None)
    stranger = place.people["other_watchdog"].person_id
    place.do(FOUNDER, people.grant_role, stranger, Role.WATCHDOG, place.units["banyan"].id)
    [row] = makers.inbox(place, "watchdog")
    assert stranger in place.ask(RESIDENT, lambda w: w.store.recused(row.id))


def test_an_answer_that_names_somebody_keeps_them_away_from_then_on(place: Place) -> None:
    code = makers.speak(place, "名单一直没有公示", None)
    [row] = makers.inbox(place)
    place.do("watchdog", triage.ask_sender, row.id, "是哪一年的名单")
    place.do(RESIDENT, answer, code, "就是郑守正去年说要贴的那份")
    assert place.ask("watchdog", inbox.inbox) == []
    assert len(place.ask("watchdog2", inbox.inbox)) == 1

"""“Already been said?” and joining: what the board says alone, one support and one receipt, and nothing leaks."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql

from core.access import RESIDENT
from core.entries import register as registers
from core.entries import risks
from core.entries.register import Filter, RegisterRow
from core.errors import Denied, Missing, Refused
from core.inspection import rounds
from core.openness import board
from core.review import merging
from core.text import clean
from core.voices import followup, receipts, supports, unlocking
from core.voices.flags import CadreFlag, ResidentFlag
from core.words import Answer, Channel, Source
from tests import makers
from tests.makers import Place

SAME = "救助名单到现在也没有贴出来"
ELSEWHERE = "江畔社区的停车收费账目没有公开"
SEALED, HIDDEN = "周小满收了好处才给办低保", "用印登记不全，谁都能盖章"


@pytest.fixture
def published(place: Place) -> Place:
    """One entry on the board, one that is not, and one sealed matter."""
    makers.controlled(place)
    makers.open_risk(place, HIDDEN, "用印登记不全")
    makers.speak(place, SEALED, None)
    return place


def asked(place: Place, text: str, item: str | None = None, unit: str = "banyan") -> tuple[supports.Alike, ...]:
    draft = ResidentFlag(text=text, item_id=place.items[item] if item else None)
    return tuple(place.ask(RESIDENT, supports.already_said, place.units[unit].id, draft))


def join(place: Place, number: int = 1, once: str = "", unit: str = "building") -> str:
    return str(place.do(RESIDENT, supports.join, place.units[unit].code, number, None, Channel.QR, once))


def kept(place: Place) -> int:
    with place.engine.connect() as connection:
        return int(connection.scalar(sql("select count(*) from supports")) or 0)


def test_what_the_board_says_of_the_same_matter_is_shown_with_why(published: Place) -> None:
    [alike] = asked(published, SAME, "relief")
    assert (alike.number, alike.wording, alike.same_item) == (1, "救助名单的公开有时不够及时", True)
    assert "名单" in "".join(alike.shared)
    assert asked(published, "楼道灯坏了三个月没人修") == ()
    with pytest.raises(Denied):
        published.ask("clerk", supports.already_said, published.units["banyan"].id, ResidentFlag(text=SAME))


def test_what_is_done_is_not_offered_again(published: Place) -> None:
    code = join(published)
    with published.engine.begin() as connection:
        connection.execute(sql("update publications set status = 'closed'"))
    assert asked(published, SAME, item="relief") == ()
    with pytest.raises(Refused):
        join(published)
    assert "销号" in published.ask(RESIDENT, supports.follow, code).headline


@pytest.mark.privacy
@pytest.mark.parametrize(
    "text", ["着火了快来人，救助名单都在里面", "周小满收了好处，救助名单从来不公开", "救助名单的书记收了红包"]
)
def test_an_emergency_or_a_lead_is_never_kept_waiting_by_the_question(published: Place, text: str) -> None:
    assert asked(published, text, item="relief") == ()


@pytest.mark.privacy
@settings(max_examples=settings().max_examples // 2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_nothing_but_the_board_of_the_same_community_can_show_whatever_is_typed(
    published: Place, data: st.DataObject
) -> None:
    """Words equal to sealed, unpublished and foreign matters, and all mixtures of them, with any power item."""
    pieces = [SEALED, HIDDEN, ELSEWHERE, "用印登记不全", "救助对象名单公开不及时", "低保名单从来没见贴出来过", SAME]
    some = st.lists(st.sampled_from(pieces) | st.text(max_size=20), min_size=1, max_size=4)
    text = "，".join(data.draw(some))
    item = data.draw(st.sampled_from([None, "relief", "seal"]))
    assume(len(clean(text)) >= 4)
    found = asked(published, text, item=item)
    assert {(alike.number, alike.wording) for alike in found} <= {(1, "救助名单的公开有时不够及时")}
    assert asked(published, text, unit="river") == ()


@pytest.mark.privacy
def test_the_answer_is_the_same_whatever_lies_beside_the_board(place: Place) -> None:
    """Sealed, unpublished and foreign matters change neither what is shown nor in which order nor with which words."""
    makers.controlled(place)
    texts = [SAME, HIDDEN, SEALED, ELSEWHERE, "名单没贴", "低保名单从来没见贴出来过"]
    before = [asked(place, text) for text in texts]
    for text in (SEALED, HIDDEN, "救助名单是假的", SAME, "名单上的人都不认识"):
        makers.speak(place, text, None)
    makers.open_risk(place, HIDDEN + "。", "用印登记不全")
    makers.speak(place, ELSEWHERE, None, "river")
    assert [asked(place, text) for text in texts] == before


def test_joining_counts_once_however_often_it_is_sent_and_keeps_no_word(published: Place) -> None:
    first = join(published, once="a" * 32)
    assert join(published, once="a" * 32) == first
    assert kept(published) == 1
    assert join(published, once="b" * 32) != first
    with published.engine.connect() as connection:
        rows = connection.execute(sql("select * from supports")).all()
        log = str(connection.execute(sql("select * from audit_entries where event = 'supported'")).all())
    assert published.units["building"].id in str(rows)
    assert "T0" not in log
    assert receipts.plain(first)[9:34] not in str(rows) + log


@pytest.mark.privacy
def test_the_receipt_of_a_support_is_as_strong_as_any_and_opens_the_support_alone(published: Place) -> None:
    code = join(published)
    locator, secret = receipts.parts(code) or ("", "")
    with published.engine.connect() as connection:
        hashed = connection.execute(sql("select secret, flag_id from receipts where support_id is not null")).one()
    assert hashed.secret.startswith("$argon2id$")
    assert hashed.flag_id is None
    assert (len(locator), len(secret)) == (receipts.LOCATOR_DIGITS, receipts.SECRET_DIGITS)
    opened = published.ask(RESIDENT, unlocking.unlock, code)
    assert opened.supports
    for deed, rest in (
        (followup.follow, ()), (followup.write, ("补充一句",)), (followup.take_back, ()), (followup.stored, ()),
    ):  # fmt: skip
        with pytest.raises(Missing):
            published.do(RESIDENT, deed, opened, *rest)
    own = makers.speak(published, "名单没有公示，请看一看", None)
    for question in (supports.follow, supports.leave):
        with pytest.raises(Missing):
            published.do(RESIDENT, question, own)


def test_who_joined_sees_what_the_board_says_and_may_leave(published: Place) -> None:
    code = join(published)
    story = published.ask(RESIDENT, supports.follow, code)
    assert (story.community, story.place, story.number) == ("榕树社区", "3栋", 1)
    assert story.due_on is not None
    assert "每季度首月五日前在公开栏张贴名单" in str(story.lines)
    assert not [name for name in makers.NAMES.values() if name in str(story)]
    published.do(RESIDENT, supports.leave, code)
    assert kept(published) == 0
    with pytest.raises(Missing):
        published.ask(RESIDENT, supports.follow, code)
    assert kept(published) == 0


@pytest.mark.privacy
def test_who_joined_reads_nothing_of_an_entry_that_left_the_board(published: Place) -> None:
    code = join(published)
    with published.engine.begin() as connection:
        connection.execute(sql("delete from publications"))
    story = published.ask(RESIDENT, supports.follow, code)
    assert (story.number, story.wording, len(story.lines)) == (None, "", 1)


@pytest.mark.parametrize("number", [0, 2, 99])
def test_nobody_joins_what_is_not_on_the_board(published: Place, number: int) -> None:
    with pytest.raises(Refused):
        join(published, number)
    with pytest.raises(Refused):
        join(published, 1, unit="river")
    with pytest.raises(Denied):
        published.do("clerk", supports.join, published.units["banyan"].code, 1)
    assert kept(published) == 0


def test_a_place_of_another_community_is_not_kept(published: Place) -> None:
    foreign = published.units["river"].id
    published.do(RESIDENT, supports.join, published.units["building"].code, 1, foreign)
    with published.engine.connect() as connection:
        assert connection.scalar(sql("select place_id from supports")) == published.units["building"].id


def test_small_numbers_are_shown_to_those_alone_who_hear_residents(published: Place) -> None:
    [risk] = [row for row in register(published) if row.number == 1]

    def told(who: str) -> str:
        return str(published.ask(who, supports.joined, risk.id))

    def public() -> str:
        _name, pages = published.ask(RESIDENT, board.board, published.units["banyan"].code)
        return str(pages[0].joined)

    assert (told("watchdog"), told("clerk"), public()) == ("", "", "少于5")
    join(published)
    assert (told("watchdog"), told("supervisor"), told("clerk"), told("secretary"), public()) == (
        "1", "1", "少于5", "少于5", "少于5",
    )  # fmt: skip
    for _more in range(4):
        join(published)
    assert (told("watchdog"), told("clerk"), public()) == ("5", "5", "5")
    for stranger in ("far_supervisor", "other_clerk"):
        with pytest.raises(Missing):
            told(stranger)
    with pytest.raises(Denied):
        published.ask(RESIDENT, supports.joined, risk.id)


def test_a_support_is_a_residents_voice_in_the_register(place: Place) -> None:
    makers.opened_round(place)
    found = CadreFlag(text="公章外借没有登记")
    place.do("secretary", rounds.inspect, place.items["seal"], Answer.FOUND, "", found)
    [row] = makers.inbox(place)
    risk = place.do("watchdog", merging.open_entry, row.id, makers.entry_form(place, "用印登记不全", "seal"))
    makers.rated(place, risk)
    place.do("watchdog", risks.announce, risk, risks.Notice(wording="用印登记有时不全"))
    assert register(place)[0].sources == (Source.SELF,)
    code = join(place)
    assert register(place)[0].sources == (Source.SELF, Source.RESIDENT)
    place.do(RESIDENT, supports.leave, code)
    assert register(place)[0].sources == (Source.SELF,)


def register(place: Place) -> tuple[RegisterRow, ...]:
    return tuple(place.ask("watchdog", registers.register, Filter()).rows)

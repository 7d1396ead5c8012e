"""Hints are told to those alone who may read the words, with how sure, and decide nothing."""

from types import SimpleNamespace

import pytest

from core.access import FOUNDER
from core.errors import Denied, Missing
from core.review import hinting, inbox, triage
from core.review.danger import TOLD_FROM
from core.voices import sealing
from core.words import FlagStatus, Triage
from tests.core.review.test_triage import flag_of, holds, spoken
from tests.makers import Place

LAMP = "楼道灯坏了半个月，麻烦来修一下"
BRIBE = "听说经手的人收了施工队两万块红包，把工程给了他小舅子"


def test_who_may_read_the_words_is_told_where_they_may_belong_and_nothing_is_decided(place: Place) -> None:
    flag_id = spoken(place, LAMP)
    for who in ("watchdog", "supervisor"):
        hint = place.ask(who, hinting.hinted, flag_id)
        assert (hint.triage, hint.confidence > 0.5) == (Triage.LIVELIHOOD, True)
    after = flag_of(place, flag_id)
    assert (after.status, after.triage, after.item_id) == (FlagStatus.NEW, None, None)
    for who, refusal in (
        ("clerk", Denied), ("secretary", Denied), ("system", Denied), ("auditor", Denied),
        ("other_watchdog", Missing), ("far_supervisor", Missing),
    ):  # fmt: skip
        with pytest.raises(refusal):
            place.ask(who, hinting.hinted, flag_id)
        with pytest.raises(refusal):
            place.ask(who, hinting.hinted_items, flag_id)


def test_an_accusation_is_hinted_at_only_to_readers_and_to_nobody_once_sealed(place: Place) -> None:
    flag_id = spoken(place, BRIBE)
    assert place.ask("watchdog", hinting.hinted, flag_id).triage is Triage.ACCUSATION
    named = spoken(place, "钱思远家门口的灯坏了，麻烦来修一下")
    assert place.ask("watchdog", hinting.hinted, named)
    with pytest.raises(Missing):
        place.ask("watchdog2", hinting.hinted, named)
    place.do("watchdog", sealing.seal, flag_id, "像是个人的事")
    for who in ("watchdog", "supervisor", "discipline"):
        with pytest.raises(Missing):
            place.ask(who, hinting.hinted, flag_id)


def test_who_answers_for_the_power_item_is_told_nothing(place: Place) -> None:
    flag_id = spoken(place, "低保名单没有贴出来", "relief")
    place.do(FOUNDER, lambda work: holds(work, place.posts["relief"], place.people["watchdog"].person_id))
    with pytest.raises(Denied):
        place.ask("watchdog", hinting.hinted, flag_id)
    assert place.ask("watchdog2", hinting.hinted, flag_id)


def test_power_items_of_the_community_are_named_and_what_is_unlikely_is_not(place: Place) -> None:
    seal = spoken(place, "公章放在前台，谁都能拿去盖，没有登记")
    [found] = place.ask("watchdog", hinting.hinted_items, seal)
    assert (found.item_id, found.name) == (place.items["seal"], "公章使用")
    assert found.confidence >= hinting.ITEM_TOLD_FROM
    nothing = spoken(place, "今天天气真好呀")
    assert place.ask("watchdog", hinting.hinted_items, nothing) == ()
    snow = spoken(place, "☃☃☃☃")
    assert place.ask("watchdog", hinting.hinted, snow) is None
    assert place.ask("watchdog", hinting.hinted_items, snow) == ()


@pytest.mark.parametrize("confidence", [0.0, TOLD_FROM - 0.01, TOLD_FROM, 1.0])
def test_below_the_line_nothing_is_said(place: Place, monkeypatch: pytest.MonkeyPatch, confidence: float) -> None:
    flag_id = spoken(place, LAMP)
    monkeypatch.setattr("core.alike.hints.triage", lambda _text: SimpleNamespace(confidence=confidence))
    said = place.ask("watchdog", hinting.hinted, flag_id) is not None
    assert said is (confidence >= TOLD_FROM)


def test_a_hint_is_never_certain() -> None:
    assert [hinting.percent(sure) for sure in (0.0, 0.461, 0.999, 1.0)] == [0, 46, 99, 99]


def test_what_sounds_like_danger_stands_first_until_its_sender_is_asked(place: Place) -> None:
    """However many others wait, late ones and newer ones among them; the database knows it, not the words."""
    late = spoken(place, "账本的旧页不知道去哪里了")
    place.later(20)
    danger = spoken(place, "三号楼煤气泄漏，快来人")
    others = [spoken(place, f"低保名单第{n}次没有公示") for n in range(3)]
    queue = place.ask("watchdog", inbox.queue, 1)
    assert [row.id for row in queue.rows] == [danger]
    assert (queue.total, queue.urgent(None), queue.urgent(place.units["banyan"].id)) == (5, 1, 1)
    place.do("watchdog", triage.ask_sender, danger, "是哪个单元？")
    queue = place.ask("watchdog", inbox.queue, 40)
    assert [row.id for row in queue.rows] == [late, *sorted(others), danger]
    assert queue.urgent(None) == 0
    assert [row.urgent for row in queue.rows] == [False] * 4 + [True]

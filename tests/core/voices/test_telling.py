"""What a sender is told about their own words: what shows who they are, which door is nearer, and nothing for most."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.privacy import personal
from core.text import language
from core.voices import telling
from core.voices.telling import Concern


def concerns(text: str) -> list[str]:
    return [one.concern.value for one in telling.cautions(text)]


@pytest.mark.parametrize(
    ("text", "kind", "piece"),
    [
        ("电话13812345678，找我就行", "电话号码", "13812345678"),
        ("我的身份证是11010519491231002X", "身份证号", "11010519491231002X"),
        ("粤B12345一直占着公共车位", "车牌号", "粤B12345"),
        ("写信到wang@example.com", "邮箱", "wang@example.com"),
    ],
)
def test_a_number_is_told_with_what_it_looks_like(text: str, kind: str, piece: str) -> None:
    [caution] = telling.cautions(text)
    assert (caution.concern, caution.pieces) == (Concern.NUMBER, (piece,))
    assert (piece in caution.sentence, kind in caution.sentence) == (True, True)


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("我叫王小明，低保名单没贴", "王小明"), ("我是王建国，账没有公示", "王建国"),
        ("我住3栋502室，账没有公示", "3栋502室"),
        ("全楼就我一家没有门禁卡", "全楼就我一家没有门禁卡"), ("我是唯一没领到的低保户", "我是唯一没领到的低保户"),
        ("只有我家没有收到通知", "只有我家没有收到通知"), ("我是楼长，公章谁都能盖", "我是楼长"),
    ],
)  # fmt: skip
def test_what_shows_who_is_speaking_is_told(text: str, piece: str) -> None:
    [caution] = telling.cautions(text)
    assert (caution.concern, piece in caution.sentence) == (Concern.SENDER, True)
    assert telling.second_look(telling.cautions(text)) == (caution,)


@pytest.mark.parametrize(
    "text",
    [
        "停车费收了钱，账从来没有贴出来过", "只有我们社区没公示", "我们小区的门面租金很低", "我是居民，账目没有公示",
        "唯一的公告栏在北门", "救助名单到现在也没有贴出来", "3栋楼道灯坏了", "王师傅说没有公示",
    ],
)  # fmt: skip
def test_plain_worries_are_told_nothing(text: str) -> None:
    assert concerns(text) == []


@pytest.mark.parametrize(
    ("text", "concern", "door"),
    [
        ("着火了快来人", "emergency", "119"), ("有人打我，抢了我的钱", "crime", "110"),
        ("会计王某收了红包", "accusation", "12388"), ("名单不公开，钱被截留了", "accusation", "街道纪工委"),
    ],
)  # fmt: skip
def test_the_nearer_door_is_named_and_nothing_is_kept_waiting(text: str, concern: str, door: str) -> None:
    with_number = f"{text}，我叫王小明，电话13812345678"
    assert concerns(text) == [concern]
    assert door in telling.cautions(text)[0].sentence
    assert "仍可" in telling.cautions(text)[0].sentence
    assert concerns(with_number) == [concern, "number", "sender"]
    assert telling.second_look(telling.cautions(with_number)) == ()
    assert [one.value for one in telling.urgent(telling.cautions(with_number))] == [concern]


def test_covering_takes_the_senders_name_and_door_whole_and_leaves_others_and_the_matter() -> None:
    text = "我叫王小明，住3栋502室，电话13812345678，李会计说名单不贴"
    assert telling.covered(text) == "我叫***，住******，电话13*******78，李会计说名单不贴"
    assert telling.can_cover(text)
    assert not telling.can_cover("电话13812345678，全楼就我一家没有")


@given(st.text(max_size=300))
def test_covering_keeps_the_length_and_leaves_no_number_whatever_is_typed(text: str) -> None:
    covered = telling.covered(text)
    assert len(covered) == len(text)
    assert personal.masked(covered) == covered
    for caution in telling.cautions(text):
        assert caution.sentence


def test_the_sentences_follow_the_readers_language() -> None:
    token = language.set("en")
    try:
        assert "telephone number" in telling.cautions("电话13812345678，找我就行")[0].sentence
    finally:
        language.reset(token)


def test_on_the_texts_of_the_bench_few_worries_are_told_of_an_urgent_door(root: Path) -> None:
    with (root / "bench" / "data" / "referral.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    classes = {Concern.EMERGENCY: "emergency", Concern.CRIME: "crime", Concern.ACCUSATION: "accusation"}
    worries = [row for row in rows if row["triage"] not in classes.values()]
    wrong = [row for row in worries if telling.urgent(telling.cautions(row["text"]))]
    urgent = [row for row in rows if row["triage"] in classes.values()]
    told = [row for row in urgent if telling.urgent(telling.cautions(row["text"]))]
    assert len(wrong) / len(worries) < 0.1, [row["text"] for row in wrong]
    assert len(told) / len(urgent) > 0.8

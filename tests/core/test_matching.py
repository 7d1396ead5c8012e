"""Likeness of words: paraphrases are found, chance is not, and the reason can be shown."""

import time

from hypothesis import given
from hypothesis import strategies as st

from core.matching import SHOWN_FROM, Candidate, likely, shared

REGISTER = (
    Candidate("relief", "item-relief", ("救助对象名单公开不及时", "低保名单从来没见贴出来过")),
    Candidate("seal", "item-seal", ("公章使用登记不全", "盖章登记本好久没人记，谁来都能盖")),
    Candidate("shop", None, ("门面出租没有公开招租，续租不重新估价",)),
    Candidate("parking", None, ("车位划设、分配和收费没有经居民议定和公开",)),
    Candidate("expense", None, ("票据经手与审批未分离，证明人栏空白",)),
    Candidate("hire", None, ("公益性岗位招聘没有回避，评分表无签名",)),
)


def first(text: str, item_id: str | None = None) -> str | None:
    found = likely(text, item_id, REGISTER)
    return found[0].risk_id if found else None


def test_the_same_matter_in_other_words_is_found_first() -> None:
    assert first("吃低保的都有谁，花名册也不公示一下") == "relief"
    assert first("困难补助给了哪些人，墙上一直没公布") == "relief"
    assert first("印章谁都能拿去用，也不记一笔") == "seal"
    assert first("菜场边上两间铺面租给谁了，没见过招租的告示") == "shop"
    assert first("停车位谁先得谁有，收钱也不开票") == "parking"
    assert first("拿来报销的发票，经手的和签字的是同一个人") == "expense"


def test_another_matter_is_not_pressed_upon_anybody() -> None:
    assert first("楼道灯坏了三个月没人修") is None
    assert first("我们社区希望大家都能怎么怎么") is None
    letting = "两间门面续租没有公开招租，租金低于周边，请说明评估情况和决定过程，并于本月内公示结果。"
    assert likely(letting, None, REGISTER[:2]) == []
    assert first(letting) == "shop"
    assert first("") is None
    assert first("😀😀 ！？") is None


def test_the_same_power_item_brings_an_entry_up_and_says_why() -> None:
    [alone] = [m for m in likely("办事的时候要跑三趟", "item-seal", REGISTER) if m.risk_id == "seal"]
    assert alone.same_item
    assert not alone.words_alike
    assert first("办事的时候要跑三趟") is None


def test_what_is_shared_are_runs_of_the_flag_and_words_that_mean_the_same() -> None:
    text = "低保名单贴出来两天就撕了"
    assert shared(text, ["低保名单从来没见贴出来过"]) == ("低保名单", "贴出来")
    assert "贴出来" in shared(text, ["救助对象要公示"])
    assert shared(text, ["完全无关的一句话"]) == ()
    assert "名单" in shared("救助名单公示太晚", ["救助对象名单公开不及时"])


def test_at_most_three_are_given_the_likeliest_first() -> None:
    many = [Candidate(str(n), None, (f"低保名单没有公示第{n}次",)) for n in range(9)]
    found = likely("低保名单没有公示", None, many)
    assert len(found) == 3
    assert [m.likeness for m in found] == sorted((m.likeness for m in found), reverse=True)


@given(st.text(max_size=200), st.lists(st.text(max_size=80), max_size=6))
def test_whatever_is_typed_gives_a_likeness_from_0_to_1_and_words_of_the_flag(text: str, others: list[str]) -> None:
    found = likely(text, None, [Candidate(str(n), None, (other,)) for n, other in enumerate(others)])
    for match in found:
        assert SHOWN_FROM <= match.likeness <= 1
        assert all(run in text for run in match.shared)


def test_a_register_of_two_thousand_entries_is_searched_while_one_waits() -> None:
    words = [text for candidate in REGISTER for text in candidate.texts]
    many = [Candidate(str(n), None, tuple(f"{word}{n}" for word in words[n % 4 : n % 4 + 3])) for n in range(2000)]
    begun = time.perf_counter()
    assert likely("低保名单没有公示", None, many)
    assert time.perf_counter() - begun < 2

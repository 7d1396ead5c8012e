"""The same matter in other words is found, chance is not, and the reason can be shown."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bench import matters
from core.alike.matching import COMPARED, Candidate, likely
from core.alike.pieces import Said, plain
from core.alike.sharing import common_places, shared
from core.alike.weighing import shipped

OURS = matters.own().said
ENTRIES = {
    "relief": ("item-relief", "救助对象名单公开不及时", "低保名单从来没见贴出来过"),
    "seal": ("item-seal", "公章使用登记不全", "盖章登记本好久没人记，谁来都能盖"),
    "shop": (None, "门面出租程序不公开", "门面出租没有公开招租，续租不重新估价"),
    "parking": (None, "停车管理收支不公开", "车位划设、分配和收费没有经居民议定和公开"),
    "expense": (None, "报销手续不全", "票据经手与审批未分离，证明人栏空白"),
    "hire": (None, "招聘回避落实不到位", "公益性岗位招聘没有回避，评分表无签名"),
}
REGISTER = [
    Candidate(key, item, (Said(f"{key}-title", title, title, item), Said(f"{key}-voice", voice, "", item)))
    for key, (item, title, voice) in ENTRIES.items()
]


def first(text: str, item_id: str | None = None) -> str | None:
    found = likely(Said("flag", text, "", item_id), REGISTER)
    return found[0].risk_id if found else None


def test_the_same_matter_in_other_words_is_found_first() -> None:
    assert first("吃低保的都有谁，花名册也不公示一下") == "relief"
    assert first("困难补助给了哪些人，墙上一直没公布") == "relief"
    assert first("印章谁都能拿去用，也不记一笔") == "seal"
    assert first("菜场边上两间铺面租给谁了，没见过招租的告示") == "shop"
    assert first("停车位谁先得谁有，收钱也不开票") == "parking"
    assert first("拿来报销的发票，经手的和签字的是同一个人") == "expense"


def test_another_matter_is_not_called_very_like_or_chosen_beforehand() -> None:
    for text in ("楼道灯坏了三个月没人修", "我们社区希望大家都能怎么怎么", "孩子上学的班车能不能早一点发"):
        assert not any(m.very_like or m.preselected for m in likely(Said("flag", text), REGISTER)), text
    assert first("") is None
    assert first("😀😀 ！？") is None


def test_the_same_words_again_are_the_surest_of_all() -> None:
    [same, *others] = likely(Said("flag", "低保名单从来没见贴出来过", "", "item-relief"), REGISTER)
    assert same.risk_id == "relief"
    assert same.same_item
    assert same.probability == max([same.probability, *(m.probability for m in others)])
    assert same.very_like


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 60), st.integers(2, 5), st.integers(0, 60))
def test_a_letter_told_again_word_for_word_is_very_like_it(first: int, parts: int, beside: int) -> None:
    letter = Said("letter", "，".join(said.text for said in OURS[first : first + parts]), OURS[first].title)
    others = [Candidate(said.key, None, (said,)) for said in OURS[100 + beside : 110 + beside]]
    copy = replace(letter, key="copy")
    found = likely(copy, [*others, Candidate("same", None, (letter,))], model=shipped("letters"))
    assert found[0].risk_id == "same"
    assert found[0].very_like


def test_the_same_power_item_makes_an_entry_likelier() -> None:
    def of_relief(item_id: str | None) -> float:
        found = likely(Said("flag", "名单一直不公布", "", item_id), REGISTER, limit=9)
        return next((m.probability for m in found if m.risk_id == "relief"), 0.0)

    assert of_relief("item-relief") > of_relief("item-seal")


def test_all_voices_of_an_entry_are_compared_and_not_a_summary() -> None:
    said = "三号楼东头充电棚的电费是谁在收"
    with_it = Candidate("many", None, tuple(Said(f"v{n}", text) for n, text in enumerate((*["其他的事情"] * 3, said))))
    assert likely(Said("flag", "三号楼东头充电棚电费交给谁了"), [*REGISTER, with_it])[0].risk_id == "many"


def test_what_is_shared_are_words_of_the_flag_and_words_that_mean_the_same() -> None:
    text = "低保名单贴出来两天就撕了"
    assert "低保名单" in "".join(shared(text, ["低保名单从来没见贴出来过"]))
    assert "名单" in "".join(shared("救助名单公示太晚", ["救助对象名单公开不及时"]))
    assert any("铺面" in run for run in shared("铺面租给谁了", ["门面出租没有公开"]))
    assert shared(text, ["完全无关的一句话"]) == ()


def test_places_both_name_are_told_apart_from_words() -> None:
    assert common_places("菜市场东侧5号门面空了", "听说菜市场的5号门面租出去了") != ()
    assert common_places("三号楼的电梯", "我们5号楼的电梯") == ()


def test_at_most_three_are_given_the_likeliest_first() -> None:
    many = [Candidate(str(n), None, (Said(str(n), f"低保名单没有公示第{n}次"),)) for n in range(COMPARED * 2)]
    found = likely(Said("flag", "低保名单没有公示"), many)
    assert len(found) == 3
    assert [m.probability for m in found] == sorted((m.probability for m in found), reverse=True)


@settings(max_examples=settings().max_examples // 2)
@given(st.text(max_size=200), st.lists(st.text(max_size=80), max_size=6))
def test_whatever_is_typed_gives_a_probability_and_words_of_the_flag(text: str, others: list[str]) -> None:
    pool = [Candidate(str(n), None, (Said(str(n), other),)) for n, other in enumerate(others)]
    for match in likely(Said("flag", text), pool):
        assert shipped().thresholds["shown"] <= match.probability <= 1
        assert all(run in text for run in match.shared)
        assert all(place in text for place in match.places)


@given(st.text(max_size=300))
def test_making_a_text_plain_twice_changes_nothing_more(text: str) -> None:
    assert plain(plain(text)) == plain(text)

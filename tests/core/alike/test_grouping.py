"""Texts of one matter hang together in one pass, whatever stands beside them, and nothing is grouped by chance."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import matters
from core.alike.bunching import LARGE, Bunch, bunches
from core.alike.grouping import MET, TIE_SIGNS, Cancelled, earlier, hanging, in_turn, meetings, pair_signs, tie_signs
from core.alike.grouping import Pass as Found
from core.alike.likeness import Likenesses, starter
from core.alike.pieces import Said, columns_of, pieces
from core.alike.weighing import shipped

OURS = matters.own().said
DOOR = Said("door", "三号楼西单元的门禁坏了四个月，物业说没钱修，可是公共收益从来没见公布过", "三号楼门禁坏了没人修")
AGAIN = Said("again", "物业拿公共收益不公布，却说三号楼西单元门禁没钱修，坏了四个月", "门禁坏了四个月")
OTHERS = (
    Said("poor", "低保名单从来没贴出来过，谁家拿了多少没人知道"),
    Said("seal", "居委会盖章没有登记本，谁来都能盖"),
    Said("shop", "菜场边上两间铺面租给亲戚，招租的告示没见过"),
    Said("nurse", "日间照料中心的护理补贴领了，人却没有去过"),
    Said("wall", "外墙保温材料验收时没有居民代表在场"),
)


def together(found: Sequence[Bunch], *keys: str) -> bool:
    return any(set(keys) <= set(bunch.keys) for bunch in found)


def test_the_same_matter_in_other_words_hangs_together_and_other_matters_stay_apart() -> None:
    found = bunches([DOOR, *OTHERS, AGAIN])
    assert [set(bunch.keys) for bunch in found] == [{"door", "again"}]
    assert shipped().thresholds["grouped"] <= found[0].strength <= 1
    assert not found[0].weak


def test_each_member_says_what_it_shares_with_the_one_it_is_tied_to() -> None:
    [bunch] = bunches([DOOR, *OTHERS, AGAIN])
    assert bunch.ties.keys() == {"door", "again"}
    for said in (DOOR, AGAIN):
        assert any("门禁" in run for run in bunch.ties[said.key].shared)
        assert all(run in said.text for run in bunch.ties[said.key].shared)
        assert bunch.ties[said.key].probability == bunch.strength


@pytest.mark.costly
@settings(max_examples=settings().max_examples // 3)
@given(st.permutations(OTHERS), st.integers(0, len(OTHERS)), st.integers(0, len(OTHERS)))
def test_the_order_of_unrelated_texts_changes_nothing(others: list[Said], first: int, second: int) -> None:
    said = list(others)
    said.insert(min(first, second), DOOR)
    said.insert(max(first, second) + 1, AGAIN)
    assert [set(bunch.keys) for bunch in bunches(said)] == [{"door", "again"}]


@pytest.mark.costly
@settings(max_examples=settings().max_examples // 3)
@given(st.sampled_from(OURS), st.integers(0, 40))
def test_a_text_and_its_copy_always_hang_together(said: Said, first: int) -> None:
    beside = [one for one in OURS[first * 10 : first * 10 + 40] if one.key != said.key]
    copy = replace(said, key="copy", day=(said.day or 0) + 2)
    assert together(bunches([said, *beside, copy]), said.key, "copy")


@pytest.mark.parametrize("said", [[], [""], ["", "", ""], ["😀", "😀", "！？"], ["一", "二"], ["完全不同", "毫无关系"]])
def test_texts_that_say_nothing_or_share_nothing_are_no_group(said: list[str]) -> None:
    assert bunches([Said(str(n), text) for n, text in enumerate(said)]) == []


def test_a_large_group_held_by_weak_ties_is_marked_and_one_held_by_sure_ones_is_not() -> None:
    loose = shipped()
    loose = replace(loose, thresholds={**loose.thresholds, "grouped": 0.0})
    found = bunches(OURS[:60], model=loose)
    assert max(len(bunch.keys) for bunch in found) >= LARGE
    assert [bunch.weak for bunch in found if len(bunch.keys) >= LARGE] == [True]
    copies = [replace(DOOR, key=str(n), day=n) for n in range(LARGE + 2)]
    [sure] = bunches([*copies, *OTHERS])
    assert len(sure.keys) == LARGE + 2
    assert not sure.weak


def test_work_that_is_told_to_stop_gives_nothing_and_tells_how_far_it_was() -> None:
    told = []

    def stop(done: int, total: int) -> bool:
        told.append((done, total))
        return False

    with pytest.raises(Cancelled):
        bunches(OURS[:50], stop)
    assert len(told) == 1
    assert all(0 <= done <= total for done, total in told)
    assert bunches(OURS[:50], lambda _done, _total: True) == bunches(OURS[:50])


def test_what_is_known_to_belong_together_is_weighed_as_one_and_never_moved() -> None:
    said = [replace(DOOR, group="risk"), replace(OTHERS[0], group="risk"), replace(AGAIN, group="other"), OTHERS[1]]
    one, other = np.array([2, 2, 3, 3, 3]), np.array([0, 1, 0, 1, 2])
    like = Likenesses(pieces(said), starter())
    ties = in_turn(like, one, other, np.array([5.0, 1.0, 2.0, -3.0, 1.0]))
    best = ties[:, TIE_SIGNS.index("best_tie")]
    assert best.tolist() == [5.0, 5.0, 2.0, 2.0, 1.0]  # the two of one entry share its best tie; 2 did not join them
    assert np.exp(ties[:, TIE_SIGNS.index("size")]).round().tolist() == [2.0, 2.0, 2.0, 2.0, 1.0]


def test_a_text_joins_the_group_of_its_strongest_tie_for_those_after_it() -> None:
    said = [Said(str(n), "") for n in range(3)]
    like = Likenesses(pieces(said), starter())
    joined = in_turn(like, np.array([1, 2, 2]), np.array([0, 0, 1]), np.array([4.0, 1.0, 2.0]))
    alone = in_turn(like, np.array([1, 2, 2]), np.array([0, 0, 1]), np.array([-4.0, 1.0, 2.0]))
    assert joined[1:, TIE_SIGNS.index("best_tie")].tolist() == [2.0, 2.0]
    assert alone[1:, TIE_SIGNS.index("best_tie")].tolist() == [1.0, 2.0]


def test_another_entry_that_is_likely_too_is_told_as_its_rival() -> None:
    """Text 3 with two texts of entry 7, which has two voices, and one of entry 8."""
    logits = np.array([3.0, 1.0, 2.0])
    rows = tie_signs(np.array([3, 3, 3]), np.array([7, 7, 8]), logits, np.array([2, 2, 1]))
    assert rows[:, TIE_SIGNS.index("rival")].tolist() == [2.0, 2.0, 3.0]
    assert rows[:, TIE_SIGNS.index("next_tie")].tolist()[:2] == [1.0, 3.0]


def test_texts_hang_together_through_others_and_only_by_ties_sure_enough() -> None:
    found = Found(np.array([1, 2, 3]), np.array([0, 1, 2]), np.array([0.9, 0.6, 0.4]))
    labels = hanging(4, found, 0.5).tolist()
    assert labels[0] == labels[1] == labels[2] != labels[3]


def test_every_text_is_held_against_earlier_ones_alone_and_against_so_many_at_most() -> None:
    read = pieces(OURS[:80])
    like = Likenesses(read, starter().plus(read))
    for one, other in earlier(like, first=10, top=6):
        assert (other < one).all()
        assert one.min() >= 10
        assert np.bincount(one).max() <= 6
        assert len(pair_signs(like, one, other)) == len(one)


def test_a_name_said_twice_among_the_first_texts_of_a_site_counts_as_rare() -> None:
    told = starter().plus(pieces([*OURS[:150], Said("one", "桂馥里小学"), Said("two", "桂馥里小学的门")]))
    [name, *_more] = columns_of(["桂馥里"])
    assert told.counts[name] == 2
    assert told.bands(told.rarity[[name]])[0].all()


def test_few_texts_meet_all_others_and_many_only_some() -> None:
    assert meetings(2_000) > 2_000 * 20
    assert meetings(100_000) == meetings(10_000_000) == MET

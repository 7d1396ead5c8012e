"""A text is read alike however it was typed, and what it is cut into is bounded and holds no words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alike.pieces import LONGEST, Pieces, Said, head, pieces, places, plain, segmented, stacked, triples
from core.alike.sparse import COLUMNS

SAID = "菜市场东侧5号门面一直空着，听说悄悄租给了亲戚，没有公开招租"
PARTS = [name for name in Pieces.__dataclass_fields__ if name not in ("said", "lengths")]


def same(one: Pieces, other: Pieces) -> bool:
    return all((getattr(one, name) != getattr(other, name)).nnz == 0 for name in PARTS)


@pytest.mark.parametrize(
    "typed",
    [
        SAID.replace("5", "５"), SAID.replace("5号", "五号"), SAID.replace("，", "，　"), SAID.replace("，", " ，\n"),
        f"😡😡{SAID}🙏", SAID.replace("，", "！！"), SAID.replace("，", "\u200f，\u200e"), f"\ufeff{SAID}",
    ],
    ids=["wide digits", "digits in words", "wide spaces", "new lines", "emoji", "other points", "marks of direction",
         "a mark of byte order"],
)  # fmt: skip
def test_how_a_text_was_typed_makes_no_difference(typed: str) -> None:
    assert same(pieces([Said("typed", typed)]), pieces([Said("plain", SAID)]))


def test_another_number_or_another_place_does_make_one() -> None:
    assert not same(pieces([Said("a", SAID)]), pieces([Said("b", SAID.replace("5号", "6号"))]))
    assert not same(pieces([Said("a", SAID)]), pieces([Said("b", SAID.replace("东侧", "西侧"))]))


def test_counted_things_are_read_as_digits_and_other_words_are_left() -> None:
    assert plain("三号楼十二单元二十组九十九号") == "3号楼12单元20组99号"
    assert plain("一百二十号") == "一百20号"
    assert plain("一起去三里河") == "一起去三里河"


def test_only_the_first_characters_of_a_very_long_text_are_read() -> None:
    long = "物业收停车费不开票据还涨价。" * 800
    assert len(long) > 10_000
    read = pieces([Said("long", long)])
    assert len(plain(long)) == LONGEST
    assert same(read, pieces([Said("cut", long[:LONGEST])]))
    assert read.lengths[0] <= LONGEST


@pytest.mark.parametrize("nothing", ["", "   ", "\n\n", "😀😀 ！？", "。。。"])
def test_a_text_that_says_nothing_has_no_pieces(nothing: str) -> None:
    read = pieces([Said("nothing", nothing)])
    assert [getattr(read, name).nnz for name in PARTS] == [0] * len(PARTS)


def test_words_that_mean_the_same_share_a_piece() -> None:
    read = pieces([Said("a", "菜市场铺面租给谁了"), Said("b", "门面出租不公开"), Said("c", "天气真好")])
    assert read.kin[0].multiply(read.kin[1]).nnz > 0
    assert read.kin[0].multiply(read.kin[2]).nnz == 0


def test_places_are_told_by_how_they_end() -> None:
    assert any("东风小区" in place for place in places(plain("我家住东风小区3号楼")))
    assert places(plain("办事很慢")) == []


def test_the_first_clause_stands_for_a_title_that_was_not_given() -> None:
    assert head(Said("a", "低保名单没公示，问了三次")) == "低保名单没公示"
    assert head(Said("a", "低保名单没公示", "名单")) == "名单"


@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_many_texts_are_read_as_each_alone(texts: list[str]) -> None:
    said = [Said(str(n), text) for n, text in enumerate(texts)]
    together, apart = pieces(said), stacked([pieces([one]) for one in said])
    assert same(together, apart)
    assert np.array_equal(together.lengths, apart.lengths)
    assert all(getattr(together, name).shape == (len(texts), COLUMNS) for name in PARTS)


@given(st.text(max_size=200))
def test_triples_and_words_are_parts_of_the_plain_text(text: str) -> None:
    line = plain(text)
    assert all(len(triple) == 3 and triple in line for triple in triples(line))
    assert all(word in line for word in segmented(line))

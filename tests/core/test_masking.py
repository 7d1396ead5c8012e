"""Personal numbers are covered before anything is kept; all other words stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import followup
from core.access import RESIDENT
from core.masking import masked
from tests import makers
from tests.makers import Place


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("打我电话13812345678谢谢", "打我电话13*******78谢谢"), ("138 1234 5678", "13* **** **78"),
        ("身份证11010519491231002X。", "身份证11**************2X。"),
        ("卡号6222021234567890123", "卡号62***************23"),
        ("１３８１２３４５６７８", "１３*******７８"),
        ("座机0771-1234567", "座机07**-*****67"),
        ("车牌桂A12345占道", "车牌桂A***45占道"),
        ("打12345没人管，12388也打过", "打12345没人管，12388也打过"),
        ("2026年11月22日收了3000元", "2026年11月22日收了3000元"),
        ("3栋1单元0201", "3栋1单元0201"),
    ],
)  # fmt: skip
def test_numbers_of_persons_are_covered_and_others_are_not(said: str, kept: str) -> None:
    assert masked(said) == kept


@given(st.text("名单没有公示，。电话", max_size=20), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_mobile_number_anywhere_is_covered_and_nothing_else_changes(around: str, number: str) -> None:
    covered = masked(f"{around}{number}{around}")
    assert number not in covered
    assert covered == f"{around}{number[:2]}{'*' * 7}{number[-2:]}{around}"


@given(st.text(max_size=200))
def test_masking_keeps_the_length_and_is_done_once(text: str) -> None:
    assert len(masked(text)) == len(text)
    assert masked(masked(text)) == masked(text)


def test_a_number_is_never_kept(place: Place) -> None:
    code = makers.speak(place, "打我电话13812345678，名单没有公示", None)
    assert place.ask(RESIDENT, followup.follow, code).text == "打我电话13*******78，名单没有公示"

"""QR codes: what is put together quickly is what drawing the whole code would give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.web import doors

DIGITS = st.text("0123456789", min_size=36, max_size=36)


@given(st.sampled_from(["http://127.0.0.1:8501/receipt#", "https://qingyuan.example.gov.cn/receipt#"]), DIGITS)
def test_a_code_put_together_is_the_code_drawn_as_a_whole(address: str, digits: str) -> None:
    assert doors._quickly(address, digits) == doors._modules(address, digits, 0)


@pytest.mark.parametrize(
    "address", ["HTTP://A.CN/", "http://蓝天/receipt#", "http://é/receipt#", f"http://{'a' * 200}/receipt#"]
)
@pytest.mark.parametrize("digits", ["3" * 36, "12", ""])
def test_an_address_like_no_other_is_drawn_as_a_whole(address: str, digits: str) -> None:
    assert doors._quickly(address, digits) == doors._modules(address, digits, 0)

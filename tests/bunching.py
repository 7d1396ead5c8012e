"""A plain stand-in for the comparing of texts, so that tests of what is built round it say exactly what is alike."""

from collections.abc import Callable, Sequence

import pytest

from core.alike.bunching import Bunch, Tie
from core.alike.grouping import Cancelled
from core.alike.pieces import Said
from db import worker

ALIKE = ("低保", "门面", "停车", "公章")
"""Texts with one of these words are alike."""


def bunches(said: Sequence[Said], tell: Callable[[int, int], bool], **_measure: object) -> list[Bunch]:
    """One bunch for each word that two or more texts share; 停车 counts as a weak tie."""
    found = []
    for n, word in enumerate(ALIKE, start=1):
        if not tell(n, len(ALIKE)):
            raise Cancelled
        keys = tuple(one.key for one in said if word in one.title + one.text)
        if len(keys) > 1:
            sure = 0.4 if word == "停车" else 1.0
            found.append(Bunch(keys, sure, word == "停车", {key: Tie(sure, (word,)) for key in keys}))
    return found


@pytest.fixture
def plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare by the words above."""
    monkeypatch.setattr(worker, "bunches", bunches)

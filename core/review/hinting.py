"""Hints as they are told (提示): what a text suggests, and how sure that is, to those who read it and decide."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.access import Permission
from core.alike import hints
from core.alike.hints import Hint
from core.items import catalogue
from core.review.danger import TOLD_FROM
from core.rows import ItemRow
from core.store import Work
from core.voices.flags import load

ITEM_TOLD_FROM = 0.15
"""Confidence below which a power item is not named; above it there are three at most."""


@dataclass(frozen=True)
class LikelyItem:
    """A power item a text may be about: confidence 0–1, and the pieces of the text that speak for it."""

    item_id: str
    name: str
    confidence: float
    because: tuple[str, ...]


def hinted(work: Work, flag_id: str) -> Hint | None:
    """Where a flag may belong, for those alone who may read its words: the hint and its reasons repeat them. None where
    nothing is likely enough to be told."""
    scope = work.actor.require(Permission.FLAG_READ_RAW)
    hint = hints.triage(load(work, flag_id, scope).text)
    return hint if hint.confidence >= TOLD_FROM else None


def hinted_items(work: Work, flag_id: str) -> tuple[LikelyItem, ...]:
    """The power items a flag may be about, for the same readers."""
    scope = work.actor.require(Permission.FLAG_READ_RAW)
    flag = load(work, flag_id, scope)
    return likely_items(flag.text, catalogue(work, flag.unit_id))


def likely_items(text: str, rows: Sequence[ItemRow]) -> tuple[LikelyItem, ...]:
    """The power items a text may be about, the likeliest first."""
    names = {row.id: row.name for row in rows}
    return tuple(
        LikelyItem(one.item_id, names[one.item_id], one.confidence, one.because)
        for one in hints.items(text, rows) if one.confidence >= ITEM_TOLD_FROM
    )  # fmt: skip


def percent(confidence: float) -> int:
    """A confidence (0–1) in whole percent; never 100, for a hint is never certain."""
    return min(99, round(100 * confidence))

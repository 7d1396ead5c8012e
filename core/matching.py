"""Finding the entry a flag may belong to: plain, explained likeness of words and power item."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from core.text import folded

SHOWN_FROM = 0.18
"""Likeness below which a candidate is not worth a person's time."""
SAME_ITEM = 0.25
"""Added when flag and entry hang on the same power item."""


@dataclass(frozen=True)
class Candidate:
    """An entry with the words of every flag in it that may be compared."""

    risk_id: str
    item_id: str | None
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """A likely entry: likeness 0–1, whether the power item is the same, and the words both share."""

    risk_id: str
    likeness: float
    same_item: bool
    shared: tuple[str, ...]


def grams(text: str) -> Counter[str]:
    """The two-character pieces of a text, punctuation left out."""
    plain = "".join(c if c.isalnum() else " " for c in folded(text))
    return Counter(plain[i : i + 2] for i in range(len(plain) - 1) if " " not in plain[i : i + 2])


def likely(text: str, item_id: str | None, candidates: Sequence[Candidate], limit: int = 3) -> list[Match]:
    """At most `limit` entries that may be the same matter, the likeliest first; a flag is compared with all members.

    Likeness is the cosine of two-character pieces weighted by how rare they are among the candidates.
    """
    member_grams = [[grams(member) for member in candidate.texts] for candidate in candidates]
    weights = _rarity(gram for group in member_grams for gram in group)
    own = grams(text)
    found = []
    for candidate, group in zip(candidates, member_grams, strict=True):
        best = max((_cosine(own, other, weights) for other in group), default=0.0)
        same = item_id is not None and item_id == candidate.item_id
        score = min(1.0, best + (SAME_ITEM if same else 0.0))
        if score >= SHOWN_FROM:
            found.append(Match(candidate.risk_id, score, same, shared(text, candidate.texts)))
    return sorted(found, key=lambda match: (-match.likeness, match.risk_id))[:limit]


def shared(text: str, others: Iterable[str], most: int = 6) -> tuple[str, ...]:
    """The longest runs of two or more characters that a text shares with others, as they stand in the text."""
    runs: set[str] = set()
    for other in others:
        for block in SequenceMatcher(None, text, other, autojunk=False).get_matching_blocks():
            run = text[block.a : block.a + block.size].strip("，。、；：！？,.!? \n")
            if len(run) >= 2 and any(c.isalnum() for c in run):
                runs.add(run)
    kept: list[str] = []
    for run in sorted(runs, key=lambda r: (-len(r), r)):
        if not any(run in longer for longer in kept):
            kept.append(run)
    return tuple(kept[:most])


def _rarity(texts: Iterable[Counter[str]]) -> dict[str, float]:
    seen: Counter[str] = Counter()
    total = 0
    for text in texts:
        seen.update(text.keys())
        total += 1
    return {gram: 1 + math.log((total + 1) / (count + 1)) for gram, count in seen.items()}


def _cosine(one: Counter[str], other: Counter[str], weights: dict[str, float]) -> float:
    common = sum(one[g] * other[g] * weights.get(g, 1.0) ** 2 for g in one.keys() & other.keys())
    if not common:
        return 0.0
    return common / (_norm(one, weights) * _norm(other, weights))


def _norm(text: Counter[str], weights: dict[str, float]) -> float:
    return math.sqrt(sum((n * weights.get(g, 1.0)) ** 2 for g, n in text.items()))

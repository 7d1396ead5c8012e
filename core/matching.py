"""Finding the entry a flag may belong to: every voice of every entry is compared, and each suggestion says why.

How a suggestion is made stands in docs/matching.md; nothing is ever merged by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.grouping import PAIR_SIGNS, pair_signs, tie_signs
from core.likeness import SIGNS, Floats, Ids, Lexicon, Likenesses, starter
from core.pieces import Said, alone, plain, stacked
from core.sharing import common_places, shared
from core.weighing import Model, shipped, squashed

COMPARED = 30
"""Voices a flag is weighed against: the most alike of all."""


@dataclass(frozen=True)
class Candidate:
    """An entry with the words of every flag in it that may be compared."""

    risk_id: str
    item_id: str | None
    voices: tuple[Said, ...]


@dataclass(frozen=True)
class Match:
    """A likely entry: how probable it is that both are the same matter (0–1), and why.

    `shared` are words of the flag that the entry says too, or says in others that mean the same; `places` the places
    both name; `signs` the numbers it was weighed by.
    """

    risk_id: str
    probability: float
    same_item: bool
    shared: tuple[str, ...]
    places: tuple[str, ...]
    signs: Mapping[str, float]
    preselected: bool = False
    very_like: bool = False


def likely(
    flag: Said, candidates: Sequence[Candidate], *, limit: int = 3, lexicon: Lexicon | None = None,
    model: Model | None = None,
) -> list[Match]:  # fmt: skip
    """At most `limit` entries that may be the same matter as a flag, the likeliest first."""
    model = model or shipped()
    voices = [voice for candidate in candidates for voice in candidate.voices]
    entry = np.repeat(np.arange(len(candidates)), [len(c.voices) for c in candidates])
    if not voices or not plain(flag.text).strip():
        return []
    like = Likenesses(stacked([*map(alone, voices), alone(flag)]), lexicon or starter())
    other, signs = _nearest(like, len(voices))
    size = {n: len(candidate.voices) for n, candidate in enumerate(candidates)}
    ties = tie_signs(other, model.pair.logits(signs), [int(n) for n in entry], size)
    chance = squashed(model.entry.logits(np.column_stack([ties, signs])))
    best: dict[int, int] = {}
    for at in np.argsort(-chance, kind="stable"):
        best.setdefault(int(entry[other[at]]), int(at))
    chosen = [(n, at) for n, at in list(best.items())[:limit] if chance[at] >= model.thresholds["shown"]]
    return [
        _match(flag, candidates[n], float(chance[at]), signs[at], voices[int(other[at])], model) for n, at in chosen
    ]


def _nearest(like: Likenesses, last: int) -> tuple[Ids, Floats]:
    """The voices most like the last text, with the signs of each pair."""
    other = np.arange(last, dtype=np.int64)
    if last > COMPARED:
        quick = like.signs(np.full(last, last), other) @ QUICK
        other = np.sort(np.argsort(-quick, kind="stable")[:COMPARED])
    return other, pair_signs(like, np.full(len(other), last), other)


QUICK = np.array([{"words": 1.0, "grams": 1.0, "kin": 0.5, "title": 0.3, "same_item": 1.0}.get(n, 0.0) for n in SIGNS])
"""How signs count where voices are only picked out to be weighed."""


def _match(flag: Said, candidate: Candidate, chance: float, signs: Floats, voice: Said, model: Model) -> Match:
    heard = f"{voice.title}。{voice.text}"
    return Match(
        candidate.risk_id, chance, flag.item_id is not None and flag.item_id == candidate.item_id,
        shared(flag.text, [heard]), common_places(flag.text, heard),
        dict(zip(PAIR_SIGNS, map(float, signs), strict=True)),
        preselected=chance >= model.thresholds["preselected"], very_like=chance >= model.thresholds["likely"],
    )  # fmt: skip

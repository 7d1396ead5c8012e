"""Finding the entry a flag may belong to: every voice of every entry is compared, and each suggestion says why.

How a suggestion is made stands in docs/matching.md; nothing is ever merged by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.alike.grouping import PAIR_SIGNS, placed, tie_signs
from core.alike.likeness import SIGNS, Floats, Ids, Lexicon, Likenesses, starter
from core.alike.meaning import Meaning
from core.alike.pieces import Said, plain
from core.alike.recalling import recalled
from core.alike.sharing import common_places, shared
from core.alike.weighing import Layer, Model, logit, shipped

COMPARED = 30
"""Voices a flag is weighed against: the most alike of all."""


@dataclass(frozen=True)
class Candidate:
    """An entry with the words in it that may be compared; `size` counts all, also where only some are here."""

    risk_id: str
    item_id: str | None
    voices: tuple[Said, ...]
    size: int = 0


@dataclass(frozen=True)
class Match:
    """A likely entry: how probable it is that both are the same matter (0–1), and why.

    `shared` are words of the flag that the entry says too, or says in others that mean the same; `places` the places
    both name.
    """

    risk_id: str
    probability: float
    same_item: bool
    shared: tuple[str, ...]
    places: tuple[str, ...]
    preselected: bool = False
    very_like: bool = False


@dataclass(frozen=True)
class Weighed:
    """An entry weighed against a flag by its voice most like it, with the signs in the order of `ENTRY_SIGNS`."""

    candidate: Candidate
    probability: float
    voice: Said
    signs: Floats


def likely(
    flag: Said, candidates: Sequence[Candidate], *, limit: int = 3, lexicon: Lexicon | None = None,
    model: Model | None = None, meaning: Meaning | None = None,
) -> list[Match]:  # fmt: skip
    """At most `limit` entries that may be the same matter as a flag, the likeliest first."""
    model = model or shipped()
    found = weighed(flag, candidates, lexicon or starter(), model)
    if meaning and model.meaning:
        found = by_meaning(flag, found, model.meaning, meaning)
    found = found[:limit]
    return [_match(flag, one, model) for one in found if one.probability >= model.thresholds["shown"]]


def weighed(flag: Said, candidates: Sequence[Candidate], lexicon: Lexicon, model: Model) -> list[Weighed]:
    """The entries that share anything with a flag, the likeliest first; its own words among them do not count."""
    said = [(n, voice) for n, one in enumerate(candidates) for voice in one.voices if voice.key != flag.key]
    if not said or not plain(flag.text).strip():
        return []
    like = Likenesses(recalled([*(voice for _n, voice in said), flag]), lexicon)
    other, pairs = _nearest(like, len(said))
    entry = np.array([n for n, _voice in said])
    size = np.array([max(one.size, len(one.voices)) for one in candidates], dtype=np.float64)[entry[other]]
    ties = tie_signs(np.zeros(len(other), dtype=np.int64), entry[other], model.pair.logits(pairs), size)
    signs = np.column_stack([ties, pairs])
    chance = model.entry.probabilities(signs)
    chance[pairs @ TOUCHING == 0] = 0.0
    best: dict[int, int] = {}
    for at in np.argsort(-chance, kind="stable"):
        best.setdefault(int(entry[other[at]]), int(at))
    return [
        Weighed(candidates[n], float(chance[at]), said[int(other[at])][1], signs[at])
        for n, at in best.items() if chance[at] > 0
    ]  # fmt: skip


def by_meaning(flag: Said, found: Sequence[Weighed], layer: Layer, meaning: Meaning) -> list[Weighed]:
    """The likeliest entries weighed once more with how near they are in meaning, the likeliest first."""
    first, rest = found[:PLACED], found[PLACED:]
    if not first:
        return []
    near = meaning(whole(flag), [whole(one.voice) for one in first])
    chance = np.array([one.probability for one in first])
    again = layer.probabilities(np.column_stack([logit(chance), near]))
    told = [replace(one, probability=float(p)) for one, p in zip(first, again, strict=True)]
    return sorted([*told, *rest], key=lambda one: -one.probability)


PLACED = 12
"""Entries whose meaning is looked at: the likeliest by their words."""


def whole(said: Said) -> str:
    """Title and text as one."""
    return f"{said.title}。{said.text}" if said.title else said.text


def _nearest(like: Likenesses, last: int) -> tuple[Ids, Floats]:
    """The voices most like the last text, with the signs of each pair."""
    other = np.arange(last, dtype=np.int64)
    signs = like.signs(np.full(last, last), other)
    if last > COMPARED:
        other = np.sort(np.argsort(-(signs @ QUICK), kind="stable")[:COMPARED])
        signs = signs[other]
    return other, placed(np.zeros(len(other), dtype=np.int64), signs)


QUICK = np.array([{"words": 1.0, "grams": 1.0, "kin": 0.5, "title": 0.3, "same_item": 1.0}.get(n, 0.0) for n in SIGNS])
"""How signs count where voices are only picked out to be weighed."""


TOUCHING = np.array([float(name in ("words", "grams", "kin", "same_item")) for name in PAIR_SIGNS])
"""Signs of which at least one must speak for a pair that is shown."""


def _match(flag: Said, one: Weighed, model: Model) -> Match:
    heard = f"{one.voice.title}。{one.voice.text}"
    return Match(
        one.candidate.risk_id, one.probability, flag.item_id is not None and flag.item_id == one.candidate.item_id,
        shared(flag.text, [heard]), common_places(flag.text, heard),
        preselected=one.probability >= model.thresholds["preselected"],
        very_like=one.probability >= model.thresholds["likely"],
    )  # fmt: skip

"""Hints for the first review: where a flag may belong and which power items it may be about; people decide."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Protocol

from core import DATA
from core.items import library
from core.organisation.recusal import CHARGES, TITLE
from core.words import Triage

Spans = list[tuple[int, int]]
Words = tuple[tuple[str, float], ...]
MOST_PIECES = 6
"""How many pieces of a text are shown for a hint."""
SHOWN_FROM = 0.05
"""Confidence below which a power item is not suggested."""
A_NOTE = 120
"""Different pairs of characters in a short text; a longer one has words of many items by chance."""
LINKED = 2.5
"""How much of a library item's words a catalogue name must have for the two to be alike."""
NAME, PROCEDURE, PLAIN, PLAIN_PAIR, WORDING, MEASURE, ALIKE = 0.8, 0.5, 1.0, 0.4, 0.5, 0.2, 0.9
"""What a word counts by where it comes from; `ALIKE` for all words of a library item that is only alike."""
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，！？：；（）"}


@dataclass(frozen=True)
class Hint:
    """Where a flag may belong: confidence 0–1, and the pieces of the text that speak for it."""

    triage: Triage
    confidence: float
    because: tuple[str, ...]


NOTHING = Hint(Triage.RISK_POINT, 0.0, ())  # where nothing speaks for anything


@dataclass(frozen=True)
class ItemHint:
    """A power item a text may be about, in the same way."""

    item_id: str
    confidence: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class Cues:
    """What is looked for, by hand: phrases by name, names that count together, and little words to leave out."""

    phrases: dict[str, re.Pattern[str]]
    together: dict[str, tuple[str, ...]]
    lean: dict[Triage, float]
    little: frozenset[str]


@dataclass(frozen=True)
class Weights:
    """What was fitted on the development texts: what each cue, character and pair of characters says for each class."""

    order: tuple[Triage, ...]
    bias: tuple[float, ...]
    cues: dict[str, tuple[float, ...]]
    pieces: dict[str, tuple[float, ...]]
    sharp: float
    item_sharp: float
    item_enough: float


@cache
def cues() -> Cues:
    """The cues as their file has them."""
    told = json.loads((DATA / "referral_cues.json").read_text(encoding="utf-8"))
    short = {"title": TITLE, "charge": CHARGES.pattern, **told["shorthand"]}
    spelt = partial(re.sub, r"\{([a-z]+)\}", lambda name: f"(?:{short[name[1]]})")
    return Cues(
        {name: re.compile(spelt("|".join(some))) for name, some in told["phrases"].items()},
        {name: tuple(wanted) for name, wanted in told["together"].items()},
        {Triage(code): factor for code, factor in told["lean"].items()},
        frozenset(told["little"]),
    )


@cache
def weights() -> Weights:
    """The weights as `python -m bench.referral fit` wrote them."""
    told = json.loads((DATA / "referral_weights.json").read_text(encoding="utf-8"))
    return Weights(
        tuple(map(Triage, told["order"])),
        tuple(told["bias"]),
        {name: tuple(row) for name, row in told["cues"].items()},
        {piece: tuple(row) for piece, row in told["pieces"].items()},
        told["sharp"], told["item_sharp"], told["item_enough"],
    )  # fmt: skip


def signals(text: str) -> dict[str, float]:
    """How strongly each cue speaks in a text: 1 for one piece, 2 for three or more, 1 for cues that come together."""
    return _strengths(_found(plain(text)))


def plain(text: str) -> str:
    """The text in half-width and lower case, character for character, so that places in it stay places in the text."""
    return "".join(c.lower() if "A" <= c <= "Z" else c for c in text.translate(_HALF_WIDTH))


def pieces(said: str) -> set[str]:
    """The characters and pairs of characters of a text."""
    return {*said, *(said[i : i + 2] for i in range(len(said) - 1))}


def _found(said: str) -> dict[str, Spans]:
    every = ((name, [hit.span() for hit in cue.finditer(said)]) for name, cue in cues().phrases.items())
    return {name: spans for name, spans in every if spans}


def _strengths(found: dict[str, Spans]) -> dict[str, float]:
    strong = {name: math.log2(1 + min(3, len(spans))) for name, spans in found.items()}
    for name, wanted in cues().together.items():
        if all(found.keys().isdisjoint(one.strip("!").split("|")) == one.startswith("!") for one in wanted):
            strong[name] = 1.0
    return strong


def triage(text: str) -> Hint:
    """Where a text may belong; emergencies, crimes and accusations are leaned to, for missing one is worse."""
    said = plain(text)
    found, known = _found(said), sorted(pieces(said) & weights().pieces.keys())
    if not found and not known:
        return NOTHING
    strong = _strengths(found)
    share = 1 / math.sqrt(len(pieces(said)))
    rows = [(weights().cues[name], much) for name, much in strong.items() if name in weights().cues]
    rows += [(weights().pieces[piece], share) for piece in known]
    chances = _chances(rows)
    best = max(chances, key=lambda t: chances[t] * cues().lean.get(t, 1.0))
    return Hint(best, chances[best], _because(text, weights().order.index(best), found, strong))


def _chances(rows: Iterable[tuple[tuple[float, ...], float]]) -> dict[Triage, float]:
    sums = list(weights().bias)
    for row, much in rows:
        sums = [whole + weight * much for whole, weight in zip(sums, row, strict=True)]
    top = max(sums)
    powers = [math.exp(weights().sharp * (one - top)) for one in sums]
    return {t: power / sum(powers) for t, power in zip(weights().order, powers, strict=True)}


def _because(text: str, best: int, found: dict[str, Spans], strong: dict[str, float]) -> tuple[str, ...]:
    """The pieces of the cues that weigh most for a class, and where there are none the pairs of characters."""
    nothing = (0.0,) * len(Triage)
    worth = {name: weights().cues.get(name, nothing)[best] * strong[name] for name in found}
    for name in cues().together.keys() & strong.keys():
        for part in "|".join(w for w in cues().together[name] if not w.startswith("!")).split("|"):
            if part in worth:
                worth[part] += weights().cues.get(name, nothing)[best]
    speaking = sorted((name for name in found if worth[name] > 0), key=lambda name: (-worth[name], name))
    if speaking:
        return _shown(text[start:end] for name in speaking for start, end in found[name][:2])
    said = plain(text)
    pairs = {pair: weights().pieces.get(pair, nothing)[best] for pair in _pairs(said)}
    telling = sorted((pair for pair in pairs if pairs[pair] > 0), key=lambda pair: (-pairs[pair], pair))
    return _shown(text[(at := said.index(pair)) : at + 2] for pair in telling[:3])


def _shown(pieces_of_text: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for piece in (p.strip("，。；！？、：: \n") for p in pieces_of_text):
        if piece and not any(piece in other for other in kept):
            kept = [*(other for other in kept if other not in piece), piece]
        if len(kept) >= MOST_PIECES:
            break
    return tuple(kept)


class Titled(Protocol):
    """What is read of a power item of the catalogue."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def procedure(self) -> str: ...


def items(text: str, catalogue: Sequence[Titled]) -> list[ItemHint]:
    """At most three power items the text may be about, the likeliest first; none where nothing is likely.

    Each is measured by the words of the text that are its own, the rarer the word the more it counts, and weighed
    against the others and against "none of them".
    """
    every = heard(text, catalogue)
    likely = sorted((-worth, item_id) for item_id, (worth, _spans) in every.items() if worth)
    sharp, top = weights().item_sharp, -likely[0][0] if likely else 0.0
    powers = {item_id: math.exp(sharp * (-less - top)) for less, item_id in likely}
    whole = sum(powers.values()) + math.exp(sharp * (weights().item_enough - top))
    return [
        ItemHint(item_id, power / whole, _shown(text[a:b] for a, b in every[item_id][1]))
        for item_id, power in list(powers.items())[:3]
        if power / whole >= SHOWN_FROM
    ]


def heard(text: str, catalogue: Sequence[Titled]) -> dict[str, tuple[float, Spans]]:
    """How much of each power item's own words a text has, and where; a text longer than a note counts less."""
    said = plain(text)
    pairs = set(_pairs(said))
    return {item.id: _heard(said, pairs, _vocabulary(item.name, item.procedure)) for item in catalogue}


def _heard(said: str, pairs: set[str], vocabulary: Words) -> tuple[float, Spans]:
    """How much of an item's words a text has, and where; what a weightier word has covered counts no more."""
    covered: set[int] = set()
    worth, spans = 0.0, Spans()
    for word, credit in vocabulary:
        if word[:2] in pairs and (start := said.find(word)) >= 0:
            places = range(start, start + len(word))
            new = sum(place not in covered for place in places)
            worth += credit * new / len(word)
            if new:
                spans.append((start, start + len(word)))
            covered.update(places)
    return worth / math.sqrt(max(1.0, len(pairs) / A_NOTE)), spans


@cache
def plain_words() -> dict[str, tuple[str, ...]]:
    """What people say of each power item of the library."""
    told: dict[str, list[str]] = json.loads((DATA / "item_words.json").read_text(encoding="utf-8"))
    return {name: tuple(map(plain, words)) for name, words in told.items()}


@lru_cache(maxsize=4096)
def _vocabulary(name: str, procedure: str) -> Words:
    """The words of one item of a catalogue with what each counts, the weightiest first."""
    credits: dict[str, float] = {}
    _keep(credits, _pairs(plain(name)), NAME)
    _keep(credits, _pairs(plain(procedure)), PROCEDURE)
    alike, share = _alike(name, procedure)
    for word, credit in _of_library().get(alike, ()):
        credits[word] = max(credits.get(word, 0.0), credit * share)
    return _ordered(credits)


def _alike(name: str, procedure: str) -> tuple[str, float]:
    """The item of the library with this name, or that whose words this name and procedure have most of, or none."""
    if name in _of_library():
        return name, 1.0
    said = plain(f"{name}\n{procedure}")
    pairs = set(_pairs(said))
    worth, best = max((_heard(said, pairs, words)[0], one) for one, words in _of_library().items())
    return (best, ALIKE) if worth >= LINKED else ("", 0.0)


@cache
def _of_library() -> dict[str, Words]:
    """The words of each item of the library: what people say, its name, its risk point and its measures."""
    own: dict[str, Words] = {}
    for point in library():
        credits, words = dict[str, float](), plain_words().get(point.power_item, ())
        _keep(credits, (point.power_item, *words), PLAIN)
        _keep(credits, (pair for word in words for pair in _pairs(word)), PLAIN_PAIR)
        _keep(credits, _pairs(point.power_item), NAME)
        _keep(credits, _pairs(point.risk_point), WORDING)
        _keep(credits, (pair for measure in point.measures for pair in _pairs(measure)), MEASURE)
        own[point.power_item] = _ordered(credits)
    return own


def _keep(credits: dict[str, float], words: Iterable[str], source: float) -> None:
    for word in words:
        credits[word] = max(credits.get(word, 0.0), source * _rarity(word) * math.sqrt(len(word) / 2))


def _ordered(credits: dict[str, float]) -> Words:
    return tuple(sorted(credits.items(), key=lambda one: (-one[1], one[0])))


def _rarity(word: str) -> float:
    """How rare the rarest pair of a word is among all that is said of the items of the library."""
    return math.log(1 + len(library()) / (1 + min(_pair_counts()[pair] for pair in (_pairs(word) or [word]))))


@cache
def _pair_counts() -> Counter[str]:
    every = ((p.power_item, p.risk_point, *p.measures, *plain_words().get(p.power_item, ())) for p in library())
    return Counter(pair for said in every for pair in set(_pairs("\n".join(said))))


def _pairs(text: str) -> list[str]:
    """Pairs of characters, without those that have one of the little words that stand everywhere."""
    every = (text[i : i + 2] for i in range(len(text) - 1))
    return [pair for pair in every if pair.isalnum() and cues().little.isdisjoint(pair)]

"""Likeness (相似): the signs by which two texts may speak of the same matter, computed for many pairs at once.

Every sign is a number of the pair alone and says nothing of how it counts; that is in the weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from core.pieces import COLUMNS, DATA, Pieces, column_of, triples

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Weights = NDArray[np.float32]
_EVEN: Weights = np.ones(COLUMNS, dtype=np.float32)

STARTER = DATA / "lexicon.npz"
STARTER_TEXTS = 150

RARE, MIDDLE, COMMON = 0.004, 0.02, 0.1
"""Shares of all texts up to which a piece counts as rare (a name, a place), middling (a trouble) and common."""


@dataclass(frozen=True)
class Lexicon:
    """In how many of `texts` texts each column was said."""

    counts: Weights
    texts: int

    @classmethod
    def empty(cls) -> "Lexicon":
        return cls(np.zeros(COLUMNS, dtype=np.float32), 0)

    def plus(self, said: Pieces) -> "Lexicon":
        """With the words and characters of more texts counted in."""
        columns = np.concatenate([said.words.indices, said.grams.indices, said.kin.indices])
        counts = self.counts + np.bincount(columns, minlength=COLUMNS).astype(np.float32)
        return Lexicon(counts, self.texts + said.words.shape[0])

    @cached_property
    def rarity(self) -> Weights:
        """How much a column tells: the logarithm of one in how many texts says it, at least 0."""
        told: Weights = np.log((1.0 + self.texts) / (1.0 + self.counts)).astype(np.float32)
        return told

    @cached_property
    def square(self) -> Weights:
        found: Weights = self.rarity * self.rarity
        return found

    @cached_property
    def bands(self) -> tuple[NDArray[np.bool_], ...]:
        """Which columns are rare, middling and common."""
        limits = [np.log((1.0 + self.texts) / (1.0 + share * self.texts)) for share in (RARE, MIDDLE, COMMON)]
        above = [self.rarity >= limit for limit in limits]
        return above[0], above[1] & ~above[0], above[2] & ~above[1]


@cache
def starter() -> Lexicon:
    """How often texts of this field say what, counted as few texts, so that a site's own soon outweigh them."""
    kept = np.load(STARTER)
    counts = np.zeros(COLUMNS, dtype=np.float32)
    counts[kept["columns"]] = kept["counts"] * (STARTER_TEXTS / float(kept["texts"]))
    return Lexicon(counts, STARTER_TEXTS)


def telling(text: str, most: int) -> list[str]:
    """The triples of a text by which others like it are looked up: half of them from words of the field, the rarest
    first, half from what the field's texts do not say, such as names, spread over the text."""
    counts = starter().counts
    known: list[tuple[float, str]] = []
    strange: list[str] = []
    for triple in triples(text):
        count = float(counts[column_of(triple)])
        if count:
            known.append((count, triple))
        else:
            strange.append(triple)
    names = strange[:: max(1, len(strange) * 2 // most)][: most // 2]
    return [triple for _count, triple in sorted(known)[: most - len(names)]] + names


UNKNOWN_DAYS = 60
"""Days taken to lie between two texts where one has no date."""

SIGNS = (
    "words", "words_rare", "words_middle", "words_common", "grams", "grams_rare", "grams_middle", "grams_common",
    "title", "title_rare", "title_middle", "cover_high", "cover_low", "cover_rare", "cover_middle", "shared",
    "rarest_word", "rarest_gram", "rare_words", "rare_grams", "near", "title_near", "kin", "title_kin", "numbers",
    "apart_near", "apart_title_near", "apart_kin", "apart_numbers", "length_ratio", "length", "words_by_grams",
    "near_by_kin", "near_by_middle", "rare_by_middle", "words_root", "near_root", "kin_root", "days", "days_by_words",
    "same_item", "other_item", "same_place", "other_place",
)  # fmt: skip


class Likenesses:
    """Texts ready to be compared pair by pair."""

    def __init__(self, said: Pieces, lexicon: Lexicon) -> None:
        self.said = said
        self.lexicon = lexicon
        self._norms: dict[str, Floats] = {}
        self.items, self.places = _keys([s.item_id for s in said.said]), _keys([s.place_id for s in said.said])
        self.days = np.array([np.nan if s.day is None else s.day for s in said.said], dtype=np.float64)

    def signs(self, one: Ids, other: Ids) -> Floats:
        """The signs of each pair of rows, one row a pair, in the order of `SIGNS`."""
        found: dict[str, Floats] = {}
        self._banded(found, "words", one, other)
        self._banded(found, "grams", one, other)
        self._titled(found, one, other)
        for kind in ("near", "title_near", "kin", "title_kin", "numbers"):
            self._plain(found, kind, one, other)
        self._sized(found, one, other)
        self._known(found, one, other)
        found["words_by_grams"] = found["words"] * found["grams"]
        found["near_by_kin"] = found["near"] * found["kin"]
        found["near_by_middle"] = found["near"] * found["words_middle"]
        found["rare_by_middle"] = found["words_rare"] * found["words_middle"]
        for kind in ("words", "near", "kin"):
            found[f"{kind}_root"] = np.sqrt(found[kind])
        return np.column_stack([found[name] for name in SIGNS])

    def _banded(self, found: dict[str, Floats], kind: str, one: Ids, other: Ids) -> None:
        """Cosines over all pieces and by band of rarity, what both share in all, and the rarest piece of it."""
        rows: csr_matrix = getattr(self.said, kind)
        both = rows[one].multiply(rows[other]).tocsr()
        rarity = self.lexicon.rarity[both.indices]
        square = self.lexicon.square[both.indices] * both.data
        found[kind] = _summed(both, square) / self._norm(kind, kind, None, one, other)
        for name, band in zip(("rare", "middle", "common"), self.lexicon.bands, strict=True):
            norm = self._norm(f"{kind}_{name}", kind, band, one, other)
            found[f"{kind}_{name}"] = _summed(both, square * band[both.indices]) / norm
        found[f"rarest_{kind[:-1]}"] = _largest(both, rarity)
        found[f"rare_{kind}"] = np.log1p(_summed(both, rarity * self.lexicon.bands[0][both.indices]))
        if kind == "words":
            found["shared"] = np.log1p(_summed(both, rarity))

    def _titled(self, found: dict[str, Floats], one: Ids, other: Ids) -> None:
        """Likeness of the titles, and how much of each title the other text says."""
        rows = self.said.title
        both = rows[one].multiply(rows[other]).tocsr()
        square = self.lexicon.square[both.indices]
        found["title"] = _summed(both, square) / self._norm("title", "title", None, one, other)
        for name, band in zip(("rare", "middle"), self.lexicon.bands, strict=False):
            norm = self._norm(f"title_{name}", "title", band, one, other)
            found[f"title_{name}"] = _summed(both, square * band[both.indices]) / norm
        there, back = self._covered(one, other), self._covered(other, one)
        found["cover_high"], found["cover_low"] = np.maximum(there[0], back[0]), np.minimum(there[0], back[0])
        found["cover_rare"] = np.maximum(there[1], back[1])
        found["cover_middle"] = np.maximum(there[2], back[2])

    def _covered(self, one: Ids, other: Ids) -> tuple[Floats, Floats, Floats]:
        """Which share of one's title the other's words and characters say: of all, of the rare, of the middling."""
        titles = self.said.title[one]
        both = titles.multiply(self.full[other]).tocsr()
        rarity = self.lexicon.rarity
        shares = []
        for band in (None, self.lexicon.bands[0], self.lexicon.bands[1]):
            weight = rarity if band is None else rarity * band
            whole = _summed(titles, weight[titles.indices])
            shares.append(_summed(both, weight[both.indices]) / np.maximum(whole, 1e-6))
        return shares[0], shares[1], shares[2]

    @cached_property
    def full(self) -> csr_matrix:
        """Words and characters together."""
        return self.said.words.maximum(self.said.grams).tocsr()

    @cached_property
    def filed(self) -> csr_matrix:
        """Power item and place as columns."""
        items, places = self.items, np.where(self.places >= 0, self.places + self.items.max(initial=-1) + 1, -1)
        rows = np.concatenate([np.flatnonzero(items >= 0), np.flatnonzero(places >= 0)])
        columns = np.concatenate([items[items >= 0], places[places >= 0]])
        shape = (len(items), int(columns.max(initial=-1)) + 1)
        return csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)

    def _plain(self, found: dict[str, Floats], kind: str, one: Ids, other: Ids) -> None:
        """Cosine, and whether both have such pieces and share none."""
        rows: csr_matrix = getattr(self.said, kind)
        both = rows[one].multiply(rows[other]).tocsr()
        weight = _EVEN if kind == "numbers" else self.lexicon.square
        likeness = _summed(both, weight[both.indices]) / self._norm(kind, kind, None, one, other, weight)
        found[kind] = likeness
        size = np.diff(rows.indptr)
        found[f"apart_{kind}"] = ((size[one] > 0) & (size[other] > 0) & (likeness < 0.03)).astype(np.float64)

    def _sized(self, found: dict[str, Floats], one: Ids, other: Ids) -> None:
        short = np.minimum(self.said.lengths[one], self.said.lengths[other])
        long = np.maximum(self.said.lengths[one], self.said.lengths[other])
        found["length_ratio"], found["length"] = short / np.maximum(long, 1.0), np.log1p(short)

    def _known(self, found: dict[str, Floats], one: Ids, other: Ids) -> None:
        """What is known beside the words: days between, and whether power item and place are the same or others."""
        days = np.abs(self.days[one] - self.days[other])
        found["days"] = np.log1p(np.where(np.isnan(days), UNKNOWN_DAYS, days))
        found["days_by_words"] = found["days"] * found["words"]
        for kind, keys in (("item", self.items), ("place", self.places)):
            known = (keys[one] >= 0) & (keys[other] >= 0)
            same = keys[one] == keys[other]
            found[f"same_{kind}"] = (known & same).astype(np.float64)
            found[f"other_{kind}"] = (known & ~same).astype(np.float64)

    def _norm(
        self, name: str, kind: str, band: NDArray[np.bool_] | None, one: Ids, other: Ids,
        weight: Weights | None = None,
    ) -> Floats:  # fmt: skip
        if name not in self._norms:
            rows: csr_matrix = getattr(self.said, kind)
            weighed = (self.lexicon.square if weight is None else weight)[rows.indices] * rows.data**2
            self._norms[name] = np.sqrt(_summed(rows, weighed if band is None else weighed * band[rows.indices]))
        norms = self._norms[name]
        return np.maximum(norms[one] * norms[other], 1e-6)


def _keys(names: Sequence[str | None]) -> Ids:
    """Equal numbers for equal names, -1 for none."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(name, len(known)) if name else -1 for name in names], dtype=np.int64)


def _summed(rows: csr_matrix, values: Weights) -> Floats:
    """The sum of the values of each row's entries."""
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    summed: Floats = sums[rows.indptr[1:]] - sums[rows.indptr[:-1]]
    return summed


def _largest(rows: csr_matrix, values: Weights) -> Floats:
    """The largest of the values of each row's entries, 0 for a row without any."""
    filled = np.diff(rows.indptr) > 0
    found = np.zeros(rows.shape[0])
    if len(values):
        found[filled] = np.maximum.reduceat(values, rows.indptr[:-1][filled])
    return found

"""Likeness (相似): the signs by which two texts may speak of the same matter, computed for many pairs at once.

Every sign is a number of the pair alone and says nothing of how it counts; that is in the weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from core import DATA
from core.alike.pieces import BLOCK, Pieces, columns_of, triples
from core.alike.sparse import COLUMNS, Matrix, counted
from core.late import sparse

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Weights = NDArray[np.float32]

STARTER = DATA / "lexicon.npz"
STARTER_TEXTS = 150

RARE, MIDDLE, COMMON = 0.004, 0.02, 0.1
"""Shares of all texts up to which a piece counts as rare (a name, a place), middling (a trouble) and common."""
SELDOM = (3, 8, 30)
"""Texts that may say a piece of each band even where a site's texts are few: among its first hundreds a name that was
said once would not be rare by its share. Among the starter's texts alone the share holds."""


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
        told = counted(said.words) + counted(said.grams) + counted(said.kin)
        return Lexicon(self.counts + told.astype(np.float32), self.texts + len(said.said))

    @cached_property
    def rarity(self) -> Weights:
        """How much a column tells: the logarithm of one in how many texts says it, at least 0."""
        told: Weights = np.log((1.0 + self.texts) / (1.0 + self.counts)).astype(np.float32)
        return told

    def bands(self, rarity: Weights) -> tuple[NDArray[np.bool_], ...]:
        """Which of some pieces, told by their rarity, are rare, middling and common."""
        own = min(1.0, max(0.0, self.texts / STARTER_TEXTS - 1.0))
        shares = zip((RARE, MIDDLE, COMMON), SELDOM, strict=True)
        most = (max(share * self.texts, own * least) for share, least in shares)
        rare, middle, common = (np.log((1.0 + self.texts) / (1.0 + said)) - 1e-4 for said in most)
        return rarity >= rare, (rarity >= middle) & (rarity < rare), (rarity >= common) & (rarity < middle)


@cache
def starter() -> Lexicon:
    """How often texts of this field say what, counted as few texts, so that a site's own soon outweigh them."""
    kept = np.load(STARTER)
    counts = np.zeros(COLUMNS, dtype=np.float32)
    counts[kept["columns"]] = kept["counts"] * (STARTER_TEXTS / float(kept["texts"]))
    return Lexicon(counts, STARTER_TEXTS)


def telling(line: str, most: int) -> list[str]:
    """The triples of a line by which others like it are looked up: those that texts of the field say least."""
    found = triples(line)
    order = np.argsort(starter().counts[columns_of(found)], kind="stable")
    return [found[n] for n in order[:most]]


UNKNOWN_DAYS = 60
"""Days taken to lie between two texts where one has no date."""

SIGNS = (
    "words", "words_rare", "words_middle", "words_common", "grams", "grams_rare", "grams_middle", "grams_common",
    "title", "title_rare", "title_middle", "cover_high", "cover_low", "cover_rare", "cover_middle", "shared",
    "rarest_word", "rarest_gram", "rare_words", "rare_grams", "near", "title_near", "kin", "title_kin", "numbers",
    "apart_near", "apart_title_near", "apart_kin", "apart_numbers", "length_ratio", "length", "words_and_grams",
    "near_and_kin", "near_and_middle", "rare_and_middle", "words_root", "near_root", "kin_root", "days",
    "days_by_words", "same_item", "other_item", "same_place", "other_place",
)  # fmt: skip
PLAIN = ("near", "title_near", "kin", "title_kin", "numbers")
"""Kinds of pieces that are compared as a whole, whatever their rarity."""


class Likenesses:
    """Texts ready to be compared pair by pair."""

    def __init__(self, said: Pieces, lexicon: Lexicon) -> None:
        self.said = said
        self.lexicon = lexicon
        self._norms = {kind: self._lengths(kind) for kind in ("words", "grams", "title", *PLAIN)}
        self._titles = self._worth(said.title)
        self.items, self.places = _keys([s.item_id for s in said.said]), _keys([s.place_id for s in said.said])
        self.days = np.array([np.nan if s.day is None else s.day for s in said.said], dtype=np.float64)

    def signs(self, one: Ids, other: Ids) -> Floats:
        """The signs of each pair of rows, one row a pair, in the order of `SIGNS`."""
        found: dict[str, Floats] = {}
        both = self._banded(found, "words", one, other) + self._banded(found, "grams", one, other)
        self._titled(found, one, other, both)
        for kind in PLAIN:
            self._plain(found, kind, one, other)
        self._sized(found, one, other)
        self._known(found, one, other)
        found["words_and_grams"] = np.sqrt(found["words"] * found["grams"])
        found["near_and_kin"] = np.sqrt(found["near"] * found["kin"])
        found["near_and_middle"] = np.sqrt(found["near"] * found["words_middle"])
        found["rare_and_middle"] = np.sqrt(found["words_rare"] * found["words_middle"])
        for kind in ("words", "near", "kin"):
            found[f"{kind}_root"] = np.sqrt(found[kind])
        return np.column_stack([found[name] for name in SIGNS])

    def _banded(self, found: dict[str, Floats], kind: str, one: Ids, other: Ids) -> Matrix:
        """Cosines over all pieces and by band of rarity, what both share in all, and the rarest piece of it; gives
        what both share."""
        rows: Matrix = getattr(self.said, kind)
        both = rows[one].multiply(rows[other]).tocsr()
        rarity = self.lexicon.rarity[both.indices]
        bands = self.lexicon.bands(rarity)
        square = rarity * rarity * both.data
        found[kind] = _summed(both, square) / self._norm(kind, one, other)
        for n, (name, band) in enumerate(zip(("rare", "middle", "common"), bands, strict=True), 1):
            found[f"{kind}_{name}"] = _summed(both, square * band) / self._norm(kind, one, other, n)
        found[f"rarest_{kind[:-1]}"] = _largest(both, rarity)
        found[f"rare_{kind}"] = np.log1p(_summed(both, rarity * bands[0]))
        if kind == "words":
            found["shared"] = np.log1p(_summed(both, rarity))
        return both

    def _titled(self, found: dict[str, Floats], one: Ids, other: Ids, shared: Matrix) -> None:
        """Likeness of the titles, and how much of each title is among what both texts share."""
        rows = self.said.title
        both = rows[one].multiply(rows[other]).tocsr()
        rarity = self.lexicon.rarity[both.indices]
        found["title"] = _summed(both, rarity * rarity) / self._norm("title", one, other)
        for n, (name, band) in enumerate(zip(("rare", "middle"), self.lexicon.bands(rarity), strict=False), 1):
            found[f"title_{name}"] = _summed(both, rarity * rarity * band) / self._norm("title", one, other, n)
        there, back = self._covered(one, shared), self._covered(other, shared)
        found["cover_high"], found["cover_low"] = np.maximum(there[0], back[0]), np.minimum(there[0], back[0])
        found["cover_rare"] = np.maximum(there[1], back[1])
        found["cover_middle"] = np.maximum(there[2], back[2])

    def _covered(self, texts: Ids, shared: Matrix) -> list[Floats]:
        """Which share of each text's title is shared: of all words and characters, of the rare, of the middling."""
        both = self._worth(self.said.title[texts].multiply(shared).tocsr())
        return [part / np.maximum(whole[texts], 1e-6) for part, whole in zip(both, self._titles, strict=True)]

    def _worth(self, rows: Matrix) -> list[Floats]:
        """How much the pieces of each row tell: all of them, the rare and the middling ones."""
        rarity = self.lexicon.rarity[rows.indices]
        return [_summed(rows, rarity), *(_summed(rows, rarity * band) for band in self.lexicon.bands(rarity)[:2])]

    @cached_property
    def filed(self) -> Matrix:
        """Power item and place as columns."""
        items, places = self.items, np.where(self.places >= 0, self.places + self.items.max(initial=-1) + 1, -1)
        rows = np.concatenate([np.flatnonzero(items >= 0), np.flatnonzero(places >= 0)])
        columns = np.concatenate([items[items >= 0], places[places >= 0]])
        shape = (len(items), int(columns.max(initial=-1)) + 1)
        return sparse.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)

    def _plain(self, found: dict[str, Floats], kind: str, one: Ids, other: Ids) -> None:
        """Cosine, and whether both have such pieces and share none."""
        rows: Matrix = getattr(self.said, kind)
        both = rows[one].multiply(rows[other]).tocsr()
        likeness = _summed(both, self._rarity(kind, both) ** 2) / self._norm(kind, one, other)
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

    def _rarity(self, kind: str, rows: Matrix) -> Weights:
        """How much each piece tells; every number as much as the other."""
        return np.ones_like(rows.data) if kind == "numbers" else self.lexicon.rarity[rows.indices]

    def _lengths(self, kind: str) -> Floats:
        """The length of each row of a kind over all its pieces, and over the rare, middling and common ones."""
        whole: Matrix = getattr(self.said, kind)
        found = []
        for first in range(0, whole.shape[0], BLOCK):
            rows = whole[first : first + BLOCK] if whole.shape[0] > BLOCK else whole
            rarity = self._rarity(kind, rows)
            square = (rarity * rows.data) ** 2
            parts = (square, *(square * band for band in self.lexicon.bands(rarity)))
            found.append([np.sqrt(_summed(rows, part)) for part in parts])
        lengths: Floats = np.concatenate(found, axis=1)
        return lengths

    def _norm(self, kind: str, one: Ids, other: Ids, part: int = 0) -> Floats:
        norms: Floats = self._norms[kind][part]
        return np.maximum(norms[one] * norms[other], 1e-6)


def _keys(names: Sequence[str | None]) -> Ids:
    """Equal numbers for equal names, -1 for none."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(name, len(known)) if name else -1 for name in names], dtype=np.int64)


def _summed(rows: Matrix, values: Weights) -> Floats:
    """The sum of the values of each row's entries."""
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    summed: Floats = sums[rows.indptr[1:]] - sums[rows.indptr[:-1]]
    return summed


def _largest(rows: Matrix, values: Weights) -> Floats:
    """The largest of the values of each row's entries, 0 for a row without any."""
    filled = np.diff(rows.indptr) > 0
    found = np.zeros(rows.shape[0])
    if len(values):
        found[filled] = np.maximum.reduceat(values, rows.indptr[:-1][filled])
    return found

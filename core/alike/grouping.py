"""Grouping (批量归并): many texts in one pass, each held against those before it, and what hangs together as groups."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.alike.likeness import SIGNS, Floats, Ids, Likenesses, Weights
from core.alike.pieces import BLOCK, KIN
from core.alike.sparse import COLUMNS, Matrix, counted
from core.alike.weighing import Layer, Model, squashed
from core.late import csgraph, linalg, sparse

TOP = 20
"""Texts before it that each text is held against."""
KNOWN = 2.0
"""How much a group of words that mean the same, a power item or a place weighs as a piece, against characters."""
MET, ALTOGETHER = 2500, 100_000_000
"""How often a text may meet others through its pieces, the rarest first, for what is said oftener tells least and costs
most; oftener where texts are so few that all of them meet no more than so often."""
CHUNK = 250
"""Texts that are looked up and compared at once."""
THREADS = min(2, os.cpu_count() or 1)
PAIR_SIGNS = (*SIGNS, "rank", "behind_words", "behind_grams")
TIE_SIGNS = ("tie", "next_tie", "mean_tie", "size", "rival", "ties", "best_tie", "tie_by_size")
ENTRY_SIGNS = (*TIE_SIGNS, *PAIR_SIGNS)
_WORDS, _GRAMS = SIGNS.index("words"), SIGNS.index("grams")
NONE, NO_RIVAL = -6.0, -8.0
"""Logits that stand for a tie that is not there, and for no other entry being likely."""
SUREST = 8.0
"""Logit up to which a tie counts: that of a copy may lie far beyond anything the weights were fitted to."""

Tell = Callable[[int, int], bool]
"""Told how far the work is (done, of how many); answers whether to go on."""


class Cancelled(Exception):
    """The work was told not to go on."""


def earlier(like: Likenesses, first: int = 0, top: int = TOP) -> Iterator[tuple[Ids, Ids]]:
    """For each text from `first` on, those before it that share most of its rare pieces; chunk by chunk."""
    find = finder(like, top)
    for start in range(first, len(like.said.said), CHUNK):
        yield find(start)


def finder(like: Likenesses, top: int) -> Callable[[int], tuple[Ids, Ids]]:
    """Tells for the texts of the chunk from a row on which ones before each share most of its rare pieces."""
    rows = probes(like)
    said, size = counted(rows), rows.shape[0]
    blocks = (rows[first : first + BLOCK] for first in range(0, size, BLOCK))
    asked = sparse.vstack([_asked(block, said, meetings(size)) for block in blocks], format="csr")
    columns = rows.T.tocsr()

    def find(start: int) -> tuple[Ids, Ids]:
        found = (asked[start : start + CHUNK] @ columns).tocsr()
        near = [_before(found, n, start + n, top) for n in range(found.shape[0])]
        return np.repeat(np.arange(start, start + len(near)), [len(one) for one in near]), np.concatenate(near)

    return find


def meetings(size: int) -> int:
    """How often each of so many texts may meet others."""
    return max(MET, ALTOGETHER // size)


def probes(like: Likenesses) -> Matrix:
    """Each text by the pieces that others say too, the rarer the heavier, of length 1; the rarest columns first."""
    kinds, size = (like.said.words, like.said.grams, like.said.kin[:, KIN:], like.filed), len(like.said.said)
    said = np.concatenate([counted(rows) for rows in kinds])
    seldom = np.flatnonzero((said > 1) & (said <= meetings(size)))
    seldom = seldom[np.argsort(said[seldom], kind="stable")]
    place = np.full(len(said), -1, dtype=np.int32)
    place[seldom] = np.arange(len(seldom), dtype=np.int32)
    weight = np.log((1 + size) / said[seldom]) * np.where(seldom >= 2 * COLUMNS, KNOWN, 1.0)
    blocks = ([rows[first : first + BLOCK] for rows in kinds] for first in range(0, size, BLOCK))
    found = [_placed(sparse.hstack(block, format="csr"), place, weight.astype(np.float32)) for block in blocks]
    return sparse.vstack(found, format="csr")


def _placed(rows: Matrix, place: NDArray[np.int32], weight: Weights) -> Matrix:
    """The columns that have a place, at that place and weighed, each row of length 1."""
    columns = place[rows.indices]
    mine = columns >= 0
    starts = np.concatenate([[0], np.cumsum(mine)])[rows.indptr]
    columns = columns[mine]
    found = sparse.csr_matrix((weight[columns], columns, starts), shape=(rows.shape[0], len(weight)))
    found.sort_indices()
    found.data /= np.repeat(np.maximum(linalg.norm(found, axis=1), 1e-6), np.diff(starts)).astype(np.float32)
    return found


def _asked(rows: Matrix, said: Ids, most: int) -> Matrix:
    """Rows with their first columns only, as far as they meet `most` others; a column is said so often."""
    met = np.concatenate([[0], np.cumsum(said[rows.indices])])
    inside = met[1:] - np.repeat(met[rows.indptr[:-1]], np.diff(rows.indptr)) <= most
    starts = np.concatenate([[0], np.cumsum(inside)])[rows.indptr]
    return sparse.csr_matrix((rows.data[inside], rows.indices[inside], starts), shape=rows.shape)


def _before(found: Matrix, n: int, row: int, top: int) -> Ids:
    """The columns before `row` that score highest in the n-th row."""
    inside = slice(found.indptr[n], found.indptr[n + 1])
    near: Ids = found.indices[inside].astype(np.int64)
    score = np.where(near < row, found.data[inside], 0.0)
    best = np.argpartition(-score, top)[:top] if len(near) > top else np.arange(len(near))
    return near[best[score[best] > 0]]


def pair_signs(like: Likenesses, one: Ids, other: Ids) -> Floats:
    """All signs of pairs; the pairs of one text stand together."""
    return placed(one, like.signs(one, other))


def placed(one: Ids, signs: Floats) -> Floats:
    """The signs of pairs with the place of each among those of the same text."""
    quick = signs[:, _WORDS] + signs[:, _GRAMS] + 0.3 * signs[:, SIGNS.index("title")]
    starts = np.flatnonzero(np.diff(one, prepend=-1))
    counts = np.diff(starts, append=len(one))
    order = np.lexsort((-quick, one))
    rank = np.empty(len(one))
    rank[order] = np.arange(len(one)) - np.repeat(starts, counts)
    behind = [np.repeat(np.maximum.reduceat(signs[:, c], starts), counts) - signs[:, c] for c in (_WORDS, _GRAMS)]
    return np.column_stack([signs, np.log1p(rank), *behind])


def tie_signs(one: Ids, entry: Ids, logits: Floats, size: Floats) -> Floats:
    """What the pairs of each text (rows with equal `one`) say together of each entry: `entry` is the entry of the
    other text of a pair, `size` how many voices it has."""
    order = np.lexsort((-logits, entry, one))
    text, label, logit = one[order], entry[order], np.clip(logits[order], -SUREST, SUREST)
    starts = np.flatnonzero((np.diff(text, prepend=-1) != 0) | (np.diff(label, prepend=-1) != 0))
    count = np.diff(starts, append=len(order))
    best, total = logit[starts], np.add.reduceat(logit, starts)
    second = np.where(count > 1, logit[np.minimum(starts + 1, len(order) - 1)], NONE)
    rival = _rivals(text[starts], best)
    of = np.repeat(np.arange(len(starts)), count)
    others, grown = count[of] - 1, np.log(size[order])
    following = np.where((logit == best[of]) | (others == 0), second[of], best[of])
    mean = np.where(others > 0, (total[of] - logit) / np.maximum(others, 1), NONE)
    found = np.empty((len(order), len(TIE_SIGNS)))
    found[order] = np.column_stack([logit, following, mean, grown, rival[of], others, best[of], logit * grown])
    return found


def _rivals(text: Ids, best: Floats) -> Floats:
    """For each of the entries of a text how likely the likeliest other one is."""
    order = np.lexsort((-best, text))
    starts = np.flatnonzero(np.diff(text[order], prepend=-1))
    count = np.diff(starts, append=len(order))
    first, second = best[order][starts], best[order][np.minimum(starts + 1, len(order) - 1)]
    rivals = np.repeat(first, count)
    rivals[starts] = np.where(count > 1, second, NO_RIVAL)
    found = np.empty(len(text))
    found[order] = rivals
    return found


@dataclass(frozen=True)
class Pass:
    """What one pass found: pairs (`one` later than `other`) with the probability that both are the same matter."""

    one: Ids
    other: Ids
    probability: Floats


def sweep(like: Likenesses, model: Model, tell: Tell = lambda _done, _total: True, top: int = TOP) -> Pass:
    """Hold every text against those before it.

    A text's `group` is what it is known to belong to; the others join the group of their strongest tie in turn, so
    that later texts are held against all that is said in it.
    """
    of_ties, of_pair = halves(model.entry)
    one, other, logits, beside = held(like, model.pair, of_pair, tell, top)
    entry, voices = joined(like, one, other, logits)
    edges = np.searchsorted(one, [*range(0, len(like.said.said), BLOCK), len(like.said.said)])
    blocks = [slice(*ends) for ends in pairwise(edges)]
    ties = [of_ties.logits(tie_signs(one[b], entry[b], logits[b], voices[b])) for b in blocks]
    return Pass(one, other, squashed(np.concatenate(ties) + beside))


def held(like: Likenesses, pair: Layer, of_pair: Layer, tell: Tell, top: int) -> Iterator[NDArray[Any]]:
    """All pairs of texts with those before them, and their logits by two layers; the signs themselves are not kept."""
    size, find = len(like.said.said), finder(like, top)

    def hold(start: int) -> tuple[Ids, Ids, Floats, Floats]:
        one, other = find(start)
        signs = pair_signs(like, one, other)
        return one, other, pair.logits(signs), of_pair.logits(signs)

    found = []
    with ThreadPoolExecutor(THREADS) as pool:
        for part in pool.map(hold, range(0, size, CHUNK)):
            found.append(part)
            if not tell(min(len(found) * CHUNK, size), size):
                pool.shutdown(cancel_futures=True)
                raise Cancelled
    return map(np.concatenate, zip(*found, strict=True))


def halves(entry: Layer) -> tuple[Layer, Layer]:
    """A layer over `ENTRY_SIGNS` as two, over the tie signs and over those of the pair, whose logits add up to it."""
    at, e = len(TIE_SIGNS), entry
    return (
        Layer(e.names[:at], e.bias, e.weights[:at], e.means[:at], e.spreads[:at]),
        Layer(e.names[at:], 0.0, e.weights[at:], e.means[at:], e.spreads[at:]),
    )


def in_turn(like: Likenesses, one: Ids, other: Ids, logits: Floats) -> Floats:
    """The tie signs of all pairs, each text joining in turn the group of its strongest tie."""
    entry, voices = joined(like, one, other, logits)
    return tie_signs(one, entry, logits, voices)


def joined(like: Likenesses, one: Ids, other: Ids, logits: Floats) -> tuple[Ids, Floats]:
    """The entry of each pair's other text, and its voices when the one was held against it; each text joins in turn
    the entry of its strongest tie."""
    said, size = like.said.said, len(like.said.said)
    known: dict[str, int] = {}
    entry = [size + known.setdefault(s.group, len(known)) if s.group else n for n, s in enumerate(said)]
    voices = np.bincount(entry, minlength=size + len(known))
    order = np.lexsort((-logits, one))
    strongest = order[np.flatnonzero(np.diff(one[order], prepend=-1))]
    sure = strongest[logits[strongest] >= JOINS]
    came = []
    for text, with_ in zip(one[sure].tolist(), other[sure].tolist(), strict=True):
        if not said[text].group:
            entry[text] = entry[with_]
            came.append(entry[text] * size + text)
    entries, arrived = np.array(entry)[other], np.sort(np.array(came, dtype=np.int64))
    since = np.searchsorted(arrived, entries * size + one) - np.searchsorted(arrived, entries * size)
    return entries, (voices[entries] + since).astype(np.float64)


JOINS = -0.2
"""Logit from which a text joins the group of its strongest tie while a pass goes on (probability .45)."""


def hanging(size: int, found: Pass, least: float) -> Ids:
    """The label of each text: texts tied at least so surely hang together."""
    tied = found.probability >= least
    graph = sparse.csr_matrix((found.probability[tied], (found.one[tied], found.other[tied])), shape=(size, size))
    labels: Ids = csgraph.connected_components(graph, directed=False)[1]
    return labels

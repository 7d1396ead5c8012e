"""Grouping (批量归并): many texts in one pass, each held against those before it, and what hangs together as groups."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack
from scipy.sparse.csgraph import connected_components

from core.likeness import SIGNS, Floats, Ids, Lexicon, Likenesses, starter
from core.pieces import COLUMNS, KIN, Said, pieces
from core.sharing import shared
from core.weighing import Model, shipped

TOP = 20
"""Texts before it that each text is held against."""
KNOWN = 2.0
"""How much a group of words that mean the same, a power item or a place weighs as a piece, against characters."""
CHUNK = 1000
PAIR_SIGNS = (*SIGNS, "rank", "behind_words", "behind_grams")
TIE_SIGNS = ("tie", "next_tie", "mean_tie", "size", "rival", "ties", "best_tie", "tie_by_size")
ENTRY_SIGNS = (*TIE_SIGNS, *PAIR_SIGNS)
_WORDS, _GRAMS = SIGNS.index("words"), SIGNS.index("grams")
NONE, NO_RIVAL = -6.0, -8.0
"""Logits that stand for a tie that is not there, and for no other entry being likely."""

Tell = Callable[[int, int], bool]
"""Told how far the work is (done, of how many); answers whether to go on."""


class Cancelled(Exception):
    """The work was told not to go on."""


def probes(like: Likenesses, seldom: int) -> csr_matrix:
    """Each text by the pieces that between two and `seldom` of the texts say, the rarer the heavier, of length 1."""
    rows = hstack([like.full, like.said.kin[:, KIN:], like.filed], format="csr")
    said = np.bincount(rows.indices, minlength=rows.shape[1])
    weight = np.log(rows.shape[0] / np.maximum(said, 1)) * ((said > 1) & (said <= seldom))
    weight[COLUMNS:] *= KNOWN
    rows.data = weight[rows.indices].astype(np.float32)
    rows.eliminate_zeros()
    norms = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data /= np.repeat(np.maximum(norms, 1e-6), np.diff(rows.indptr)).astype(np.float32)
    return rows


def earlier(like: Likenesses, first: int = 0, top: int = TOP) -> Iterator[tuple[Ids, Ids]]:
    """For each text from `first` on, those before it that share most of its rare pieces; chunk by chunk."""
    size = like.full.shape[0]
    rows = probes(like, seldom=max(300, size // 10) if size <= 20_000 else 300)
    columns = rows.T.tocsr()
    for start in range(first, size, CHUNK):
        end = min(start + CHUNK, size)
        found = (rows[start:end] @ columns).tocsr()
        one: list[Ids] = []
        other: list[Ids] = []
        for n in range(end - start):
            near, score = _before(found, n, start + n)
            if len(near) > top:
                near = near[np.argpartition(-score, top)[:top]]
            one.append(np.full(len(near), start + n))
            other.append(near)
        yield np.concatenate(one), np.concatenate(other)


def _before(found: csr_matrix, n: int, row: int) -> tuple[Ids, Floats]:
    inside = slice(found.indptr[n], found.indptr[n + 1])
    near, score = found.indices[inside].astype(np.int64), found.data[inside]
    before = near < row
    return near[before], score[before]


def pair_signs(like: Likenesses, one: Ids, other: Ids) -> Floats:
    """The signs of pairs with their place among the pairs of the same text; pairs of one text stand together."""
    signs = like.signs(one, other)
    quick = signs[:, _WORDS] + signs[:, _GRAMS] + 0.3 * signs[:, SIGNS.index("title")]
    starts = np.flatnonzero(np.diff(one, prepend=-1))
    counts = np.diff(starts, append=len(one))
    order = np.lexsort((-quick, one))
    rank = np.empty(len(one))
    rank[order] = np.arange(len(one)) - np.repeat(starts, counts)
    behind = [np.repeat(np.maximum.reduceat(signs[:, c], starts), counts) - signs[:, c] for c in (_WORDS, _GRAMS)]
    return np.column_stack([signs, np.log1p(rank), *behind])


def tie_signs(other: Ids, logits: Floats, entry: Sequence[int], size: Mapping[int, int]) -> Floats:
    """What the pairs of one text with others say together of each entry: `entry[n]` is the entry of text n."""
    by: dict[int, list[float]] = {}
    entries = [entry[n] for n in other]
    for label, logit in zip(entries, logits, strict=True):
        by.setdefault(label, []).append(float(logit))
    ranked = {label: sorted(ties, reverse=True) for label, ties in by.items()}
    bests = sorted(((ties[0], label) for label, ties in ranked.items()), reverse=True)
    rows = []
    for label, logit in zip(entries, logits, strict=True):
        ties = ranked[label]
        others = len(ties) - 1
        following = (ties[1] if logit == ties[0] else ties[0]) if others else NONE
        mean = (sum(ties) - logit) / others if others else NONE
        rival = next((best for best, other_label in bests if other_label != label), NO_RIVAL)
        grown = float(np.log(size.get(label, 1)))
        rows.append((logit, following, mean, grown, rival, others, ties[0], logit * grown))
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(TIE_SIGNS))


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
    ones, others, logits, signs = [], [], [], []
    for one, other in earlier(like, top=top):
        found = pair_signs(like, one, other)
        ones.append(one)
        others.append(other)
        logits.append(model.pair.logits(found))
        signs.append(found.astype(np.float32))
        if not tell(int(one.max(initial=0)), len(like.said.said)):
            raise Cancelled
    one, other = np.concatenate(ones), np.concatenate(others)
    ties = in_turn(like, one, other, np.concatenate(logits))
    return Pass(one, other, model.entry.probabilities(np.column_stack([ties, np.concatenate(signs)])))


def in_turn(like: Likenesses, one: Ids, other: Ids, logits: Floats) -> Floats:
    """The tie signs of all pairs, each text joining in turn the group of its strongest tie."""
    said = like.said.said
    known: dict[str, int] = {}
    entry = [known.setdefault(s.group, -1 - len(known)) if s.group else n for n, s in enumerate(said)]
    size = Counter(entry)
    found = np.zeros((len(one), len(TIE_SIGNS)))
    starts = np.flatnonzero(np.diff(one, prepend=-1))
    for start, end in zip(starts, [*starts[1:], len(one)], strict=True):
        text, inside = int(one[start]), slice(start, end)
        found[inside] = tie_signs(other[inside], logits[inside], entry, size)
        best = start + int(np.argmax(logits[inside]))
        if not said[text].group and logits[best] >= JOINS:
            entry[text] = entry[int(other[best])]
            size[entry[text]] += 1
    return found


JOINS = -0.2
"""Logit from which a text joins the group of its strongest tie while a pass goes on (probability .45)."""
LARGE = 12
"""Members from which a group that hangs together by weak ties is called weak."""


@dataclass(frozen=True)
class Tie:
    """What holds one text in its group: the probability of its strongest tie, and the words both share."""

    probability: float
    shared: tuple[str, ...]


@dataclass(frozen=True)
class Bunch:
    """Texts that hang together. `strength` is the probability of the tie without which the group would fall apart;
    `weak` marks a large group in which most pairs that were compared do not seem the same."""

    keys: tuple[str, ...]
    strength: float
    weak: bool
    ties: Mapping[str, Tie]


def bunches(
    said: Sequence[Said], tell: Tell = lambda _done, _total: True, *, lexicon: Lexicon | None = None,
    model: Model | None = None,
) -> list[Bunch]:  # fmt: skip
    """Groups of two and more texts that seem one matter, in one pass; `Cancelled` when told not to go on."""
    if len(said) < 2:
        return []
    model = model or shipped()
    read = pieces(said)
    like = Likenesses(read, (lexicon or starter()).plus(read))
    found = sweep(like, model, tell)
    labels = hanging(len(said), found, model.thresholds["grouped"])
    groups: dict[int, list[int]] = {}
    for n, label in enumerate(labels):
        groups.setdefault(int(label), []).append(n)
    pairs = _by_group(found, labels, model.thresholds["grouped"])
    return [_bunch(said, groups[label], pairs[label], model) for label in pairs if len(groups[label]) > 1]


def hanging(size: int, found: Pass, least: float) -> Ids:
    """The label of each text: texts tied at least so surely hang together."""
    tied = found.probability >= least
    graph = csr_matrix((found.probability[tied], (found.one[tied], found.other[tied])), shape=(size, size))
    labels: Ids = connected_components(graph, directed=False)[1]
    return labels


def _by_group(found: Pass, labels: Ids, least: float) -> dict[int, list["Pair"]]:
    """The compared pairs inside each group that has a tie."""
    inside = labels[found.one] == labels[found.other]
    pairs: dict[int, list[Pair]] = {}
    rows = zip(found.one[inside], found.other[inside], found.probability[inside], strict=True)
    for one, other, probability in rows:
        pairs.setdefault(int(labels[one]), []).append((int(one), int(other), float(probability)))
    return {label: rows for label, rows in pairs.items() if max(row[2] for row in rows) >= least}


Pair = tuple[int, int, float]


def _bunch(said: Sequence[Said], members: Sequence[int], pairs: Sequence[Pair], model: Model) -> Bunch:
    """A group with what holds each member: members are tied to the group by their strongest pair."""
    best: dict[int, tuple[float, int]] = {}
    for one, other, probability in pairs:
        for text, with_ in ((one, other), (other, one)):
            best[text] = max(best.get(text, (0.0, -1)), (probability, with_))
    ties = {said[n].key: Tie(best[n][0], shared(said[n].text, [said[best[n][1]].text])) for n in members}
    sure = sum(p >= model.thresholds["likely"] for _one, _other, p in pairs)
    weak = len(members) >= LARGE and sure < len(pairs) / 2
    return Bunch(tuple(said[n].key for n in members), min(tie.probability for tie in ties.values()), weak, ties)

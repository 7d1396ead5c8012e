"""Fitting the weights of the matching, and judging them by nested cross-validation: no text judges weights that were
fitted, or thresholds that were chosen, with what it repeats.

A text held back may still be one of those that others are held against and differ from: leaving out these pairs, too,
would leave out differing pairs alone, and all probabilities would come out too high.
"""

from collections.abc import Sequence

import numpy as np

from bench.matters import Pairs
from bench.quality import FOLDS, SURE, Judged, best_at, decisions, folds, grouped_at, ranked, widest_at
from core.alike.grouping import ENTRY_SIGNS, PAIR_SIGNS, Pass, in_turn
from core.alike.likeness import Floats, Ids
from core.alike.weighing import Layer, Model, fitted

RIDGE = 1.5


def layers(pairs: Pairs, train: np.ndarray, fold: Ids) -> tuple[Layer, Layer]:
    """Both layers fitted on some pairs; the second one sees the first as it judges pairs it was not fitted on."""
    same, signs = pairs.same, pairs.signs
    logits = np.zeros(len(same))
    mine = fold[pairs.one]
    for n in np.unique(mine[train]):
        rest, held = train & (mine != n), train & (mine == n)
        logits[held] = fitted(PAIR_SIGNS, signs[rest], same[rest], RIDGE).logits(signs[held])
    pair = fitted(PAIR_SIGNS, signs[train], same[train], RIDGE)
    logits[~train] = pair.logits(signs[~train])
    rows = np.column_stack([in_turn(pairs.like, pairs.one, pairs.other, logits), signs])
    return pair, fitted(ENTRY_SIGNS, rows[train], same[train], RIDGE)


def probabilities(pairs: Pairs, pair: Layer, entry: Layer) -> Floats:
    ties = in_turn(pairs.like, pairs.one, pairs.other, pair.logits(pairs.signs))
    return entry.probabilities(np.column_stack([ties, pairs.signs]))


def held_back(pairs: Pairs, fold: Ids, train: np.ndarray) -> Floats:
    """The probability of every pair, by layers fitted on those of `train` outside the fold of its later text; 0 where
    that fold is not in `train` at all."""
    found, mine = np.zeros(len(train)), fold[pairs.one]
    for n in np.unique(mine[train]):
        found[mine == n] = probabilities(pairs, *layers(pairs, train & (mine != n), fold))[mine == n]
    return found


def nested(pairs: Pairs, fold: Ids) -> Judged:
    """Row n: the pairs of fold n by layers fitted without it, all others held back in turn inside the rest."""
    rows = []
    for n in range(FOLDS):
        mine = fold[pairs.one] == n
        rest = pairs.scored & ~mine
        row = held_back(pairs, fold, rest)
        row[mine] = probabilities(pairs, *layers(pairs, rest, fold))[mine]
        rows.append(row)
    return Judged(pairs.one, pairs.other, np.array(rows))


def thresholds(online: Pairs, bulk: Pairs, seeds: Sequence[int], aim: float) -> dict[str, float]:
    """Where to propose, choose beforehand and hold together, from probabilities held back in several draws of folds."""
    texts, drawn = online.texts.originals(), []
    for seed in seeds:
        found = _held(online, seed)
        rows = decisions(texts, ranked(found.one, found.other, found.probability))
        groups = found if bulk is online else _held(bulk, seed)
        drawn.append((best_at(rows, aim).least, widest_at(rows, SURE).least, grouped_at(texts, groups)))
    likely, sure, grouped = (round(float(np.median(found)), 3) for found in zip(*drawn, strict=True))
    shown = 0.05 if aim < 0.9 else 0.1  # short flags: nine of ten right entries are among what is shown
    return {"shown": shown, "likely": likely, "preselected": min(sure, 0.999), "grouped": grouped}


def _held(pairs: Pairs, seed: int) -> Pass:
    """The pairs that are judged, with probabilities held back."""
    found, kept = held_back(pairs, folds(pairs.texts, seed), pairs.scored), pairs.texts.is_original(pairs.one)
    return Pass(pairs.one[kept], pairs.other[kept], found[kept])


def model_of(online: Pairs, bulk: Pairs, seeds: Sequence[int], aim: float) -> Model:
    pair, entry = layers(online, online.scored, folds(online.texts, seeds[0]))
    return Model(pair, entry, thresholds(online, bulk, seeds, aim))

